"""Compiled sweeps over an extensive game's nodes and information sets.

The unknown is y, one log-odds for every move of a player but the first of its set:
y = log pi(move) - log pi(first move). An agent logit equilibrium at precision lambda solves

    R = lambda (u(move) - u(first)) + (log w(move) - log w(first)) - y = 0,

u(move) being the mover's expected payoff after the move, conditional on reaching the set. Reach is
carried in logs, so beliefs inside a set stay exact if the set's probability underflows. After a
chance move of probability 0, beliefs are those of the limit in which all such moves become possible
at the same small rate.

Payoffs and lambda are in the units of `detente.game.exact.Relative`: each player's least payoff
is 0 and the stake lies between 1 and 2, whatever the units of the file.

One Jacobian costs one pass from every node to the root. It has two kinds of terms. A change of
behaviour below a set changes the worth of its moves. A change above the set changes beliefs in it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats, Ints
from detente.game.extensive import ExtensiveGame
from detente.kernel_cache import njit

__all__ = ["Arrays", "State", "arrays_of", "jacobian", "residual", "slope", "sweep", "unknowns"]


class Arrays(NamedTuple):
    """The arrays of a game for the kernels (n nodes, H sets, A moves, N players)."""

    parent: Ints
    move: Ints
    infoset: Ints
    child_start: Ints
    child: Ints
    live: NDArray[np.bool_]
    """Nodes that carry belief in their set: those with the fewest impossible chance moves."""
    set_player: Ints
    set_first: Ints
    row: Ints
    """Unknown of each set's second move, (H + 1,); the others follow; -1 at chance sets."""
    chance: Floats
    log_chance: Floats
    """Log of the chance, 0 if it is impossible and at players' moves, (A,)."""
    log_weight: Floats
    payoff: Floats
    """Total payoffs at the terminal nodes as in `ExtensiveGame.relative`, 0 elsewhere, (n, N)."""


class State(NamedTuple):
    """Everything that follows from the unknowns."""

    log_prob: Floats
    prob: Floats
    log_reach: Floats
    belief: Floats
    value: Floats
    worth: Floats


def arrays_of(game: ExtensiveGame) -> Arrays:
    """Lay the game out for the kernels."""
    strategic = game.set_player >= 0
    sizes = np.diff(game.set_first)
    counts = np.where(strategic, sizes - 1, 0)
    row = np.where(strategic, np.concatenate([[0], np.cumsum(counts)[:-1]]), -1)
    own = strategic[game.set_of_move]
    impossible = ~own & (game.chance <= 0)
    gaps = np.zeros(game.n_nodes)
    gaps[1:] = impossible[game.move[1:]]
    gaps = game.path_sum(gaps)
    least = np.full(game.n_sets, np.inf)
    inner = game.infoset >= 0
    np.minimum.at(least, game.infoset[inner], gaps[inner])
    live = np.zeros(game.n_nodes, dtype=np.bool_)
    live[inner] = gaps[inner] == least[game.infoset[inner]]
    payoff = np.zeros((game.n_nodes, game.n_players))
    payoff[game.leaves] = game.relative.payoff
    return Arrays(
        parent=game.parent, move=game.move, infoset=game.infoset, child_start=game.child_start,
        child=game.child, live=live, set_player=game.set_player, set_first=game.set_first,
        row=np.append(row, int(counts.sum())).astype(np.int64),
        chance=np.where(own, 0.0, game.chance),
        log_chance=np.log(np.where(own | impossible, 1.0, game.chance)),
        log_weight=np.log(game.weight), payoff=payoff,
    )


def unknowns(a: Arrays) -> int:
    """Return the number of unknowns."""
    return int(a.row[-1])


@njit()
def sweep(a: Any, y: Any) -> Any:  # pragma: no cover - compiled
    """Compute behaviour, reach, beliefs, values and the worth of each move from log-odds."""
    n, players = a.payoff.shape
    sets = a.set_player.shape[0]
    moves = a.chance.shape[0]
    log_prob = a.log_chance.copy()
    prob = a.chance.copy()
    for h in range(sets):
        if a.set_player[h] < 0:
            continue
        first, stop, row = a.set_first[h], a.set_first[h + 1], a.row[h] - 1
        top = 0.0
        for m in range(first + 1, stop):
            top = max(top, y[row + m - first])
        total = np.exp(-top)
        for m in range(first + 1, stop):
            total += np.exp(y[row + m - first] - top)
        total = top + np.log(total)
        log_prob[first] = -total
        prob[first] = np.exp(-total)
        for m in range(first + 1, stop):
            log_prob[m] = y[row + m - first] - total
            prob[m] = np.exp(log_prob[m])

    log_reach = np.zeros(n)
    most = np.full(sets, -np.inf)
    if a.live[0]:
        most[a.infoset[0]] = 0.0
    for k in range(1, n):
        r = log_reach[a.parent[k]] + log_prob[a.move[k]]
        log_reach[k] = r
        if a.live[k] and r > most[a.infoset[k]]:
            most[a.infoset[k]] = r
    mass = np.zeros(sets)
    belief = np.zeros(n)
    for k in range(n):
        if a.live[k]:
            belief[k] = np.exp(log_reach[k] - most[a.infoset[k]])
            mass[a.infoset[k]] += belief[k]
    value = a.payoff.copy()
    worth = np.zeros(moves)
    for k in range(n - 1, -1, -1):
        h = a.infoset[k]
        if a.live[k]:
            belief[k] /= mass[h]
        if k == 0:
            break
        up, m = a.parent[k], a.move[k]
        p = prob[m]
        for i in range(players):
            value[up, i] += p * value[k, i]
    for k in range(1, n):
        up = a.parent[k]
        who = a.set_player[a.infoset[up]]
        if who >= 0 and belief[up] > 0.0:
            worth[a.move[k]] += belief[up] * value[k, who]
    return log_prob, prob, log_reach, belief, value, worth


@njit()
def slope(a: Any, worth: Any) -> Any:  # pragma: no cover - compiled
    """Return the derivative of R by lambda, (U,)."""
    out = np.empty(a.row[-1])
    for h in range(a.set_player.shape[0]):
        if a.set_player[h] >= 0:
            first, row = a.set_first[h], a.row[h] - 1
            for j in range(1, a.set_first[h + 1] - first):
                out[row + j] = worth[first + j] - worth[first]
    return out


@njit()
def residual(a: Any, y: Any, lam: float, worth: Any) -> Any:  # pragma: no cover - compiled
    """Return R, (U,)."""
    out = slope(a, worth)
    for h in range(a.set_player.shape[0]):
        if a.set_player[h] >= 0:
            first, row = a.set_first[h], a.row[h] - 1
            for j in range(1, a.set_first[h + 1] - first):
                weights = a.log_weight[first + j] - a.log_weight[first]
                out[row + j] = lam * out[row + j] + weights - y[row + j]
    return out


@njit()
def jacobian(
    a: Any, lam: float, prob: Any, belief: Any, value: Any, worth: Any, out: Any
) -> None:  # pragma: no cover - compiled
    """Write dR/dy into the first U rows and columns of ``out``."""
    size = a.row[-1]
    out[:size, :size] = 0.0
    for k in range(size):
        out[k, k] = -1.0
    n = a.parent.shape[0]
    for node in range(1, n):
        h = a.infoset[node]
        if h < 0:
            continue
        who = a.set_player[h]
        start = a.child_start[node]
        count = a.child_start[node + 1] - start
        # Effect of a change of behaviour here on the worth of the moves above.
        if who >= 0 and count > 1:
            col, first = a.row[h] - 1, a.set_first[h]
            share = lam
            k = node
            while k > 0 and share > 1e-290:
                up = a.parent[k]
                g = a.infoset[up]
                i = a.set_player[g]
                if i >= 0 and belief[up] > 0.0 and a.set_first[g + 1] - a.set_first[g] > 1:
                    at = a.move[k] - a.set_first[g]
                    top = a.row[g] - 1
                    moves = a.set_first[g + 1] - a.set_first[g]
                    for j in range(1, count):
                        change = (
                            share * belief[up] * prob[first + j]
                            * (value[a.child[start + j], i] - value[node, i])
                        )
                        if at > 0:
                            out[top + at, col + j] += change
                        else:
                            for r in range(1, moves):
                                out[top + r, col + j] -= change
                share *= prob[a.move[k]]
                k = up
        # Effect of a change of behaviour above on the belief in this node.
        if who >= 0 and count > 1 and 0.0 < belief[node] < 1.0:
            row, first = a.row[h] - 1, a.set_first[h]
            gain0 = value[a.child[start], who] - worth[first]
            k = node
            while k > 0:
                up = a.parent[k]
                g = a.infoset[up]
                size_g = a.set_first[g + 1] - a.set_first[g]
                if a.set_player[g] >= 0 and a.set_player[g] != who and size_g > 1:
                    at = a.move[k] - a.set_first[g]
                    col = a.row[g] - 1
                    for j in range(1, count):
                        gain = value[a.child[start + j], who] - worth[first + j]
                        change = lam * belief[node] * (gain - gain0)
                        for c in range(1, size_g):
                            out[row + j, col + c] -= change * prob[a.set_first[g] + c]
                        if at > 0:
                            out[row + j, col + at] += change
                k = up
