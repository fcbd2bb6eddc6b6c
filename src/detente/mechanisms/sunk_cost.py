"""Sunk cost.

Meaning
    Climbing a rung has an immediate cost, independent of the ending: forces are raised, markets
    react.
Units
    Stakes, paid once on entry to the rung.
Source
    Fearon 1997.
Direction
    A higher cost: fewer types climb, and those who climb are more resolved (their cost of war is
    lower on average). A cost already paid changes no later choice. This holds if some types gain
    from climbing and others do not.
Neutral value
    0 on every rung.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from detente.mechanisms.base import Event, Mechanism, Reaction, State

__all__ = ["SunkCost"]


class SunkCost(Mechanism):
    """Charges the cost of entering a rung."""

    kind: ClassVar[str] = "sunk cost"
    order: ClassVar[int] = 21

    @classmethod
    def implied(cls, scenario: Any) -> bool:
        return any(r.sunk_cost is not None for r in scenario.ladder)

    def rung_notes(self, rung: Any) -> Mapping[str, Any]:
        return {"sunk cost": rung.sunk_cost}

    def on(self, event: Event, state: State) -> Reaction | None:
        if event.kind != "escalates" or event.actor is None:
            return None
        rung = self.rules.climbed(state, event.actor)
        if rung.sunk_cost is None:
            return None
        path = f"ladder.{rung.segment}.sunk_cost"
        return Reaction(pay={event.actor: -self.rules.num(path, event.actor, state)})
