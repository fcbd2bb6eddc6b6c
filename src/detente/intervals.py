"""Intervals of shares, for every room that counts something."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

__all__ = ["wilson"]


def wilson(hits: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of a share (Wilson 1927, JASA 22:209-212), 0 to 1 of nothing.

    For Sobol' samples it is cautious: they spread more evenly than independent draws.

    Parameters
    ----------
    hits, n : float
        How often among how many; effective numbers of observations need not be whole.
    level : float
        Of the interval.

    Examples
    --------
    >>> low, high = wilson(103, 486)
    >>> round(low, 3), round(high, 3)
    (0.178, 0.25)
    >>> low, high = wilson(0, 100)
    >>> low, round(high, 4)
    (0.0, 0.037)
    """
    if n <= 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    p, by = hits / n, 1 + z * z / n
    centre = (p + z * z / (2 * n)) / by
    half = z / by * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = 0.0 if hits <= 0 else max(0.0, centre - half)
    return low, 1.0 if hits >= n else min(1.0, centre + half)
