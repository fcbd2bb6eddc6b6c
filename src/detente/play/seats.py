"""Seats of a table: who plays for an actor, what a seat sees, and who made a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from detente.arrays import Floats
from detente.identifiers import Act, Move, Type
from detente.play.strategies import load

__all__ = ["BY_CHANCE", "FACILITATOR", "MACHINE", "PERSON", "Seat", "Step", "View", "machine",
           "person"]

MACHINE, PERSON, FACILITATOR, BY_CHANCE = "machine", "person", "facilitator", "chance"


@dataclass(frozen=True)
class Seat:
    """Who plays for an actor.

    Attributes
    ----------
    strategy : str or None
        The strategy of a machine; None for a person.
    name : str
        The name of the person.
    """

    strategy: str | None = None
    name: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return a dictionary for the log."""
        if self.strategy is None:
            return {"by": PERSON, "name": self.name}
        return {"by": MACHINE, "strategy": self.strategy}


def person(name: str = "") -> Seat:
    """Return a seat for a person."""
    return Seat(None, name)


def machine(strategy: str = "equilibrium") -> Seat:
    """Return a seat for a machine that plays a strategy.

    Raises
    ------
    InputError
        No strategy has that name.

    Examples
    --------
    >>> machine("fallible")
    Seat(strategy='equilibrium', name='')
    """
    return Seat(load(strategy).name)


@dataclass(frozen=True)
class Step:
    """One step of a game: from a node to one of its children.

    Attributes
    ----------
    node, child : int
        The places before and after.
    by : dict of str to str
        Who made it: each mover to ``person``, ``machine`` or ``facilitator``; the empty name to
        ``chance`` or ``facilitator``.
    """

    node: int
    child: int
    by: Mapping[str, str]


@dataclass(frozen=True)
class View:
    """A seat's view of the game: the public history and its own type, and no other type.

    Attributes
    ----------
    actor : str
        Whose seat it is.
    node : int
        The place.
    over : bool
        Whether the crisis has ended.
    movers : tuple of str
        Who chooses now.
    menu : tuple of Act
        Its own legal moves; empty if it is not its turn.
    type : Type
        Its own type.
    history : tuple of Move
        The public moves so far.
    beliefs : dict of str to array
        Its beliefs about each other player's type in the equilibrium, if they were asked for.
    """

    actor: str
    node: int
    over: bool
    movers: tuple[str, ...]
    menu: tuple[Act, ...]
    type: Type
    history: tuple[Move, ...]
    beliefs: Mapping[str, Floats] = field(default_factory=dict)
