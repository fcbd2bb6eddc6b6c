"""Checks of levers and variants, which name numbers of the file by their paths."""

from __future__ import annotations

from collections.abc import Iterator

from detente.errors import nearest, one_of
from detente.scenario.paths import absent, below, canonical, numbers, numbers_of, structure
from detente.scenario.problems import Problem
from detente.scenario.quantity import Quantity
from detente.scenario.schema import Scenario
from detente.scenario.structural import fault, settings

__all__ = ["levers", "variants"]


def levers(s: Scenario) -> Iterator[Problem]:
    if not s.levers:
        return
    known, fixed, missing = numbers(s), structure(s), absent(s)
    for path, lever in s.levers.items():
        place = ("levers", path)
        name = canonical(path)
        if name not in known:
            parts, hint = below(name, known), None
            if parts:
                message = f"{path} is not one number"
                expected = "one of " + ", ".join(parts[:8])
            elif name in fixed:
                message = f"{path} is structure and cannot be a lever"
                expected = "the path of a number"
            elif name in missing:
                message = f"{path} is not given in this file"
                expected = "a number of the file; write its present value there"
            else:
                message = f"there is no number {path}"
                expected = one_of(name, known, 6) or "the path of a number"
                hint = nearest(name, known)
            yield Problem(place, message, expected, hint, at_key=True)
            continue
        if not lever.from_ < lever.to:
            yield Problem((*place, "to"), f"to {lever.to:g} is not above from {lever.from_:g}",
                          f"a number above {lever.from_:g}")
        number = known[name]
        for key, end in (("from", lever.from_), ("to", lever.to)):
            if not number.allows(end):
                yield Problem((*place, key), f"{end:g} is out of bounds", number.allowed)


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else repr(value)


def variants(s: Scenario) -> Iterator[Problem]:
    known: dict[str, Quantity] = numbers(s) if s.variants else {}
    structural = settings(s)
    for key, variant in s.variants.items():
        if not variant.changes and not variant.without:
            yield Problem(("variants", key), "the variant changes nothing",
                          "set, without, or both", at_key=True)
        gone = numbers_of(s, variant.without)
        for path, value in variant.changes.items():
            place = ("variants", key, "set", path)
            name = canonical(path)
            if name in structural:
                allowed = fault(structural[name], value)
                if allowed is not None:
                    yield Problem(place, f"{path} cannot be {_shown(value)}", allowed)
            elif name not in known:
                every = [*known, *structural]
                yield Problem(place, f"there is no number {path}",
                              one_of(name, every, 6) or "the path of a number",
                              nearest(name, every), at_key=True)
            elif not isinstance(value, float):
                yield Problem(place, f"{path} is a number and cannot be {_shown(value)}",
                              "one number; only structure takes names and lists, and no variant "
                              "takes a range")
            elif not known[name].allows(value):
                yield Problem(place, f"{value:g} is out of bounds", known[name].allowed)
            elif name in gone:
                yield Problem(place, f"{path} is changed, but its mechanism is left out",
                              "a number of a mechanism that stays", at_key=True)
