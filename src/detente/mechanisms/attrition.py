"""Attrition: fighting and talking side by side.

Meaning
    While a principal stands at or above a named rung, limited war goes on. Both principals pay each
    round, and the fighting may be decided, which ends the crisis by the odds of war. Talks continue
    meanwhile; if the deadline passes, the fighting goes on, which is not an ending of the war. If
    one side's strength in the field is private, the result of each round depends on it, so battles
    inform the other side. A war that is decided ends as any other: in victory of one side, in its
    defeat, or, if the file has `war.endings`, in stalemate at a line.
Units
    `cost`: stakes per round and principal. `decision`: probability per round.
    `strength.advance`: probability per round, by type.
Source
    Powell 2004; Slantchev 2003; Filson & Werner 2002.
Direction
    A higher cost per round: settlements are sooner and more frequent. A higher chance of decision:
    more crises are decided by force. Both hold if a share exists that both sides prefer to
    fighting. If the strength is private, beliefs converge with the rounds fought.
Neutral value
    `cost` = 0 and `decision` = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import Field

from detente.identifiers import by_chance
from detente.mechanisms.base import (
    AgendaItem,
    Branch,
    Chance,
    Event,
    Leaf,
    Mechanism,
    MechanismSpec,
    Node,
    Reaction,
    State,
    TypeChance,
    within_one,
)
from detente.mechanisms.expr import ONE
from detente.scenario.model import FilePart, PrincipalRef, RungRef
from detente.scenario.private import Private
from detente.scenario.quantity import CostBy, Is, Kind, Probability

__all__ = ["Attrition"]


class Strength(FilePart):
    """One side's private strength in the field."""

    of: PrincipalRef = Field(description="The side whose strength it is.")
    advance: Private = Field(
        description="Chance, by type, that a round of fighting favours this side (in [0, 1])."
    )


class Attrition(Mechanism):
    """A round of fighting at the start of each round but the first."""

    kind: ClassVar[str] = "attrition"
    order: ClassVar[int] = 25
    endings: Mapping[str, bool] = {"fighting goes on": False}

    class Spec(MechanismSpec):
        """Limited war during the talks."""

        at: RungRef = Field(description="The lowest rung on which there is fighting.")
        cost: CostBy = Field(description="Cost per round of fighting (stakes).")
        decision: Annotated[Probability, Is(Kind.CHANCE)] = Field(
            description="Chance that a round decides the war."
        )
        strength: Strength | None = Field(
            None, description="One side's private strength, which the results of battles reveal."
        )

        def problems(self, scenario: Any) -> list[tuple[str, str]]:
            """Check that there is fighting below war, and that the odds are chances."""
            wrong = self.outcome_rung(scenario, self.at, "limited war needs")
            if wrong:
                return wrong
            if self.strength is not None and not within_one(self.strength.advance):
                return [(
                    "strength.advance",
                    "the value of some type is not a chance; a "
                    "chance lies between 0 and 1; correct the values",
                )]
            return []

    spec: Spec

    def prepare(self) -> None:
        names = [r.name for r in self.rules.rungs]
        self.rung = names.index(self.spec.at) if self.spec.at in names else len(names)

    @property
    def private(self) -> dict[str, dict[str, Any]]:
        s = self.spec.strength
        return {} if s is None else {s.of: {"strength.advance": s.advance}}

    def rung_notes(self, rung: Any) -> Mapping[str, Any]:
        return {"fighting": self.spec.cost} if rung.name == self.spec.at else {}

    def fighting(self, state: State) -> bool:
        """Whether limited war is going on."""
        return bool(state.rung) and max(state.rung) >= self.rung

    def on(self, event: Event, state: State) -> Reaction | None:
        if event.kind != "round" or event.data == 1 or not self.fighting(state):
            return None
        return Reaction(
            steps=(("battle", None),),
            pay={p: -self.num("cost", p, state) for p in self.rules.principals},
        )

    def step(self, state: State, step: AgendaItem) -> Node:
        if step.what == "battle" and self.spec.strength is not None:
            side = self.spec.strength.of
            p = self.rules.known(side, f"{self.key}.strength.advance")
            on = state._replace(agenda=(AgendaItem(self.index, "decided"), *state.agenda))
            return TypeChance(side, (
                Branch(
                    by_chance("front moves for", side, "the front moves for {whom}"),
                    on, chance=p,
                ),
                Branch(
                    by_chance("front moves against", side, "the front moves against {whom}"),
                    on, chance=ONE - p,
                ),
            ))
        if step.what == "winner" and self.spec.strength is not None:
            side = self.spec.strength.of
            p = self.rules.known(side, f"{self.key}.strength.advance")
            won, lost = (
                Leaf("war", state, share=float(self.rules.gets(side, s)),  # type: ignore[arg-type]
                     result="victory", winner=side if s else self.rules.other(side))
                for s in (1.0, 0.0)
            )
            ends = self.rules.war_ends(
                Leaf("war", state), p if side == self.rules.principals[0] else ONE - p)
            if ends:  # the results of the battles are the field's, so no estimate is added
                first = self.rules.principals[0]
                return TypeChance(side, tuple(
                    replace(b, to=b.to._replace(share=float(b.to.winner == first)))
                    if isinstance(b.to, Leaf) and b.to.winner else b for b in ends))
            return TypeChance(side, (
                Branch(by_chance("prevails", side, "{whom} prevails"), won, chance=p),
                Branch(by_chance("is beaten", side, "{whom} is beaten"), lost, chance=ONE - p),
            ))
        decided = self.num("decision", None, state)
        if self.spec.strength is None:
            war, pay = self.rules.to_war(None, state)
        else:
            war, pay = state._replace(agenda=(AgendaItem(self.index, "winner"),), standing=None), {}
        return Chance((
            Branch(
                by_chance("fighting decided", "", "the fighting is decided"),
                war, pay, chance=decided,
            ),
            Branch(
                by_chance("fighting goes on", "", "the fighting goes on"),
                state, chance=1 - decided,
            ),
        ))

    def outcome(self, ending: Leaf) -> str | None:
        lapsed = ending.outcome == "status quo" and self.fighting(ending.state)
        return "fighting goes on" if lapsed else None
