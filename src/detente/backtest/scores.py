"""Scores of probability forecasts, and gains with intervals over clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

__all__ = ["BINS", "Gain", "auc", "brier", "calibration", "ece", "gain", "log_scores",
           "proportional", "rps"]

Floats = NDArray[np.float64]

BINS = 10
"""Bins of equal width in the table of calibration."""

DRAWS = 2000
"""Resamples of the cluster bootstrap."""

LEVEL = 0.95


def log_scores(p: Floats, y: NDArray[np.intp]) -> Floats:
    """Return the log score of each forecast: the log of the probability of what happened, nats.

    Examples
    --------
    >>> log_scores(np.array([[0.5, 0.5]]), np.array([1])).round(4).tolist()
    [-0.6931]
    """
    made: Floats = np.log(p[np.arange(len(y)), y])
    return made


def brier(p: Floats, y: NDArray[np.intp]) -> Floats:
    """Return the Brier score of each forecast over all endings, 0 to 2; lower is better.

    Source: [brier-1950].

    Examples
    --------
    >>> brier(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0, 1])).tolist()
    [0.0, 2.0]
    """
    made: Floats = ((p - np.eye(p.shape[1])[y]) ** 2).sum(axis=1)
    return made


def rps(p: Floats, y: NDArray[np.intp]) -> Floats:
    """Return the ranked probability score in the order of the endings, 0 to 1; lower is better.

    Source: [epstein-1969].

    Examples
    --------
    >>> rps(np.array([[0.0, 1.0, 0.0]]), np.array([2])).tolist()
    [0.5]
    """
    gap = np.cumsum(p - np.eye(p.shape[1])[y], axis=1)[:, :-1]
    made: Floats = (gap ** 2).sum(axis=1) / max(p.shape[1] - 1, 1)
    return made


def calibration(p: Floats, happened: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """Return mean forecast, observed share and number of rows of each bin that is not empty.

    Parameters
    ----------
    p, happened
        Probability of one event, and whether it happened, (n,).
    """
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    return [
        (float(p[place == k].mean()), float(happened[place == k].mean()), int((place == k).sum()))
        for k in range(BINS) if (place == k).any()
    ]


def ece(p: Floats, y: NDArray[np.intp]) -> float:
    """Return the expected calibration error: the mean over endings of binned absolute gaps.

    Source: [naeini-2015].
    """
    gaps = [
        sum(n * abs(mean - share) for mean, share, n in calibration(p[:, k], y == k)) / len(y)
        for k in range(p.shape[1])
    ]
    return float(np.mean(gaps))


def auc(p: Floats, happened: NDArray[np.bool_]) -> float | None:
    """Return the probability that an event had a higher forecast than a non-event; ties count half.

    None if it always or never happened.

    Examples
    --------
    >>> auc(np.array([0.1, 0.4, 0.4]), np.array([False, False, True]))
    0.75
    """
    n, m = int(happened.sum()), int((~happened).sum())
    if not n or not m:
        return None
    ranks = rankdata(p)
    return float((ranks[happened].sum() - n * (n + 1) / 2) / (n * m))


def proportional(score: float, base: float) -> float:
    """Return the proportional reduction in log loss against a base, as in [carroll-kenkel-2019].

    Examples
    --------
    >>> round(proportional(-0.8, -1.0), 9)
    0.2
    """
    return (base - score) / base + 0.0  # 0, not -0, for the base itself


@dataclass(frozen=True)
class Gain:
    """Mean gain in log score per crisis, with an interval of 95 %, nats."""

    mean: float
    low: float
    high: float


def gain(
    one: Floats, other: Floats, clusters: Sequence[str], *, seed: int = 0, draws: int = DRAWS
) -> Gain:
    """Return the gain of one forecaster over another with a percentile interval.

    Whole clusters are drawn with replacement [cameron-gelbach-miller-2008].

    Parameters
    ----------
    one, other
        Scores of the same crises, (n,).
    clusters
        The cluster of each, such as the pair of states.
    """
    gap = one - other
    _, place = np.unique(np.asarray(clusters), return_inverse=True)
    sums, sizes = np.bincount(place, gap), np.bincount(place)
    k = len(sums)
    times = np.random.default_rng(seed).multinomial(k, np.full(k, 1 / k), size=draws)
    means = (times @ sums) / (times @ sizes)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Gain(float(gap.mean()), float(low), float(high))
