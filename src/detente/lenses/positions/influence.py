"""Influence of actors, shifting coalitions, and exchanges of support.

All three concern the compromise forecast ``y = sum(w x) / sum(w)`` with ``w = c s``, whose
derivatives are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from detente.arrays import Floats
from detente.errors import InputError
from detente.lenses.positions.forecasts import forecast
from detente.lenses.positions.positions import Positions

__all__ = ["Coalition", "Effects", "Trade", "effects", "shifting_coalitions", "trades"]


@dataclass(frozen=True)
class Effects:
    """Derivatives of the compromise forecast, (A, I) each; 0 if an actor has no position.

    Attributes
    ----------
    position : per unit of the actor's position: ``w / sum(w)``
    salience : per unit of salience: ``c (x - y) / sum(w)``
    capability : per unit of capability: ``s (x - y) / sum(w)``
    absent : change of the forecast if the actor is removed
    """

    position: Floats
    salience: Floats
    capability: Floats
    absent: Floats


def effects(table: Positions) -> Effects:
    """Return the effects of each actor's position, salience and capability on each forecast.

    Examples
    --------
    >>> table = Positions.of("delay", {"north": (4, 0.8, 1.0), "south": (10, 0.4, 1.0)})
    >>> found = effects(table)
    >>> found.position[:, 0].round(3).tolist(), found.absent[:, 0].round(3).tolist()
    ([0.667, 0.333], [4.0, -2.0])
    """
    here, w = table.here, table.weight
    total = w.sum(axis=0)
    y = forecast(table)
    gap = np.where(here, np.nan_to_num(table.position) - y, 0.0)
    rest = total - w
    absent = np.where(rest > 0, -w * gap / np.where(rest > 0, rest, 1.0), np.nan)
    return Effects(
        position=w / total,
        salience=np.where(here, np.nan_to_num(table.capability), 0.0) * gap / total,
        capability=np.where(here, np.nan_to_num(table.salience), 0.0) * gap / total,
        absent=np.where(here, absent, 0.0),
    )


@dataclass(frozen=True)
class Coalition:
    """Actors that move the forecast to a target if they take one common position.

    Attributes
    ----------
    members : tuple of str
    position : float
        The common position that they must take.
    cost : float
        Mean change of their positions, weighted by salience, as a share of the scale.
    """

    members: tuple[str, ...]
    position: float
    cost: float


def shifting_coalitions(
    table: Positions, issue: str | int, target: float, *, most: int = 3, show: int = 10
) -> list[Coalition]:
    """List the coalitions of up to ``most`` actors that can move the forecast to ``target``.

    All members take one position on the scale. A coalition is listed if no proper subset suffices.

    Raises
    ------
    InputError
        The target is outside the scale.

    Examples
    --------
    >>> table = Positions.of("delay", {"north": (4, 0.8, 1.0), "middle": (7, 0.5, 0.2),
    ...                                "south": (10, 0.4, 1.0)})
    >>> [(c.members, round(c.position, 2)) for c in shifting_coalitions(table, 0, 7.0)]
    [(('north',), 5.5)]
    """
    one = table.issue(issue)
    low, high = float(one.low[0]), float(one.high[0])
    if not low <= target <= high:
        raise InputError(f"the target {target:g} is outside the scale",
                         expected=f"a number from {low:g} to {high:g}")
    x, w, s = one.position[:, 0], one.weight[:, 0], one.salience[:, 0]
    total = w.sum()
    missing = target * total - w @ x
    found: list[tuple[int, Coalition]] = []
    enough: list[set[int]] = []
    for size in range(1, min(most, len(x)) + 1):
        for members in combinations(range(len(x)), size):
            if any(part <= set(members) for part in enough):
                continue
            who = list(members)
            weight = w[who].sum()
            if weight <= 0:
                continue
            at = float((missing + w[who] @ x[who]) / weight)
            if low - 1e-9 <= at <= high + 1e-9:
                enough.append(set(members))
                total_s = s[who].sum()
                cost = float(s[who] @ np.abs(at - x[who]) / (total_s * (high - low)))
                names = tuple(one.actors[a] for a in who)
                found.append((size, Coalition(names, min(max(at, low), high), cost)))
    found.sort(key=lambda f: (f[1].cost, f[0]))
    return [c for _, c in found[:show]]


@dataclass(frozen=True)
class Trade:
    """Two actors support each other, each on the issue that matters more to the other.

    Attributes
    ----------
    giver, taker : str
        ``giver`` moves to ``taker``'s position on ``issue_given``; ``taker`` in return on
        ``issue_got``.
    issue_given, issue_got : str
    gain_giver, gain_taker : float
        Changes of utility ``- sum(s |x - y| / range)``. Both are positive.
    others : float
        Sum of the changes of utility of all other actors.
    """

    giver: str
    taker: str
    issue_given: str
    issue_got: str
    gain_giver: float
    gain_taker: float
    others: float


def trades(table: Positions, *, show: int = 20, most_pairs: int = 400_000) -> list[Trade]:
    """Find exchanges of support from which both gain, in descending order of the smaller gain.

    Actors i and j are on different sides of the forecasts on issues k and m. The relative salience
    of m is higher for i, and that of k is higher for j. Source: [stokman-van-oosten-1994].

    Raises
    ------
    InputError
        There are more pairs of actors and issues than ``most_pairs``.

    Examples
    --------
    >>> import numpy as np
    >>> table = Positions(("a", "b", "c"), ("k", "m"),
    ...     position=np.array([[0.0, 0.0], [1.0, 1.0], [0.5, 0.5]]),
    ...     salience=np.array([[0.2, 0.9], [0.9, 0.2], [0.5, 0.5]]), capability=np.ones((3, 2)),
    ...     low=np.zeros(2), high=np.ones(2))
    >>> best = trades(table)[0]
    >>> best.giver, best.issue_given, best.taker, best.issue_got, best.gain_giver > 0
    ('a', 'k', 'b', 'm', True)
    """
    actors, issues = table.position.shape
    if comb2(actors) * comb2(issues) * 2 > most_pairs:
        raise InputError(
            f"{actors} actors on {issues} issues make too many possible trades",
            expected=f"at most {most_pairs} pairs; choose fewer issues",
        )
    x, s, w = np.nan_to_num(table.position), np.nan_to_num(table.salience), table.weight
    s = np.where(table.here, s, 0.0)
    y, total, span = forecast(table), table.weight.sum(axis=0), table.range
    side = np.where(w > 0, np.sign(x - y), 0.0)
    found: list[Trade] = []
    for i, j in combinations(range(actors), 2):
        split = np.nonzero(side[i] * side[j] < 0)[0]
        for k, m in combinations(split.tolist(), 2):
            # the ratio of saliences determines which actor gives on which issue
            given, got = (k, m) if s[i, k] * s[j, m] < s[i, m] * s[j, k] else (m, k)
            if s[i, given] * s[j, got] == s[i, got] * s[j, given]:
                continue
            new_given = y[given] + w[i, given] * (x[j, given] - x[i, given]) / total[given]
            new_got = y[got] + w[j, got] * (x[i, got] - x[j, got]) / total[got]
            change = -(
                s[:, given]
                * (np.abs(x[:, given] - new_given) - np.abs(x[:, given] - y[given]))
                / span[given]
                + s[:, got] * (np.abs(x[:, got] - new_got) - np.abs(x[:, got] - y[got])) / span[got]
            )
            if change[i] > 1e-12 and change[j] > 1e-12:
                names = table.actors
                found.append(
                    Trade(
                        names[i],
                        names[j],
                        table.issues[given],
                        table.issues[got],
                        float(change[i]),
                        float(change[j]),
                        float(change.sum() - change[i] - change[j]),
                    )
                )
    found.sort(key=lambda t: -min(t.gain_giver, t.gain_taker))
    return found[:show]


def comb2(n: int) -> int:
    """Return the number of pairs of n things.

    Examples
    --------
    >>> comb2(4)
    6
    """
    return n * (n - 1) // 2
