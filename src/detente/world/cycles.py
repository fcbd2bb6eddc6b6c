"""Bad cycles of a signed network: the cycles of which every division breaks at least one tie.

With two blocs a cycle is bad if the number of its hostile ties is odd [harary-1953]; with any
number of blocs if it has exactly one [davis-1967]. A network is balanced if no cycle is bad.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from detente.arrays import Floats, Ints

__all__ = ["bad_triangles", "violated"]

SHORT = 1e-7
"""Added to each length, so that of two equally short cycles the one with fewer ties is found."""
LEAST = 1e-6
"""A cycle counts as violated if its ties add up to less than 1 by more than this."""

Cycle = tuple[int, ...]


def bad_triangles(n: int, edges: Ints, signs: Ints, *, many: bool, most: int) -> list[Cycle]:
    """Return at most ``most`` bad triangles, each as the positions of its three ties.

    Examples
    --------
    >>> edges = np.array([[0, 1], [0, 2], [1, 2]])
    >>> bad_triangles(3, edges, np.array([-1, -1, -1]), many=False, most=9)
    [(0, 1, 2)]
    >>> bad_triangles(3, edges, np.array([-1, -1, -1]), many=True, most=9)
    []
    """
    at = _places(n, edges)
    found: dict[Cycle, None] = {}
    for e in np.flatnonzero(signs < 0):  # each bad triangle has a hostile tie
        first, second = at[edges[e, 0]], at[edges[e, 1]]
        thirds = np.flatnonzero((first >= 0) & (second >= 0))
        a, b = first[thirds], second[thirds]
        hostile = 1 + (signs[a] < 0) + (signs[b] < 0)
        bad = (hostile == 1) | ((hostile == 3) & (not many))
        three = np.sort(np.column_stack([np.full(len(thirds), e), a, b])[bad], axis=1)
        found.update(dict.fromkeys(map(tuple, three.tolist())))
        if len(found) >= most:
            break
    return list(found)[:most]


def _places(n: int, edges: Ints) -> Ints:
    """Return the position of the tie of each pair of actors, -1 if it has none, (n, n)."""
    at = np.full((n, n), -1, dtype=np.int64)
    i, j = edges.T
    at[i, j] = at[j, i] = np.arange(len(edges))
    return at


def _distances(
    n: int, edges: Ints, signs: Ints, lengths: Floats, starts: Ints
) -> tuple[Floats, Ints]:
    """Return distances in the double cover from the first copies of some actors, (starts, 2n).

    A path from the first copy of an actor to the second copy of another crosses an odd number of
    hostile ties. The second value holds the predecessor of each node, as scipy gives them.
    """
    i, j = edges.T
    shift = np.where(signs < 0, n, 0)
    rows = np.concatenate([i, i + n])
    columns = np.concatenate([j + shift, j + n - shift])
    graph = csr_array((np.concatenate([lengths, lengths]) + SHORT, (rows, columns)),
                      shape=(2 * n, 2 * n))
    far, before = dijkstra(graph, directed=False, indices=starts, return_predecessors=True)
    return np.asarray(far), np.asarray(before)


def violated(
    n: int, edges: Ints, signs: Ints, broken: Floats, *, many: bool
) -> list[Cycle]:
    """Return bad cycles of which less than one tie is broken, as positions of their ties.

    Parameters
    ----------
    broken
        To which extent each tie is broken, from 0 to 1, (m,).
    many
        Whether any number of blocs is allowed.

    Returns
    -------
    list
        For two blocs the shortest such cycle through each of some actors that meet all hostile
        ties, for any number the shortest through each hostile tie. The list is empty only if
        there is no such cycle.
    """
    at = _places(n, edges)
    walks = (_one_hostile if many else _odd_hostile)(n, edges, signs, broken)
    found: dict[Cycle, None] = {}
    for walk in walks:
        for cycle in ([walk] if many else _simple(walk, at, signs)):
            ties = np.sort(at[cycle, [*cycle[1:], cycle[0]]])
            if broken[ties].sum() < 1 - LEAST:
                found[tuple(ties.tolist())] = None
    return list(found)


def _odd_hostile(n: int, edges: Ints, signs: Ints, broken: Floats) -> Iterator[list[int]]:
    """Yield short closed walks with an odd number of hostile ties.

    Such a walk has a hostile tie, so it meets one of the actors that meet all hostile ties.
    """
    starts = _meeting(edges[signs < 0])
    far, before = _distances(n, edges, signs, broken, starts)
    for row, v in enumerate(map(int, starts)):
        if far[row, v + n] < 1:
            walk, k = [], v + n
            while k >= 0:
                walk.append(k % n)
                k = int(before[row, k])
            yield walk[1:]  # the first is the last


def _meeting(pairs: Ints) -> Ints:
    """Return actors that meet all pairs: always the one that meets most of the pairs left."""
    chosen = []
    while len(pairs):
        v = int(np.argmax(np.bincount(pairs.ravel())))
        chosen.append(v)
        pairs = pairs[(pairs != v).all(axis=1)]
    return np.array(chosen, dtype=np.int64)


def _simple(walk: list[int], at: Ints, signs: Ints) -> list[list[int]]:
    """Return the part of a closed walk that is a simple cycle with an odd number of hostile ties.

    A closed walk is cut at its first repeated actor into two closed walks. One of them has an odd
    number of hostile ties.
    """
    while True:
        seen: dict[int, int] = {}
        for k, v in enumerate(walk):
            if v in seen:
                part, rest = walk[seen[v]:k], walk[:seen[v]] + walk[k:]
                walk = part if _odd(part, at, signs) else rest
                break
            seen[v] = k
        else:
            return [walk] if len(walk) > 2 else []


def _odd(walk: list[int], at: Ints, signs: Ints) -> bool:
    return bool((signs[at[walk, [*walk[1:], walk[0]]]] < 0).sum() % 2)


def _one_hostile(n: int, edges: Ints, signs: Ints, broken: Floats) -> Iterator[list[int]]:
    """Yield the shortest path of friendly ties between the ends of each hostile tie."""
    friendly, hostile = np.flatnonzero(signs > 0), np.flatnonzero(signs < 0)
    if not len(friendly) or not len(hostile):
        return
    i, j = edges[friendly].T
    graph = csr_array((broken[friendly] + SHORT, (i, j)), shape=(n, n))
    starts, row = np.unique(edges[hostile, 0], return_inverse=True)
    far, before = dijkstra(graph, directed=False, indices=starts, return_predecessors=True)
    for e, r in zip(hostile, row, strict=True):
        v = int(edges[e, 1])
        if far[r, v] + broken[e] < 1:
            walk = []
            while v >= 0:
                walk.append(v)
                v = int(before[r, v])
            yield walk
