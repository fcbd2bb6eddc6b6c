"""The hawk."""

from __future__ import annotations

from detente.play.strategies.base import Ranked

__all__ = ["Hawk"]


class Hawk(Ranked):
    """Escalates while a higher rung is left, then attacks; never accepts and never yields."""

    name = "hawk"
    about = "escalates to the highest rung, then attacks"
    order = ("escalate", "attack", "hold", "lapse", "join", "refuse")
