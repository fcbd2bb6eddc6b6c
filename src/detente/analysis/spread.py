"""Bands of samples: weighted percentiles."""

from __future__ import annotations

import numpy as np

from detente.arrays import Floats

__all__ = ["HIGH", "LOW", "band", "percentile"]

LOW, HIGH = 5.0, 95.0
"""Percentiles between which a band runs."""


def band(x: Floats, weights: Floats | None = None) -> tuple[float, float] | tuple[None, None]:
    """Return the 5th and 95th percentile of samples (S,), None for both if there are no samples.

    Parameters
    ----------
    x : (S,) array
    weights : (S,) array, optional
        How many samples each one counts for; 1 each if not given.

    Examples
    --------
    >>> band(np.arange(101.0)), band(np.empty(0))
    ((5.0, 95.0), (None, None))
    """
    if not x.size or (weights is not None and weights.sum() <= 0):
        return None, None
    return percentile(x, LOW, weights), percentile(x, HIGH, weights)


def percentile(x: Floats, q: float, weights: Floats | None = None) -> float:
    """Return a percentile by linear interpolation; a sample of weight k counts as k samples.

    Examples
    --------
    >>> percentile(np.array([1.0, 2.0]), 50, np.array([3.0, 1.0]))
    1.0
    >>> percentile(np.array([1.0, 1.0, 1.0, 2.0]), 50)
    1.0
    """
    if weights is None:
        return float(np.percentile(x, q))
    order = np.argsort(x, kind="stable")
    order = order[weights[order] > 0]
    upto = np.cumsum(weights[order])
    place = max(upto[-1] - 1.0, 0.0) * q / 100.0
    # Sample i covers the places from upto[i - 1] to upto[i] of the expanded list.
    low = np.floor(place)
    ends = np.minimum(np.searchsorted(upto, [low, low + 1.0], side="right"), len(order) - 1)
    a, b = x[order[ends]]
    return float(a + (b - a) * (place - low))
