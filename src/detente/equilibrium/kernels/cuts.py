"""Large trees in pieces: a top, and below it parts that are swept side by side.

Nodes are numbered breadth first, so a sweep down a large tree reads rows that are far apart. Here
the inner nodes below a level are ordered by subtree instead. Subtrees are small enough for a
processor's cache, and they are grouped into a few parts of similar size. Every parent still comes
before its children.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np

from detente.arrays import Ints
from detente.game.tree import TERMINAL, PublicTree

__all__ = ["Cut", "cut_tree", "each"]

T = TypeVar("T")

LARGE = 60_000
"""Number of nodes from which a tree is cut; in smaller trees threads cost more than they save."""
SUBTREE = 2_000
"""Nodes a subtree has on average, at most."""
PARTS = 4
"""Most parts below the top; the same on every machine, so that sums have the same rounding."""


@dataclass(frozen=True)
class Cut:
    """An order of the inner nodes, with the start of each part.

    Attributes
    ----------
    inner : int array
        The inner nodes, those above the cut first, then part after part.
    bounds : tuple of int
        Start of each part in ``inner``, then its length.
    below : int
        The first node at the level of the cut.
    """

    inner: Ints
    bounds: tuple[int, ...]
    below: int


def cut_tree(game: PublicTree, large: int = LARGE) -> Cut | None:
    """Cut a tree; None if it is small, or too narrow for a gain.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> rest = end("peace")
    >>> for turn in range(7):
    ...     rest = decide("ab"[turn % 2], {name: rest for name in ("hold", "offer", "threaten")})
    >>> game = tree({"a": 1, "b": 1}, rest)
    >>> cut_tree(game) is None
    True
    >>> cut = cut_tree(game, large=100)
    >>> len(cut.inner) == int((game.count > 0).sum()) == cut.bounds[-1]
    True
    """
    n = game.n_nodes
    if n < large or game.joints:
        return None
    width = np.diff(game.level)
    wide = np.flatnonzero(width >= max(8 * PARTS, n // SUBTREE))
    if not len(wide) or wide[0] == 0:
        return None
    below = int(game.level[wide[0]])
    # The ancestor at the cut, level by level; -1 above it.
    under = np.full(n, -1)
    under[below : game.level[wide[0] + 1]] = np.arange(below, game.level[wide[0] + 1])
    for d in range(int(wide[0]) + 1, len(game.level) - 1):
        a, b = game.level[d], game.level[d + 1]
        under[a:b] = under[game.parent[a:b]]
    inner = np.flatnonzero(game.mover != TERMINAL)
    under = under[inner]
    order = np.argsort(under, kind="stable")
    under = under[order]
    top = int(np.searchsorted(under, 0))
    # A part ends at the end of a subtree, near an equal share of the nodes below the cut.
    parts = 2 if n < 8 * LARGE else PARTS
    near = top + np.arange(1, parts) * (len(inner) - top) // parts
    ends = np.searchsorted(under, under[np.minimum(near, len(inner) - 1)], side="left")
    bounds = (top, *(int(e) for e in np.maximum(ends, top)), len(inner))
    return Cut(inner[order], bounds, below)


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor | None:
    cores = min(PARTS, os.cpu_count() or 1)
    return ThreadPoolExecutor(cores - 1, thread_name_prefix="sweep") if cores > 1 else None


def each(work: Callable[[T], float | None], parts: Sequence[T]) -> list[float | None]:
    """Do ``work`` on every part, in parallel if there are several; results in order."""
    pool = _pool() if len(parts) > 1 else None
    if pool is None:
        return [work(p) for p in parts]
    # This thread also works: on the first part, and then on parts that are not yet started.
    waiting = [pool.submit(work, p) for p in parts[1:]]
    found: list[float | None] = [work(parts[0]), *([None] * len(waiting))]
    for k in range(len(waiting), 0, -1):
        found[k] = work(parts[k]) if waiting[k - 1].cancel() else waiting[k - 1].result()
    return found
