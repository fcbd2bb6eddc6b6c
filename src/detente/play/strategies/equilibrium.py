"""The fallible equilibrium."""

from __future__ import annotations

from collections.abc import Sequence

from detente.play.strategies.base import Strategy, Turn

__all__ = ["Equilibrium"]


class Equilibrium(Strategy):
    """Mixes as the logit quantal response equilibrium does at the board's precision."""

    name = "equilibrium"
    about = "mixes as the fallible model does"
    typed = True

    def mix(self, turn: Turn) -> Sequence[float]:
        mixed = turn.board.strategy_of("fallible", turn.node, turn.player, turn.type)
        return [float(p) for p in mixed]
