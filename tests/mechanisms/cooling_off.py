"""Cooling off: a pause that makes accidents rarer.

Meaning
    At the rounds listed an actor may call for a pause. If the call is heard, a part of every rung's
    risk is gone from then on. A settlement reached after that is a calm settlement.
Units
    `heard`: probability per call. `relief`: part of the risk of each rung, from 0 to 1. `effort`:
    stakes per call.
Source
    Schelling 1966, ch. 3, for the risk; the pause is an example of the documentation.
Direction
    Once a call is heard, a larger `relief` lowers the chance of an accident on every rung that has
    a risk, in proportion. War as a whole may become more probable, because a safer rung invites
    escalation.
Neutral value
    `relief` = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from detente.identifiers import Act, by_chance
from detente.mechanisms.base import (
    AgendaItem,
    Branch,
    Chance,
    Decision,
    Event,
    Leaf,
    Mechanism,
    MechanismSpec,
    Node,
    Reaction,
    State,
)
from detente.mechanisms.expr import Expr
from detente.mechanisms.rules import matches
from detente.scenario.model import PrincipalRef
from detente.scenario.quantity import NonNegative, Probability


class CoolingOff(Mechanism):
    """A call for a pause, which chance lets the other side hear."""

    kind: ClassVar[str] = "cooling_off"
    order: ClassVar[int] = 45
    optional: ClassVar[Mapping[str, float]] = {"effort": 0.0}
    endings: Mapping[str, bool] = {"calm settlement": False}

    class Spec(MechanismSpec):
        """A pause that makes accidents rarer."""

        of: PrincipalRef = Field(description="The principal who may call for the pause.")
        at_turns: list[int] = Field([1], description="Rounds at whose start it may call.")
        heard: Probability = Field(description="Chance that a call is heard.")
        relief: Probability = Field(description="Part of every rung's risk that the pause removes.")
        effort: NonNegative | None = Field(None, description="Cost of a call (stakes).")

        def problems(self, scenario: Any) -> list[tuple[str, str]]:
            """Check that some rung carries a risk."""
            if any(rung.risk is not None for rung in scenario.ladder):
                return []
            return [("relief", "no rung has a risk; a pause lowers the risk of rungs; give a rung "
                     "a risk, or leave the mechanism out")]

    spec: Spec

    def prepare(self) -> None:
        patterns = ("ladder.*.risk", "ladder.*.risk.*")
        self.shifts = frozenset(
            path for path in self.rules.numbers if any(matches(p, path) for p in patterns)
        )

    @property
    def movers(self) -> tuple[str, ...]:
        return (self.spec.of,)

    def slot(self) -> str:
        return "tense"

    def on(self, event: Event, state: State) -> Reaction | None:
        tense = self.mine(state) == "tense"
        if event.kind == "round" and event.data in self.spec.at_turns and tense:
            return Reaction(steps=(("ask", None),))
        return None

    def step(self, state: State, step: AgendaItem) -> Node:
        name = self.spec.of
        if step.what == "ask":
            called = state._replace(agenda=(AgendaItem(self.index, "call"), *state.agenda))
            effort = {name: -self.num("effort", None, state)}
            return Decision(name, (
                Branch(Act(name, "call", phrase="call for calm"), called, effort, group="call"),
                Branch(Act(name, "keep silent"), state, group="silent"),
            ))
        heard = self.num("heard", None, state)
        return Chance((
            Branch(by_chance("is heard"), self.put(state, "calm"), chance=heard),
            Branch(by_chance("is ignored"), state, chance=1 - heard),
        ))

    def shift_of(self, path: str, state: State) -> Expr:
        if self.mine(state) != "calm":
            return Expr({})
        return -(self.num("relief") * self.rules.num(path))

    def outcome(self, ending: Leaf) -> str | None:
        calm = ending.outcome == "settlement" and self.mine(ending.state) == "calm"
        return "calm settlement" if calm else None
