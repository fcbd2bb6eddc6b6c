"""Reachability by legal sequences of moves, in which no one moves twice in a row.

The search runs over pairs (state, last mover), which reduces the rule to ordinary reachability.
Memory is linear in the number of moves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.kernel_cache import njit
from detente.lenses.graph_model.model import Moves

__all__ = ["NOTHING", "least_reachable", "reachable", "reachable_matrix", "shortest_paths"]

NOTHING = np.iinfo(np.int32).max
"""Result of :func:`least_reachable` if no state can be reached."""


def least_reachable(
    moves: Moves, movers: NDArray[np.bool_], value: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return for every state the least value that the movers can reach by a legal sequence.

    ``value`` is an integer per state. A backward search starts from each state in ascending order
    of value. The first search that reaches a pair (state, last mover) gives its least value, so
    each pair is visited once and the transitive closure is not formed. Time and memory are linear
    in the number of moves.

    Parameters
    ----------
    moves
        The allowed moves.
    movers : (n,) bool
        Decision makers that may move.
    value : (S,) int32
        Value to minimise.

    Returns
    -------
    (S,) int32
        The least value over ``R_H(s)``; :data:`NOTHING` if that set is empty.

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


@njit()
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
    """Return ``R_H(s)``, (S,) bool: states that the movers can reach by a legal sequence."""
    return np.asarray(_forward(moves.start, moves.to, movers, s)[0])


def reachable_matrix(moves: Moves, movers: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return ``R_H`` of every state, (S, S) bool. For small models only."""
    return np.asarray(_all_forward(moves.start, moves.to, movers))


def shortest_paths(
    moves: Moves, movers: NDArray[np.bool_], s: int
) -> tuple[NDArray[np.bool_], dict[int, list[tuple[int, int]]]]:
    """Return the states reachable from ``s``, and a shortest legal sequence to each.

    Returns
    -------
    reached : (S,) bool
    paths : dict
        Reached state -> its moves, as pairs (decision maker, next state).
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


@njit()
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


@njit()
def _all_forward(start, to, movers):  # type: ignore[no-untyped-def]
    states = start.shape[1] - 1
    out = np.zeros((states, states), dtype=np.bool_)
    for s in range(states):
        out[s] = _forward(start, to, movers, s)[0]
    return out
