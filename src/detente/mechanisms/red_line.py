"""Red line.

Meaning
    An actor has announced a line. If the line is crossed and its owner neither climbs to the rung
    that it named nor attacks, every peaceful outcome except the other side's concession has a
    cost for the owner.
Units
    Stakes.
Source
    Fearon 1994 (a commitment before audiences).
Direction
    A higher cost: the owner escalates or attacks more often after a crossing, and the other side
    crosses less often. Both hold if the cost is of the order of the cost of war and crossing is a
    choice.
Neutral value
    `unanswered_cost` = 0.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from detente.mechanisms.base import (
    OWN_WARS,
    Event,
    Leaf,
    Mechanism,
    MechanismSpec,
    Pay,
    Reaction,
    State,
)
from detente.mechanisms.crossing import JOINS, REACHES, crossing
from detente.scenario.model import PrincipalRef, RungRef
from detente.scenario.quantity import Cost

__all__ = ["RedLine"]


DEEDS = (JOINS, REACHES)


def _other(deed: str, rungs: list[str]) -> str:
    return (f"'{deed}' is not a crossing; a crossing is 'joins' or 'reaches <rung>'; name a rung "
            f"of {', '.join(rungs) or 'the ladder'}")


class RedLine(Mechanism):
    """Records whether the line was crossed and whether it was answered."""

    kind: ClassVar[str] = "red_line"
    order: ClassVar[int] = 30

    class Spec(MechanismSpec):
        """An announced line."""

        of: PrincipalRef = Field(description="The owner of the line.")
        when: str = Field(
            description="The crossing: '<actor> joins', or '<principal> reaches <rung>'."
        )
        unanswered_cost: Cost = Field(
            description="Cost to the owner of an unanswered crossing (stakes)."
        )
        answered_by: RungRef = Field(description="The rung that answers it; an attack also does.")

        def problems(self, scenario: Any) -> list[tuple[str, str]]:
            """Check what crosses the line."""
            rungs = [r.name for r in scenario.ladder if r.ending is None]
            try:
                actor, _, rung = crossing(self.when, DEEDS)
            except ValueError as wrong:
                return [("when", _other(str(wrong), rungs))]
            if actor not in scenario.actors:
                return [("when", f"there is no actor {actor!r}; a line is crossed by one of "
                         f"{', '.join(scenario.actors)}; name one of them")]
            if rung and rung not in rungs:
                return [("when", _other(f"reaches {rung}", rungs))]
            if actor == self.of:
                return [("when", f"{self.of} owns the line; only another actor can cross it; name "
                         "another actor")]
            if not rung and not any(actor in m.spec.joiners() for m in scenario.mechanisms):
                return [("when", f"{actor} never joins in the crisis; a line that an actor crosses "
                         "by joining needs a mechanism that lets it join before a war; add "
                         "a third_party_entry with at_turns, or name another line")]
            return []

    spec: Spec

    def slot(self) -> str:
        return "whole"

    def prepare(self) -> None:
        self.actor, _, self.rung = crossing(self.spec.when, DEEDS)
        names = [r.name for r in self.rules.rungs]
        self.answer = names.index(self.spec.answered_by) if self.spec.answered_by in names else 99

    def on(self, event: Event, state: State) -> Reaction | None:
        crossed = event.actor == self.actor and (
            (not self.rung and event.kind == "joins")
            or (event.kind == "escalates" and self.rules.climbed(state, self.actor).name
                == self.rung)
        )
        if crossed and self.mine(state) == "whole":
            mine = state.rung[self.rules.principals.index(self.spec.of)]
            return Reaction(slot="answered" if mine >= self.answer else "crossed")
        if event.kind == "escalates" and event.actor == self.spec.of:
            me = self.rules.principals.index(self.spec.of)
            if self.mine(state) == "crossed" and state.rung[me] >= self.answer:
                return Reaction(slot="answered")
        return None

    def at_end(self, ending: Leaf) -> Pay | None:
        if self.mine(ending.state) != "crossed":
            return None
        won = ending.outcome == "concession" and ending.actor != self.spec.of
        if won or ending.outcome in OWN_WARS:
            return None
        return {self.spec.of: -self.num("unanswered_cost", self.spec.of, ending.state)}
