"""The zone of agreement: which settlements both principals prefer to war and to no deal.

Every settlement is valued as if the crisis ended with it at the start: its part of the stake, side
payments, and the audience costs of the commitments that the file states. War is valued at the
start too, without a first striker and without third parties that join. Types are averaged with
their priors. The zone does not say that the parties reach it: that is the equilibrium's answer.

Disagreement point: what each side expects if the talks fail. A type of the other side that prefers
war to no deal attacks, and one side is enough for a war. So a type has war with the probability of
such types, and otherwise the better of war and no deal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.bargaining_set import (
    Frontier,
    Point,
    Side,
    frontier,
    kalai_smorodinsky,
    nash,
    split,
)
from detente.arrays import Bools, Floats
from detente.identifiers import share_text

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.mechanisms.base import Deal, Leaf
    from detente.mechanisms.expr import Expr
    from detente.mechanisms.rules import Rules

__all__ = ["Agreement", "Proposal", "agreement", "agreement_at"]

MOST_LISTED = 12
"""Efficient combinations of levels, besides the offers, that are valued at most."""


@dataclass(frozen=True)
class Proposal:
    """A settlement: a package, or a share of the stake.

    Attributes
    ----------
    name : str
    levels : dict of str to str
        The level of each issue that it names; empty for a share.
    share : float or None
        The share of `stake.first`; None if the stake has issues.
    offered : bool
        Whether an actor of the file may propose it.
    gain : (S, 2) array
        Gains of both sides over the disagreement point (stakes), types averaged.
    accepts : (S, 2) array
        Probability over its types that each side prefers it to what it expects without a deal.
    over_war, over_no_deal : (S, 2) array
        Probability over its types that each side prefers it to war, and to no deal.
    """

    name: str
    levels: Mapping[str, str]
    share: float | None
    offered: bool
    gain: Floats
    accepts: Floats
    over_war: Floats
    over_no_deal: Floats

    @property
    def inside(self) -> Bools:
        """The samples in which both sides gain from it, types averaged, (S,)."""
        return np.asarray((self.gain > 0).all(axis=1))

    @property
    def both(self) -> Floats:
        """The probability over types that both sides prefer it to no agreement, (S,)."""
        return np.asarray(self.accepts.prod(axis=1))


@dataclass(frozen=True)
class Agreement:
    """The bargaining set of a crisis over samples of its numbers; sample 0 is the centre.

    Attributes
    ----------
    principals : tuple of str
        `stake.first` and the other one.
    issues : tuple of str
        The issues; one without a name if the stake is a single one.
    war, no_deal : (S, 2) array
        Values of war and of no deal, types averaged (stakes).
    disagreement : (S, 2) array
        What each side expects if the talks fail, types averaged (stakes).
    by_war : (S,) array
        Probability over types that the failure of the talks ends in war.
    edge : Frontier
        The efficient frontier, at the centre.
    nash, kalai : Point
    split : Point
        The Nash point if every issue is divided in the same proportion.
    proposals : list of Proposal
    """

    principals: tuple[str, str]
    issues: tuple[str, ...]
    war: Floats
    no_deal: Floats
    disagreement: Floats
    by_war: Floats
    edge: Frontier
    nash: Point
    kalai: Point
    split: Point
    proposals: list[Proposal]

    @property
    def zone(self) -> Bools:
        """The samples in which some agreement is better for both sides, (S,)."""
        return self.nash.exists


def agreement(analysis: Analysis) -> Agreement | None:
    """Return the zone of agreement; None without a stake.

    Examples
    --------
    >>> from detente.analysis import analyse
    >>> found = agreement(analyse("cuba-1962", samples=16, deliberate_samples=1, starts=1))
    >>> found.principals, bool(found.zone[0])
    (('united_states', 'soviet_union'), True)
    """
    if analysis.scenario.stake is None:
        return None
    theta = np.vstack([analysis.compiled.centre[None], analysis.samples.theta])
    return agreement_at(analysis.compiled.graph.rules, theta)


def agreement_at(rules: Rules, theta: Floats) -> Agreement:
    """Return the zone of agreement at samples of the file's numbers, (S, K)."""
    return _Values(rules, theta).found()


class _Values:
    """Values of outcomes at the start of one crisis, over samples of its numbers."""

    def __init__(self, rules: Rules, theta: Floats) -> None:
        from detente.game.play import OrderOfPlay

        self.rules, self.samples = rules, len(theta)
        self.numbers: dict[str, Any] = dict(zip(rules.numbers, theta.T, strict=True))
        self.play = OrderOfPlay(rules)
        self.start = self.play.start()._replace(agenda=())
        self.prior = {p: self._prior(p) for p in rules.principals}

    def found(self) -> Agreement:
        from detente.mechanisms.base import Leaf

        rules = self.rules
        first, second = rules.principals
        no_deal = [self.of_ending(Leaf("status quo", self.start), p) for p in (first, second)]
        war = no_deal if rules.scenario.war is None else [self.war(p) for p in (first, second)]
        mean_war, mean_none = self.both(war), self.both(no_deal)
        own = [np.zeros_like(w) if "attack" in rules.scenario.actors[p].will_not
               else (w > n).astype(float)
               for p, w, n in zip(rules.principals, war, no_deal, strict=True)]
        attacks = self.both(own)
        failed = [attacks[:, 1 - i] * war[i] + (1 - attacks[:, 1 - i]) * (
            own[i] * war[i] + (1 - own[i]) * no_deal[i]) for i in (0, 1)]
        by_war = 1 - (1 - attacks).prod(axis=1)
        origin = self.both(failed)
        names, low, high = self.ends()
        sides = self.side(first), self.side(second)
        edge = frontier(*sides, low, high)
        proposals = [self.proposal(one, war, no_deal, failed) for one in self.listed()]
        return Agreement(
            (first, second), names, mean_war, mean_none, origin, by_war, edge,
            nash(edge, origin), kalai_smorodinsky(edge, origin),
            nash(split(*sides, low, high), origin), proposals)

    # values -----------------------------------------------------------------------------------

    def number(self, expr: Expr | float) -> Floats:
        """Evaluate a polynomial, (T, S) or (1, S)."""
        if not hasattr(expr, "terms"):
            return np.full((1, self.samples), float(expr))
        table = self.rules.symbols.table
        out: Any = np.zeros((1, self.samples))
        for key, factor in expr.terms.items():
            term: Any = np.full((1, self.samples), factor)
            for s in key:
                symbol = table[s]
                if symbol.value is None:
                    term = term * self.numbers[symbol.name]
                else:
                    made = np.asarray(symbol.value(self.numbers))
                    term = term * (made if made.ndim == 2 else made[..., None]
                                   if symbol.actor is not None else made)
            out = out + term
        return np.asarray(out)

    def of_ending(self, leaf: Leaf, actor: str) -> Floats:
        """Return an actor's payoff of an outcome by type, (T, S)."""
        found = self.number(self.rules.end_pay(leaf).get(actor, 0.0))
        return np.broadcast_to(found, (self.rules.n_types(actor), self.samples))

    def war(self, actor: str) -> Floats:
        """Return the value of a war at the start, without a first striker or others who join."""
        from detente.mechanisms.base import CORE, AgendaItem

        node = self.play.core(AgendaItem(CORE, "war", None), self.start)
        total: Any = 0.0
        for chance, leaf in _leaves(node):
            weight = 1.0 if chance is None else self.number(chance)
            total = total + weight * self.of_ending(leaf, actor)
        return np.asarray(total)

    def mean(self, actor: str, values: Floats) -> Floats:
        """Return values averaged over the types of an actor, (S,)."""
        return np.asarray((self.prior[actor] * values).sum(axis=0))

    def both(self, values: list[Floats]) -> Floats:
        """Return both principals' average values, (S, 2)."""
        return np.column_stack([self.mean(p, v) for p, v in zip(self.rules.principals, values,
                                                                strict=True)])

    def _prior(self, actor: str) -> Floats:
        out = np.ones((1, self.samples))
        for quantity, spec in self.rules.quantities(actor).items():
            prior = np.asarray(self.rules._table(actor, quantity, self.numbers)[1], dtype=float)
            one = np.broadcast_to(prior.reshape(spec.n_types, -1), (spec.n_types, self.samples))
            out = (out[:, None] * one[None]).reshape(-1, self.samples)
        return out

    # the set of agreements --------------------------------------------------------------------

    def ends(self) -> tuple[tuple[str, ...], Floats, Floats]:
        """Return the issues, and the least and the greatest share of each, (S, K)."""
        issues = self.rules.issues
        if not issues:
            return ("",), np.zeros((self.samples, 1)), np.ones((self.samples, 1))
        each = []
        for name in issues.of:
            shares = np.stack([
                np.broadcast_to(issues._share(name, level)[0](self.numbers), (self.samples,))
                for level in issues.of[name].levels])
            each.append((shares.min(axis=0), shares.max(axis=0)))
        return (tuple(issues.of), np.column_stack([a for a, _ in each]),
                np.column_stack([b for _, b in each]))

    def side(self, actor: str) -> Side:
        """Return the payoff of a principal, types averaged."""
        rules, issues = self.rules, self.rules.issues
        if issues:
            raw = [np.broadcast_to(np.asarray(issues._weight(actor, name)[0](self.numbers)),
                                   (self.rules.n_types(actor), self.samples))
                   for name in issues.of]
            total = np.sum(raw, axis=0)
            weights = np.column_stack([self.mean(actor, w / total) for w in raw])
            asked = issues.part(actor, actor, issues.demand(actor)).value(self.numbers)
            demand = self.mean(actor, np.broadcast_to(np.asarray(asked), total.shape))
        else:
            weights = np.ones((self.samples, 1))
            demand = np.full(self.samples, rules.demand(actor))
        worth = self.mean(actor, self.number(rules.weight(actor)))
        return Side(weights, worth, demand, self.retreat(actor))

    def retreat(self, actor: str) -> Floats:
        """Return the audience cost of a complete retreat at the start, (S,)."""
        from detente.mechanisms.audience_cost import AudienceCost
        from detente.mechanisms.base import Leaf

        total = np.zeros(self.samples)
        for m in self.rules.mechanisms:
            if isinstance(m, AudienceCost):
                cost = m.committed(Leaf("settlement", self.start), actor)
                total = total + self.mean(actor, self.number(cost))
        return total

    def listed(self) -> Iterator[tuple[str, Mapping[str, str], Deal, bool]]:
        """Yield the settlements on offer, then the efficient combinations of levels."""
        from detente.mechanisms.base import Deal
        from detente.mechanisms.mediator import Mediator
        from detente.mechanisms.stake import on_the_table
        from detente.scenario.efficient import combinations, pareto

        rules = self.rules
        deals: dict[str, tuple[Mapping[str, str], Deal]] = {}
        for k, package in enumerate(rules.packages):
            if package.by not in (None, *rules.principals):
                continue  # its mediator proposes it
            deals[package.name] = (package.levels or {}, Deal(package.share, k))
        if rules.scenario.offers is not None and not rules.issues:
            named = {p.share for p in rules.packages}
            for share in on_the_table(rules):
                if share not in named:
                    deals[share_text(share)] = ({}, Deal(share))
        for m in rules.mechanisms:
            if isinstance(m, Mediator):
                for name, deal in m.deals.items():
                    named_by = rules.packages[deal.package].levels if deal.package >= 0 else None
                    deals[f"{name} (mediator)"] = (named_by or {}, deal)
        for name, (levels, deal) in deals.items():
            yield name, levels, deal, True
        if not rules.issues:
            return
        known = {rules.issues.levels(levels) for levels, _ in deals.values()}
        every = combinations(rules.scenario)
        values = np.array([[rules.issues.at_centre(p, rules.issues.levels(c))
                            for p in rules.principals] for c in every])
        more = [every[k] for k in pareto(values) if rules.issues.levels(every[k]) not in known]
        for levels in more[:MOST_LISTED]:
            yield rules.issues.words(rules.issues.levels(levels)), levels, Deal(None), False

    def proposal(self, one: tuple[str, Mapping[str, str], Deal, bool], war: list[Floats],
                 no_deal: list[Floats], failed: list[Floats]) -> Proposal:
        from detente.mechanisms.base import Leaf

        name, levels, deal, offered = one
        rules = self.rules
        settled = rules.issues.levels(levels) if rules.issues else None
        leaf = Leaf("settlement", self.start, deal.share, deal, levels=settled)
        values = [self.of_ending(leaf, p) for p in rules.principals]

        def prefers(to: list[Floats]) -> Floats:
            return self.both([(v > u).astype(float) for v, u in zip(values, to, strict=True)])

        return Proposal(name, levels, deal.share, offered, self.both(values) - self.both(failed),
                        prefers(failed), prefers(war), prefers(no_deal))


def _leaves(node: Any, chance: Any = None) -> Iterator[tuple[Any, Leaf]]:
    """Yield the outcomes below a chance event, each with its probability (None for 1)."""
    from detente.mechanisms.base import Chance

    if isinstance(node, Chance):
        for branch in node.moves:
            odds = branch.chance
            whole = odds if chance is None or odds is None else chance * odds
            yield from _leaves(branch.to, chance if odds is None else whole)
    else:
        yield chance, node
