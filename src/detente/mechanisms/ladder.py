"""Autonomous risk on the ladder of escalation.

Meaning
    A crisis climbs one rung at a time. Each rung may carry a chance that it slips into war without
    a decision of either side. The chance is drawn on entry to the rung and on every own turn there.
Units
    Probability per draw.
Source
    Schelling 1966, ch. 3 ("the threat that leaves something to chance"); Powell 1990.
Direction
    A higher risk: more war by accident, and the target of a challenge yields more often after each
    draw that is survived, because every further turn is drawn again. This holds if most types of
    the target prefer yielding to war. The sign of the effect on escalation is not known: risk makes
    a challenge credible even if the challenger's own threat is not, and in trial runs it made
    challenges more frequent.
Neutral value
    0 on every rung.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from detente.identifiers import by_chance
from detente.mechanisms.base import (
    AgendaItem,
    Branch,
    Chance,
    Event,
    Leaf,
    Mechanism,
    Node,
    Pay,
    Reaction,
    State,
)
from detente.mechanisms.expr import Expr

__all__ = ["Ladder"]


class Ladder(Mechanism):
    """Draws the risk of the rung a principal stands on; charges a loss to all."""

    kind: ClassVar[str] = "ladder"
    order: ClassVar[int] = 10
    endings: Mapping[str, bool] = {"loss to all": True}

    @classmethod
    def implied(cls, scenario: Any) -> bool:
        return bool(scenario.ladder)

    def rung_notes(self, rung: Any) -> Mapping[str, Any]:
        return {"risk": rung.risk, "loss": rung.loss}

    def on(self, event: Event, state: State) -> Reaction | None:
        if event.kind not in ("stays", "escalates", "offers") or event.actor is None:
            return None
        rung = self.rules.climbed(state, event.actor)
        if rung.risk is None:
            return None
        return Reaction(steps=(("risk", event.actor),))

    def risk(self, actor: str, state: State) -> Expr:
        """Return the chance of war in one draw on the actor's rung."""
        rung = self.rules.climbed(state, actor)
        return self.rules.num(f"ladder.{rung.segment}.risk", actor, state)

    def step(self, state: State, step: AgendaItem) -> Node:
        actor = str(step.data)
        risk = self.risk(actor, state)
        war, pay = self.rules.to_war(None, state)
        return Chance((
            Branch(by_chance("slips into war"), war, pay, chance=risk),
            Branch(by_chance("no accident"), state, chance=1 - risk),
        ))

    def at_end(self, ending: Leaf) -> Pay | None:
        if ending.outcome != "loss to all":
            return None
        rung = next(r for r in self.rules.scenario.ladder if r.ending == "loss to all")
        path = f"ladder.{rung.segment}.loss"
        pay = {p: -self.rules.num(path, p, ending.state) for p in self.rules.principals}
        for name, actor in self.rules.scenario.actors.items():
            if actor.sides_with is not None and name not in pay:
                loss = self.rules.num(path, actor.sides_with, ending.state)
                pay[name] = -(self.rules.weight(name) * loss)
        return pay
