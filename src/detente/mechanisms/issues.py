"""Several issues: each principal's part of the stake under a package of levels.

Meaning
    A stake may consist of several issues. A package gives each issue a level, and a level gives
    `stake.first` a share of the issue. An actor's part of the stake is the sum of what it has of
    each issue, weighted by its own weights, which sum to 1. So the whole stake stays worth 1, and
    the parts of the two sides need not sum to 1: both gain if each gives way on the issue that
    matters less to it.
Units
    Parts of the stake, in [0, 1].
Source
    Raiffa 1982; Keeney & Raiffa 1976.
Direction
    Weights that differ more between the sides: larger gains from trading issues instead of
    splitting each. A package that is better for both sides than the status quo: more settlements.
    Both hold if the package that trades the issues is among the offers.
Neutral value
    One issue, whose levels are the shares on offer: the game of an undivided stake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.mechanisms.expr import Expr
from detente.scenario.efficient import centre_weights
from detente.scenario.model import segment
from detente.scenario.parts.stake import Issue, weight_key

if TYPE_CHECKING:
    from detente.mechanisms.rules import Rules

__all__ = ["STATUS_QUO", "Issues", "Levels", "Part"]

Levels = tuple[str, ...]
"""A level of each issue, in the order of the file; `STATUS_QUO` for an issue that stays there."""
STATUS_QUO = ""

Numbers = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """An actor's part of the stake as a function of the file's numbers.

    Attributes
    ----------
    value : callable
        From the file's numbers to a scalar or (S,), with the actor's types in front if its weights
        are private.
    reads : tuple of str
        Paths of the numbers that it depends on.
    actor : str or None
        The actor on whose type it depends; None if its weights are public.
    """

    value: Callable[[Numbers], Any]
    reads: tuple[str, ...]
    actor: str | None = None


class Issues:
    """The issues of one crisis; empty if its stake has none."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        stake = rules.scenario.stake
        self.of: dict[str, Issue] = dict((stake.issues or {}) if stake is not None else {})

    def __bool__(self) -> bool:
        return bool(self.of)

    def levels(self, named: Mapping[str, str]) -> Levels:
        """Return the level of each issue; an issue that is not named stays at the status quo."""
        out = []
        for name, issue in self.of.items():
            level = named.get(name, STATUS_QUO)
            out.append(STATUS_QUO if level == issue.status_quo else level)
        return tuple(out)

    @cache  # noqa: B019 - one Issues lives as long as its game
    def demand(self, principal: str) -> Levels:
        """Return the levels that a principal publicly demands: the file's, or its best of all."""
        given = self.rules.scenario.actors[principal].demand
        if given is not None:
            return self.levels(given)
        sign = 1.0 if principal == self.rules.principals[0] else -1.0
        best = {}
        for name, issue in self.of.items():
            best[name] = max((sign * q.centre, level) for level, q in issue.levels.items())[1]
        return self.levels(best)

    def words(self, levels: Levels) -> str:
        """Return the levels in words, those that stay at the status quo left out."""
        said = [f"{name}: {level}" for name, level in zip(self.of, levels, strict=True)
                if level != STATUS_QUO]
        return ", ".join(said) or "every issue as in the status quo"

    # parts of the stake -----------------------------------------------------------------------

    def part(self, actor: str, side: str, levels: Levels) -> Part:
        """Return the part of the stake that a principal has, by the weights of an actor.

        Parameters
        ----------
        actor
            Whose weights count: the principal itself, or an actor that sides with it.
        side
            The principal whose part it is.
        levels
            The level of each issue.
        """
        first = side == self.rules.principals[0]
        weights = [self._weight(actor, name) for name in self.of]
        shares = [self._share(name, level) for name, level in zip(self.of, levels, strict=True)]

        def value(numbers: Numbers) -> Any:
            total: Any = 0.0
            got: Any = 0.0
            for (weight, _, _), (share, _) in zip(weights, shares, strict=True):
                w, x = weight(numbers), share(numbers)
                total = total + w
                got = got + w * (x if first else 1 - x)
            return got / total

        reads = dict.fromkeys([*(p for w in weights for p in w[2]),
                               *(p for s in shares for p in s[1])])
        private = any(typed for _, typed, _ in weights)
        return Part(value, tuple(reads), actor if private else None)

    def worth(self, actor: str, side: str, levels: Levels) -> Expr:
        """Return `part` as a polynomial with one derived symbol."""
        name = f"part:{actor}:{side}:{'/'.join(levels)}"
        return self.symbol(name, self.part(actor, side, levels))

    def short(self, principal: str, levels: Levels) -> Expr:
        """Return by how much a principal ends below its demand, as a part of the demand.

        ``max(0, demand - result) / demand``, both in its own weights; 0 if it demands nothing.
        """
        asked = self.part(principal, principal, self.demand(principal))
        has = self.part(principal, principal, levels)

        def value(numbers: Numbers) -> Any:
            wanted, got = asked.value(numbers), has.value(numbers)
            some = np.real(wanted) > 0
            gap = (wanted - got) / np.where(some, wanted, 1.0)
            return np.where(some & (np.real(gap) > 0), gap, 0.0)

        reads = tuple(dict.fromkeys((*asked.reads, *has.reads)))
        return self.symbol(f"short:{principal}:{'/'.join(levels)}", Part(value, reads, has.actor))

    def at_centre(self, principal: str, levels: Levels) -> float:
        """Return a principal's own part at the centre of the ranges, the mean over its types."""
        first = principal == self.rules.principals[0]
        weights = centre_weights(self.rules.scenario, principal)
        numbers = {path: q.centre for path, q in self.rules.numbers.items()}
        shares = np.array([self._share(name, level)[0](numbers)
                           for name, level in zip(self.of, levels, strict=True)])
        return float(weights @ (shares if first else 1 - shares))

    def symbol(self, name: str, part: Part) -> Expr:
        """Return a function of the file's numbers as a polynomial."""
        return self.rules.derived(name, part.value, part.reads, part.actor)

    def _weight(self, actor: str, name: str) -> tuple[Callable[[Numbers], Any], bool, list[str]]:
        """Return an actor's weight on an issue, whether it is private, and the paths it reads."""
        rules, key = self.rules, weight_key(name)
        if key in rules.quantities(actor):
            reads = list(rules._reads(actor, key).values())

            def private(numbers: Numbers) -> Any:
                return rules._spread(actor, key, rules._table(actor, key, numbers)[0])

            return private, True, reads
        given, base = self.of[name].weight, f"stake.issues.{segment(name)}.weight"
        path = None if given is None else given.path(base, actor)
        if path is not None:
            return (lambda n: n[path]), False, [path]
        ally = rules.scenario.actors[actor].sides_with
        if given is not None and ally is not None:
            return self._weight(str(ally), name)
        return (lambda n: 1.0), False, []

    def _share(self, name: str, level: str) -> tuple[Callable[[Numbers], Any], list[str]]:
        """Return the share of an issue that a level gives to `stake.first`, and its path."""
        issue, base = self.of[name], f"stake.issues.{segment(name)}"
        if level == STATUS_QUO:
            quo = issue.status_quo
            path = f"{base}.levels.{segment(quo)}" if isinstance(quo, str) else f"{base}.status_quo"
        else:
            path = f"{base}.levels.{segment(level)}"
        return (lambda n: n[path]), [path]
