"""Checks of levers and variants, which name numbers of the file by their paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from detente.errors import nearest, one_of
from detente.scenario.model import segment
from detente.scenario.paths import numbers, structure
from detente.scenario.problems import Problem
from detente.scenario.quantity import ByActor, Quantity
from detente.scenario.schema import Scenario

__all__ = ["levers", "variants"]


def levers(s: Scenario) -> Iterator[Problem]:
    if not s.levers:
        return
    known = numbers(s)
    fixed = structure(s)
    for path, lever in s.levers.items():
        place = ("levers", path)
        name = ".".join(segment(part) for part in path.split("."))
        if name not in known:
            below = [p for p in known if p.startswith(name + ".")]
            if name in fixed and not below:
                message = f"{path} is structure and cannot be a lever"
                expected = "the path of a number"
            elif below:
                message = f"{path} is not one number"
                expected = "one of " + ", ".join(below[:8])
            elif name.rpartition(".")[0] in fixed and _could_be(s, name):
                message = f"{path} is not given in this file"
                expected = "a number of the file; write its present value there"
            else:
                message, expected = f"there is no number {path}", None
            lost = message.startswith("there is no")
            hint = nearest(name, known) if lost else None
            expected = expected or one_of(name, known, 6) or "the path of a number"
            yield Problem(place, message, expected, hint, at_key=True)
            continue
        if not lever.from_ < lever.to:
            yield Problem((*place, "to"), f"to {lever.to:g} is not above from {lever.from_:g}",
                          f"a number above {lever.from_:g}")
        least, most = known[name].least, known[name].most
        for key, end in (("from", lever.from_), ("to", lever.to)):
            if not least <= end <= most:
                yield Problem(
                    (*place, key), f"{end:g} is out of bounds", f"between {least:g} and {most:g}"
                )


def variants(s: Scenario) -> Iterator[Problem]:
    known: dict[str, Quantity] = numbers(s) if s.variants else {}
    for key, variant in s.variants.items():
        if not variant.changes and not variant.without:
            yield Problem(("variants", key), "the variant changes nothing",
                          "set, without, or both", at_key=True)
        for path, value in variant.changes.items():
            place = ("variants", key, "set", path)
            name = ".".join(segment(part) for part in path.split("."))
            if name not in known:
                hint = nearest(name, known)
                yield Problem(place, f"there is no number {path}",
                              one_of(name, known, 6) or "the path of a number", hint, at_key=True)
            elif not known[name].least <= value <= known[name].most:
                yield Problem(place, f"{value:g} is out of bounds",
                              f"between {known[name].least:g} and {known[name].most:g}")
            elif name.split(".")[0] in variant.without:
                yield Problem(place, f"{path} is changed, but its mechanism is left out",
                              "a number of a mechanism that stays", at_key=True)


def _could_be(s: Scenario, path: str) -> bool:
    """Whether the path names an optional field that the file leaves out."""
    parent: Any = s
    *way, last = path.split(".")
    for part in way:
        if isinstance(parent, dict):
            parent = parent.get(part)
        elif isinstance(parent, list):
            parent = next((x for x in parent if segment(getattr(x, "name", "")) == part), None)
        else:
            mechanism = next((m.spec for m in s.mechanisms if m.id == part), None)
            parent = mechanism if parent is s and mechanism else getattr(parent, part, None)
    field = getattr(type(parent), "model_fields", {}).get(last)
    return field is not None and any(
        kind in (Quantity, ByActor) for kind in _kinds(field.annotation)
    )


def _kinds(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _kinds(part)
