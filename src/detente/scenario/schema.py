"""The crisis file as typed, immutable objects.

Costs and values are in units of the stake (the whole stake is 1 for each principal unless the
file weighs it). A field of type `Number`, or of a type made from it, may hold a
range. All other fields are structure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, PrivateAttr, field_validator

from detente.scenario.beside import Claim, Lever, Source, StructureOf, Text, Variant
from detente.scenario.habits import ACTIONS, EVEN
from detente.scenario.model import FilePart, Name, RateRef, Slug, segment
from detente.scenario.outside import Outside
from detente.scenario.parts.actor import Actor
from detente.scenario.parts.habits import PRECISION, Habits, default_weight
from detente.scenario.parts.ladder import Rung, read_rung
from detente.scenario.parts.mechanism import MechanismEntry, read_mechanism
from detente.scenario.parts.offers import Offers
from detente.scenario.parts.stake import NoDeal, Stake
from detente.scenario.parts.turns import Start, Turns
from detente.scenario.parts.war import War
from detente.scenario.quantity import CostBy, Is, Kind, Ratio

__all__ = ["Scenario"]

T = TypeVar("T")
_KEPT = "_kept"

Words = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_ -]*$", max_length=60)]


class Scenario(FilePart):
    """A crisis, as its file states it.

    Use `detente.cases.load` to read a file. It also checks rules that need several fields.
    """

    crisis: Slug = Field(description="The crisis's short name.")
    title: str = Field(description="The title to print.")
    summary: Text = Field("", description="The crisis in a few neutral sentences.")
    date: str = Field("", description="When the crisis took place, or the file was written.")
    ended: Text = Field("", description="How the crisis ended, if it has, in a sentence or two.")
    sources: list[Source] = Field([], description="The sources of numbers and claims.")
    actors: dict[Name, Actor] = Field(description="The actors by name.", min_length=1)
    stake: Stake | None = Field(None, description="The object of the dispute.")
    turns: Turns | None = Field(None, description="The order and the number of turns.")
    start: Start | None = Field(
        None, description="The rung on which the crisis begins (default: the lowest)."
    )
    delay_cost: CostBy | None = Field(
        None, description="Cost (stakes) per turn to each principal; required with `turns`."
    )
    no_deal: NoDeal | None = Field(
        None, description="The outcome if the deadline passes without a deal."
    )
    ladder: list[Annotated[Rung, BeforeValidator(read_rung)]] = Field(
        [], description="The rungs, lowest first, then war, then at most one loss to all."
    )
    war: War | None = Field(None, description="War as a costly lottery.")
    offers: Offers | None = Field(None, description="The offers that may be made.")
    mechanisms: list[Annotated[MechanismEntry, BeforeValidator(read_mechanism)]] = Field(
        [], description="The mechanisms of the crisis, each as `{kind: settings}`."
    )
    precision: Annotated[Ratio, Is(Kind.PRECISION)] = Field(
        PRECISION,
        description="Precision of choice in the fallible model (lambda), per unit of the stake. A "
        "range is log-uniform.",
        json_schema_extra={"default": "5 to 45"},
    )
    habits: Habits = Field(
        {kind: default_weight(kind) for kind in ACTIONS},
        description="Base weights of the kinds of moves (hold, escalate, offer, accept, yield, "
        "attack, lapse, and those of mechanisms): how often a government makes them if incentives "
        "say nothing. A kind left out keeps its default. `even` gives every kind the same weight.",
        json_schema_extra={"default": "calibrated on recorded crises"},
    )
    cannot: list[Annotated[Text, Field(min_length=1)]] = Field(
        [], description="Sentences on what the file cannot express about the crisis."
    )
    levers: dict[str, Lever] = Field({}, description="Numbers that an actor could change, by path.")
    claims: list[Claim] = Field([], description="Statements about the crisis, to be tested.")
    rates: list[RateRef] = Field(
        [],
        description="Base rates that apply to the crisis, by the names of `detente data "
        "rates --list`.",
    )
    variants: dict[Slug, Variant] = Field(
        {}, description="Variants of the crisis, each by its changes, for `detente compare`."
    )
    structures: dict[Words, StructureOf] = Field(
        {}, description="Structural alternatives with weights, by name. The samples run over them "
        "and over the file as written, which has weight 1."
    )

    _outside: Outside | None = PrivateAttr(None)
    """The ties file beside the crisis file, and base rates; copies keep it."""

    @field_validator("habits", mode="after")
    @classmethod
    def _all_habits(cls, habits: Any) -> Any:
        if habits == EVEN:
            return habits
        return {**{kind: default_weight(kind) for kind in ACTIONS}, **habits}

    @field_validator("ladder", mode="after")
    @classmethod
    def _above_war(cls, ladder: list[Rung]) -> list[Rung]:
        wars = [k for k, rung in enumerate(ladder) if rung.ending == "war"]
        if not wars:
            return ladder
        return [
            rung.model_copy(update={"ending": "loss to all"})
            if k > wars[0] and rung.ending is None
            else rung
            for k, rung in enumerate(ladder)
        ]

    def once(self, key: str, make: Callable[[], T]) -> T:
        """Return ``make()``, computed at the first call with this key and then kept.

        A scenario does not change, so anything computed from it alone can be kept with it: the
        rules, the explored graph, the records of its numbers. `model_copy` and pickling drop it.
        """
        kept: dict[str, Any] = self.__dict__.setdefault(_KEPT, {})
        if key not in kept:
            kept[key] = make()
        found: T = kept[key]
        return found

    @property
    def outside(self) -> Outside | None:
        """The world outside the crisis that its claims may ask about; None if none is known."""
        return self._outside

    def enter_outside(self, outside: Outside) -> None:
        """Enter the world outside the crisis, once, when the file is read."""
        self._outside = outside

    def model_copy(
        self, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> Scenario:
        """Return a copy with some fields changed; nothing computed from the original is kept."""
        made = super().model_copy(update=update, deep=deep)
        made.__dict__.pop(_KEPT, None)
        return made

    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        return {**state, "__dict__": {k: v for k, v in state["__dict__"].items() if k != _KEPT}}

    @property
    def principals(self) -> tuple[str, ...]:
        """The principals, in the order of the file."""
        return tuple(name for name, actor in self.actors.items() if actor.role == "principal")

    @property
    def second(self) -> str | None:
        """The principal who is not `stake.first`."""
        if self.stake is None:
            return None
        return next((p for p in self.principals if p != self.stake.first), None)

    @property
    def rungs(self) -> tuple[Rung, ...]:
        """The rungs on which the crisis goes on (those that are not outcomes), lowest first."""
        return tuple(rung for rung in self.ladder if rung.ending is None)

    def rung_above(self, principal: str, at: int) -> int | None:
        """Return the position in `rungs` of the next rung that a principal can climb to."""
        return next((k for k, rung in enumerate(self.rungs)
                     if k > at and rung.by in (None, principal)), None)

    def rung(self, name: str) -> Rung:
        """Return the rung of that name; spaces and underscores are alike.

        Raises
        ------
        KeyError
            If no rung has that name.
        """
        for rung in self.ladder:
            if rung.segment == segment(name):
                return rung
        raise KeyError(name)

    def __repr__(self) -> str:
        return (f"<Scenario {self.crisis}: {self.title}; {len(self.actors)} actors, "
                f"{len(self.mechanisms)} mechanisms, {len(self.claims)} claims>")

    def mechanism(self, id: str) -> MechanismEntry:
        """Return the mechanism of that id.

        Raises
        ------
        KeyError
            If no mechanism has that id.
        """
        for entry in self.mechanisms:
            if entry.id == segment(id):
                return entry
        raise KeyError(id)

    def start_rung(self, actor: str) -> str | None:
        """Return the name of the rung on which a principal begins."""
        if self.start is None:
            return self.rungs[0].name if self.rungs else None
        at = self.start.rung
        name = at if isinstance(at, str) else at.get(actor)
        return self.rung(name).name if name is not None else self.rungs[0].name
