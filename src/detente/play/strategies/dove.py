"""The dove."""

from __future__ import annotations

from detente.play.strategies.base import Ranked

__all__ = ["Dove"]


class Dove(Ranked):
    """Accepts every offer; without one it yields, so that it never risks a war."""

    name = "dove"
    about = "accepts any offer, and yields if there is none"
    order = ("accept", "yield", "hold", "lapse", "agree", "stay out", "stay back")
