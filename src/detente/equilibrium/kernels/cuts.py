"""Large trees in pieces: a top, and below it parts that are swept side by side.

Nodes are numbered breadth first, so a sweep down a large tree touches far-apart rows in turn. Here
the inner nodes below a level stand subtree by subtree instead, small enough to stay in a
processor's cache, and the subtrees are dealt into a few parts of like size. Every parent still
comes before its children.
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
"""Nodes from which a tree is cut: below, a hand-over between threads costs more than it saves."""
SUBTREE = 2_000
"""Nodes a subtree has on average, at most."""
PARTS = 4
"""Most parts below the top: as many on every machine, so that sums come out the same."""


@dataclass(frozen=True)
class Cut:
    """An order of the inner nodes and where its pieces begin.

    Attributes
    ----------
    inner : int array
        The inner nodes, those above the cut first, then part after part.
    bounds : tuple of int
        Where the parts begin in ``inner``, and its length.
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
    # A part ends where a subtree does, near an equal share of what is below.
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
    """Do ``work`` on every part, side by side where there are several; results in order."""
    pool = _pool() if len(parts) > 1 else None
    if pool is None:
        return [work(p) for p in parts]
    # This thread works, too: on the first part, and then on parts that are not yet started.
    waiting = [pool.submit(work, p) for p in parts[1:]]
    found: list[float | None] = [work(parts[0]), *([None] * len(waiting))]
    for k in range(len(waiting), 0, -1):
        found[k] = work(parts[k]) if waiting[k - 1].cancel() else waiting[k - 1].result()
    return found
