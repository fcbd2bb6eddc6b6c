"""The parts of a claim: numbers, conditions and events, each with its place in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal

from detente.identifiers import Act, Outcome, Terms

__all__ = [
    "MODELLED",
    "After",
    "All",
    "AllOf",
    "Any_",
    "Asked",
    "Belief",
    "Binary",
    "Bound",
    "ChanceEvent",
    "Change",
    "Choice",
    "Compare",
    "Deed",
    "Either",
    "EndsIn",
    "Event",
    "Every",
    "Expr",
    "Function",
    "Gain",
    "Label",
    "Level",
    "Never",
    "Not",
    "Number",
    "Part",
    "Path",
    "Place",
    "Probability",
    "Restructure",
    "Sequence",
    "Share",
    "Types",
    "Value",
    "Variant",
    "Without",
    "alone",
    "asked_in",
    "walk",
]

Place = tuple[int, int, int, int]
"""Line and column in the text of the claim, from 1; first and last position, from 0."""


@dataclass(frozen=True)
class Part:
    """A part of a claim; its place in the text does not count in comparisons."""

    at: Place = field(compare=False)


# Events along a history ---------------- -------------------------------------------------------


@dataclass(frozen=True)
class EndsIn(Part):
    """The crisis ends in this way, or on these terms; before the check also a mechanism's name."""

    name: str
    detail: str | None = None
    """The terms: a package by name, or a share of the stake."""
    outcomes: tuple[Outcome, ...] = ()
    """The outcomes that it stands for, after the check."""
    terms: tuple[Terms, ...] = ()
    """The terms that it stands for, after the check; empty if it names none."""
    mechanism: str | None = None
    """The mechanism that it stands for, after the check."""


@dataclass(frozen=True)
class Deed(Part):
    """An actor makes a move, or reaches a rung."""

    actor: str
    name: str
    detail: str | None = None
    acts: tuple[Act, ...] = ()
    """The moves that it stands for, after the check."""
    from_start: bool = False
    """Whether the crisis begins with the actor on this rung."""


@dataclass(frozen=True)
class ChanceEvent(Part):
    """A chance event has a certain result."""

    name: str
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class Sequence(Part):
    """One event after another, not necessarily immediately."""

    events: tuple[Event, ...]


@dataclass(frozen=True)
class AllOf(Part):
    """All of them happen, in any order."""

    events: tuple[Event, ...]


@dataclass(frozen=True)
class Either(Part):
    """At least one of them happens."""

    events: tuple[Event, ...]


@dataclass(frozen=True)
class Never(Part):
    """An event does not happen in the whole history."""

    event: Event


Event = EndsIn | Deed | ChanceEvent | Sequence | AllOf | Either | Never


# Types ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Level(Part):
    """Types by a word: low, middle, high, or the value's own label.

    `check` enters the places of these types among the values of the quantity.
    """

    word: str
    positions: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Bound(Part):
    """Types with a private quantity above or below a number."""

    sign: str
    value: float


@dataclass(frozen=True)
class Types(Part):
    """An actor; with a level, those of its types."""

    actor: str
    quantity: str | None = None
    level: Level | Bound | None = None


# Variants ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Without(Part):
    """The crisis without a mechanism, a package or all offers."""

    path: str


@dataclass(frozen=True)
class Change(Part):
    """The crisis with another number."""

    path: str
    value: Expr


@dataclass(frozen=True)
class Restructure(Part):
    """The crisis with another structure, such as more turns."""

    path: str
    value: int | str


Variant = Without | Change | Restructure


# Numbers and conditions -------------------------------------------------------------------------


@dataclass(frozen=True)
class Number(Part):
    """A literal number."""

    value: float


@dataclass(frozen=True)
class Path(Part):
    """A number of the crisis file."""

    path: str


@dataclass(frozen=True)
class Binary(Part):
    """Arithmetic."""

    sign: Literal["+", "-", "*", "/"]
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Function(Part):
    """abs, min or max."""

    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True)
class Probability(Part):
    """P(event | given)."""

    event: Event
    given: Event | None = None
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True)
class Share(Part):
    """The expected share of `stake.first`, given an event, if the stake is divided."""

    given: Event
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True)
class Gain(Part):
    """A principal's gain over no agreement, types averaged, valued at the start (stakes)."""

    actor: str
    terms: Event | None = None
    """A settlement; None for the Nash point of all efficient agreements."""
    variants: tuple[Variant, ...] = ()
    split: bool = False
    """Whether every issue is divided in the same proportion; before the check a name in `terms`."""
    given: Event | None = None
    """Always None, because no event changes a value at the start."""


@dataclass(frozen=True)
class Value(Part):
    """An actor's expected payoff: at a point, from a move (``best`` False) or from the other
    moves.
    """

    who: Types
    move: str | None
    given: Event | None = None
    variants: tuple[Variant, ...] = ()
    best: bool = False
    acts: tuple[Act, ...] = ()
    offers: tuple[tuple[Act, ...], ...] = ()
    """The groups of moves that the decision must offer, after the check."""


@dataclass(frozen=True)
class Choice(Part):
    """The probability of an actor's move at its first decision with that move."""

    who: Types
    move: str
    given: Event | None = None
    variants: tuple[Variant, ...] = ()
    acts: tuple[Act, ...] = ()
    offers: tuple[tuple[Act, ...], ...] = ()


@dataclass(frozen=True)
class Belief(Part):
    """An actor's belief about another's types; ``prior``: at the start."""

    observer: str
    about: Types
    given: Event | None = None
    variants: tuple[Variant, ...] = ()
    prior: bool = False


@dataclass(frozen=True)
class Label(Part):
    """A name from outside the crisis: a state, a shock or a base rate."""

    name: str


@dataclass(frozen=True)
class Asked(Part):
    """A number about the world, judged outside the game.

    ``aligned(a, b)``, ``between(a; b, c)`` and ``returns(shock)`` are shares of the draws of a ties
    file, ``rate(name)`` is a base rate.
    """

    function: str
    names: tuple[Label, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The function and its names."""
        return (self.function, *(x.name for x in self.names))


@dataclass(frozen=True)
class Compare(Part):
    """A chain such as ``a < b <= c``."""

    terms: tuple[Expr, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class All(Part):
    """Conditions joined by ``and``."""

    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Any_(Part):  # noqa: N801 - Any is typing's
    """Conditions joined by ``or``."""

    items: tuple[Expr, ...]


@dataclass(frozen=True)
class Not(Part):
    """The opposite of a condition."""

    item: Expr


@dataclass(frozen=True)
class After(Part):
    """A condition on the game after an event."""

    item: Expr
    event: Event


@dataclass(frozen=True)
class Every(Part):
    """A condition for every, or for some, type of an actor."""

    actor: str
    item: Expr
    some: bool = False


Expr = (
    Number | Path | Binary | Function | Probability | Share | Gain | Value | Choice | Belief
    | Asked
    | Compare | All | Any_ | Not | After | Every
)
MODELLED = (Probability, Share, Gain, Value, Choice, Belief)
"""The numbers that the model computes; each may name a condition and variants."""


def walk(node: Part) -> Iterator[Part]:
    """Yield a node and everything below it.

    Examples
    --------
    >>> [type(n).__name__ for n in walk(Not((1, 1), Path((1, 5), "war.cost")))]
    ['Not', 'Path']
    """
    yield node
    for part in fields(node):
        value = getattr(node, part.name)
        for below in value if isinstance(value, tuple) else (value,):
            if isinstance(below, Part):
                yield from walk(below)


def asked_in(claim: Part) -> list[Asked]:
    """Return the numbers about the world in a claim, each once."""
    found = {x.key: x for x in walk(claim) if isinstance(x, Asked)}
    return list(found.values())


def alone(claim: Part) -> bool:
    """Whether a claim is about the world alone: it asks for nothing of the game or of its file.

    Examples
    --------
    >>> from detente.claims.parse import parse
    >>> alone(parse("rate(icb-war) < 0.2")), alone(parse("P(war) < rate(icb-war)"))
    (True, False)
    """
    return bool(asked_in(claim)) and not any(
        isinstance(x, (*MODELLED, Path)) for x in walk(claim))
