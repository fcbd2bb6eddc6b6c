"""The dealer."""

from __future__ import annotations

from detente.play.strategies.base import Ranked

__all__ = ["Dealer"]


class Dealer(Ranked):
    """Accepts every offer and makes offers, its own best first; it never escalates or yields."""

    name = "dealer"
    about = "accepts any offer, else makes one, its own best first, else waits"
    order = ("accept", "offer", "hold", "lapse", "agree", "propose")
