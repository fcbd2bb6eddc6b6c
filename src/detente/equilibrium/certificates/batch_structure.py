"""Arrays for the check of a batch: the tree's own, working arrays, and results."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.arrays import Floats, Ints
from detente.equilibrium.kernels.lanes import LANES
from detente.game.tree import CHANCE, TYPE_CHANCE, PublicTree

__all__ = ["BatchChecks", "Structure", "Working", "structure", "verdict", "working"]


class Structure(NamedTuple):
    """The integer arrays of a tree, unchanged."""

    mover: Ints
    first: Ints
    size: Ints
    own: Ints
    """The row of the belief that holds at each node: a node, or a choice at a joint node."""
    type_row: Ints
    leaves: Ints
    outcome: Ints
    types: Ints
    informs: Ints
    """The player whose type the move into each node depends on, or -1."""
    seat_from: Ints
    """Start of the participants of each node in ``seats``; (n + 1,)."""
    seats: Ints
    """(player, moves, row of its first choice, row of the belief held, stride of its choice in the
    profiles) of every participant in a simultaneous choice. Rows follow those of the nodes."""
    widest: int
    """Most types of any player."""


class Working(NamedTuple):
    """Arrays of one thread: (row * widest + type, variant) or (row, variant).

    Rows are nodes (the move into them) and then the choices at simultaneous nodes.
    """

    pi: Floats
    value: Floats
    belief: Floats
    odds: Floats
    weight: Floats
    chance: Floats
    payoff: Floats
    prior: Floats


class BatchChecks(NamedTuple):
    """The results for each variant, (S,) or (S, outcomes)."""

    residual: Floats
    excess: Floats
    """Largest regret above its bound (at most 0 if every bound holds)."""
    regret: Floats
    """Largest gain from one other move, within the floor."""
    unsound: Floats
    """Largest fault of a mix: not summing to one, negative, not a number, or below its floor."""
    nash_conv: Floats
    outcomes: Floats
    share: Floats


def structure(game: PublicTree) -> Structure:
    """Return the integer arrays of ``game``."""

    def ints(x: object) -> Ints:
        return np.ascontiguousarray(np.asarray(x, dtype=np.int64))

    by = np.where(game.parent >= 0, game.mover[game.parent], CHANCE)
    informs = np.where(by >= 0, by, np.where(by <= TYPE_CHANCE, TYPE_CHANCE - by, -1))
    seat_from = np.zeros(game.n_nodes + 1, dtype=np.int64)
    seats: list[tuple[int, ...]] = []
    choice: dict[tuple[int, int], int] = {}
    for node in sorted(game.joints):
        joint = game.joints[node]
        seat_from[node + 1] = len(joint.players)
        for seat, (i, size) in enumerate(zip(joint.players, joint.sizes, strict=True)):
            stride = int(np.prod(joint.sizes[seat + 1 :]))
            start = seats[-1][2] + seats[-1][1] if seats else game.n_nodes
            seats.append((i, size, start, joint.own[seat], stride))
            for c in game.children(node):
                choice[c, i] = start + (c - int(game.first[node])) // stride % size

    own = game.own.copy()
    for a in np.flatnonzero(own >= 0).tolist():
        i = int(game.mover[a])
        own[a] = choice.get((int(own[a]), i if i >= 0 else TYPE_CHANCE - i), own[a])
    seats = [(i, k, start, choice.get((before, i), before), stride)
             for i, k, start, before, stride in seats]
    return Structure(
        ints(game.mover), ints(game.first), ints(game.count), ints(own), ints(game.type_row),
        ints(game.leaves), ints(game.outcome), ints(game.n_types), ints(informs),
        ints(np.cumsum(seat_from)), ints(seats).reshape(-1, 5), max(game.n_types),
    )


def working(game: PublicTree) -> Working:
    """Return working arrays for ``game``."""
    n, m, widest = game.n_nodes, len(game.leaves), max(game.n_types)
    views = game.n_players + 1 if game.observer_prior is not None else 1
    n += sum(sum(joint.sizes) for joint in game.joints.values())

    def zeros(rows: int) -> Floats:
        return np.zeros((rows, LANES))

    return Working(
        zeros(n * widest), zeros(n * widest), zeros(n * widest), zeros(n), zeros(n),
        zeros(len(game.type_prob) * widest), zeros(sum(game.n_types) * m),
        zeros(views * sum(game.n_types)),
    )


def verdict(size: int, outcomes: int) -> BatchChecks:
    """Return empty results for ``size`` variants."""
    a, b, c, d, e, f = np.full((6, size), np.nan)
    return BatchChecks(a, b, c, d, e, np.zeros((size, outcomes)), f)
