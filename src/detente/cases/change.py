"""A crisis with numbers set and mechanisms left out, as if its file had been edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from detente.cases.library import problems
from detente.errors import InputError, nearest, one_of
from detente.scenario.alternatives import single
from detente.scenario.model import segment
from detente.scenario.parts.mechanism import MechanismEntry
from detente.scenario.paths import canonical, where
from detente.scenario.quantity import ByActor, Quantity
from detente.scenario.schema import Scenario
from detente.scenario.structural import restructured, settings

__all__ = ["changed", "variant", "with_numbers"]

Place = tuple[str | int, ...]

PATHS = 6
"""Paths of numbers that an error lists."""


def variant(scenario: Scenario, name: str) -> Scenario:
    """Return a variant that the file names.

    Raises
    ------
    InputError
        If no variant has that name, or the changes make the crisis invalid.
    """
    if name not in scenario.variants:
        known = list(scenario.variants)
        raise InputError(f"there is no variant {name!r}", field="variants",
                         expected=one_of(name, known) or "a file with `variants`",
                         nearest=nearest(name, known))
    one = scenario.variants[name]
    try:
        return changed(scenario, one.changes, one.without)
    except InputError as wrong:
        raise InputError(
            f"this variant makes the crisis invalid: {wrong.message}",
            field=f"variants.{name}", expected=wrong.expected, nearest=wrong.nearest,
        ) from wrong


def changed(
    scenario: Scenario, numbers: Mapping[str, Any] | None = None, without: Iterable[str] = ()
) -> Scenario:
    """Return the crisis with some numbers or structure set and some mechanisms left out.

    Levers, claims, variants and structural alternatives of the file are left out.

    Parameters
    ----------
    scenario
        The crisis.
    numbers
        Values by path; a range becomes the one value. A path of structure, such as
        ``turns.each``, sets the structure.
    without
        Ids of mechanisms.

    Raises
    ------
    InputError
        If a number or mechanism does not exist, or the result is not a valid crisis.

    Examples
    --------
    >>> from detente.cases import loads
    >>> crisis = loads('''
    ... crisis: a
    ... title: A
    ... actors: {aland: {role: principal}, bland: {role: principal}}
    ... delay_cost: {aland: 0.1, bland: 0 to 0.2}
    ... ''')
    >>> str(changed(crisis, {"delay_cost.bland": 0.15}).delay_cost.of("bland"))
    '0.15'
    """
    out: Any = single(scenario)
    places, structural = where(scenario), settings(scenario)
    structure: dict[str, Any] = {}
    for path, value in (numbers or {}).items():
        name = canonical(path)
        if name in structural:
            structure[name] = value
            continue
        if name not in places:
            every = [*places, *structural]
            raise InputError(f"there is no number {path}", field=path,
                             expected=one_of(name, every, PATHS),
                             nearest=nearest(name, every))
        out = _put(out, places[name], float(value))
    out = restructured(out, structure)
    gone = {segment(x) for x in without}
    known = [m.id for m in scenario.mechanisms]
    for x in gone - set(known):
        raise InputError(f"there is no mechanism {x!r}", nearest=nearest(x, known),
                         expected=one_of(x, known) or "a file with `mechanisms`")
    left = [m for m in out.mechanisms if m.id not in gone]
    made: Scenario = out.model_copy(
        update={"mechanisms": left, "levers": {}, "claims": [], "variants": {}}
    )
    wrong = next(iter(problems(made)), None)
    if wrong is not None:
        raise InputError(wrong.message, field=".".join(map(str, wrong.path)) or None,
                         expected=wrong.expected, nearest=wrong.nearest)
    return made


def with_numbers(scenario: Scenario, numbers: Mapping[str, float]) -> Scenario:
    """Return the crisis with some numbers set, as if they were known; all else stays.

    Parameters
    ----------
    scenario
        The crisis.
    numbers
        Values by path; a range becomes the one value.

    Raises
    ------
    InputError
        If a number does not exist, or a value is out of bounds.

    Examples
    --------
    >>> from detente.cases import load
    >>> some = with_numbers(load("cuba-1962"), {"war.win_chance": 0.8})
    >>> str(some.war.win_chance), len(some.claims)
    ('0.8', 2)
    """
    places = where(scenario)
    out: Any = scenario
    for path, value in numbers.items():
        name = canonical(path)
        if name not in places:
            raise InputError(f"there is no number {path}", field=path,
                             expected=one_of(name, places, PATHS), nearest=nearest(name, places))
        out = _put(out, places[name], float(value))
    made: Scenario = out
    return made


def _put(value: Any, place: Place, number: float) -> Any:
    """Return a copy of a part of the file with the number at a place set."""
    if isinstance(value, Quantity):
        if not value.allows(number):
            raise InputError(f"{number:g} is out of bounds", expected=value.allowed)
        return replace(value, low=number, mode=number, high=number, dist="point")
    if isinstance(value, ByActor) and value.common is not None:
        return replace(value, common=_put(value.common, place, number))
    if isinstance(value, MechanismEntry):
        return value.model_copy(update={"spec": _put(value.spec, place, number)})
    head, rest = place[0], place[1:]
    if isinstance(value, ByActor):
        key = str(head)
        return replace(value, each={**value.each, key: _put(value.each[key], rest, number)})
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        name = next(n for n, info in fields.items() if head in (n, info.alias))
        return value.model_copy(update={name: _put(getattr(value, name), rest, number)})
    if isinstance(value, Mapping):
        return {**value, str(head): _put(value[str(head)], rest, number)}
    copy = list(value)
    copy[int(head)] = _put(copy[int(head)], rest, number)
    return type(value)(copy)
