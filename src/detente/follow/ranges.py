"""Densities and ranks of a file's ranges."""

from __future__ import annotations

import numpy as np

from detente.arrays import Floats
from detente.scenario.quantity import Quantity

__all__ = ["density", "inside", "rank"]


def inside(narrow: Quantity, wide: Quantity) -> bool:
    """Return whether a range lies within another."""
    return wide.low <= narrow.low and narrow.high <= wide.high


def density(quantity: Quantity, x: Floats) -> Floats:
    """Return the density of a range at some values, 0 outside it.

    Examples
    --------
    >>> density(Quantity.uniform(0.2, 0.6), np.array([0.1, 0.3])).tolist()
    [0.0, 2.5]
    """
    low, mode, high = quantity.low, quantity.mode, quantity.high
    within, x = (x >= low) & (x <= high), np.clip(x, low, high)
    if quantity.dist == "triangular":
        left = np.divide(2 * (x - low), (high - low) * (mode - low), where=mode > low,
                         out=np.zeros_like(x))
        right = np.divide(2 * (high - x), (high - low) * (high - mode), where=high > mode,
                          out=np.zeros_like(x))
        found = np.where((x < mode) & (mode > low), left, right)
        if mode == high:
            found = left
    elif quantity.dist == "log-uniform":
        found = np.where(x < mode, 0.5 / (x * np.log(mode / low)), 0.5 / (x * np.log(high / mode)))
    else:
        found = np.full_like(x, 1.0 / (high - low))
    return np.where(within, found, 0.0)


def rank(quantity: Quantity, x: Floats) -> Floats:
    """Return the share of a range's plausible values below ``x``; the inverse of its ``ppf``.

    Examples
    --------
    >>> rank(Quantity.log_uniform(5, 45), np.array([5.0, 15.0, 45.0])).round(6).tolist()
    [0.0, 0.5, 1.0]
    """
    low, mode, high = quantity.low, quantity.mode, quantity.high
    if quantity.dist == "triangular":
        width = high - low
        below = (x - low) ** 2 / (width * (mode - low)) if mode > low else np.zeros_like(x)
        above = 1 - (high - x) ** 2 / (width * (high - mode)) if high > mode else np.ones_like(x)
        found = np.where(x < mode, below, above)
    elif quantity.dist == "log-uniform":
        found = np.where(x < mode, 0.5 * np.log(x / low) / np.log(mode / low),
                         0.5 + 0.5 * np.log(x / mode) / np.log(high / mode))
    else:
        found = (x - low) / (high - low)
    return np.clip(found, 0.0, 1.0)
