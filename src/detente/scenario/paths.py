"""Every number of a file by its path, and every reference."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import BaseModel

from detente.scenario.model import Reference, segment
from detente.scenario.parts.actor import Actor
from detente.scenario.parts.mechanism import MechanismEntry
from detente.scenario.parts.stake import Issue
from detente.scenario.private import PrivateSpec
from detente.scenario.quantity import ByActor, Quantity
from detente.scenario.schema import Scenario

__all__ = [
    "absent", "below", "canonical", "numbers", "numbers_of", "references", "structure", "where",
]

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class _Name:
    """The name of a number: its owner, its words, and the actor for whom it is given."""

    owner: str = ""
    words: tuple[str, ...] = ()
    by: str = ""

    def field(self, key: str) -> _Name:
        return replace(self, words=(*self.words, key.replace("_", " ").replace(".", " ")))

    def item(self, key: str) -> _Name:
        """Return the name of an item that has a name of its own, without that of its list."""
        return replace(self, words=(key.replace("_", " "),))


Leaf = tuple[Place, str, Any, _Name]


def _walk(value: Any, place: Place, path: str, name: _Name = _Name()) -> Iterator[Leaf]:
    """Yield (place in the file, path, leaf, name) for every leaf below ``value``."""
    if isinstance(value, PrivateSpec):
        for part in type(value).model_fields:
            inner, at, key = getattr(value, part), (*place, part), _join(path, part)
            if isinstance(inner, list):
                for k, below in enumerate(inner):
                    said = replace(name, words=(*name.words, value.words(part, k)))
                    yield from _walk(below, (*at, k), _join(key, str(k)), said)
            else:
                said = replace(name, words=(*name.words, value.words(part)))
                yield from _walk(inner, at, key, said)
    elif isinstance(value, MechanismEntry):
        for part, info in type(value.spec).model_fields.items():
            yield from _field(getattr(value.spec, part), info.annotation, (*place, part),
                              _join(value.id, part), name.item(value.id).field(part))
    elif isinstance(value, BaseModel):
        for part, info in type(value).model_fields.items():
            key = info.alias or part
            yield from _field(getattr(value, part), info.annotation, (*place, key),
                              _join(path, key), name.field(key))
    elif isinstance(value, ByActor):
        for actor, quantity in value.items():
            at = (*place, actor) if actor else place
            if isinstance(actor, Reference):
                yield at, _join(path, actor), actor, name
            yield from _walk(quantity, at, _join(path, actor), replace(name, by=actor))
    elif isinstance(value, Mapping):
        for key, below in value.items():
            if isinstance(key, Reference):
                yield (*place, str(key)), _join(path, key), key, name
            called = name.field(str(key))
            if isinstance(below, Actor):
                called = _Name(owner=str(key))
            elif isinstance(below, PrivateSpec | Issue):
                called = name.item(str(key))
            yield from _walk(below, (*place, str(key)), _join(path, str(key)), called)
    elif isinstance(value, list | tuple):
        for position, below in enumerate(value):
            named = getattr(below, "name", None) or getattr(below, "id", None)
            key = named if isinstance(named, str) else str(position)
            # A mechanism or package has a path of its own, without the list that holds it.
            base = path.removesuffix(".packages") if named else path
            yield from _walk(below, (*place, position), _join(base, segment(key)),
                             name.item(key) if named else name.field(key))
    elif isinstance(value, Quantity):
        yield place, path, value, name
        if isinstance(value.source, Reference):
            yield (*place, "source"), _join(path, "source"), value.source, name
    else:
        yield place, path, value, name


def _leaves(scenario: Scenario) -> tuple[Leaf, ...]:
    """Return every leaf of a scenario; the file is read through once and the list is kept."""
    return scenario.once("leaves", lambda: tuple(_walk(scenario, (), "")))


@dataclass(frozen=True)
class _Absent:
    """An optional field that the file leaves out."""

    annotation: Any


def _field(
    value: Any, annotation: Any, place: Place, path: str, name: _Name
) -> Iterator[Leaf]:
    if value is None:
        yield place, path, _Absent(annotation), name
    else:
        yield from _walk(value, place, path, name)


def _join(path: str, name: str) -> str:
    if not path or not name:
        return path or segment(name)
    return f"{path}.{segment(name)}"


def numbers(scenario: Scenario, *, defaults: bool = True) -> dict[str, Quantity]:
    """Return every number of a file by its path; each carries its path, kind and words.

    Paths follow the file: ``war.win_chance``, ``ladder.mobilisation.sunk_cost``. A number given
    by actor has one path for each (``delay_cost.aland``). Items of a list are called by name or
    id, else by position (``actors.aland.private.war_cost.between.0``); packages stand directly
    below ``offers``; a mechanism's numbers stand below its id, or its kind (``mediator.bias``).

    Parameters
    ----------
    scenario
        The crisis.
    defaults
        Include numbers that the file leaves at their default.

    Examples
    --------
    >>> from detente.cases import loads
    >>> crisis = loads('''
    ... crisis: a
    ... title: A
    ... actors: {aland: {role: principal}, bland: {role: principal}}
    ... delay_cost: {aland: 0.1, bland: 0 to 0.2}
    ... ''')
    >>> {path: str(q) for path, q in numbers(crisis, defaults=False).items()}
    {'delay_cost.aland': '0.1', 'delay_cost.bland': '0 to 0.2'}
    """
    every = scenario.once("numbers", lambda: _numbers(scenario))
    left_out = set() if defaults else _defaults(scenario, "")
    return {path: quantity for path, quantity in every.items() if path not in left_out}


def _numbers(scenario: Scenario) -> dict[str, Quantity]:
    return {
        path: replace(leaf, path=path, owner=name.owner, words=name.words, by=name.by)
        for _, path, leaf, name in _leaves(scenario) if isinstance(leaf, Quantity)
    }


def _defaults(value: Any, path: str) -> set[str]:
    """Return the paths of the numbers for which the file gives none of the fields above them."""
    found: set[str] = set()
    model = value.spec if isinstance(value, MechanismEntry) else value
    if isinstance(model, BaseModel):
        base = value.id if isinstance(value, MechanismEntry) else path
        for name, info in type(model).model_fields.items():
            inner, key = getattr(model, name), _join(base, info.alias or name)
            if name in model.model_fields_set:
                found |= _defaults(inner, key)
            else:
                below = _walk(inner, (), key)
                found |= {p for _, p, leaf, _ in below if isinstance(leaf, Quantity)}
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            found |= _defaults(inner, _join(path, str(key)))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            called = getattr(inner, "name", None) or getattr(inner, "id", None)
            name = called if isinstance(called, str) else str(position)
            base = path.removesuffix(".packages") if called else path
            found |= _defaults(inner, _join(base, segment(name)))
    return found


def where(scenario: Scenario) -> dict[str, Place]:
    """Return the place in the file of every number, by its path."""
    leaves = _leaves(scenario)
    return {path: place for place, path, leaf, _ in leaves if isinstance(leaf, Quantity)}


def references(scenario: Scenario) -> Iterator[tuple[Place, Reference]]:
    """Yield every reference of a file with its place, those inside mechanisms included."""
    for place, _, leaf, _ in _leaves(scenario):
        if isinstance(leaf, Reference):
            yield place, leaf


def structure(scenario: Scenario) -> set[str]:
    """Return the paths of all structure: values that are not numbers, and mappings and lists."""
    found: set[str] = set()
    for _, path, leaf, _ in _leaves(scenario):
        parts = path.split(".")
        found |= {".".join(parts[:k]) for k in range(1, len(parts))}
        if not isinstance(leaf, Quantity | _Absent | None):
            found.add(path)
    return found


def absent(scenario: Scenario) -> set[str]:
    """Return the paths of optional numbers that the file leaves out."""
    return {
        path for _, path, leaf, _ in _leaves(scenario)
        if isinstance(leaf, _Absent)
        and any(kind in (Quantity, ByActor) for kind in _kinds(leaf.annotation))
    }


def _kinds(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _kinds(part)


def numbers_of(scenario: Scenario, mechanisms: Collection[str]) -> set[str]:
    """Return the paths of the numbers of some mechanisms, which are given by their ids."""
    ids = set(map(segment, mechanisms))
    return {
        path for entry in scenario.mechanisms if entry.id in ids
        for _, path, leaf, _ in _walk(entry, (), "") if isinstance(leaf, Quantity)
    }


def canonical(path: str) -> str:
    """Return a path as `numbers` writes it: an author may write spaces in names.

    Examples
    --------
    >>> canonical("ladder.limited strike.risk")
    'ladder.limited_strike.risk'
    """
    return segment(path)


def below(path: str, paths: Iterable[str]) -> list[str]:
    """Return the paths that stand below a path.

    Examples
    --------
    >>> below("war", ["war.cost.aland", "war.win_chance", "warning.cost"])
    ['war.cost.aland', 'war.win_chance']
    """
    return [p for p in paths if p.startswith(f"{path}.")]
