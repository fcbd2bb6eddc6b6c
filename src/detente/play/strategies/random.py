"""Chance."""

from __future__ import annotations

from collections.abc import Sequence

from detente.play.strategies.base import Strategy, Turn

__all__ = ["Random"]


class Random(Strategy):
    """Makes every move of the menu with the same probability."""

    name = "random"
    about = "every move with the same probability"

    def mix(self, turn: Turn) -> Sequence[float]:
        return turn.even
