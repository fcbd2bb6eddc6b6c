"""What a mechanism is: the one contract between a mechanism's file and everything else.

A mechanism may keep a *slot* in the public state, react to *events* of the order of play (change
its slot, charge payoffs, put *steps* on the agenda), play its steps (a decision, a chance event),
shift the odds of war, and add payoff terms at endings. It says all numbers as polynomials
(`detente.mechanisms.expr`), so that derivatives reach every number of the file.

The public state is structure only: whole numbers, names and grid indices, never a probability.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import Field

from detente.mechanisms.expr import ZERO, Expr
from detente.scenario.model import Model, Slug

if TYPE_CHECKING:
    from detente.mechanisms.rules import Rules

__all__ = [
    "CORE", "Chance", "Deal", "Decision", "Ending", "Event", "Mechanism", "MechanismSpec", "Move",
    "Node", "Pay", "Reaction", "State", "Step", "Together", "TypeChance", "within_one",
]

CORE = -1
"""Owner of the steps that belong to the order of play itself."""

Pay = Mapping[str, Expr]
"""Payoff terms by actor, in units of the stake."""


class MechanismSpec(Model):
    """Base of the part of the crisis file that belongs to one mechanism."""

    id: Slug | None = Field(None, description="A name, needed where a kind is used twice.")


class Step(NamedTuple):
    """Something that will happen before the next ordinary turn."""

    owner: int
    what: str
    data: Hashable = None


class Deal(NamedTuple):
    """An agreement on the table."""

    share: float
    """Share of the stake that goes to `stake.first`."""
    package: int = -1
    """Index of the named package, -1 for a plain share."""
    mediator: int = -1
    """Index of the mechanism that brokered it, -1 for none."""


class State(NamedTuple):
    """A distinct public state of the crisis."""

    turn: int
    rung: tuple[int, ...]
    made: tuple[tuple[int, int], ...]
    """Per principal: offers made, and the position of the last in its own order of concession."""
    standing: Deal | None
    agenda: tuple[Step, ...]
    slots: tuple[Hashable, ...]


class Event(NamedTuple):
    """Something everybody sees happen; mechanisms react to it.

    Kinds: ``round`` (data: its number from 1), ``escalates`` (data: the rung's index), ``stays``
    (an own turn spent on the present rung; data likewise), ``offers`` (data: Deal), ``deal`` (data:
    Deal, now pending), ``war`` (actor: who struck, None for an accident), ``joins``.
    """

    kind: str
    actor: str | None = None
    data: Hashable = None


class Ending(NamedTuple):
    """A leaf of the game."""

    outcome: str
    state: State
    share: float | None = None
    deal: Deal | None = None
    actor: str | None = None
    """Who conceded, or who struck first."""


@dataclass(frozen=True)
class Move:
    """One way on from a node.

    `chance` is its probability at a chance node; `group` its class in a menu (the members of a
    class share one menu weight).
    """

    label: str
    to: State | Ending
    pay: Pay | None = None
    chance: Expr | None = None
    group: str = ""


@dataclass(frozen=True)
class Decision:
    """`actor` chooses."""

    actor: str
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Chance:
    """A public chance event."""

    moves: tuple[Move, ...]


@dataclass(frozen=True)
class TypeChance:
    """A public chance event whose odds depend on the type of `actor`."""

    actor: str
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Together:
    """Several actors choose at once; `moves` run over the profiles, the last actor fastest."""

    actors: tuple[str, ...]
    sizes: tuple[int, ...]
    moves: tuple[Move, ...]


Node = Decision | Chance | TypeChance | Together | State | Ending
"""A State means that nothing is decided here: go on from there."""


@dataclass(frozen=True)
class Reaction:
    """A mechanism's answer to an event."""

    slot: Hashable = ...
    """Its new slot; Ellipsis leaves it as it is."""
    steps: tuple[tuple[str, Hashable], ...] = ()
    """What it wants done before the order of play goes on."""
    pay: Pay | None = None


def within_one(spec: Any) -> bool:
    """Whether every value that a private quantity may take is a probability."""
    ends = [
        end for name, q in spec.numbers.items() if not name.startswith(("beta", "chance"))
        for end in (q.low, q.high)
    ]
    return bool(min(ends) >= 0.0 and max(ends) <= 1.0)


class Mechanism:
    """Base class; a mechanism overrides what it needs.

    Attributes
    ----------
    kind : str
        Its name in the crisis file and in `detente.mechanisms.TABLE`.
    order : int
        Where two mechanisms react to one event, the lower goes first.
    """

    kind: ClassVar[str]
    order: ClassVar[int] = 50
    Spec: ClassVar[type[MechanismSpec]]

    def __init__(self, rules: Rules, spec: Any, index: int, key: str) -> None:
        self.rules = rules
        self.spec = spec
        self.index = index
        self.key = key
        """Prefix of its numbers' paths."""
        self.prepare()

    @classmethod
    def implied(cls, scenario: Any) -> bool:
        """Whether the file's own fields (not an entry under ``mechanisms``) bring it in."""
        return False

    def prepare(self) -> None:
        """Look numbers up once."""

    shifts: frozenset[str] = frozenset()
    """Paths of the file's numbers that it may change in mid-crisis."""

    def shift_of(self, path: str, state: State) -> Expr:
        """Return what it adds in ``state`` to the number at ``path``."""
        return ZERO

    @property
    def movers(self) -> tuple[str, ...]:
        """Actors who decide something because of this mechanism."""
        return ()

    @property
    def private(self) -> Mapping[str, Mapping[str, Any]]:
        """Private quantities it adds: actor to {name: PrivateSpec}."""
        return {}

    def slot(self) -> Hashable:
        """Return the slot's value at the start."""
        return None

    def on(self, event: Event, state: State) -> Reaction | None:
        """React to an event."""
        return None

    def step(self, state: State, step: Step) -> Node:
        """Play one of its own steps; ``state`` has the step already taken off the agenda."""
        raise AssertionError(f"{self.kind} put no step {step.what!r} on the agenda")

    def odds(self, state: State, striker: str | None) -> Expr | None:
        """Return what it adds to the chance that `stake.first` wins a war."""
        return None

    def at_end(self, ending: Ending) -> Pay | None:
        """Return its payoff terms at an ending."""
        return None

    def outcome(self, ending: Ending) -> str | None:
        """Return another name for the ending where this mechanism changes what it is."""
        return None

    # conveniences ---------------------------------------------------------------------------

    def mine(self, state: State) -> Any:
        """Return this mechanism's slot in ``state``."""
        return state.slots[self.index]

    def put(self, state: State, slot: Hashable) -> State:
        """Return ``state`` with this mechanism's slot replaced."""
        slots = (*state.slots[: self.index], slot, *state.slots[self.index + 1 :])
        return state._replace(slots=slots)

    def num(self, field: str, actor: str | None = None, state: State | None = None) -> Expr:
        """Return the number ``field`` of this mechanism's entry as a polynomial."""
        return self.rules.num(f"{self.key}.{field}", actor, state)
