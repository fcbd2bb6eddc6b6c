"""Coordination under a shock: the fold, the way back, and whether a shock can be undone.

Meaning
    Many states each choose between two courses, and each prefers the course that most others are
    on. Their mean choice m solves ``m = tanh(beta (h + J m))``.
Units
    m in -1..1 (1: all on the old course). h and J in one unit of value, beta in 1 / that unit.
Source
    [brock-durlauf-2001] for the model, Schelling 1978, ch. 3, for the idea. The fold follows from
    ``dh/dm = 0`` of ``h(m) = artanh(m) / beta - J m``.
Direction
    More pull J or more precision beta: a wider loop, so a shock must be larger to move the states
    and must be reversed further to bring them back.
Region
    Two stable states exist if ``beta J > 1`` and ``|h| < h_c``. Otherwise there is one state, and
    it follows h both ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.intervals import wilson

__all__ = [
    "CAME_BACK", "CASES", "NEVER_LEFT", "STAYED", "Root", "Undone", "WayBack", "branches", "cases",
    "fold", "follow", "loop", "roots", "turning_point", "undone", "way_back",
]

NEVER_LEFT, CAME_BACK, STAYED = 0, 1, 2
CASES = ("never left", "left and came back", "left and stayed")
"""The cases of a draw, by their number."""

NEAR = 1e-12
"""Two roots nearer than this are one root: at a fold m moves with the root of the change of h, so
doubles place it to about 1e-8 only, and h itself to 1e-16."""


def turning_point(beta: ArrayLike, pull: ArrayLike) -> NDArray[np.float64]:
    """Return r, the absolute mean choice at the folds: ``r = sqrt(1 - 1 / (beta J))``.

    It is 0 if ``beta J <= 1``, because there is no fold.

    Examples
    --------
    >>> float(turning_point(2, 1)) ** 2
    0.5000000000000001
    """
    strength = np.multiply(beta, pull, dtype=float)
    with np.errstate(divide="ignore"):
        return np.asarray(np.sqrt(np.where(strength > 1, 1 - 1 / np.maximum(strength, 1), 0.0)))


def fold(beta: ArrayLike, pull: ArrayLike) -> NDArray[np.float64]:
    """Return h_c, the field at which a branch ends: ``h_c = J r - artanh(r) / beta``.

    The branch of positive m exists for ``h >= -h_c``, that of negative m for ``h <= h_c``.

    Parameters
    ----------
    beta : (...)
        Precision of choice, above 0.
    pull : (...)
        Value J of doing what all others do.

    Returns
    -------
    ndarray (...)
        0 if ``beta J <= 1``: there is no fold.

    Examples
    --------
    >>> fold([2, 3, 1], 1).round(12).tolist()
    [0.266419987677, 0.434424636001, 0.0]
    """
    r = turning_point(beta, pull)
    return np.asarray(np.multiply(pull, r) - np.arctanh(r) / np.asarray(beta, dtype=float))


@dataclass(frozen=True)
class Root:
    """A mean choice that reproduces itself.

    Attributes
    ----------
    m : float
    slope : float
        Derivative of ``tanh(beta (h + J m))`` in m. Below 1 the root is stable.
    """

    m: float
    slope: float

    @property
    def stable(self) -> bool:
        """Whether a small change dies out. A root at a fold (slope 1) is not stable."""
        return self.slope < 1 - 1e-7


def roots(beta: float, pull: float, h: float) -> tuple[Root, ...]:
    """Return all solutions of ``m = tanh(beta (h + J m))``, from the smallest to the largest.

    ``h(m) = artanh(m) / beta - J m`` is monotone between -1, -r, r and 1, so each of these three
    intervals has at most one root, which Brent's method finds.

    Examples
    --------
    >>> [(round(x.m, 4), x.stable) for x in roots(2, 1, 0)]
    [(-0.9575, True), (0.0, False), (0.9575, True)]
    >>> len(roots(2, 1, 0.3))
    1
    """
    from scipy.optimize import brentq

    r = float(turning_point(beta, pull))

    def gap(m: float) -> float:
        return float(np.tanh(beta * (h + pull * m)) - m)

    ends = [-1.0, 1.0] if r == 0 else [-1.0, -r, r, 1.0]
    found: list[float] = []
    for low, high in pairwise(ends):
        at_low, at_high = gap(low), gap(high)
        if abs(at_low) < NEAR:
            found.append(low)
        elif at_low * at_high < 0 and abs(at_high) >= NEAR:
            found.append(float(brentq(gap, low, high, xtol=1e-15)))
    if abs(gap(1.0)) < NEAR:
        found.append(1.0)
    return tuple(Root(m, float(beta * pull * (1 - m * m))) for m in found)


def follow(beta: float, pull: float, path: ArrayLike, start: float) -> NDArray[np.float64]:
    """Return the stable state at each field of a path, changed so slowly that the state settles.

    At each field the mean choice moves in the direction of ``tanh(beta (h + J m)) - m`` until it
    meets a root. Only the path's turning points matter if steps do not skip a branch.

    Parameters
    ----------
    path : (k,)
        Fields h in order.
    start : float
        Mean choice before the first one.

    Examples
    --------
    >>> follow(2, 1, [0.3, 0, -0.3, 0, 0.3], 1).round(2).tolist()
    [0.99, 0.96, -0.99, -0.96, 0.99]
    """
    m, out = start, []
    for h in np.asarray(path, dtype=float).tolist():
        rising = float(np.tanh(beta * (h + pull * m))) > m
        known = roots(beta, pull, h)
        beyond = [x for x in known if x.stable and (x.m >= m - NEAR if rising else x.m <= m + NEAR)]
        if beyond:
            m = beyond[0].m if rising else beyond[-1].m
        elif known:  # the state stands at a fold
            m = min((x.m for x in known), key=lambda x: abs(x - m))
        out.append(m)
    return np.array(out)


@dataclass(frozen=True)
class WayBack:
    """The loop of one pair of precision and pull.

    Attributes
    ----------
    leaves : float
        Field at which states leave the old course (-h_c); nan if there is no fold.
    returns : float
        Field at which they return to it (h_c); nan if there is no fold.
    m : float
        Absolute mean choice at both turning points.
    """

    leaves: float
    returns: float
    m: float

    @property
    def width(self) -> float:
        """How far h must rise above the point of leaving before the states return: 2 h_c."""
        return self.returns - self.leaves


def way_back(beta: float, pull: float) -> WayBack:
    """Return where the states leave the old course and where they return to it.

    Examples
    --------
    >>> round(way_back(2, 1).width, 6)
    0.53284
    >>> way_back(0.5, 1).width
    nan
    """
    if beta * pull <= 1:
        return WayBack(float("nan"), float("nan"), 0.0)
    h = float(fold(beta, pull))
    return WayBack(-h, h, float(turning_point(beta, pull)))


def loop(beta: float, pull: float, reach: float, steps: int = 200) -> NDArray[np.float64]:
    """Return the loop of h from ``reach`` to ``-reach`` and back, (2 steps, 2): h and m.

    Examples
    --------
    >>> way = loop(2, 1, 0.5)
    >>> down = way[:200]
    >>> float(down[down[:, 1] < 0, 0].max().round(2))  # h_c is 0.266
    -0.27
    """
    down = np.linspace(reach, -reach, steps)
    path = np.concatenate([down, down[::-1]])
    return np.stack([path, follow(beta, pull, path, 1.0)], axis=1)


def branches(
    beta: float, pull: float, steps: int = 60, reach: float = 0.0
) -> list[dict[str, Any]]:
    """Return the curve of all roots, for a chart: h, m and whether the root is stable.

    Parameters
    ----------
    steps
        Points of each branch.
    reach
        The outer branches go at least as far as this absolute value of h.

    Examples
    --------
    >>> rows = branches(2, 1, 5)
    >>> [r["branch"] for r in rows if abs(r["m"]) < 0.1]
    ['not stable']
    """
    inner = float(np.arctanh(turning_point(beta, pull)))
    outer = beta * (pull + max(0.9 * pull, 0.9 / beta, reach))
    parts = {"new course": (-outer, -inner), "not stable": (-inner, inner),
             "old course": (inner, outer)}
    rows = []
    for name, (low, high) in parts.items():
        if low == high:
            continue
        for u in np.linspace(low, high, steps).tolist():  # u = artanh(m)
            m = float(np.tanh(u))
            rows.append({"h": u / beta - pull * m, "m": m, "branch": name})
    return rows


def cases(
    beta: ArrayLike, pull: ArrayLike, before: ArrayLike, during: ArrayLike, after: ArrayLike
) -> NDArray[np.int64]:
    """Return the case of each draw: `NEVER_LEFT`, `CAME_BACK` or `STAYED`.

    The old branch is the one on the side of ``before``; if ``before`` is 0, the one opposite to
    ``during``. The field goes from ``before`` to ``during`` to ``after``, slowly. The state leaves
    its branch if the field passes the fold of that branch, and is on it again at the end if
    ``after`` lies beyond the fold of the other branch. If there is no fold, there is one branch,
    which is never left.

    Parameters
    ----------
    beta, pull, before, during, after : (S,)

    Examples
    --------
    >>> cases(2, 1, 0.3, [-0.2, -0.4, -0.4], [0.3, 0.3, 0.2]).tolist()
    [0, 1, 2]
    """
    h = fold(beta, pull)
    start, shock, end = (np.asarray(x, dtype=float) for x in (before, during, after))
    side = np.where(start != 0, np.sign(start), np.where(shock > 0, -1.0, 1.0))
    shock, end = side * shock, side * end
    folds = np.multiply(beta, pull, dtype=float) > 1
    left = folds & (np.minimum(shock, end) < -h)
    back = left & (end > h)
    return np.asarray(np.where(back, CAME_BACK, np.where(left, STAYED, NEVER_LEFT)), dtype=np.int64)


@dataclass(frozen=True)
class Undone:
    """Whether a shock can be undone, over the ranges of its numbers.

    Attributes
    ----------
    case : (S,)
        Number of the case of each draw, see `CASES`.
    no_fold : int
        Draws with ``beta J <= 1``, all of which count as never left.
    restored : int
        Draws that stayed although their old branch exists at ``after``: hysteresis. In the other
        draws that stayed, ``after`` itself does not support the old course.
    short : (S,)
        How far h must rise above ``after`` before the states return; 0 if they did not stay.
    seed : int
    """

    case: NDArray[np.int64]
    no_fold: int
    restored: int
    short: NDArray[np.float64]
    seed: int

    @property
    def samples(self) -> int:
        """Number of draws."""
        return len(self.case)

    @property
    def returns(self) -> NDArray[np.float64]:
        """1 in each draw whose state ends on its old branch, else 0, (S,)."""
        return np.asarray(self.case != STAYED, dtype=float)

    def share(self, case: int) -> tuple[float, float, float]:
        """Return the share of a case and its 95 % interval (Wilson)."""
        hits = int((self.case == case).sum())
        low, high = wilson(hits, self.samples)
        return hits / self.samples, low, high


def undone(shock: Any, samples: int = 1024, seed: int = 0) -> Undone:
    """Count the cases of a shock over Sobol' samples of its ranges.

    Parameters
    ----------
    shock
        An entry of ``shocks:`` in a ties file: its quantities ``precision``, ``pull``, ``before``,
        ``during`` and ``after``.
    samples, seed
        Number of draws (balanced if a power of 2) and seed of their scrambling.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from detente.scenario.ranges import Quantity
    >>> point = Quantity.point
    >>> shock = SimpleNamespace(precision=point(2), pull=point(1), before=point(0.4),
    ...                         during=Quantity.uniform(-0.4, 0), after=point(0.2))
    >>> share, low, high = undone(shock, 256).share(STAYED)
    >>> low < (0.4 - 0.266419987677) / 0.4 < high
    True
    """
    from detente.scenario.sobol import points

    names = ("precision", "pull", "before", "during", "after")
    given = [getattr(shock, name) for name in names]
    spread = [k for k, q in enumerate(given) if q.is_range]
    u = points(len(spread), samples, seed) if spread else np.empty((samples, 0))
    drawn = [np.full(samples, q.centre) for q in given]
    for column, k in enumerate(spread):
        drawn[k] = np.asarray(given[k].ppf(u[:, column]))
    beta, pull, before, during, after = drawn
    case = cases(beta, pull, before, during, after)
    h = fold(beta, pull)
    side = np.where(before != 0, np.sign(before), np.where(during > 0, -1.0, 1.0))
    stayed = case == STAYED
    return Undone(
        case, int((beta * pull <= 1).sum()), int((stayed & (side * after >= -h)).sum()),
        np.where(stayed, h - side * after, 0.0), seed)
