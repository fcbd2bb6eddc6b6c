"""The crisis file as typed, immutable objects.

Costs and values are in units of the stake (the whole stake is 1 for each principal unless the
file weighs it). A field of type `Number`, or of a type made from it, may hold a
range. All other fields are structure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeVar, Union

from pydantic import (
    BaseModel,
    BeforeValidator,
    Discriminator,
    Field,
    SerializeAsAny,
    Tag,
    TypeAdapter,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
    field_validator,
)

from detente.errors import nearest, one_of
from detente.scenario.beside import Claim, Lever, Source, StructureOf, Text, Variant
from detente.scenario.entries import one_key, read_body
from detente.scenario.habits import ACTIONS, DEFAULTS, EVEN
from detente.scenario.library import LIBRARY, Library
from detente.scenario.model import (
    FilePart,
    Name,
    PrincipalRef,
    RateRef,
    RungRef,
    Slug,
    segment,
    shown,
    wrong,
)
from detente.scenario.private import Private
from detente.scenario.quantity import (
    Cost,
    CostBy,
    Is,
    Kind,
    NonNegative,
    Number,
    Probability,
    ProbabilityBy,
    Quantity,
    Ratio,
)
from detente.scenario.structural import MOST_OFFERS, MOST_TURNS, OneOf

__all__ = [
    "Actor",
    "Claim",
    "Lever",
    "MechanismEntry",
    "NoDeal",
    "Offers",
    "Package",
    "Rung",
    "Scenario",
    "SidePayment",
    "Source",
    "Stake",
    "Start",
    "Turns",
    "Variant",
    "War",
]

T = TypeVar("T")
_KEPT = "_kept"

Words = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_ -]*$", max_length=60)]


def _read_habits(raw: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    if isinstance(raw, Mapping) or raw == EVEN:
        return handler(raw)
    raise wrong("empty" if raw is None else f"{shown(raw)} is not a set of habits",
                expected=f"{EVEN} (the same weight for every kind of move), or a mapping of kinds "
                "to weights such as {attack: 5, hold: 50}; remove the key for the default",
                nearest=nearest(raw, [EVEN]) if isinstance(raw, str) else None)


HabitWeight = Annotated[Ratio, Is(Kind.HABIT)]
Habits = Annotated[
    Union[  # noqa: UP007 - a tagged union needs its members spelt out
        Annotated[Literal["even"], Tag("even")], Annotated[dict[Name, HabitWeight], Tag("each")]
    ],
    Discriminator(lambda raw: "each" if isinstance(raw, Mapping) else "even"),
    WrapValidator(_read_habits),
]
PRECISION = replace(
    Quantity.log_uniform(
        5.0, 45.0,
        "estimates on 2,105 disputes and 486 crises, and two crises followed move by move",
    ), kind=Kind.PRECISION,
)
"""The default precision of choice; the documentation, "Precision", gives the three studies."""


def _habit(kind: str) -> Quantity:
    low, middle, high = DEFAULTS[kind]
    made = Quantity.point(low) if low == high else Quantity.log_uniform(low, high, middle=middle)
    return replace(made, kind=Kind.HABIT, least=0.0, most=1e6,
                   because="calibrated on the outcomes of recorded crises")


def _each(most: int, word: str) -> Any:
    """Return the marks of a whole number that may be a list of alternatives, from 1 to ``most``."""
    one = {"type": "integer", "minimum": 1, "maximum": most}
    many: TypeAdapter[list[int]] = TypeAdapter(
        Annotated[list[Annotated[int, Field(ge=1, le=most, strict=True)]], Field(strict=True)])

    def read(raw: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        if not isinstance(raw, list):
            return handler(raw)
        values = many.validate_python(raw)
        if len(values) < 2:
            raise wrong("a list of alternatives has at least two numbers",
                        expected=f"a number of {word}, or a list of several such as [1, 2]")
        for k, value in enumerate(values):
            if value in values[:k]:
                raise wrong(f"{value} is listed twice", at=(k,),
                            expected="each number once; remove one")
        return OneOf(values)

    return WrapValidator(read), WithJsonSchema({"anyOf": [
        one, {"type": "array", "items": one, "minItems": 2, "maxItems": most,
              "uniqueItems": True}]}, mode="validation")


_TURNS, _TURNS_SCHEMA = _each(MOST_TURNS, "turns")
_OFFERS, _OFFERS_SCHEMA = _each(MOST_OFFERS, "offers")


class Actor(FilePart):
    """A government or another party that makes decisions or is affected by them."""

    role: Literal["principal", "mediator", "third party"] = Field(
        description="Principals divide the stake and move in turn. Others move if a "
        "mechanism asks them to.",
    )
    title: str = Field("", description="The name to print.")
    private: dict[Name, Private] = Field(
        {}, description="Private information of this actor: quantities whose value only this "
        "actor knows. Each gives the possible values (types) and the others' prior over them. A "
        "value that all actors know stands in the public key, not here."
    )
    sides_with: PrincipalRef | None = Field(
        None, description="The principal whose payoff this actor shares."
    )
    stake_weight: Annotated[Number, Is(Kind.WEIGHT)] = Field(
        replace(Quantity.point(1.0), kind=Kind.WEIGHT),
        description="Value of the whole stake to this actor, in units of the stake.",
        json_schema_extra={"default": 1.0},
    )
    demand: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="The share of the stake it publicly demands for itself (default: all)."
    )
    habits: Habits | None = Field(
        None, description="Its own habits, by kind of move; as `habits` of the file."
    )
    will_not: Annotated[
        list[Literal["escalate", "offer", "accept", "yield", "attack"]], Field(max_length=5)
    ] = Field(
        [], description="Kinds of moves that this principal never makes, such as `[offer]` for a "
        "government that will not negotiate (structure)."
    )


class Stake(FilePart):
    """The object of the dispute, which the principals divide; shares lie in [0, 1]."""

    name: str = Field(description="The object of the dispute, in words.")
    first: PrincipalRef = Field(description="The principal to whom a share of 1 gives everything.")
    status_quo: Annotated[Probability, Is(Kind.SHARE)] = Field(
        description="The share of `first` in the status quo."
    )


class Turns(FilePart):
    """Who moves first, and how long the crisis may last."""

    first: PrincipalRef = Field(description="The principal who moves first.")
    each: Annotated[int, Field(ge=1, le=MOST_TURNS), _TURNS, _TURNS_SCHEMA] = Field(
        description="Number of turns of each principal (structure). A list such as `[1, 2, 3]` "
        "holds alternatives of equal weight; the middle one is the file's own."
    )


def _one_or_each(raw: Any) -> str:
    return "each" if isinstance(raw, Mapping) else "one"


class Start(FilePart):
    """The rung or rungs on which the crisis begins."""

    rung: Annotated[
        Union[  # noqa: UP007 - a tagged union needs its members spelt out
            Annotated[RungRef, Tag("one")], Annotated[dict[PrincipalRef, RungRef], Tag("each")]
        ],
        Discriminator(_one_or_each),
    ] = Field(description="The rung on which the principals stand, or one for each.")
    commitments: CostBy | None = Field(
        None,
        description="Audience costs (stakes) that the principals have incurred before the "
        "crisis begins.",
    )


class NoDeal(FilePart):
    """The outcome if the deadline passes without a deal."""

    cost: CostBy = Field(
        description="Cost (stakes) to each principal, beyond the status quo, if the deadline "
        "passes.",
    )


class Rung(FilePart):
    """A rung of the ladder; in the file a bare name, or `{name: {...}}`."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_ -]*$", max_length=60)] = Field(
        description="The name of the rung."
    )
    by: PrincipalRef | None = Field(
        None, description="The principal whose rung it is; the other one passes over it (default: "
        "a rung of both)."
    )
    audience_cost: CostBy | None = Field(
        None,
        description="Audience cost (stakes) added on entry. The actor pays it if it ends "
        "below its demand.",
    )
    sunk_cost: CostBy | None = Field(None, description="Cost (stakes) paid on entry.")
    risk: Annotated[ProbabilityBy, Is(Kind.ACCIDENT)] | None = Field(
        None,
        description="Chance of an accident that leads to war, on entry and per turn on this "
        "rung. On the "
        "rung above war, the chance that a war escalates to it.",
    )
    ending: Literal["war", "loss to all"] | None = Field(
        None,
        description="The outcome that this rung stands for (default for a rung called war: `war`).",
    )
    loss: CostBy | None = Field(
        None, description="Loss (stakes) of each principal on the rung above war."
    )

    @property
    def segment(self) -> str:
        """The rung's name in paths."""
        return segment(self.name)


class War(FilePart):
    """War as a costly lottery over the whole stake."""

    win_chance: Annotated[Probability, Is(Kind.ODDS)] = Field(
        description="The chance that `stake.first` wins."
    )
    seen_by: Annotated[ProbabilityBy, Is(Kind.ODDS)] | None = Field(
        None, description="The chance that `stake.first` wins, as a principal sees it; each acts "
        "on its own (default: `win_chance`)."
    )
    first_strike: Annotated[Number, Is(Kind.SHIFT)] | None = Field(
        None, description="Added to the attacker's chance of winning if it attacks first."
    )
    shift_per_turn: Annotated[Number, Is(Kind.SHIFT)] | None = Field(
        None,
        description="Change per round (one turn of each) in the chance that `stake.first` wins.",
    )
    cost: CostBy | None = Field(
        None,
        description="Publicly known cost of war (stakes). A private `war_cost` is added to it.",
    )


class SidePayment(FilePart):
    """A payment that goes with a package and that audiences do not see."""

    to: PrincipalRef = Field(description="The principal who receives it.")
    worth: Annotated[NonNegative, Is(Kind.VALUE)] = Field(
        description="Value to the receiver (stakes)."
    )
    cost: Cost | None = Field(
        None, description="Cost to the giver (stakes; default: `worth`)."
    )


class Package(FilePart):
    """A named settlement."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_ -]*$", max_length=60)] = Field(
        description="The name of the package."
    )
    share: Annotated[float, Field(ge=0, le=1)] = Field(
        description="The share of the stake that `stake.first` receives."
    )
    by: PrincipalRef | None = Field(
        None, description="The principal who may offer it (default: either)."
    )
    side_payment: SidePayment | None = Field(None, description="A private side payment.")
    face_saving: Annotated[Probability, Is(Kind.PART)] | None = Field(
        None,
        description="The part of an audience cost that the package removes for the actor "
        "that retreats.",
    )
    ultimatum: bool = Field(
        False, description="Whether the other principal can only accept or refuse it, after which "
        "the one who set it moves."
    )


class Offers(FilePart):
    """The offers that the principals may make."""

    shares: list[Annotated[float, Field(ge=0, le=1)]] | None = Field(
        None, description="Shares for `stake.first` that may be offered (default: derived)."
    )
    shares_by: dict[PrincipalRef, list[Annotated[float, Field(ge=0, le=1)]]] | None = Field(
        None, description="Shares for `stake.first` that one principal may offer, in place of "
        "`shares`."
    )
    each: Annotated[int, Field(ge=1, le=MOST_OFFERS), _OFFERS, _OFFERS_SCHEMA] = Field(
        1, description="Number of offers that each principal may make (structure). A list such as "
        "`[1, 2]` holds alternatives of equal weight; of two, the larger is the file's own."
    )
    packages: list[Package] | None = Field(None, description="Named settlements.")


class MechanismEntry(FilePart):
    """One entry of `mechanisms`: its kind, the name of its numbers in paths, and its settings."""

    kind: str = Field(description="The kind of mechanism.")
    id: str = Field(description="Its name in paths: its id, or its kind.")
    spec: SerializeAsAny[BaseModel] = Field(description="Its settings.")


def _rung(raw: Any) -> Any:
    if isinstance(raw, Rung):
        return raw
    name, body = one_key(raw, "rung")
    if "name" in body:
        raise wrong("`name` is given, but the name of a rung is its key", at=(name, "name"),
                    expected="no `name`; remove it", key=True)
    if "ending" not in body and name == "war":
        body["ending"] = "war"
    return read_body(name, Rung, {"name": name, **body}, hidden=("name",))


def _mechanism(raw: Any, info: ValidationInfo) -> Any:
    if isinstance(raw, MechanismEntry):
        return raw
    kind, body = one_key(raw, "mechanism")
    library: Library = (info.context or {}).get(LIBRARY, Library())
    known = library.mechanisms
    found = next((k for k in known if segment(k) == segment(kind)), None)
    if found is None:
        raise wrong(
            f"unknown mechanism {kind!r}",
            at=(kind,),
            expected=one_of(kind, sorted(known)) or "no mechanism",
            nearest=nearest(kind, known),
            key=True,
        )
    spec: Any = read_body(kind, known[found], body)
    return MechanismEntry(kind=found, id=segment(spec.id or found), spec=spec)


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
    ladder: list[Annotated[Rung, BeforeValidator(_rung)]] = Field(
        [], description="The rungs, lowest first, then war, then at most one loss to all."
    )
    war: War | None = Field(None, description="War as a costly lottery.")
    offers: Offers | None = Field(None, description="The offers that may be made.")
    mechanisms: list[Annotated[MechanismEntry, BeforeValidator(_mechanism)]] = Field(
        [], description="The mechanisms of the crisis, each as `{kind: settings}`."
    )
    precision: Annotated[Ratio, Is(Kind.PRECISION)] = Field(
        PRECISION,
        description="Precision of choice in the fallible model (lambda), per unit of the stake. A "
        "range is log-uniform.",
        json_schema_extra={"default": "5 to 45"},
    )
    habits: Habits = Field(
        {kind: _habit(kind) for kind in ACTIONS},
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

    @field_validator("habits", mode="after")
    @classmethod
    def _all_habits(cls, habits: Any) -> Any:
        if habits == EVEN:
            return habits
        return {**{kind: _habit(kind) for kind in ACTIONS}, **habits}

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
