"""Reaching states by legal sequences of moves, in which nobody moves twice running.

Everything works on pairs (state, who moved last), which makes "nobody twice running" an ordinary
reachability question, and nothing here is larger than the moves themselves.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.lenses.graph_model.model import Moves

__all__ = ["NOTHING", "least_reachable", "reachable", "reachable_matrix", "shortest_paths"]

NOTHING = np.iinfo(np.int32).max
"""What :func:`least_reachable` gives where no state can be reached."""


def least_reachable(
    moves: Moves, movers: NDArray[np.bool_], value: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return, for every state, the least value the movers can lead to by a legal sequence.

    ``value`` is any integer per state. States are taken in ascending order of value and searched
    *backwards*: the first search that arrives anywhere brings the least value, so each pair
    (state, last mover) is visited once, the members of a strongly connected component together,
    and the closure is never formed. Time and memory are linear in the number of moves.

    Parameters
    ----------
    moves
        The moves allowed.
    movers : (n,) bool
        Who may move.
    value : (S,) int32
        What is minimised.

    Returns
    -------
    (S,) int32
        The least value over ``R_H(s)``, :data:`NOTHING` where that is empty.

    Examples
    --------
    >>> chain = Moves.of_lists([{0: [1], 2: [3]}, {1: [2]}], 4)
    >>> value = np.array([5, 4, 3, 0], dtype=np.int32)
    >>> least_reachable(chain, np.array([True, True]), value).tolist()[:3]
    [0, 0, 0]
    >>> least_reachable(chain, np.array([True, False]), value).tolist()[:1]
    [4]
    """
    back = moves.backward
    order = np.argsort(value, kind="stable")
    return np.asarray(_least(back.start, back.to, movers, value.astype(np.int32), order))


@njit(cache=True)
def _least(start, to, movers, value, order):  # type: ignore[no-untyped-def]
    n, states = start.shape[0], start.shape[1] - 1
    best = np.full(states, NOTHING, dtype=np.int32)
    seen = np.zeros((states, n), dtype=np.bool_)
    stack_state = np.empty(states * n, dtype=np.int32)
    stack_mover = np.empty(states * n, dtype=np.int32)
    for target in order:
        height = 0
        for k in range(n):
            if movers[k] and not seen[target, k]:
                seen[target, k] = True
                stack_state[height], stack_mover[height] = target, k
                height += 1
        while height:
            height -= 1
            t, k = stack_state[height], stack_mover[height]
            for e in range(start[k, t], start[k, t + 1]):
                s = to[e]
                if best[s] == NOTHING:
                    best[s] = value[target]
                for j in range(n):
                    if movers[j] and j != k and not seen[s, j]:
                        seen[s, j] = True
                        stack_state[height], stack_mover[height] = s, j
                        height += 1
    return best


def reachable(moves: Moves, movers: NDArray[np.bool_], s: int) -> NDArray[np.bool_]:
    """Return ``R_H(s)``, (S,) bool: what the movers can reach from ``s`` by a legal sequence."""
    return np.asarray(_forward(moves.start, moves.to, movers, s)[0])


def reachable_matrix(moves: Moves, movers: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return ``R_H`` of every state, (S, S) bool; for small models only."""
    return np.asarray(_all_forward(moves.start, moves.to, movers))


def shortest_paths(
    moves: Moves, movers: NDArray[np.bool_], s: int
) -> tuple[NDArray[np.bool_], dict[int, list[tuple[int, int]]]]:
    """Return what can be reached from ``s``, and a shortest legal sequence to each state of it.

    Returns
    -------
    reached : (S,) bool
    paths : dict
        State reached -> the moves, as pairs (decision maker, state moved to).
    """
    reached, parent, first = _forward(moves.start, moves.to, movers, s)
    n = moves.start.shape[0]
    paths: dict[int, list[tuple[int, int]]] = {}
    for t in np.nonzero(reached)[0]:
        node = int(first[t])
        path: list[tuple[int, int]] = []
        while node >= 0:
            path.append((node % n, node // n))
            node = int(parent[node])
        paths[int(t)] = path[::-1]
    return np.asarray(reached), paths


@njit(cache=True)
def _forward(start, to, movers, origin):  # type: ignore[no-untyped-def]
    n, states = start.shape[0], start.shape[1] - 1
    reached = np.zeros(states, dtype=np.bool_)
    first = np.full(states, -1, dtype=np.int64)
    parent = np.full(states * n, -2, dtype=np.int64)
    queue = np.empty(states * n + 1, dtype=np.int64)
    head, tail = 0, 0
    for k in range(n):
        if movers[k]:
            for e in range(start[k, origin], start[k, origin + 1]):
                node = to[e] * n + k
                if parent[node] == -2:
                    parent[node] = -1
                    queue[tail] = node
                    tail += 1
                    if not reached[to[e]]:
                        reached[to[e]] = True
                        first[to[e]] = node
    while head < tail:
        at = queue[head]
        head += 1
        s, last = at // n, at % n
        for k in range(n):
            if movers[k] and k != last:
                for e in range(start[k, s], start[k, s + 1]):
                    node = to[e] * n + k
                    if parent[node] == -2:
                        parent[node] = at
                        queue[tail] = node
                        tail += 1
                        if not reached[to[e]]:
                            reached[to[e]] = True
                            first[to[e]] = node
    return reached, parent, first


@njit(cache=True)
def _all_forward(start, to, movers):  # type: ignore[no-untyped-def]
    states = start.shape[1] - 1
    out = np.zeros((states, states), dtype=np.bool_)
    for s in range(states):
        out[s] = _forward(start, to, movers, s)[0]
    return out
