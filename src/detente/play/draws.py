"""The draws of a game: each is a function of the seed and of the place in the tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from detente.arrays import Floats

__all__ = ["DRAW", "MEMORY", "TYPES", "drawn", "generator"]

TYPES, MEMORY, DRAW = 1, 2, 3
"""Streams of random numbers: the types, what strategies draw at the beginning, the moves."""


def drawn(odds: Sequence[float] | Floats, point: float) -> int:
    """Return the result that a uniform number stands for.

    Examples
    --------
    >>> drawn([0.5, 0.0, 0.5], 0.2), drawn([0.5, 0.0, 0.5], 0.5), drawn([0.5, 0.5, 0.0], 0.9999)
    (0, 2, 1)
    """
    total = np.cumsum(np.asarray(odds, dtype=float))
    return int(np.searchsorted(total, point * total[-1], side="right"))


def generator(*words: int) -> np.random.Generator:
    return np.random.default_rng([abs(int(w)) for w in words])
