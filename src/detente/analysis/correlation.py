"""Share of the variance of one number that one input explains by itself."""

from __future__ import annotations

import numpy as np

from detente.arrays import Floats

__all__ = ["correlation_ratio"]


def correlation_ratio(x: Floats, y: Floats, weights: Floats | None = None) -> float:
    """Return the correlation ratio of ``y`` on ``x`` (Pearson 1905), corrected for chance.

    The samples form eight classes of equal weight in ``x``, fewer if samples are few. The result
    estimates the first-order Sobol' index from samples that were drawn for another purpose.

    Parameters
    ----------
    x, y : (S,) arrays
    weights : (S,) array, optional
        How many samples each one counts for; 1 each if not given.

    Examples
    --------
    >>> x = np.linspace(0, 1, 512)
    >>> round(correlation_ratio(x, x), 2), correlation_ratio(x, 0 * x)
    (0.98, 0.0)
    """
    if weights is not None:
        return _weighted(x, y, weights)
    total = float(((y - y.mean()) ** 2).sum()) if len(y) else 0.0
    if total <= 0:
        return 0.0
    bins = min(8, max(2, len(y) // 8))
    order = np.argsort(x, kind="stable")
    parts = [b for b in np.array_split(order, bins) if len(b)]
    between = sum(len(b) * (y[b].mean() - y.mean()) ** 2 for b in parts)
    return _corrected(between / total, bins, len(y))


def _corrected(ratio: float, bins: int, n: float) -> float:
    by_chance = (bins - 1) / max(n - 1, 1)
    return float(max(0.0, (ratio - by_chance) / max(1 - by_chance, 1e-9)))


def _weighted(x: Floats, y: Floats, weights: Floats) -> float:
    """Divide the weights, in the order of ``x``, into classes of equal weight.

    A sample on the border of two classes belongs to both in parts. Samples with equal ``x`` are
    ordered by ``y``, so that a duplicate stands beside its original.
    """
    n = float(weights.sum())
    if n <= 0:
        return 0.0
    mean = float((weights * y).sum() / n)
    off = y - mean
    total = float((weights * off**2).sum())
    if total <= 1e-24 * float((weights * y**2).sum()):  # a constant, up to rounding
        return 0.0
    bins = min(8, max(2, int(n // 8)))
    order = np.lexsort((y, x))
    upto = np.concatenate([[0.0], np.cumsum(weights[order])])
    summed = np.concatenate([[0.0], np.cumsum((weights * off)[order])])
    edges = np.linspace(0.0, upto[-1], bins + 1)
    within = np.diff(np.interp(edges, upto, summed))
    between = float((within**2).sum() / (n / bins))
    return _corrected(between / total, bins, n)
