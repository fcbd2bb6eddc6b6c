"""Simultaneous choices for certificates: nodes of one shape together.

A joint node's children are the move profiles in row-major order. In a block with one axis per
participant, the worth of a participant's move is a sum over the others' axes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.arrays import Floats, Ints
from detente.game.tree import PublicTree

__all__ = ["Group", "groups"]


@dataclass(frozen=True)
class Group:
    """Joint nodes with the same participants and numbers of moves.

    Attributes
    ----------
    players, sizes : tuple of int
        Participants in seat order; their numbers of moves.
    nodes : (J,) int array
        In ascending order.
    children : (J, P) int array
        Nodes reached by each of the P profiles.
    """

    players: tuple[int, ...]
    sizes: tuple[int, ...]
    nodes: Ints
    children: Ints

    def mixes(self, joint_pi: Mapping[int, Sequence[Floats]], seat: int) -> Floats:
        """Return a participant's mixes ``(J, moves, T)``."""
        return np.stack([joint_pi[n][seat] for n in self.nodes.tolist()])

    def weights(self, game: PublicTree, seat: int) -> Floats:
        """Return a participant's menu weights ``(J, moves)``."""
        return np.stack([game.joints[n].weights[seat] for n in self.nodes.tolist()])

    def likelihood(self, mixes: Floats, seat: int) -> Floats:
        """Return the probability of its part of each profile by its type, ``(J * P, T)``."""
        move = np.indices(self.sizes).reshape(len(self.sizes), -1)[seat]
        return np.asarray(mixes[:, move].reshape(-1, mixes.shape[-1]))

    def worth(self, seat: int, odds: Floats, value: Floats,
              which: Ints | slice = slice(None)) -> Floats:
        """Return the worth of each move of a participant, ``(J, moves, T)``.

        ``odds (n,)`` are those of the others' choices by the participant's prior.
        """
        c = self.children[which]
        block = (odds[c][..., None] * value[c]).reshape(len(c), *self.sizes, value.shape[1])
        others = tuple(1 + k for k in range(len(self.sizes)) if k != seat)
        return np.asarray(block.sum(axis=others))

    def between(self, a: int, b: int) -> Ints:
        """Return which of the nodes have numbers from ``a`` to before ``b``."""
        return np.arange(*np.searchsorted(self.nodes, (a, b)))


def groups(game: PublicTree) -> list[Group]:
    """Return the joint nodes of a tree, grouped by shape."""
    by: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = {}
    for node in sorted(game.joints):
        joint = game.joints[node]
        by.setdefault((joint.players, joint.sizes), []).append(node)
    return [
        Group(players, sizes, np.array(nodes, dtype=np.int64),
              game.first[nodes][:, None] + np.arange(int(np.prod(sizes))))
        for (players, sizes), nodes in by.items()
    ]
