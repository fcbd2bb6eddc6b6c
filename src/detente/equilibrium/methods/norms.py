"""Lengths of long vectors, in one pass and one thread.

A threaded BLAS distributes even a dot product over threads. On busy cores this took longer than the
sweep whose result was measured.
"""
# The compiler types these functions:
# mypy: disable-error-code="no-untyped-def,call-arg"

from __future__ import annotations

import math

import numpy as np

from detente.equilibrium.kernels.vectors import exp, load, store
from detente.kernel_cache import njit

__all__ = ["distance", "gap", "length", "spread_exp"]

FOUR = (0, 0, 0, 0)


@njit(nogil=True, fastmath={"reassoc", "contract"})
def gap(h, x, f):  # pragma: no cover - compiled
    """Write ``h - x`` to ``f``; return its largest entry in size, and its Euclidean length.

    If an entry is NaN both are infinite, because a comparison would hide it.
    """
    largest = 0.0
    squares = 0.0
    for k in range(len(x)):
        d = h[k] - x[k]
        f[k] = d
        squares += d * d
        largest = max(largest, abs(d))
    if math.isnan(squares):
        return math.inf, math.inf
    return largest, math.sqrt(squares)


@njit(nogil=True, fastmath={"reassoc", "contract"})
def distance(f, g):  # pragma: no cover - compiled
    """Return the Euclidean length of ``f - g``."""
    squares = 0.0
    for k in range(len(f)):
        d = f[k] - g[k]
        squares += d * d
    return math.sqrt(squares)


@njit(nogil=True, fastmath={"reassoc", "contract"})
def length(f):  # pragma: no cover - compiled
    """Return the Euclidean length of ``f``."""
    squares = 0.0
    for k in range(len(f)):
        squares += f[k] * f[k]
    return math.sqrt(squares)


@njit(nogil=True)
def spread_exp(x, index, q):  # pragma: no cover - compiled
    """Set ``q[index] = exp(x)``, four at a time."""
    fours = len(x) // 4
    rows = x[: 4 * fours].reshape(fours, 4)
    four = np.empty((1, 4))
    for k in range(fours):
        store(four, np.uint64(0), np.uint64(0), exp(load(rows, np.uint64(k), np.uint64(0), FOUR)))
        for j in range(4):
            q[np.uint64(index[4 * k + j])] = four[0, j]
    for k in range(4 * fours, len(x)):
        q[np.uint64(index[k])] = math.exp(x[k])
