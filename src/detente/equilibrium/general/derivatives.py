"""Exact derivatives of an extensive game's equilibrium, by one adjoint solve.

For any weights on the terminal nodes, P = sum over terminal nodes of weight times probability. With
R(y, theta) = 0 the equilibrium conditions, dP/dtheta = P_theta + v . R_theta. The adjoint v solves
(dR/dy)^T v = -P_y. So one transposed system gives the derivative by every payoff, every chance and
lambda at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.general.kernels import (
    arrays_of,
    jacobian,
    slope,
    sweep,
    unknowns,
)
from detente.errors import SolveError
from detente.game.exact import times_power
from detente.kernel_cache import njit

if TYPE_CHECKING:
    from detente.equilibrium.general.solve import ExtensiveEquilibrium

__all__ = ["ExtensiveGradient", "gradient_extensive"]


DENSE = 2500
"""Up to this many unknowns the transposed system is solved densely, above it by GMRES."""
SINGULAR = 1e-13
"""Reciprocal condition below which the equilibrium sits on a fold and has no derivative."""


@dataclass(frozen=True)
class ExtensiveGradient:
    """Derivatives of ``P = leaf_weights @ leaf_reach`` at an equilibrium.

    Attributes
    ----------
    value : float
        P itself.
    leaf_payoff : (m, N) array
        By each player's total payoff at each terminal node, per payoff unit.
    outcome_payoff : (K, N) array
        By each player's payoff in each outcome of the file, summed over the nodes that have it.
    chance : (A,) array
        By the probability of each chance move, the others of its set held fixed; only differences
        within a set keep the total at 1. One-sided (upwards) at impossible moves. 0 at players'
        moves.
    lam : float
        By the precision.
    """

    value: float
    leaf_payoff: Floats
    outcome_payoff: Floats
    chance: Floats
    lam: float


@njit()
def _adjoint(
    a: Any, bar: Any, ghost: Any, prob: Any, belief: Any, value: Any
) -> Any:  # pragma: no cover - compiled
    """Convert weights on the worth of moves to weights on payoffs, log-probabilities and chances.

    Parameters
    ----------
    bar : (A,)
        Weight of each move's worth.
    ghost : (n,)
        Rate at which a node enters its set's belief per unit of an impossible chance before it.

    Returns
    -------
    by payoffs at nodes (n, N), by log-probability (A,), by chance (A,)
    """
    n, players = a.payoff.shape
    sets, moves = a.set_player.shape[0], a.chance.shape[0]
    load = np.zeros((n, players))
    by_log, by_chance = np.zeros(moves), np.zeros(moves)
    weight = np.zeros(n)  # of the node's belief
    for k in range(1, n):
        up, m = a.parent[k], a.move[k]
        who = a.set_player[a.infoset[up]]
        total = 0.0
        for i in range(players):
            load[k, i] += prob[m] * load[up, i]
            total += load[up, i] * value[k, i]
        by_log[m] += prob[m] * total
        by_chance[m] += total
        if who >= 0:
            load[k, who] += bar[m] * belief[up]
            weight[up] += bar[m] * value[k, who]
    mean = np.zeros(sets)
    for k in range(n):
        if belief[k] > 0.0:
            mean[a.infoset[k]] += belief[k] * weight[k]
    up_log, up_ghost = np.zeros(n), np.zeros(n)
    for k in range(n - 1, 0, -1):
        h = a.infoset[k]
        if h >= 0 and a.set_player[h] >= 0:
            up_log[k] += belief[k] * (weight[k] - mean[h])
            up_ghost[k] += ghost[k] * (weight[k] - mean[h])
        m = a.move[k]
        by_log[m] += up_log[k]
        if a.set_player[a.infoset[a.parent[k]]] < 0:
            by_chance[m] += up_log[k] / prob[m] if prob[m] > 0.0 else up_ghost[k]
        up_log[a.parent[k]] += up_log[k]
        up_ghost[a.parent[k]] += up_ghost[k]
    return load, by_log, by_chance


def _to_unknowns(a: Any, prob: Floats, by_log: Floats) -> Floats:
    """From derivatives by log-probabilities to derivatives by the unknown log-odds."""
    sizes = np.diff(a.set_first)
    own = np.repeat(a.set_player >= 0, sizes)
    total = np.repeat(np.add.reduceat(by_log, a.set_first[:-1]), sizes)
    later = np.ones(len(own), dtype=bool)
    later[a.set_first[:-1]] = False
    return np.asarray((by_log - prob * total)[own & later])


def _to_moves(a: Any, v: Floats) -> Floats:
    """Return weights on R as weights on the worth of the moves, without the factor lambda."""
    sizes = np.diff(a.set_first)
    own = np.repeat(a.set_player >= 0, sizes)
    later = np.ones(len(own), dtype=bool)
    later[a.set_first[:-1]] = False
    bar = np.zeros(len(own))
    bar[own & later] = v
    firsts = a.set_first[:-1]
    bar[firsts] = np.where(a.set_player >= 0, -np.add.reduceat(bar, firsts), 0.0)
    return bar


def _ghosts(eq: ExtensiveEquilibrium, a: Any, log_reach: Floats, belief: Floats) -> Floats:
    """Rate at which nodes behind one impossible chance move would enter their sets' beliefs."""
    game = eq.game
    never = (a.set_player[game.set_of_move] < 0) & (a.chance <= 0)
    ghost = np.zeros(game.n_nodes)
    if not never.any():
        return ghost
    gaps = np.zeros(game.n_nodes)
    gaps[1:] = never[game.move[1:]]
    gaps = game.path_sum(gaps)
    total = np.full(game.n_sets, np.nan)  # log of the set's own probability, if it is positive
    seen = np.flatnonzero(a.live & (gaps == 0) & (belief > 0))
    order = seen[np.argsort(belief[seen])]
    total[game.infoset[order]] = log_reach[order] - np.log(belief[order])
    behind = np.flatnonzero((game.infoset >= 0) & (gaps == 1))
    rate = np.exp(log_reach[behind] - total[game.infoset[behind]])
    ghost[behind] = np.nan_to_num(rate, nan=0.0)
    return ghost


def gradient_extensive(eq: ExtensiveEquilibrium, leaf_weights: Floats) -> ExtensiveGradient:
    """Differentiate the expectation of weights on the terminal nodes, by one adjoint solve.

    Parameters
    ----------
    eq
        An equilibrium from `solve_extensive`.
    leaf_weights : (m,)
        Weight of every ending, in the order of ``game.leaves``; 1 at some endings and 0 at others
        gives the probability of an event.

    Raises
    ------
    SolveError
        Weights of the wrong shape, or an equilibrium on a fold of its branch, at which no
        derivative exists.

    Examples
    --------
    >>> from detente.equilibrium.general.solve import solve_extensive
    >>> from detente.game.efg import parse_efg
    >>> game = parse_efg('EFG 2 R "" { "A" } p "" 1 1 "" { "l" "r" } 0 t "" 1 "" { 0 } '
    ...                  't "" 2 "" { 1 }')
    >>> slope = gradient_extensive(solve_extensive(game, 2.0), np.array([0.0, 1.0]))
    >>> p = slope.value                                        # logit: dP/du = lambda p (1 - p)
    >>> bool(abs(slope.leaf_payoff[1, 0] - 2 * p * (1 - p)) < 1e-12)
    True
    """
    game = eq.game
    weights = np.asarray(leaf_weights, dtype=float)
    if weights.shape != game.leaves.shape:
        raise SolveError(f"the weights have shape {weights.shape}; there must be one per leaf, "
                         f"({len(game.leaves)},)")
    a = arrays_of(game)
    _, prob, log_reach, belief, value, worth = sweep(a, eq.log_odds)
    ahead = np.zeros(game.n_nodes)
    ahead[game.leaves] = weights
    for nodes in game.levels[:0:-1]:
        np.add.at(ahead, game.parent[nodes], prob[game.move[nodes]] * ahead[nodes])
    reach = eq.reach
    move, up = game.move[1:], game.parent[1:]
    direct = np.bincount(move, weights=reach[up] * ahead[1:], minlength=len(prob))

    v = _solve_transposed(eq, a, -_to_unknowns(a, prob, prob * direct))
    ghost = _ghosts(eq, a, log_reach, belief)
    lam = game.relative.precision(eq.lam)
    load, _, by_chance = _adjoint(a, lam * _to_moves(a, v), ghost, prob, belief, value)
    by_leaf = np.ldexp(load[game.leaves], -game.relative.exponent)
    # A payoff at an inner node is paid at every terminal node below it.
    behind = np.zeros((game.n_nodes, game.n_players))
    behind[game.leaves] = by_leaf
    for nodes in game.levels[:0:-1]:
        np.add.at(behind, game.parent[nodes], behind[nodes])
    by_outcome = np.zeros_like(game.outcome_payoff)
    has = game.outcome >= 0
    np.add.at(by_outcome, game.outcome[has], behind[has])
    own = game.set_player[game.set_of_move] >= 0
    return ExtensiveGradient(
        value=float(ahead[0]), leaf_payoff=by_leaf, outcome_payoff=by_outcome,
        chance=np.where(own, 0.0, direct + by_chance),
        lam=times_power(float(v @ slope(a, worth)), game.relative.exponent),
    )


def _solve_transposed(eq: ExtensiveEquilibrium, a: Any, right: Floats) -> Floats:
    size = unknowns(a)
    _, prob, _, belief, value, worth = sweep(a, eq.log_odds)
    if size == 0:
        return right
    if size > DENSE:
        return _gmres(eq, a, right, (prob, belief, value))
    from scipy.linalg import lu_factor, lu_solve
    from scipy.linalg.lapack import dgecon

    matrix = np.zeros((size, size))
    jacobian(a, eq.game.relative.precision(eq.lam), prob, belief, value, worth, matrix)
    norm = float(np.abs(matrix).sum(axis=0).max())
    factors = lu_factor(matrix)
    if not float(dgecon(factors[0], norm)[0]) > SINGULAR:
        raise SolveError(
            f"no derivative exists because the equilibrium at lambda {eq.lam:.6g} is on a fold; "
            "choose another lambda"
        )
    return np.asarray(lu_solve(factors, right, trans=1))


def _gmres(eq: ExtensiveEquilibrium, a: Any, right: Floats, state: tuple[Floats, ...]) -> Floats:
    from scipy.sparse.linalg import LinearOperator, gmres

    prob, belief, value = state
    lam = eq.game.relative.precision(eq.lam)
    none = np.zeros(eq.game.n_nodes)

    def times(v: Floats) -> Floats:
        v = np.ascontiguousarray(v).ravel()
        by_log = _adjoint(a, lam * _to_moves(a, v), none, prob, belief, value)[1]
        return _to_unknowns(a, prob, by_log) - v

    operator = LinearOperator((len(right), len(right)), matvec=times, dtype=np.float64)
    v, failed = gmres(operator, right, rtol=1e-11, restart=100, maxiter=20)
    if failed:
        raise SolveError("the adjoint system could not be solved because the equilibrium is near "
                         "a fold; "
                         "choose another lambda")
    return np.asarray(v)
