"""The contract between a mechanism and the rest of the package.

A mechanism may keep a *slot* in the public state, react to *events* of the order of play (change
its slot, charge payoffs, put *steps* on the agenda), take its steps (a decision, a chance event),
shift the odds of war, and add payoff terms at terminal nodes. It states every number as a
polynomial (`detente.mechanisms.expr`), so that there are derivatives by every number of the file.

The public state is structure only: whole numbers, names and grid indices, never a probability.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import Field

from detente.identifiers import Act, Move
from detente.mechanisms.expr import ZERO, Expr
from detente.scenario.model import FilePart, Slug
from detente.scenario.quantity import Kind

if TYPE_CHECKING:
    from detente.mechanisms.rules import Rules

__all__ = [
    "CORE",
    "OWN_WARS",
    "AgendaItem",
    "Branch",
    "Chance",
    "Deal",
    "Decision",
    "Event",
    "Leaf",
    "Mechanism",
    "MechanismSpec",
    "Node",
    "Pay",
    "Reaction",
    "State",
    "Together",
    "TypeChance",
    "within_one",
]

OWN_WARS = ("war", "loss to all")
"""The outcomes that the order of play itself counts as war."""

CORE = -1
"""Owner of the steps that belong to the order of play itself."""

Pay = Mapping[str, Expr]
"""Payoff terms by actor, in units of the stake."""


class MechanismSpec(FilePart):
    """Base of the part of the crisis file that belongs to one mechanism."""

    id: Slug | None = Field(
        None, description="A name of its own, needed if the file uses the kind twice."
    )

    def problems(self, scenario: Any) -> list[tuple[str, str]]:
        """Return what is wrong with these settings in this crisis.

        Each problem is the place below the entry (``field``, or ``field.key``) and a message.
        """
        return []

    @staticmethod
    def outcome_rung(scenario: Any, at: str, what: str) -> list[tuple[str, str]]:
        """Return the problem of a rung that stands for an outcome; ``what`` needs one below war."""
        rungs = [r.name for r in scenario.rungs]
        if at in rungs:
            return []
        return [("at", f"{at!r} is an outcome; {what} a rung below war; name one of "
                 f"{', '.join(rungs)}")]

    def plays(self) -> int:
        """Return the number of rounds that the mechanism itself plays; 0 if it plays none."""
        return 0

    def joiners(self) -> tuple[str, ...]:
        """Return the third parties that this mechanism may bring in before a war."""
        return ()


class AgendaItem(NamedTuple):
    """A decision or chance event that comes before the next ordinary turn."""

    owner: int
    what: str
    data: Hashable = None


class Deal(NamedTuple):
    """An agreement on the table."""

    share: float | None
    """Share of the stake that goes to `stake.first`; None if the stake has issues."""
    package: int = -1
    """Index of the named package in `Rules.packages`, -1 for a plain share."""
    mediator: int = -1
    """Index of the mechanism that brokered it, -1 for none."""


class State(NamedTuple):
    """A distinct public state of the crisis."""

    turn: int
    rung: tuple[int, ...]
    made: tuple[tuple[int, int], ...]
    """Per principal: offers made, and the position of the last in its own order of concession."""
    standing: Deal | None
    agenda: tuple[AgendaItem, ...]
    slots: tuple[Hashable, ...]


class Event(NamedTuple):
    """A public event, to which mechanisms react.

    Kinds: ``round`` (data: its number from 1), ``escalates`` (data: the rung's index), ``stays``
    (an own turn spent on the present rung; data likewise), ``offers`` (data: Deal), ``deal`` (data:
    Deal, now pending), ``war`` (actor: who struck, None for an accident), ``joins``.
    """

    kind: str
    actor: str | None = None
    data: Hashable = None


class Leaf(NamedTuple):
    """A leaf of the game.

    `outcome` is the kind that the rule which ends the crisis gave it: ``war``, ``loss to all``,
    ``settlement``, ``concession``, ``status quo``, or a mechanism's own. Payoffs read this kind. A
    mechanism's `outcome` may give the outcome another name, which reports and claims use.
    """

    outcome: str
    state: State
    share: float | None = None
    deal: Deal | None = None
    actor: str | None = None
    """The actor that conceded or struck first."""
    result: str = ""
    """How a war ended, ``victory`` or ``stalemate``; empty if no mechanism says."""
    winner: str = ""
    """The principal that won the war."""
    levels: tuple[str, ...] | None = None
    """The level of each issue, if the stake has issues and the outcome settles them."""


@dataclass(frozen=True)
class Branch:
    """A branch that leaves a node.

    `chance` is its probability at a chance node; `group` its class in a menu (the members of a
    class share one menu weight).
    """

    act: Move
    to: State | Leaf
    pay: Pay | None = None
    chance: Expr | None = None
    group: str = ""


@dataclass(frozen=True)
class Decision:
    """`actor` chooses."""

    actor: str
    moves: tuple[Branch, ...]


@dataclass(frozen=True)
class Chance:
    """A public chance event."""

    moves: tuple[Branch, ...]


@dataclass(frozen=True)
class TypeChance:
    """A public chance event whose odds depend on the type of `actor`."""

    actor: str
    moves: tuple[Branch, ...]


@dataclass(frozen=True)
class Together:
    """Several actors choose at once; `moves` run over the profiles, the last actor fastest."""

    actors: tuple[str, ...]
    sizes: tuple[int, ...]
    moves: tuple[Branch, ...]


Node = Decision | Chance | TypeChance | Together | State | Leaf
"""A State means that there is neither a decision nor a chance event: continue from it."""


@dataclass(frozen=True)
class Reaction:
    """A mechanism's answer to an event."""

    slot: Hashable = ...
    """Its new slot; Ellipsis leaves it as it is."""
    steps: tuple[tuple[str, Hashable], ...] = ()
    """Steps to take before the order of play continues."""
    pay: Pay | None = None


def within_one(spec: Any) -> bool:
    """Whether every value that a private quantity may take is a probability."""
    ends = [end for q in spec.numbers.values() if q.kind is not Kind.BELIEF
            for end in (q.low, q.high)]
    return bool(min(ends) >= 0.0 and max(ends) <= 1.0)


class Mechanism:
    """Base class; a mechanism overrides what it needs.

    Attributes
    ----------
    kind : str
        Its name in the crisis file and in `detente.mechanisms.TABLE`.
    order : int
        If two mechanisms react to one event, the one with the lower number goes first.
    optional : mapping of str to float
        Numbers that the file may leave out, and the neutral value that then stands for each. The
        names are fields of `Spec` if the mechanism has one; else they are paths in the file, in
        which ``*`` stands for the name of a rung or a package. Every other number must be given.
    """

    kind: ClassVar[str]
    order: ClassVar[int] = 50
    optional: ClassVar[Mapping[str, float]] = {}
    quantities: ClassVar[Mapping[str, str]] = {}
    """Private quantities that `reads` may return, each with its meaning and unit."""
    habit_kinds: ClassVar[tuple[str, ...]] = ()
    """Kinds of moves (`Branch.group`) to which the file may give a weight under `habits`."""
    habit_defaults: ClassVar[Mapping[str, float]] = {}
    """Base weights of its own kinds of moves if the file gives none; 1 for every other kind."""
    endings: Mapping[str, bool] = {}
    """Names of the outcomes that it makes or renames, and whether each counts as war."""
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

    @classmethod
    def reads(cls, scenario: Any, spec: Any) -> Mapping[str, tuple[str, ...]]:
        """Return the private quantities that its payoffs read, by actor.

        The file may give an actor a quantity under ``actors.<name>.private`` only if some
        mechanism reads it. `spec` is None if the file's own fields bring the mechanism in.
        """
        return {}

    def prepare(self) -> None:
        """Compute once what the hooks below need."""

    shifts: frozenset[str] = frozenset()
    """Paths of the file's numbers that it may change during the crisis."""

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

    def step(self, state: State, step: AgendaItem) -> Node:
        """Return the node of one of its steps; in ``state`` the step is off the agenda already."""
        raise AssertionError(f"{self.kind} put no step {step.what!r} on the agenda")

    def odds(self, state: State, striker: str | None) -> Expr | None:
        """Return what it adds to the chance that `stake.first` wins a war."""
        return None

    def war_ends(self, war: Leaf, odds: Expr) -> tuple[Branch, ...]:
        """Return how a war ends, as results of chance; empty if it does not say.

        ``odds`` is the chance that `stake.first` wins a war that one side wins.
        """
        return ()

    def at_end(self, ending: Leaf) -> Pay | None:
        """Return its payoff terms at a terminal node."""
        return None

    def outcome(self, ending: Leaf) -> str | None:
        """Return another name for the outcome, or None to leave the name as it is."""
        return None

    def parties(self, ending: Leaf) -> tuple[str, ...]:
        """Return the actors that it has brought into the war of a terminal node."""
        return ()

    def covers(self, deal: Deal, state: State) -> Expr:
        """Return the part of the cost of a retreat that the form of a deal covers (0 to 1)."""
        return ZERO

    def rung_notes(self, rung: Any) -> Mapping[str, Any]:
        """Return what a rung means to this mechanism: a label to the file's number."""
        return {}

    def rungs_beside(self) -> Mapping[str, tuple[Act, Mapping[str, Any]]]:
        """Return rungs of actors that are no principals: name to the move, and notes on it."""
        return {}

    def briefing(self, actor: str) -> tuple[str, ...]:
        """Return sentences for the seat of an actor on the moves that it has here."""
        return ()

    def remarks(self) -> list[str]:
        """Return sentences on what the file allows but its author may not intend."""
        return []

    # unlike priors --------------------------------------------------------------------------

    @property
    def tilts(self) -> tuple[str, str] | None:
        """The observer whose prior it changes, and the actor the prior is about."""
        return None

    @property
    def tilted_by(self) -> tuple[str, ...]:
        """Paths of the numbers that `tilted` reads."""
        return ()

    def tilted(self, prior: Any, numbers: Mapping[str, Any]) -> Any:
        """Return the observer's prior, from the analyst's over all types of the other actor."""
        return prior

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
