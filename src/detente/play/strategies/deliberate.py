"""The deliberate equilibrium."""

from __future__ import annotations

from collections.abc import Sequence

from detente.play.strategies.base import Strategy, Turn

__all__ = ["Deliberate"]


class Deliberate(Strategy):
    """Mixes as the equilibrium with trembles does: best replies, up to rare mistakes."""

    name = "deliberate"
    about = "mixes as the deliberate model does: best replies, up to rare mistakes"
    typed = True

    def mix(self, turn: Turn) -> Sequence[float]:
        mixed = turn.board.strategy_of("deliberate", turn.node, turn.player, turn.type)
        return [float(p) for p in mixed]
