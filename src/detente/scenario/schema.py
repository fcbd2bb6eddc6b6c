"""The crisis file as typed, immutable objects.

Costs and values are in units of the stake (the whole stake is 1 for each principal unless the
file weighs it). What is a `Number` or its kin may carry a range; everything else is structure.
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
    ValidationInfo,
    field_validator,
)

from detente.errors import nearest
from detente.scenario.beside import Claim, Lever, Source, Text, Variant
from detente.scenario.entries import one_key, read_body
from detente.scenario.library import LIBRARY, Library
from detente.scenario.model import (
    FilePart,
    Name,
    PrincipalRef,
    RateRef,
    RungRef,
    Slug,
    segment,
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
)

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


class Actor(FilePart):
    """Somebody who can do something, or is affected."""

    role: Literal["principal", "mediator", "third party"] = Field(
        description="Principals divide the stake and alternate; the others move when asked to."
    )
    title: str = Field("", description="The name to print.")
    private: dict[Name, Private] = Field(
        {}, description="What this actor knows of itself and the others do not, as types."
    )
    sides_with: PrincipalRef | None = Field(
        None, description="The principal whose result this actor shares in."
    )
    stake_weight: Annotated[Number, Is(Kind.WEIGHT)] = Field(
        replace(Quantity.point(1.0), kind=Kind.WEIGHT),
        description="What the whole stake is worth to it, in units of the stake.",
        json_schema_extra={"default": 1.0},
    )
    demand: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="The share of the stake it publicly demands for itself (default: all)."
    )


class Stake(FilePart):
    """What is in dispute: a share in [0, 1]."""

    name: str = Field(description="What is in dispute.")
    first: PrincipalRef = Field(description="The principal to whom a share of 1 gives everything.")
    status_quo: Annotated[Probability, Is(Kind.SHARE)] = Field(
        description="The share of `first` while nothing changes."
    )


class Turns(FilePart):
    """Who moves first, and how long the crisis may last."""

    first: PrincipalRef = Field(description="The principal who moves first.")
    each: Annotated[int, Field(ge=1, le=6)] = Field(description="Turns of each principal.")


def _one_or_each(raw: Any) -> str:
    return "each" if isinstance(raw, Mapping) else "one"


class Start(FilePart):
    """Where the crisis begins."""

    rung: Annotated[
        Union[  # noqa: UP007 - a tagged union needs its members spelt out
            Annotated[RungRef, Tag("one")], Annotated[dict[PrincipalRef, RungRef], Tag("each")]
        ],
        Discriminator(_one_or_each),
    ] = Field(description="The rung on which the principals stand, or one for each.")
    commitments: CostBy | None = Field(
        None, description="Audience costs already incurred when the file begins."
    )


class NoDeal(FilePart):
    """The end when the deadline lapses."""

    cost: CostBy = Field(
        description="What a lapsed deadline costs each principal beyond the status quo."
    )


class Rung(FilePart):
    """A rung of the ladder; in the file a bare name, or `{name: {...}}`."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_ -]*$", max_length=60)] = Field(
        description="What the rung is called."
    )
    audience_cost: CostBy | None = Field(
        None, description="Added on entry to what the actor pays if it ends below its demand."
    )
    sunk_cost: CostBy | None = Field(None, description="Paid on entry, whatever follows.")
    risk: Annotated[ProbabilityBy, Is(Kind.ACCIDENT)] | None = Field(
        None,
        description="Chance of war on entering and each turn spent here; on the rung above war, "
        "the chance that war reaches it.",
    )
    ending: Literal["war", "loss to all"] | None = Field(
        None, description="The ending that this rung is (a rung called war is war)."
    )
    loss: CostBy | None = Field(
        None, description="What each principal loses on the rung above war."
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
    first_strike: Annotated[Number, Is(Kind.SHIFT)] | None = Field(
        None, description="What attacking first adds to the attacker's chance."
    )
    shift_per_turn: Annotated[Number, Is(Kind.SHIFT)] | None = Field(
        None, description="How the chance of `stake.first` drifts with every turn of both."
    )
    cost: CostBy | None = Field(
        None, description="The publicly known cost of war; a private war_cost adds to it."
    )


class SidePayment(FilePart):
    """Something given beside the package and kept from audiences."""

    to: PrincipalRef = Field(description="Who receives it.")
    worth: Annotated[NonNegative, Is(Kind.VALUE)] = Field(
        description="What it is worth to the receiver."
    )
    cost: Cost | None = Field(
        None, description="What it costs the giver (default: its worth)."
    )


class Package(FilePart):
    """A named settlement."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_ -]*$", max_length=60)] = Field(
        description="What the package is called."
    )
    share: Annotated[float, Field(ge=0, le=1)] = Field(
        description="The share of the stake that `stake.first` receives."
    )
    by: PrincipalRef | None = Field(None, description="Who may offer it (default: either).")
    side_payment: SidePayment | None = Field(None, description="A private side payment.")
    face_saving: Annotated[Probability, Is(Kind.PART)] | None = Field(
        None, description="The part of an audience cost that the package spares who retreats."
    )


class Offers(FilePart):
    """What may be offered."""

    shares: list[Annotated[float, Field(ge=0, le=1)]] | None = Field(
        None, description="Shares of `stake.first` that may be offered (default: derived)."
    )
    each: Annotated[int, Field(ge=1, le=4)] = Field(
        1, description="How many offers each principal may make."
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
        raise wrong("a rung's name is its key", at=(name, "name"), key=True)
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
            expected="one of " + ", ".join(sorted(known)),
            nearest=nearest(kind, known),
            key=True,
        )
    spec: Any = read_body(kind, known[found], body)
    return MechanismEntry(kind=found, id=segment(spec.id or found), spec=spec)


class Scenario(FilePart):
    """A crisis, as its file states it.

    Use `detente.cases.load` to read one. It also checks what no single field can tell.
    """

    crisis: Slug = Field(description="The crisis's short name.")
    title: str = Field(description="The title to print.")
    summary: Text = Field("", description="The crisis in a few neutral sentences.")
    date: str = Field("", description="When the crisis took place, or the file was written.")
    sources: list[Source] = Field([], description="Where numbers and claims come from.")
    actors: dict[Name, Actor] = Field(description="Who takes part.", min_length=1)
    stake: Stake | None = Field(None, description="What is in dispute.")
    turns: Turns | None = Field(None, description="The order and the number of turns.")
    start: Start | None = Field(None, description="Where the crisis begins (default: lowest rung).")
    delay_cost: CostBy | None = Field(
        None, description="What every turn costs each principal; required with `turns`."
    )
    no_deal: NoDeal | None = Field(None, description="The end when the deadline lapses.")
    ladder: list[Annotated[Rung, BeforeValidator(_rung)]] = Field(
        [], description="The rungs, lowest first, then war, then at most one loss to all."
    )
    war: War | None = Field(None, description="War as a costly lottery.")
    offers: Offers | None = Field(None, description="What may be offered.")
    mechanisms: list[Annotated[MechanismEntry, BeforeValidator(_mechanism)]] = Field(
        [], description="What else the crisis is made of, one `{kind: settings}` each."
    )
    levers: dict[str, Lever] = Field({}, description="Numbers that somebody could change, by path.")
    claims: list[Claim] = Field([], description="What is said about the crisis.")
    rates: list[RateRef] = Field(
        [], description="Base rates that bear on the crisis, as `detente data rates` names them."
    )
    variants: dict[Slug, Variant] = Field(
        {}, description="Variants of the crisis, each by its changes, for `detente compare`."
    )

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
        """The rungs on which the crisis goes on (those that are no ending), lowest first."""
        return tuple(rung for rung in self.ladder if rung.ending is None)

    def rung(self, name: str) -> Rung:
        """Return the rung of that name; spaces and underscores are alike.

        Raises
        ------
        KeyError
            If there is none.
        """
        for rung in self.ladder:
            if rung.segment == segment(name):
                return rung
        raise KeyError(name)

    def mechanism(self, id: str) -> MechanismEntry:
        """Return the mechanism of that id.

        Raises
        ------
        KeyError
            If there is none.
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
