"""Mechanisms: the parts that a crisis is made of, one file each.

To add one to the package, write its file and enter it in `TABLE`. To add one from outside, call
`register`, or name its class in the entry-point group ``detente.mechanisms`` of a distribution.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.mechanisms.base import Mechanism

__all__ = ["GROUP", "TABLE", "forget", "kinds", "load", "private_read", "register", "registry"]

TABLE: dict[str, str] = {
    "stake": "stake:Stake",
    "ladder": "ladder:Ladder",
    "audience cost": "audience_cost:AudienceCost",
    "sunk cost": "sunk_cost:SunkCost",
    "first strike": "first_strike:FirstStrike",
    "odds seen": "odds_seen:OddsSeen",
    "war endings": "war_endings:WarEndings",
    "shifting power": "shifting_power:ShiftingPower",
    "red_line": "red_line:RedLine",
    "mediator": "mediator:Mediator",
    "spoiler": "spoiler:Spoiler",
    "ratification": "ratification:Ratification",
    "third_party_entry": "third_party_entry:ThirdPartyEntry",
    "alliance": "alliance:Alliance",
    "attrition": "attrition:Attrition",
    "sanctions": "sanctions:Sanctions",
    "unlike_beliefs": "unlike_beliefs:UnlikeBeliefs",
    "shock": "shock:Shock",
    "coordination": "coordination:Coordination",
}
"""Name in the crisis file to ``module:class``. The file's own fields bring in a mechanism with a
space in its name (a rung's audience cost, for example); it is not listed under ``mechanisms``."""

GROUP = "detente.mechanisms"
"""The entry-point group in which other distributions name classes of mechanisms."""

_added: dict[str, type[Mechanism]] = {}


def register(cls: type[Mechanism]) -> type[Mechanism]:
    """Make a mechanism from outside the package known by its `kind`; usable as a decorator.

    Register it before a crisis file that lists it is loaded.

    Raises
    ------
    ValueError
        Another mechanism has that kind.

    Examples
    --------
    >>> from detente.mechanisms.base import Mechanism
    >>> class Hotline(Mechanism):
    ...     kind = "hotline"
    >>> register(Hotline) is load("hotline")
    True
    >>> forget("hotline")
    """
    other = _added.get(cls.kind)
    if cls.kind in TABLE or (other is not None and other is not cls):
        raise ValueError(
            f"a mechanism of kind {cls.kind!r} exists; a kind names one mechanism; "
            f"choose another kind for {cls.__name__}"
        )
    _added[cls.kind] = cls
    return cls


def forget(kind: str) -> None:
    """Undo `register`; built-in mechanisms and unknown kinds are left as they are."""
    _added.pop(kind, None)


@cache
def _installed() -> None:
    """Register the mechanisms of other distributions, once."""
    for entry in entry_points(group=GROUP):
        register(entry.load())


def kinds() -> tuple[str, ...]:
    """Return every kind of mechanism: the built-in ones, then those from outside."""
    _installed()
    return (*TABLE, *_added)


@cache
def _built_in(kind: str) -> type[Mechanism]:
    module, name = TABLE[kind].split(":")
    found: type[Mechanism] = getattr(import_module(f"detente.mechanisms.{module}"), name)
    return found


def load(kind: str) -> type[Mechanism]:
    """Return the mechanism's class.

    Raises
    ------
    KeyError
        There is no such kind.

    Examples
    --------
    >>> load("mediator").kind
    'mediator'
    """
    _installed()
    return _added[kind] if kind in _added else _built_in(kind)


def registry() -> dict[str, type[Mechanism]]:
    """Return the mechanisms that a file may list, by name."""
    listed = {kind: load(kind) for kind in kinds()}
    return {kind: cls for kind, cls in listed.items() if "Spec" in vars(cls)}


def present(scenario: Any) -> Iterator[tuple[type[Mechanism], Any, str]]:
    """Yield the class, the settings and the id of every mechanism of a crisis."""
    for kind in kinds():
        cls = load(kind)
        found = [e for e in scenario.mechanisms if e.kind == kind]
        if found:
            yield from ((cls, e.spec, e.id) for e in found)
        elif cls.implied(scenario):
            yield cls, None, kind.replace(" ", "_")


def private_read(scenario: Any) -> dict[str, tuple[str, ...]]:
    """Return, by actor, the private quantities that some mechanism of a crisis reads."""
    out: dict[str, dict[str, None]] = {}
    for cls, spec, _ in present(scenario):
        for actor, names in cls.reads(scenario, spec).items():
            out.setdefault(actor, {}).update(dict.fromkeys(names))
    return {actor: tuple(names) for actor, names in out.items()}
