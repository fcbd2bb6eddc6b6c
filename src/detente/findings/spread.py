"""How far samples spread: the band most of them lie in, and the interval of a share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["HIGH", "LOW", "band", "wilson"]

LOW, HIGH = 5.0, 95.0
"""Percentiles between which a band runs."""


def band(x: NDArray[np.float64]) -> tuple[float, float] | tuple[None, None]:
    """Return the 5th and 95th percentile of samples (S,), None for both where there are none.

    Examples
    --------
    >>> band(np.arange(101.0)), band(np.empty(0))
    ((5.0, 95.0), (None, None))
    """
    if not x.size:
        return None, None
    low, high = np.percentile(x, [LOW, HIGH])
    return float(low), float(high)


def wilson(held: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927, JASA 22:209-212), 0 to 1 of nothing.

    For Sobol' samples it is cautious: they spread more evenly than independent draws.

    Examples
    --------
    >>> low, high = wilson(0, 100)
    >>> low, round(high, 4)
    (0.0, 0.037)
    """
    from scipy.stats import binomtest

    if not n:
        return 0.0, 1.0
    found = binomtest(held, n).proportion_ci(0.95, method="wilson")
    return float(found.low), float(found.high)
