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
from typing import Annotated, Any, ClassVar, Union

from pydantic import Discriminator, Field, Tag

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
from detente.scenario.model import ActorRef, PackageRef
from detente.scenario.quantity import Is, Kind, NonNegative, Number, Probability

__all__ = ["Mediator"]



def _named(raw: Any) -> str:
    return "package" if isinstance(raw, str) and raw.lstrip()[:1].isalpha() else "share"


Proposal = Annotated[
    Union[Annotated[float, Tag("share")], Annotated[PackageRef, Tag("package")]],  # noqa: UP007
    Discriminator(_named),
]
Proposals = Annotated[
    Union[Annotated[Proposal, Tag("one")], Annotated[list[Proposal], Tag("list")]],  # noqa: UP007
    Discriminator(lambda raw: "list" if isinstance(raw, list) else "one"),
]


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
        proposes: Proposals = Field(
            description="Share(s) of the stake to `stake.first`, or packages by name, that it may "
            "propose (structure)."
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
            given = self.proposes if isinstance(self.proposes, list) else [self.proposes]
            shares = [x for x in given if isinstance(x, float)]
            if shares and scenario.stake is not None and scenario.stake.issues:
                return [(
                    "proposes",
                    "a proposal is a share, but the stake has issues; a proposal is then a "
                    "package; name packages of `offers`",
                )]
            if not given or (shares and (min(shares) < 0 or max(shares) > 1)):
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
        every = given if isinstance(given, list) else [given]
        names = [p.name for p in self.rules.packages]
        self.deals: dict[str, Deal] = {
            share_text(s): Deal(s, mediator=self.index)
            for s in sorted({float(x) for x in every if isinstance(x, float)})
        }
        for name in (x for x in every if isinstance(x, str) and x in names):
            package = self.rules.packages[names.index(name)]
            self.deals[name] = Deal(package.share, names.index(name), self.index)

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
                Branch(Act(name, "propose", said), self.then(state, "first", said), group="propose")
                for said in self.deals
            )
            return Decision(name, (*moves, Branch(Act(name, "stand aside"), state, group="aside")))
        first, second = rules.principals
        terms = str(step.data)
        asked, no = (first, state) if step.what == "first" else (second, state)
        if step.what == "first":
            yes, pay = self.then(state, "second", terms), None
        else:
            resume = AgendaItem(CORE, "resume")
            yes, pay = rules.propose(self.deals[terms], state, resume)  # type: ignore[assignment]
        return Decision(asked, (
            Branch(Act(asked, "agree", terms, "agree to {object}"), yes, pay, group="agree"),
            Branch(Act(asked, "refuse", terms), no, group="refuse"),
        ))

    def then(self, state: State, what: str, terms: str) -> State:
        """Return the state in which a principal is asked."""
        return state._replace(agenda=(AgendaItem(self.index, what, terms), *state.agenda))

    def covers(self, deal: Deal, state: State) -> Expr:
        brokered = deal.mediator == self.index
        return self.num("face_saving", None, state) if brokered else ZERO

    def at_end(self, ending: Leaf) -> Pay | None:
        rules, pay = self.rules, {}
        weight = rules.weight(self.spec.actor)
        if ending.outcome in ("settlement", "concession") and rules.divides(ending):
            part = rules.part(self.spec.actor, rules.principals[0], ending)
            taste = self.num("bias", None, ending.state) * part
            pay[self.spec.actor] = weight * (taste + (1.0 if ending.deal is not None else 0.0))
        elif ending.outcome in OWN_WARS:
            pay[self.spec.actor] = weight * -ONE
        if ending.deal is not None and ending.deal.mediator == self.index:
            for p in rules.principals:
                pay[p] = self.num("guarantee", p, ending.state)
        return pay
