"""How far samples spread: the band most of them lie in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["HIGH", "LOW", "band"]

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
