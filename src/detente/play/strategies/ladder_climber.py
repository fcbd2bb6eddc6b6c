"""The ladder climber."""

from __future__ import annotations

from detente.play.strategies.base import Ranked

__all__ = ["LadderClimber"]


class LadderClimber(Ranked):
    """Escalates while a higher rung is left, then accepts or waits; it never attacks first."""

    name = "ladder climber"
    about = "escalates to the highest rung, then accepts any offer or waits"
    order = ("escalate", "accept", "hold", "lapse")
