"""Spoiler.

Meaning
    A third party may try to stop a pending deal. Its success may depend on the strength of one
    side's moderates, which is private to that side. It moves once, at the first pending deal. It
    gains if it stopped a deal and no later deal is made.
Units
    `wrecks`: probability that an attempt succeeds. `gains`, `cost`: stakes.
    `moderates.strength`: probability, by type, that the moderates stop an attempt.
Source
    Kydd & Walter 2002; Stedman 1997.
Direction
    A higher `wrecks`: fewer settlements. This holds if the expected gain exceeds the cost of an
    attempt, so that the spoiler tries, and if a deal would otherwise often be made.
Neutral value
    `wrecks` = 0 with `cost` > 0, so that it does not try.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

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
    Pay,
    Reaction,
    State,
    TypeChance,
    within_one,
)
from detente.scenario.model import ActorRef, FilePart, PrincipalRef
from detente.scenario.private import Private
from detente.scenario.quantity import Cost, Is, Kind, NonNegative, Probability

__all__ = ["Spoiler"]


class Moderates(FilePart):
    """One side's moderates, whose strength is private to that side."""

    of: PrincipalRef = Field(description="The side whose moderates they are.")
    strength: Private = Field(
        description="Chance that they stop an attempt, by type (values in [0, 1])."
    )


class Spoiler(Mechanism):
    """Moves once a deal is pending."""

    kind: ClassVar[str] = "spoiler"
    habit_kinds: ClassVar[tuple[str, ...]] = ("let_be", "try")
    order: ClassVar[int] = 70
    optional: ClassVar[Mapping[str, float]] = {"cost": 0.0}

    class Spec(MechanismSpec):
        """A third party that may stop a deal."""

        actor: ActorRef = Field(description="The spoiler.")
        wrecks: Annotated[Probability, Is(Kind.RESPONSE)] = Field(
            description="Chance that an attempt succeeds."
        )
        gains: Annotated[NonNegative, Is(Kind.VALUE)] = Field(
            description="Value to it of a deal that it stopped (stakes)."
        )
        cost: Cost | None = Field(None, description="Cost of an attempt (stakes).")
        moderates: Moderates | None = Field(
            None, description="Moderates who may stop it, strong or weak."
        )

        def problems(self, scenario: Any) -> list[tuple[str, str]]:
            """Check that it is not a principal and that the moderates' strength is a chance."""
            if scenario.actors[self.actor].role == "principal":
                return [(
                    "actor",
                    "a principal cannot be a spoiler; a spoiler is a third party; name an"
                    " actor with role: third party",
                )]
            if self.moderates is not None and not within_one(self.moderates.strength):
                return [(
                    "moderates.strength",
                    "the value of some type is not a chance; a "
                    "chance lies between 0 and 1; correct the values",
                )]
            return []

    spec: Spec

    @property
    def movers(self) -> tuple[str, ...]:
        return (self.spec.actor,)

    @property
    def private(self) -> dict[str, dict[str, Any]]:
        m = self.spec.moderates
        return {} if m is None else {m.of: {"moderates.strength": m.strength}}

    def slot(self) -> str:
        return "waits"

    def on(self, event: Event, state: State) -> Reaction | None:
        if event.kind != "deal" or self.mine(state) != "waits":
            return None
        return Reaction(slot="asked", steps=(("spoil", None),))

    def step(self, state: State, step: AgendaItem) -> Node:
        name = self.spec.actor
        if step.what == "spoil":
            tries = state._replace(agenda=(AgendaItem(self.index, "try"), *state.agenda))
            cost = {name: -self.num("cost", None, state)}
            return Decision(name, (
                Branch(Act(name, "let be", phrase="let the deal be"), state, group="let_be"),
                Branch(Act(name, "try", phrase="try to stop the deal"), tries, cost, group="try"),
            ))
        fallen = self.rules.collapse(self.put(state, "wrecked"))
        p = self.num("wrecks", None, state)
        m = self.spec.moderates
        if m is not None:
            p = p * (1 - self.rules.known(m.of, f"{self.key}.moderates.strength"))
        moves = (
            Branch(by_chance("deal falls", "", "the deal falls"), fallen, chance=p),
            Branch(by_chance("deal survives", "", "the deal survives"), state, chance=1 - p),
        )
        return Chance(moves) if m is None else TypeChance(m.of, moves)

    def at_end(self, ending: Leaf) -> Pay | None:
        if self.mine(ending.state) != "wrecked" or ending.outcome == "settlement":
            return None
        return {self.spec.actor: self.num("gains", None, ending.state)}
