"""Shifting power: now or never.

Meaning
    The odds of war drift from round to round.
Units
    Change of the first principal's chance to win, per round (one turn of each principal).
Source
    Fearon 1995; Powell 2006.
Direction
    A side whose odds fall fights earlier or accepts less. The rising side cannot commit to today's
    terms, so war comes if the drift over the remaining rounds exceeds what peace saves (Powell
    2006). This holds if delay is cheap relative to the drift. A settlement is final here, so a
    drift also hastens settlements: the total effect on war is clear only for large drifts.
Neutral value
    0.
"""

from __future__ import annotations

from typing import Any, ClassVar

from detente.mechanisms.base import Mechanism, State
from detente.mechanisms.expr import Expr

__all__ = ["ShiftingPower"]


class ShiftingPower(Mechanism):
    """Moves the odds with the number of rounds gone by."""

    kind: ClassVar[str] = "shifting power"
    order: ClassVar[int] = 23

    @classmethod
    def implied(cls, scenario: Any) -> bool:
        return scenario.war is not None and scenario.war.shift_per_turn is not None

    def odds(self, state: State, striker: str | None) -> Expr | None:
        return self.rules.num("war.shift_per_turn", None, state) * float(state.turn // 2)
