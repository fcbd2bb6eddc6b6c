"""The stake and its division.

Meaning
    A stake worth 1 to each principal (unless the file weighs it) is divided by agreement, by one
    side's concession or by war, or it stays as it is. An offer stands for one turn and then
    expires. A named package may carry a side payment that audiences do not see.
Units
    Shares of the stake in [0, 1]; payoffs in stakes.
Source
    Fearon 1995; Rubinstein 1982.
Direction
    A settlement exists if both sides' costs of war are positive and known (Fearon 1995); private
    information causes war. More certainty about the other side's cost: less war. A higher cost of
    war for the side that makes the offers: less war. Both hold if offers cover the reservation
    shares of the types: a gap in the grid of offers is itself a cause of war.
Neutral value
    None: the stake is the game. `stake_weight` is neutral at 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from detente.mechanisms.base import Leaf, Mechanism, Pay
from detente.mechanisms.expr import Expr
from detente.mechanisms.reservation import SAMPLES, reservations, samples
from detente.scenario.model import segment
from detente.scenario.parts.stake import weight_key

__all__ = ["Stake", "gaps", "shares_of"]

INSIDE = 0.004
"""Distance of the outermost offers from indifference: exact ties mislead limits."""
DEFAULT_OFFERS = 4
LONGEST = 8
"""Most shares that a remark proposes to add."""


class Stake(Mechanism):
    """Payoffs of every terminal node that divides, or does not divide, the stake."""

    kind: ClassVar[str] = "stake"
    order: ClassVar[int] = 0
    optional: ClassVar[Mapping[str, float]] = {"no_deal.cost": 0.0, "war.cost": 0.0}

    @classmethod
    def implied(cls, scenario: Any) -> bool:
        return scenario.stake is not None

    quantities: ClassVar[Mapping[str, str]] = {
        "war_cost": "the cost of war to this principal (stakes); it is added to war.cost",
        "stake_weight": "the value of the whole stake to this actor, in place of "
        "actors.*.stake_weight",
        "weight_of_<issue>": "the weight of an issue to this actor, in place of "
        "stake.issues.*.weight",
    }

    @classmethod
    def reads(cls, scenario: Any, spec: Any) -> Mapping[str, tuple[str, ...]]:
        fights = scenario.principals if scenario.war is not None else ()
        weights = tuple(map(weight_key, scenario.stake.issues or ()))
        return {
            name: ("war_cost", "stake_weight", *weights) if name in fights
            else ("stake_weight", *weights) for name in scenario.actors
        }

    def remarks(self) -> list[str]:
        return gaps(self.rules)

    def at_end(self, ending: Leaf) -> Pay | None:
        rules = self.rules
        first, second = rules.principals
        has: Callable[[str, str], Expr | float]
        if ending.outcome == "war" and ending.share is None:
            share = self.fought_for(ending)  # of every issue

            def has(actor: str, side: str) -> Expr | float:
                return rules.gets(side, share)
        elif ending.outcome == "status quo" or rules.divides(ending):
            def has(actor: str, side: str) -> Expr | float:
                return rules.part(actor, side, ending)
        else:
            return None
        pay = {p: rules.weight(p) * has(p, p) for p in (first, second)}
        for name, actor in rules.scenario.actors.items():
            if actor.sides_with is not None and name not in pay:
                pay[name] = rules.weight(name) * has(name, str(actor.sides_with))
        if ending.outcome == "war":
            for p in (first, second):
                pay[p] = pay[p] - rules.war_cost(p, ending.state)
        if ending.outcome == "status quo":
            for p in (first, second):
                pay[p] = pay[p] - rules.num("no_deal.cost", p, ending.state)
        if ending.deal is not None and ending.deal.package >= 0:
            package = rules.packages[ending.deal.package]
            side = package.side_payment
            if side is not None:
                path = f"offers.{segment(package.name)}.side_payment"
                giver = rules.other(side.to)
                pay[side.to] = pay[side.to] + rules.num(f"{path}.worth", side.to, ending.state)
                bill = "worth" if side.cost is None else "cost"
                pay[giver] = pay[giver] - rules.num(f"{path}.{bill}", giver, ending.state)
        return pay

    def fought_for(self, ending: Leaf) -> Expr | float:
        """Return the share of the stake that `stake.first` has after a war."""
        if ending.result == "stalemate":
            return self.rules.num("war.endings.stalemate.share", None, ending.state)
        if ending.winner:
            return 1.0 if ending.winner == self.rules.principals[0] else 0.0
        return self.rules.odds(ending.state, ending.actor)


def shares_of(rules: Any, principal: str | None = None) -> list[float]:
    """Return the grid of offered shares: the file's, or one that covers the reservations.

    With a principal, the shares that it may offer; otherwise those that either may.

    The default grid is even. It runs from the share that the first principal's strongest type would
    just accept to the share that the second's strongest type would just grant, a little inside each
    end.
    """
    given, own = rules.scenario.offers.shares, rules.scenario.offers.shares_by or {}
    if own and principal is None:
        return sorted({s for p in rules.principals for s in shares_of(rules, p)})
    if principal in own:
        return sorted(set(own[principal]))
    if given is not None:
        return sorted(set(given))
    if rules.packages:  # the file names its settlements
        return []
    low, high = reservations(rules)
    grid = np.linspace(low.max() + INSIDE, high.max() - INSIDE, DEFAULT_OFFERS)
    if low.max() >= high.min():
        grid = np.linspace(min(low.max(), high.min()), max(low.max(), high.max()), DEFAULT_OFFERS)
    return sorted({round(float(np.clip(s, 0.0, 1.0)), 3) for s in grid})


def gaps(rules: Any) -> list[str]:
    """Return a remark if some pair of types has no offer that both prefer to war.

    The samples of the file's ranges are searched too, because a grid that covers the centre may
    leave a gap elsewhere. The remark proposes shares that close the gaps.
    """
    if not rules.principals or rules.scenario.offers is None or rules.scenario.war is None:
        return []
    if rules.issues:
        from detente.mechanisms.issues_gaps import package_gaps

        return package_gaps(rules)
    shares = np.unique(np.array(on_the_table(rules), dtype=float))
    first, second = rules.principals
    low, high = reservations(rules)
    at_centre = int(_missing(shares, low[:, None], high[:, None]).sum())
    low, high = reservations(rules, samples(rules))
    low, high = (np.broadcast_to(x, (len(x), SAMPLES)) for x in (low, high))
    found = _missing(shares, low, high)
    in_samples, most = found.any(axis=(0, 1)), int(found.sum(axis=(0, 1)).max())
    if not at_centre and not in_samples.any():
        return []
    pairs = len(low) * len(high)
    pairs_of = f"of {pairs} pairs of types of {first} and {second}"
    where = f"at the centre of the ranges, {at_centre} {pairs_of}"
    if in_samples.any():
        often = f"{in_samples.mean():.0%}".replace("%", " %")
        where = (f"in {often} of {SAMPLES} samples of the ranges, up to {most} {pairs_of} (at "
                 f"the centre: {at_centre})")
    a, b = np.broadcast_arrays(low[:, None], high[None])
    more = _closing(a[found], b[found])
    remedy = "no short list of shares closes every gap"
    if not len(shares):
        remedy = "no principal may offer what the other may accept (will_not)"
    elif more and not rules.scenario.offers.shares_by:
        grid = sorted({*(shares_of(rules)), *more})
        remedy = "to close the gaps, write offers.shares: [" + ", ".join(
            f"{x:g}" for x in grid) + "]"
    return [
        f"the offers leave a gap: {where} have no share that both prefer to war; war between "
        f"these types is an artefact of the grid; {remedy}"
    ]


def on_the_table(rules: Any) -> list[float]:
    """Return the shares that one principal may offer and the other may accept."""
    actors, found = rules.scenario.actors, []
    for principal in rules.principals:
        if "offer" in actors[principal].will_not:
            continue
        if "accept" in actors[rules.other(principal)].will_not:
            continue
        found += shares_of(rules, principal)
        found += [p.share for p in rules.scenario.offers.packages or []
                  if p.by in (None, principal)]
    return sorted(set(found))


def _missing(shares: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the pairs of types with room for a settlement but no share in it, (T1, T2, S)."""
    above = np.append(shares, np.inf)[np.searchsorted(shares, low, side="right")]
    return (low[:, None] < high[None]) & (above[:, None] >= high[None])


def _closing(low: np.ndarray, high: np.ndarray) -> list[float]:
    """Return the fewest shares of two decimals with one inside each interval.

    Greedy stabbing by right ends is optimal for intervals. Intervals without a number of two
    decimals are left out. The list is empty if it would be longer than `LONGEST`.
    """
    inside = np.ceil(np.minimum(high, 1.0) * 100 - 1e-9) - 1  # the largest hundredth below
    fits = inside > low * 100 + 1e-9
    order = np.argsort(inside[fits], kind="stable")
    low, inside = low[fits][order], inside[fits][order]
    out: list[float] = []
    for a, point in zip(low.tolist(), inside.tolist(), strict=True):
        if not out or out[-1] <= a:
            out.append(round(point / 100, 2))
            if len(out) > LONGEST:
                return []
    return [x for x in out if 0 <= x <= 1]
