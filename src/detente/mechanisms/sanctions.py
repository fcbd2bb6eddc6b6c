"""Sanctions: a rung on which one principal imposes a cost on the other, at a cost to itself.

Meaning
    A principal that stands at or above a named rung imposes sanctions. Both principals pay for each
    of its turns there, the one in which it climbs included, and once more if the deadline passes
    while sanctions are in force. In each of these turns the sanctions may bite, which all see; the
    target then pays more per turn. They end with a settlement, a concession or war. The target may
    have a private `resolve`: it bears that much of the burden without loss.
Units
    `cost`, `burden`, `bitten`: stakes per turn of the sender. `bite`: probability per turn until
    they bite. `resolve`: stakes per turn; it may exceed the burden, if sanctions rally support.
Source
    Crisman-Cox and Gibilisco 2019 [crisman-cox-gibilisco-2019], where the target alone knows what
    sanctions are worth to it. Their sender moves last and ends the game by imposing. Here play goes
    on after that, so the two games do not coincide. Morgan and Miers 1999 [morgan-miers-1999],
    Drezner 2003 [drezner-2003] and Lacy and Niou 2004 [lacy-niou-2004] on threats of sanctions,
    which work before sanctions are imposed.
Direction
    A higher `burden` or chance to bite, with `bitten` above 0: a target under sanctions concedes
    more often. A higher `cost`: the sender imposes less often. Both hold if neither side attacks,
    there are no offers and the target alone may concede, with the target's move last but for the
    deadline: each then chooses between two values of which one falls in the number.
    Selection: a rung on which the sender threatens sanctions lets the less resolute types concede
    before sanctions. Sanctions that are imposed after a threat then succeed less often than
    sanctions without one, and less often than the threat itself. The first holds with a private
    `resolve` (or a private weight of the stake) in the same region, because the types that concede
    under sanctions are those that concede to the threat. The second also needs a sender that
    carries out its threat (`cost` below `bite` times what a concession gives it, for the types that
    may still concede), a burden near or above the part of the stake in dispute, so that some types
    concede to it, and a `bite` below one half, because else most types concede late.
Neutral value
    `cost`, `burden` and `bite` = 0 without a private `resolve`.
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
    Leaf,
    Mechanism,
    MechanismSpec,
    Node,
    Pay,
    Reaction,
    State,
)
from detente.scenario.model import PrincipalRef, RungRef
from detente.scenario.quantity import ByActor, Cost, Is, Kind, Probability

__all__ = ["Sanctions"]


class Sanctions(Mechanism):
    """Charges both sides for sanctions, and draws whether they bite."""

    kind: ClassVar[str] = "sanctions"
    order: ClassVar[int] = 26
    optional: ClassVar[Mapping[str, float]] = {"bitten": 0.0}
    quantities: ClassVar[Mapping[str, str]] = {
        "resolve": "the part of the burden of sanctions that this principal bears without loss, "
        "per turn (stakes)",
    }

    class Spec(MechanismSpec):
        """Sanctions of one principal against the other."""

        by: PrincipalRef = Field(description="The principal that imposes them.")
        at: RungRef = Field(description="The lowest rung on which it imposes them.")
        cost: Cost = Field(description="Cost per turn to the sender (stakes).")
        burden: Cost = Field(description="Cost per turn to the target (stakes).")
        bite: Annotated[Probability, Is(Kind.CHANCE)] = Field(
            description="Chance per turn that they begin to bite."
        )
        bitten: Cost | None = Field(
            None, description="Added cost per turn to the target once they bite (stakes)."
        )

        def problems(self, scenario: Any) -> list[tuple[str, str]]:
            """Check that the rung is below war and that the sender can stand on it."""
            wrong = self.outcome_rung(scenario, self.at, "sanctions need")
            if wrong:
                return wrong
            owner = scenario.rung(self.at).by
            if owner not in (None, self.by):
                return [("at", f"{self.at!r} is a rung of {owner}, and {self.by} passes over it; "
                         f"sanctions need a rung of {self.by} or of both; name another rung")]
            return []

    spec: Spec

    @classmethod
    def reads(cls, scenario: Any, spec: Any) -> Mapping[str, tuple[str, ...]]:
        return {p: ("resolve",) for p in scenario.principals if p != spec.by}

    def prepare(self) -> None:
        names = [r.name for r in self.rules.rungs]
        self.rung = names.index(self.spec.at) if self.spec.at in names else len(names)
        self.target = self.rules.other(self.spec.by)

    def rung_notes(self, rung: Any) -> Mapping[str, Any]:
        if rung.name != self.spec.at:
            return {}
        return {"sanctions, cost to the sender": ByActor(common=self.spec.cost),
                "to the target": ByActor(common=self.spec.burden),
                "chance to bite": ByActor(common=self.spec.bite)}

    def slot(self) -> bool:
        return False

    def imposed(self, state: State) -> bool:
        """Whether sanctions are in force."""
        at = self.rules.principals.index(self.spec.by)
        return bool(state.rung) and state.rung[at] >= self.rung

    def bill(self, state: State) -> Pay:
        """Return the cost of one turn under sanctions."""
        burden = self.num("burden", None, state) - self.rules.known(self.target, "resolve")
        if self.mine(state):
            burden = burden + self.num("bitten", None, state)
        return {self.spec.by: -self.num("cost", None, state), self.target: -burden}

    def on(self, event: Event, state: State) -> Reaction | None:
        own = event.kind in ("stays", "escalates", "offers") and event.actor == self.spec.by
        if not own or not self.imposed(state):
            return None
        steps = () if self.mine(state) else (("bite", None),)
        return Reaction(steps=steps, pay=self.bill(state))

    def step(self, state: State, step: AgendaItem) -> Node:
        bite = self.num("bite", None, state)
        return Chance((
            Branch(by_chance("bite", self.spec.by, "the sanctions of {whom} bite"),
                   self.put(state, True), chance=bite),
            Branch(by_chance("do not bite", self.spec.by, "the sanctions of {whom} do not bite"),
                   state, chance=1 - bite),
        ))

    def at_end(self, ending: Leaf) -> Pay | None:
        if not self.imposed(ending.state):
            return None
        return self.bill(ending.state) if ending.outcome == "status quo" else None
