"""Divisions of a signed network into blocs, and the ties that they break."""

from __future__ import annotations

import numpy as np

from detente.arrays import Bools, Floats, Ints

__all__ = ["breaks", "by_tree", "grouped", "improved_many", "improved_two", "joined", "matrix",
           "relabelled"]


def breaks(edges: Ints, signs: Ints, blocs: Ints) -> Bools:
    """Return which ties a division breaks: friends in two blocs, or enemies in one.

    Examples
    --------
    >>> breaks(np.array([[0, 1], [0, 2]]), np.array([1, -1]), np.array([0, 1, 1])).tolist()
    [True, False]
    """
    i, j = edges.T
    return np.asarray((blocs[i] == blocs[j]) != (signs > 0))


def relabelled(blocs: Ints) -> Ints:
    """Return the same division with the blocs numbered by their first actor.

    Examples
    --------
    >>> relabelled(np.array([7, 2, 7])).tolist()
    [0, 1, 0]
    """
    seen: dict[int, int] = {}
    return np.array([seen.setdefault(int(b), len(seen)) for b in blocs], dtype=np.int64)


def matrix(n: int, edges: Ints, weights: Floats) -> Floats:
    """Return the symmetric matrix of signed weights, (n, n)."""
    out = np.zeros((n, n))
    i, j = edges.T
    out[i, j] = out[j, i] = weights
    return out


def improved_two(signed: Floats, sides: Ints) -> Ints:
    """Return sides after moving actors, one by one, while that lowers the weight of broken ties.

    Parameters
    ----------
    signed
        Matrix of signed weights, (n, n).
    sides
        0 or 1 for each actor, (n,).
    """
    s = np.where(sides > 0, 1.0, -1.0)
    field = signed @ s
    while True:
        gain = -s * field  # weight of broken ties minus weight of kept ones
        v = int(np.argmax(gain))
        if gain[v] <= 1e-9:
            return (s > 0).astype(np.int64)
        s[v] = -s[v]
        field += 2 * s[v] * signed[:, v]


def improved_many(signed: Floats, blocs: Ints) -> Ints:
    """Return blocs after moving actors, one by one, into the bloc that suits them best.

    An actor with more enemies than friends in every bloc forms a bloc of its own.
    """
    n = len(signed)
    blocs = relabelled(blocs)
    while True:
        inside = np.zeros((n, n + 1))  # weight of the ties of an actor to each bloc
        for v in range(n):
            inside[:, blocs[v]] += signed[:, v]
        empty = np.setdiff1d(np.arange(n + 1), blocs)[0]
        used = np.append(np.unique(blocs), empty)
        best = used[np.argmax(inside[:, used], axis=1)]
        gain = inside[np.arange(n), best] - inside[np.arange(n), blocs]
        v = int(np.argmax(gain))
        if gain[v] <= 1e-9:
            return relabelled(blocs)
        blocs = blocs.copy()
        blocs[v] = best[v]


def by_tree(n: int, edges: Ints, signs: Ints, lengths: Floats) -> Ints:
    """Return sides that break no tie of a shortest spanning forest, (n,).

    If the ties of length 0 can all be kept, the sides keep them all.

    Examples
    --------
    >>> edges = np.array([[0, 1], [1, 2], [0, 2]])
    >>> by_tree(3, edges, np.array([-1, -1, -1]), np.array([0.0, 1.0, 0.0])).tolist()
    [0, 1, 1]
    """
    top, turn = list(range(n)), [0] * n  # parent, and whether on the other side from it

    def find(k: int) -> tuple[int, int]:
        side = 0
        while top[k] != k:
            side ^= turn[k]
            k = top[k]
        return k, side

    for e in np.argsort(lengths, kind="stable").tolist():
        (a, s), (b, t) = find(int(edges[e, 0])), find(int(edges[e, 1]))
        if a != b:
            top[b], turn[b] = a, s ^ t ^ int(signs[e] < 0)
    return np.array([find(k)[1] for k in range(n)], dtype=np.int64)


def joined(n: int, pairs: Ints) -> Ints:
    """Return the connected component of each actor in the graph of some pairs, (n,)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    i, j = pairs.T
    graph = csr_array((np.ones(len(pairs)), (i, j)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def grouped(labels: Ints) -> list[list[int]]:
    """Return the actors of each group, the largest first, then by their first actor.

    Examples
    --------
    >>> grouped(np.array([4, 2, 2]))
    [[1, 2], [0]]
    """
    groups = [np.flatnonzero(labels == k).tolist() for k in np.unique(labels)]
    return sorted(groups, key=lambda g: (-len(g), g))
