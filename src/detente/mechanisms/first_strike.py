"""First strike.

Meaning
    The principal that attacks first shifts the odds of war in its own favour. An accident does not
    shift them.
Units
    Change of the chance to win.
Source
    Schelling 1960, ch. 9; Fearon 1995.
Direction
    A larger advantage: more war. Above the sum of the two costs of war no division satisfies both
    sides (the bargaining range is empty), so one side attacks. With an advantage f to either
    side the odds differ by 2f, so this region is 2f > c_A + c_B.
Neutral value
    0.
"""

from __future__ import annotations

from typing import Any, ClassVar

from detente.mechanisms.base import Mechanism, State
from detente.mechanisms.expr import Expr

__all__ = ["FirstStrike"]


class FirstStrike(Mechanism):
    """Shifts the odds toward the principal that attacked first."""

    kind: ClassVar[str] = "first strike"
    order: ClassVar[int] = 22

    @classmethod
    def implied(cls, scenario: Any) -> bool:
        return scenario.war is not None and scenario.war.first_strike is not None

    def odds(self, state: State, striker: str | None) -> Expr | None:
        if striker is None or striker not in self.rules.principals:
            return None
        gain = self.rules.num("war.first_strike", striker, state)
        return gain if striker == self.rules.principals[0] else -gain
