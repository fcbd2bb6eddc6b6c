"""A person's precision (lambda), from the moves that it made.

With the others' strategies fixed, one backward sweep gives the exact logit reply of a type for a
whole grid of precisions: at each own node the probability of move c is proportional to
``w_c exp(lambda V_c)``, where V is the value of going on with the same reply. The likelihood of the
moves on the grid, with a log-uniform prior over it, gives the interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.arrays import Floats
from detente.game.tree import CHANCE, JOINT, TYPE_CHANCE
from detente.play.board import Board

__all__ = ["FEWEST", "Precision", "grid", "interval", "likelihood", "others_odds", "reply"]

FEWEST = 5
"""Games before a precision is printed. After five games a 90 % interval spans a factor of 4 to 7;
after one it would span most of the grid."""
LEAST, MOST, POINTS = 0.5, 200.0, 61
"""The grid: precisions per unit of the stake, evenly spaced in their logarithms."""
INSIDE = 0.90
"""The probability of the interval."""


@dataclass(frozen=True)
class Precision:
    """An estimate of a person's precision, per unit of the payoffs.

    Attributes
    ----------
    low, middle, high : float
        The ends of the 90 % interval and the median.
    games : int
    """

    low: float
    middle: float
    high: float
    games: int


def grid(board: Board) -> Floats:
    """Return the grid of precisions, per unit of the payoffs."""
    return np.geomspace(LEAST, MOST, POINTS) / board.stake


def others_odds(board: Board, player: int, type: int) -> Floats:
    """Return the odds (n,) of every move that is not the player's own, as it expects them.

    They follow from the others' strategies in the board's equilibrium and the player's beliefs
    about their types. At the player's own moves they are 1.
    """
    tree, profile = board.tree, board.profile
    by = np.where(tree.parent >= 0, tree.mover[tree.parent], CHANCE)
    odds = np.where(by == CHANCE, tree.weight, 1.0)
    odds[0] = 1.0
    for other in range(tree.n_players):
        if other != player:
            odds = odds * profile.posterior(player, other)[1]
    mine = np.flatnonzero(by == TYPE_CHANCE - player)
    odds[mine] *= tree.type_prob[tree.type_row[mine], type]
    return odds


@dataclass(frozen=True)
class _Reply:
    """The logit reply of a type for each precision of a grid.

    Attributes
    ----------
    pi : (n, L) array
        At the children of own nodes, the probability of the move; elsewhere 1.
    joint : dict from joint node to (moves, L) array
    value : (n, L) array
    """

    pi: Floats
    joint: dict[int, Floats]
    value: Floats


def reply(board: Board, player: int, type: int, lambdas: Floats) -> _Reply:
    """Return the exact logit reply of a type to the others' equilibrium strategies.

    Parameters
    ----------
    board, player, type
        Whose reply.
    lambdas : (L,) array
        Precisions, per unit of the payoffs.
    """
    tree, profile = board.tree, board.profile
    odds = others_odds(board, player, type)
    value = np.zeros((tree.n_nodes, len(lambdas)))
    value[tree.leaves] = profile.value[player][tree.leaves, type][:, None]
    pi, joint = np.ones_like(value), {}
    with np.errstate(divide="ignore"):
        log_weight = np.log(tree.weight)
    for d in range(len(tree.level) - 3, -1, -1):
        nodes = np.arange(tree.level[d], tree.level[d + 1])
        nodes = nodes[tree.count[nodes] > 0]
        if not len(nodes):
            continue
        a, b = int(tree.level[d + 1]), int(tree.level[d + 2])
        start = tree.first[nodes] - a
        menu = np.repeat(np.arange(len(nodes)), tree.count[nodes])
        share = np.repeat(odds[a:b, None], len(lambdas), axis=1)
        own = tree.mover[nodes][menu] == player
        if own.any():
            score = log_weight[a:b, None] + lambdas * value[a:b]
            score -= np.maximum.reduceat(score, start, axis=0)[menu]
            mass = np.exp(score)
            mixed = mass / np.add.reduceat(mass, start, axis=0)[menu]
            share[own] = mixed[own]
            pi[a:b][own] = mixed[own]
        value[nodes] = np.add.reduceat(share * value[a:b], start, axis=0)
        for node in nodes[tree.mover[nodes] == JOINT].tolist():
            at = tree.joints[node]
            if player in at.players:
                joint[node], value[node] = _joint(board, node, player, odds, value, lambdas)
    return _Reply(pi, joint, value)


def _joint(
    board: Board, node: int, player: int, odds: Floats, value: Floats, lambdas: Floats
) -> tuple[Floats, Floats]:
    """Return the mix (moves, L) and the value (L,) where others choose at the same time."""
    tree = board.tree
    at, kids = tree.joints[node], tree.children(node)
    seat = at.players.index(player)
    block = (odds[kids.start:kids.stop, None] * value[kids.start:kids.stop]).reshape(
        *at.sizes, len(lambdas))
    worth = np.moveaxis(block, seat, 0).reshape(at.sizes[seat], -1, len(lambdas)).sum(axis=1)
    with np.errstate(divide="ignore"):
        score = np.log(at.weights[seat])[:, None] + lambdas * worth
    score -= score.max(axis=0)
    mass = np.exp(score)
    mix = mass / mass.sum(axis=0)
    return mix, (mix * worth).sum(axis=0)


def likelihood(
    board: Board, player: int, type: int, children: Sequence[int], lambdas: Floats,
    known: _Reply | None = None,
) -> Floats:
    """Return the log likelihood (L,) of a player's own moves on a grid of precisions.

    Parameters
    ----------
    board, player, type
        Whose moves.
    children
        The nodes after its moves. Nodes after other moves are ignored.
    lambdas
        Precisions.
    known
        The reply, if it was computed already.
    """
    tree = board.tree
    found = known or reply(board, player, type, lambdas)
    total = np.zeros(len(lambdas))
    with np.errstate(divide="ignore"):
        for child in children:
            node = int(tree.parent[child])
            mover = int(tree.mover[node])
            if mover == player:
                total += np.log(found.pi[child])
            elif mover == JOINT and player in tree.joints[node].players:
                total += np.log(found.joint[node][board.choice(child, player)])
    return total


def interval(lambdas: Floats, log_likelihood: Floats, games: int) -> Precision | None:
    """Return the estimate with its 90 % interval; None below `FEWEST` games.

    The prior is even over the grid. The quantiles are interpolated between its points.

    Examples
    --------
    >>> lambdas = np.geomspace(1, 100, 41)
    >>> interval(lambdas, np.zeros(41), 1) is None
    True
    >>> one = interval(lambdas, -50 * np.log(lambdas / 10) ** 2, 9)
    >>> one.low < 10 < one.high, round(one.middle, 6)
    (True, 10.0)
    """
    if games < FEWEST:
        return None
    mass = np.exp(log_likelihood - log_likelihood.max())
    total = np.concatenate([[0.0], np.cumsum(mass)]) / mass.sum()
    step = np.log(lambdas[1] / lambdas[0])
    edges = np.concatenate([np.log(lambdas) - step / 2, [np.log(lambdas[-1]) + step / 2]])
    ends = [(1 - INSIDE) / 2, 0.5, (1 + INSIDE) / 2]
    low, middle, high = np.exp(np.interp(ends, total, edges)).tolist()
    return Precision(low, middle, high, games)
