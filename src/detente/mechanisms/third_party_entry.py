"""Third-party entry.

Meaning
    If war comes, a third party may join one side. Joining shifts the odds and has a cost; after a
    commitment, staying out has a cost too. The third party may also deploy before a war, at the
    rounds listed, which shifts the odds of a later war.
Units
    `shift`: chance to win, moved toward the side joined. `cost`, `commitment`, `deploy_cost`:
    stakes.
Source
    Signorino & Tarar 2006; Huth 1988.
Direction
    A larger commitment: the third party joins more often, and the opponent of the protected side
    attacks less. The protected side may attack more (moral hazard). War as a whole therefore falls
    only if the opponent is the more probable attacker.
Neutral value
    `shift` = 0 (joining then changes no odds).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from detente.identifiers import Act
from detente.mechanisms.base import (
    OWN_WARS,
    AgendaItem,
    Branch,
    Decision,
    Event,
    Leaf,
    Mechanism,
    MechanismSpec,
    Node,
    Pay,
    Reaction,
    State,
)
from detente.mechanisms.expr import Expr
from detente.scenario.model import ActorRef, PrincipalRef
from detente.scenario.quantity import Cost, Is, Kind, Probability

__all__ = ["ThirdPartyEntry"]


class ThirdPartyEntry(Mechanism):
    """Decides whether to join."""

    kind: ClassVar[str] = "third_party_entry"
    habit_kinds: ClassVar[tuple[str, ...]] = ("join", "out")
    order: ClassVar[int] = 35
    endings: Mapping[str, bool] = {"wider war": True}
    optional: ClassVar[Mapping[str, float]] = {"commitment": 0.0, "deploy_cost": 0.0}

    class Spec(MechanismSpec):
        """A third party that may join a war."""

        actor: ActorRef = Field(description="The third party that may join.")
        joins: PrincipalRef = Field(description="The principal whose side it joins.")
        shift: Annotated[Probability, Is(Kind.SHIFT)] = Field(
            description="Shift of the odds of war toward that side."
        )
        cost: Cost = Field(description="Cost of joining (stakes).")
        commitment: Cost | None = Field(
            None, description="Cost of staying out of the war (stakes)."
        )
        deploy_cost: Cost | None = Field(
            None, description="Cost of deploying before a war (stakes)."
        )
        at_turns: list[int] = Field(
            [], description="Rounds at whose start it may deploy; it also decides when war comes."
        )

        def joiners(self) -> tuple[str, ...]:
            return (self.actor,) if self.at_turns else ()

        def problems(self, scenario: Any) -> list[tuple[str, str]]:
            """Check that it is not a principal and that its turns exist."""
            if scenario.actors[self.actor].role == "principal":
                return [(
                    "actor",
                    "a principal takes part in a war already; only a third party joins; "
                    "name an actor with role: third party",
                )]
            if scenario.war is None or scenario.turns is None:
                return [(
                    "",
                    "the file has no war or no turns; a third party joins a war between "
                    "turns; add both, or leave the mechanism out",
                )]
            late = [t for t in self.at_turns if not 1 <= t <= scenario.turns.each]
            if late:
                most = scenario.turns.each
                return [("at_turns", f"there is no turn {late[0]}; each principal has {most} "
                         f"turns; list turns from 1 to {most}")]
            return []

    spec: Spec

    @property
    def movers(self) -> tuple[str, ...]:
        return (self.spec.actor,)

    def slot(self) -> str:
        return "out"

    def on(self, event: Event, state: State) -> Reaction | None:
        if self.mine(state) != "out":
            return None
        if event.kind == "war":
            return Reaction(steps=(("war", None),))
        if event.kind == "round" and event.data in self.spec.at_turns:
            return Reaction(steps=(("deploy", None),))
        return None

    def step(self, state: State, step: AgendaItem) -> Node:
        name, side = self.spec.actor, self.spec.joins
        joined = self.put(state, "in")
        if step.what == "deploy":
            joined, pay = self.rules.emit(Event("joins", name), joined)
            bill = dict(pay)
            cost = self.num("deploy_cost", None, state)
            bill[name] = bill.get(name, Expr({})) - cost
            deploy = Act(name, "deploy", side, "deploy beside {whom}")
            return Decision(name, (
                Branch(deploy, joined, bill, group="join"),
                Branch(Act(name, "stay back"), state, group="out"),
            ))
        return Decision(name, (
            Branch(Act(name, "join", side, "join {whom}"), joined, group="join"),
            Branch(Act(name, "stay out"), self.put(state, "stayed out"), group="out"),
        ))

    def odds(self, state: State, striker: str | None) -> Expr | None:
        if self.mine(state) != "in":
            return None
        shift = self.num("shift", None, state)
        return shift if self.spec.joins == self.rules.principals[0] else -shift

    def outcome(self, ending: Leaf) -> str | None:
        joined = self.mine(ending.state) == "in"
        return "wider war" if ending.outcome == "war" and joined else None

    def parties(self, ending: Leaf) -> tuple[str, ...]:
        return (self.spec.actor,) if self.mine(ending.state) == "in" else ()

    def at_end(self, ending: Leaf) -> Pay | None:
        if ending.outcome not in OWN_WARS:
            return None
        slot = self.mine(ending.state)
        if slot == "in":
            return {self.spec.actor: -self.num("cost", None, ending.state)}
        if slot == "stayed out":
            return {self.spec.actor: -self.num("commitment", None, ending.state)}
        return None
