"""The bluffer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.play.board import Board
from detente.play.strategies.base import Strategy, Turn

__all__ = ["Bluffer"]

OFTEN = 0.5
"""How often it bluffs."""


class Bluffer(Strategy):
    """In half of its games it plays as if war cost it as little as its most resolute type.

    In the other half it plays the fallible equilibrium of its own type. It decides once, before
    the first move, so its choice depends on more than the public history and its type.
    """

    name = "bluffer"
    about = "in half of its games plays as its most resolute type would"
    memory = True
    typed = True

    def begin(self, rng: np.random.Generator) -> None:
        self.bluffs = bool(rng.random() < OFTEN)

    def mix(self, turn: Turn) -> Sequence[float]:
        board, type = turn.board, turn.type
        if self.bluffs:
            type = board.once(("resolute", turn.player),
                              lambda: most_resolute(board, turn.player))
        from_equilibrium = board.strategy_of("fallible", turn.node, turn.player, type)
        return [float(p) for p in from_equilibrium]


def most_resolute(board: Board, player: int) -> int:
    """Return the type of a player with the highest mean payoff over the leaves with a war."""
    tree = board.tree
    war = [name in tree.wars for name in tree.outcome_names]
    leaves = np.flatnonzero(np.array(war)[tree.outcome])
    if tree.joint_payoff is not None:
        payoff = tree.joint_payoff[player].mean(axis=2 - player)
    else:
        payoff = tree.payoff[player]
    return int(np.argmax(payoff[leaves].mean(axis=0) if len(leaves) else payoff.mean(axis=0)))
