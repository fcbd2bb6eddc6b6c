"""Habit."""

from __future__ import annotations

from collections.abc import Sequence

from detente.play.strategies.base import Strategy, Turn

__all__ = ["Habit"]


class Habit(Strategy):
    """Makes moves as often as governments do if incentives say nothing: the menu's base weights.

    This is the fallible model at lambda 0.
    """

    name = "habit"
    about = "the base weights of the menu, which is the fallible model at lambda 0"

    def mix(self, turn: Turn) -> Sequence[float]:
        weights: list[float] = turn.board.habits(turn.node, turn.player).tolist()
        return weights
