"""Shock.

Meaning
    At the rounds listed an event from outside may occur and change numbers of the file from then
    on. The event may also pass again.
Units
    `chance`: probability per listed round, until it occurs. `changes`: added to the number at that
    path, in its units. `passes`: probability per later listed round.
Source
    None: a device of scenario analysis.
Direction
    The direction of the numbers that it changes, in proportion to its chance, if the change is
    small enough that the equilibrium moves smoothly.
Neutral value
    `chance` = 0, or every change = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from detente.identifiers import by_chance
from detente.mechanisms.base import (
    AgendaItem,
    Branch,
    Chance,
    Event,
    Mechanism,
    MechanismSpec,
    Node,
    Reaction,
    State,
)
from detente.mechanisms.expr import ZERO, Expr
from detente.scenario.quantity import Is, Kind, Number, Probability

__all__ = ["Shock"]


class Shock(Mechanism):
    """A chance event that changes numbers."""

    kind: ClassVar[str] = "shock"
    order: ClassVar[int] = 15
    optional: ClassVar[Mapping[str, float]] = {"passes": 0.0}

    class Spec(MechanismSpec):
        """An event from outside."""

        at_turns: list[int] = Field([1], description="Rounds at whose start it may happen.")
        chance: Annotated[Probability, Is(Kind.CHANCE)] = Field(
            description="Chance at each of them."
        )
        changes: dict[str, Number] = Field(
            description="Path of each number that changes, with the amount added to it."
        )
        passes_at: list[int] = Field([], description="Rounds at whose start it may pass again.")
        passes: Annotated[Probability, Is(Kind.CHANCE)] | None = Field(
            None, description="Chance at each of them."
        )

        def problems(self, scenario: Any) -> list[tuple[str, str]]:
            """Check that its turns and the numbers that it changes exist."""
            from detente.errors import nearest
            from detente.scenario.paths import numbers

            found = []
            known = numbers(scenario)
            for path in self.changes:
                if path not in known:
                    near = nearest(path, known)
                    hint = f" (did you mean {near!r}?)" if near else ""
                    found.append((f"changes.{path}", f"the file has no number {path!r}{hint}; a "
                                  "shock changes numbers of the file; correct the path"))
            rounds = [m.spec.plays() for m in scenario.mechanisms]
            most = scenario.turns.each if scenario.turns else max(rounds, default=0)
            for field in ("at_turns", "passes_at"):
                late = [t for t in getattr(self, field) if not 1 <= t <= most]
                if late:
                    found.append((field, f"there is no round {late[0]}; the crisis has {most} "
                                  f"rounds; list rounds from 1 to {most}"))
            return found

    spec: Spec

    def slot(self) -> str:
        return "before"

    def prepare(self) -> None:
        self.shifts = frozenset(self.spec.changes)

    def shift_of(self, path: str, state: State) -> Expr:
        """Return what is added to a number in ``state``."""
        if self.mine(state) != "on":
            return ZERO
        return self.num(f"changes.{path}")

    def on(self, event: Event, state: State) -> Reaction | None:
        if event.kind != "round":
            return None
        if self.mine(state) == "before" and event.data in self.spec.at_turns:
            return Reaction(steps=(("shock", None),))
        if self.mine(state) == "on" and event.data in self.spec.passes_at:
            return Reaction(steps=(("pass", None),))
        return None

    def step(self, state: State, step: AgendaItem) -> Node:
        name = self.spec.id or "shock"
        if step.what == "shock":
            p = self.num("chance")
            return Chance((
                Branch(
                    by_chance("happens", name, "{object} happens"),
                    self.put(state, "on"), chance=p,
                ),
                Branch(by_chance("does not happen", name, "no {object}"), state, chance=1 - p),
            ))
        p = self.num("passes")
        return Chance((
            Branch(by_chance("passes", name, "{object} passes"), self.put(state, "over"), chance=p),
            Branch(by_chance("goes on", name, "{object} goes on"), state, chance=1 - p),
        ))
