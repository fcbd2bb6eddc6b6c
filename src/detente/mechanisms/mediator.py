"""Mediator.

Meaning
    At the rounds listed, a mediator that still pays attention may make one of its proposals or
    none. Both principals answer in turn. A deal that it brokers covers part of the cost of a
    retreat (face-saving), and its guarantee may add to the worth of the deal.
Units
    `attention`, `attention_kept`: probability and factor on it. `face_saving`: part of the audience
    cost. `guarantee`: stakes for each principal. `bias`: the mediator's weight on the first
    principal's share, relative to a settlement worth 1 and a war worth -1, times its stake weight.
Source
    Kydd 2003; Princen 1992 for face-saving.
Direction
    More face-saving, guarantee or attention: more settlements and less war, if commitments are
    costly. More bias: proposals and settlements shift toward the favoured side. Kydd (2003) also
    shows that only a biased mediator is believed. His result needs a private signal of the mediator
    that is correlated with a type; this class of games has none, so bias never adds credibility.
Neutral value
    `attention` = 0 removes it; `face_saving`, `guarantee` and `bias` are neutral at 0. A number
    left out stands for full, lasting attention (1) and no other effect (0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from detente.identifiers import Act, by_chance, share_text
from detente.mechanisms.base import (
    CORE,
    OWN_WARS,
    AgendaItem,
    Branch,
    Chance,
    Deal,
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
from detente.mechanisms.expr import ONE, ZERO, Expr
from detente.scenario.model import ActorRef
from detente.scenario.quantity import Is, Kind, NonNegative, Number, Probability

__all__ = ["Mediator"]


class Mediator(Mechanism):
    """Makes proposals at the rounds listed."""

    kind: ClassVar[str] = "mediator"
    habit_kinds: ClassVar[tuple[str, ...]] = ("propose", "aside", "agree", "refuse")
    order: ClassVar[int] = 40
    optional: ClassVar[Mapping[str, float]] = {
        "attention": 1.0, "attention_kept": 1.0, "face_saving": 0.0, "guarantee": 0.0, "bias": 0.0,
    }

    class Spec(MechanismSpec):
        """A third party that proposes."""

        actor: ActorRef = Field(description="The mediator.")
        proposes: float | list[float] = Field(
            description="Share(s) of the stake to `stake.first` that it may propose (structure)."
        )
        at_turns: list[int] = Field([1], description="Rounds at whose start it may act (from 1).")
        attention: Annotated[Probability, Is(Kind.RESPONSE)] | None = Field(
            None, description="Chance that it attends at such a round (default: 1)."
        )
        attention_kept: Annotated[Probability, Is(Kind.PART)] | None = Field(
            None, description="Factor on attention for each later listed round (default: 1)."
        )
        face_saving: Annotated[Probability, Is(Kind.PART)] | None = Field(
            None, description="Part of the audience cost that a deal it brokers covers."
        )
        guarantee: Annotated[NonNegative, Is(Kind.VALUE)] | None = Field(
            None, description="Value that its guarantee adds to a deal for each principal (stakes)."
        )
        bias: Annotated[Number, Is(Kind.WEIGHT)] | None = Field(
            None, description="Its weight on the first principal's share (may be negative)."
        )

        def problems(self, scenario: Any) -> list[tuple[str, str]]:
            """Check that its turns exist and that its proposals are shares."""
            if scenario.actors[self.actor].role == "principal":
                return [(
                    "actor",
                    "a principal cannot mediate; a mediator is another actor; name an "
                    "actor with role: mediator",
                )]
            shares = self.proposes if isinstance(self.proposes, list) else [self.proposes]
            if not shares or min(shares) < 0 or max(shares) > 1:
                return [(
                    "proposes",
                    "a proposal is not a share; a share lies between 0 and 1; correct the "
                    "list",
                )]
            if scenario.turns is None:
                return [(
                    "",
                    "the file has no turns; a mediator acts between turns; add turns, or "
                    "leave it out",
                )]
            late = [t for t in self.at_turns if not 1 <= t <= scenario.turns.each]
            if late or not self.at_turns:
                most = scenario.turns.each
                return [("at_turns", f"there is no turn {late[0] if late else '[]'}; each "
                         f"principal has {most} turns; list turns from 1 to {most}")]
            return []

    spec: Spec

    @property
    def movers(self) -> tuple[str, ...]:
        return (self.spec.actor,)

    def prepare(self) -> None:
        given = self.spec.proposes
        self.shares = sorted({float(s) for s in (given if isinstance(given, list) else [given])})

    def attends(self, round_: int, state: State) -> Expr:
        """Return the chance that it attends at a listed round."""
        out = self.num("attention", None, state)
        for _ in range(sorted(self.spec.at_turns).index(round_)):
            out = out * self.num("attention_kept", None, state)
        return out

    def on(self, event: Event, state: State) -> Reaction | None:
        if event.kind != "round" or event.data not in self.spec.at_turns:
            return None
        return Reaction(steps=(("attend", event.data),))

    def step(self, state: State, step: AgendaItem) -> Node:
        name, rules = self.spec.actor, self.rules
        if step.what == "attend":
            ask = state._replace(agenda=(AgendaItem(self.index, "table"), *state.agenda))
            if self.spec.attention is None:
                return ask
            chance = self.attends(int(step.data), state)  # type: ignore[call-overload]
            return Chance((
                Branch(by_chance("attends", name, "{whom} attends"), ask, chance=chance),
                Branch(
                    by_chance("is elsewhere", name, "{whom} is elsewhere"),
                    state, chance=1 - chance,
                ),
            ))
        if step.what == "table":
            moves = tuple(
                Branch(
                    Act(name, "propose", share_text(s)), self.then(state, "first", s),
                    group="propose",
                )
                for s in self.shares
            )
            return Decision(name, (*moves, Branch(Act(name, "stand aside"), state, group="aside")))
        first, second = rules.principals
        share = float(step.data)  # type: ignore[arg-type]
        terms = share_text(share)
        asked, no = (first, state) if step.what == "first" else (second, state)
        if step.what == "first":
            yes, pay = self.then(state, "second", share), None
        else:
            deal = Deal(share, mediator=self.index)
            yes, pay = rules.propose(deal, state, AgendaItem(CORE, "resume"))  # type: ignore[assignment]
        return Decision(asked, (
            Branch(Act(asked, "agree", terms, "agree to {object}"), yes, pay, group="agree"),
            Branch(Act(asked, "refuse", terms), no, group="refuse"),
        ))

    def then(self, state: State, what: str, share: float) -> State:
        """Return the state in which a principal is asked."""
        return state._replace(agenda=(AgendaItem(self.index, what, share), *state.agenda))

    def covers(self, deal: Deal, state: State) -> Expr:
        brokered = deal.mediator == self.index
        return self.num("face_saving", None, state) if brokered else ZERO

    def at_end(self, ending: Leaf) -> Pay | None:
        rules, pay = self.rules, {}
        weight = rules.weight(self.spec.actor)
        if ending.outcome in ("settlement", "concession") and ending.share is not None:
            taste = self.num("bias", None, ending.state) * ending.share
            pay[self.spec.actor] = weight * (taste + (1.0 if ending.deal is not None else 0.0))
        elif ending.outcome in OWN_WARS:
            pay[self.spec.actor] = weight * -ONE
        if ending.deal is not None and ending.deal.mediator == self.index:
            for p in rules.principals:
                pay[p] = self.num("guarantee", p, ending.state)
        return pay
