"""Coordination of two blocs, for crises without a divisible stake.

Meaning
    Each round two blocs choose the old course or the new one, simultaneously. Being on the same
    course has a value. Leaving the old course has a cost, and returning has another (hysteresis).
    After the last round the courses continue for some rounds, so returning late still pays.
Units
    Stakes per round.
Source
    Schelling 1978, ch. 3 and 7; the stag hunt. Thresholds with switching costs: Dixit 1989.
Direction
    A lower value of the old course (a shock to it): more changes to the new course. A higher cost
    of returning: fewer returns after the shock has passed. Both hold if both courses are equilibria
    of the one-round game; outside that region one course is dominant.
Neutral value
    None: the mechanism is the game, not a part that is added to one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from detente.identifiers import Act, ActionProfile
from detente.mechanisms.base import (
    AgendaItem,
    Branch,
    Event,
    Leaf,
    Mechanism,
    MechanismSpec,
    Node,
    Pay,
    Reaction,
    State,
    Together,
)
from detente.mechanisms.expr import Expr
from detente.scenario.model import ActorRef, segment
from detente.scenario.quantity import CostBy, Is, Kind, NonNegative, NonNegativeBy, NumberBy

__all__ = ["Coordination"]


class Coordination(Mechanism):
    """Rounds of simultaneous choice."""

    kind: ClassVar[str] = "coordination"
    order: ClassVar[int] = 95
    optional: ClassVar[Mapping[str, float]] = {"after": 0.0}

    class Spec(MechanismSpec):
        """Two blocs that choose the same or different courses."""

        blocs: list[ActorRef] = Field(min_length=2, max_length=2, description="The two blocs.")
        old: str = Field("open", description="The course both are on at the start.")
        new: str = Field("closed", description="The other course.")
        rounds: int = Field(3, ge=1, le=5, description="Number of rounds (structure).")
        old_value: Annotated[NumberBy, Is(Kind.VALUE)] = Field(
            description="Value per round of the old course."
        )
        new_value: Annotated[NumberBy, Is(Kind.VALUE)] = Field(
            description="Value per round of the new course."
        )
        same: Annotated[NonNegativeBy, Is(Kind.VALUE)] = Field(
            description="Value per round of being on the same course."
        )
        leaving: CostBy = Field(description="Cost of leaving the old course.")
        returning: CostBy = Field(description="Cost of returning to the old course.")
        after: Annotated[NonNegative, Is(Kind.DURATION)] | None = Field(
            None, description="Number of rounds for which the last round's courses continue."
        )

        def plays(self) -> int:
            return self.rounds

        def problems(self, scenario: Any) -> list[tuple[str, str]]:
            """Check that the file has no turns and that the blocs differ."""
            if scenario.turns is not None:
                return [(
                    "",
                    "the file has turns; coordination replaces turns and stake; remove "
                    "one of them",
                )]
            if self.blocs[0] == self.blocs[1]:
                return [(
                    "blocs",
                    "both blocs are the same actor; two different actors coordinate; name"
                    " another",
                )]
            if segment(self.old).lower() == segment(self.new).lower():
                return [(
                    "new",
                    f"both courses are called {self.new!r}; the two courses need different names; "
                    "rename one",
                )]
            return []

    spec: Spec

    quantities: ClassVar[Mapping[str, str]] = {
        "new_value": "the gain of this bloc if both blocs choose the new course (stakes)",
    }

    @classmethod
    def reads(cls, scenario: Any, spec: Any) -> Mapping[str, tuple[str, ...]]:
        return dict.fromkeys(spec.blocs, ("new_value",))

    def prepare(self) -> None:
        same = {f"both {course}": False for course in (self.spec.old, self.spec.new)}
        self.endings = same | {"divided": False}

    @property
    def movers(self) -> tuple[str, ...]:
        return tuple(self.spec.blocs)

    def slot(self) -> tuple[int, int, int]:
        return (0, 0, 0)

    def on(self, event: Event, state: State) -> Reaction | None:
        return Reaction(steps=(("choose", event.data),)) if event.kind == "round" else None

    def value(self, bloc: str, was: int, now: int, other: int, state: State) -> Expr:
        """Return a bloc's payoff of one round: course, agreement, change of course."""
        out = self.num("new_value" if now else "old_value", bloc, state)
        known = self.rules.known(bloc, "new_value")
        out = out + known if now else out
        if now == other:
            out = out + self.num("same", bloc, state)
        if was != now:
            out = out - self.num("leaving" if now else "returning", bloc, state)
        return out

    def at_end(self, ending: Leaf) -> Pay | None:
        _, a, b = self.mine(ending.state)
        one, two = self.spec.blocs
        rounds = self.num("after", None, ending.state)
        return {
            one: rounds * self.value(one, a, a, b, ending.state),
            two: rounds * self.value(two, b, b, a, ending.state),
        }

    def step(self, state: State, step: AgendaItem) -> Node:
        played, *was = self.mine(state)
        names = (self.spec.old, self.spec.new)
        one, two = self.spec.blocs
        if step.what == "end":
            a, b = was
            same = f"both {names[a]}" if a == b else "divided"
            return Leaf(same, state)
        moves = []
        for a in (0, 1):
            for b in (0, 1):
                after = self.put(state, (played + 1, a, b))
                pay = {
                    one: self.value(one, was[0], a, b, state),
                    two: self.value(two, was[1], b, a, state),
                }
                if played + 1 == self.spec.rounds:
                    after = after._replace(agenda=(AgendaItem(self.index, "end"), *after.agenda))
                else:
                    after, _ = self.rules.emit(Event("round", None, played + 2), after)
                both = ActionProfile((Act(one, names[a]), Act(two, names[b])))
                moves.append(Branch(both, after, pay))
        return Together((one, two), (2, 2), tuple(moves))


