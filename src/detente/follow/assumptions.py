"""Which assumptions the events spoke for or against: shifts of ranges, alone and in pairs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.spread import band
from detente.arrays import Bools, Floats
from detente.follow.ranges import rank

if TYPE_CHECKING:
    from detente.follow.following import Following

__all__ = ["Pair", "Shift", "pairs", "ranks", "shifts"]

SD = float(np.sqrt(1.0 / 12.0))
"""Standard deviation of a rank under the prior."""
SURE = 3.0
"""Many pairs are tried: one is told if its interaction is this many standard errors from none."""
MOST_PAIRS = 5


@dataclass(frozen=True)
class Shift:
    """The shift of one range by the events.

    Attributes
    ----------
    path : str
    shift : float
        Change of its mean rank, in standard deviations of the prior.
    error : float
        Standard error of the shift by the effective number of samples.
    upper : float
        Odds of the upper half of the range to the lower half; 1 before the events.
    low, high : float
        5th and 95th percentile after the events, in the number's own units.
    """

    path: str
    shift: float
    error: float
    upper: float
    low: float
    high: float


@dataclass(frozen=True)
class Pair:
    """Two ranges that the events tie together.

    Attributes
    ----------
    first, second : str
    corners : (2, 2) array
        Probability of each half of the first range (rows: lower, upper) with each of the second.
    logs : float
        log2 of the ratio of the odds; 0 without interaction.
    error : float
        Its standard error.
    """

    first: str
    second: str
    corners: Floats
    logs: float
    error: float


def ranks(found: Following, k: int | None = None) -> tuple[list[str], Floats, Floats, Floats]:
    """Return the paths of the ranges, their ranks (S, K) and values (S, K), and the weights (S,).

    The samples of all components stand one below the other. Ranges that some structure lacks are
    left out.
    """
    k = found.count if k is None else k
    known = [s.compiled.graph.rules.numbers for s in found.structures]
    paths = [p for p, q in known[0].items() if q.is_range and all(p in other for other in known)]
    by = {s.label: s for s in found.structures}
    us, xs, ws = [], [], []
    for part in found.pool.parts:
        s = by[part.structure]
        numbers = s.compiled.graph.rules.numbers
        at = [s.compiled.paths.index(p) for p in paths]
        x = s.theta[:, at]
        xs.append(x)
        us.append(np.stack([rank(numbers[p], x[:, j]) for j, p in enumerate(paths)], axis=1)
                  if paths else np.empty((len(x), 0)))
        ws.append(found.pool.posterior(part, k))
    return paths, np.concatenate(us), np.concatenate(xs), np.concatenate(ws)


def shifts(found: Following, k: int | None = None) -> list[Shift]:
    """Return what the first ``k`` events say about each range, the largest shift first."""
    paths, u, x, w = ranks(found, k)
    if not w.sum() > 0:
        return []
    w = w / w.sum()
    ess = found.pool.effective(found.count if k is None else k)
    rows = []
    for j, path in enumerate(paths):
        mean = float(w @ u[:, j])
        var = float(w @ (u[:, j] - mean) ** 2)
        above = float(w[u[:, j] > 0.5].sum())
        low, high = band(x[:, j], w * ess)
        assert low is not None and high is not None
        rows.append(Shift(path, (mean - 0.5) / SD, float(np.sqrt(var / ess)) / SD,
                          above / (1 - above) if above < 1 else float("inf"), low, high))
    return sorted(rows, key=lambda r: -abs(r.shift))


def pairs(found: Following, k: int | None = None) -> list[Pair]:
    """Return pairs of ranges whose halves the events tie together, the strongest first.

    In a few samples of many ranges some corners hold more points than others before any event, so
    the interaction must also exceed that of the samples themselves.
    """
    paths, u, _, w = ranks(found, k)
    if not w.sum() > 0:
        return []
    w, before = w / w.sum(), ranks(found, 0)[3]
    before = before / before.sum()
    ess = found.pool.effective(found.count if k is None else k)
    upper = u > 0.5
    rows = []
    for a, b in combinations(range(len(paths)), 2):
        corners, prior = (_corners(upper[:, a], upper[:, b], x) for x in (w, before))
        if corners.min() * ess < 5 or prior.min() <= 0:
            continue  # too few samples in a corner for a standard error
        logs = _log_odds(corners)
        error = float(np.sqrt((1.0 / (ess * corners)).sum()) / np.log(2.0))
        if min(abs(logs), abs(logs - _log_odds(prior))) > SURE * error:
            rows.append(Pair(paths[a], paths[b], corners, logs, error))
    return sorted(rows, key=lambda r: -abs(r.logs))[:MOST_PAIRS]


def _corners(first: Bools, second: Bools, w: Floats) -> Floats:
    """Return the weight of each half of the first range with each half of the second, (2, 2)."""
    return np.array([[w[(first == i) & (second == j)].sum() for j in (False, True)]
                     for i in (False, True)])


def _log_odds(corners: Floats) -> float:
    return float(np.log2(corners[1, 1] * corners[0, 0] / (corners[0, 1] * corners[1, 0])))
