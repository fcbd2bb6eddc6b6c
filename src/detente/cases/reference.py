"""The reference of the crisis file and of the mechanisms, entry by entry.

The entries come from the JSON Schema that is shipped and from the mechanisms' docstrings, so they
cannot drift from the code. `detente explain` prints one; the documentation prints them all.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["Entry", "entries", "mechanism_pages", "private_quantities"]

ABOUT = ("because", "source")
"""Keys for the reason and the source of a number; every form may have them."""
PRIVATE = "actors.*.private"


@dataclass(frozen=True)
class Entry:
    """One key of a crisis file.

    Attributes
    ----------
    key : str
        Its path: ``war.win_chance``, ``actors.*.role`` (``*`` stands for a name of the file), or a
        mechanism's name and field, such as ``mediator.bias``.
    holds : str
        What may stand there.
    needed : bool
        Whether a file that has the part above must give it.
    meaning : str
        The description, with units.
    """

    key: str
    holds: str
    needed: bool
    meaning: str


@cache
def _schema() -> dict[str, Any]:
    text = files("detente.scenario").joinpath("crisis.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _resolve(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a part of the schema with its reference followed."""
    while "$ref" in part:
        name = part["$ref"].rsplit("/", 1)[-1]
        rest = {k: v for k, v in part.items() if k != "$ref"}
        part = {**_schema()["$defs"][name], **rest}
    return part


def _choices(part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the alternatives of a part, null left out."""
    found = _resolve(part)
    for key in ("anyOf", "oneOf"):
        if key in found:
            return [c for p in found[key] for c in _choices(p) if c.get("type") != "null"]
    return [found]


def _is_number(part: Mapping[str, Any]) -> bool:
    """Whether a part is a number of the file: a value, or a range with reason and source."""
    return any({"because", "value"} <= set(c.get("properties", {})) for c in _choices(part))


def _forms(part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the mappings between which a part may choose; empty if there is no choice."""
    found = [c for c in _choices(part) if c.get("properties")]
    return found if len(found) > 1 and not _is_number(part) else []


def _of_forms(prefix: str, forms: Sequence[Mapping[str, Any]]) -> Iterator[Entry]:
    """Yield the entry of a part with several forms, then one entry per key of the forms."""
    yield Entry(
        prefix, f"one of {len(forms)} forms", False,
        "\n".join(f"{_form(form)}: {form.get('description', '')}" for form in forms))
    keys: dict[str, list[Mapping[str, Any]]] = {}
    for form in forms:
        for name in form["properties"]:
            keys.setdefault(name, []).append(form)
    for name, within in keys.items():
        child = within[0]["properties"][name]
        meaning = " ".join(str(_resolve(child).get("description", "")).split())
        if name not in ABOUT:
            meaning += " Used in " + " and ".join(map(_form, within)) + "."
        yield Entry(f"{prefix}.{name}", _holds(child), False, meaning)


def _form(part: Mapping[str, Any]) -> str:
    """Return the own keys of one form: ``{low, high, chance_high}``."""
    return "`{" + ", ".join(k for k in part["properties"] if k not in ABOUT) + "}`"


def _holds(part: Mapping[str, Any]) -> str:
    """Return in a word or two what a part of the schema may hold."""
    if _is_number(part):
        by_actor = any("additionalProperties" in c and c["additionalProperties"]
                       for c in _choices(part) if "because" not in c.get("properties", {}))
        low = min((c["minimum"] for c in _choices(part) if "minimum" in c), default=None)
        high = max((c["maximum"] for c in _choices(part) if "maximum" in c), default=None)
        bounds = ""
        if low is not None and high is not None:
            bounds = f" from {low:g} to {high:g}"
        elif low is not None:
            bounds = f", at least {low:g}"
        return f"number or range{bounds}" + (", or one for each actor" if by_actor else "")
    kinds = []
    for c in _choices(part):
        if "enum" in c:
            kinds.append(" or ".join(f"`{x}`" for x in c["enum"]))
        elif "const" in c:
            kinds.append(f"`{c['const']}`")
        elif c.get("type") == "array":
            kinds.append(f"list of {_holds(c.get('items', {}))}")
        elif c.get("type") == "object":
            kinds.append("mapping")
        else:
            kinds.append({"integer": "whole number", "string": "text"}.get(
                str(c.get("type")), str(c.get("type", "anything"))))
    return " or ".join(dict.fromkeys(kinds))


def _below(prefix: str, part: Mapping[str, Any], depth: int) -> Iterator[Entry]:
    if depth > 6 or _is_number(part):
        return
    for choice in _choices(part):
        needed = choice.get("required", [])
        for name, child in choice.get("properties", {}).items():
            key = f"{prefix}.{name}" if prefix else name
            if prefix == "mechanisms":
                yield from _mechanism(name, child, depth)
                continue
            meaning = str(_resolve(child).get("description", "")).strip()
            if _forms(child):
                yield Entry(key, f"types, as under `{PRIVATE}.*`", name in needed, meaning)
                continue
            yield Entry(key, _holds(child), name in needed, " ".join(meaning.split()))
            yield from _below(key, child, depth + 1)
        named = [*choice.get("patternProperties", {}).values()]
        extra = choice.get("additionalProperties")
        if isinstance(extra, Mapping):
            named.append(extra)
        for child in named:
            if _forms(child):
                yield from _of_forms(f"{prefix}.*", _forms(child))
                continue
            yield from _below(f"{prefix}.*", child, depth + 1)
        if choice.get("type") == "array":
            yield from _below(prefix, choice.get("items", {}), depth + 1)


def _mechanism(name: str, part: Mapping[str, Any], depth: int) -> Iterator[Entry]:
    yield Entry(name, "mapping, in the list `mechanisms`", False,
                str(_resolve(part).get("description", "")))
    yield from _below(name, part, depth + 1)


@cache
def entries() -> dict[str, Entry]:
    """Return every entry of the crisis file by its key, in the order of the file.

    Examples
    --------
    >>> entries()["war.win_chance"].holds
    'number or range from 0 to 1'
    >>> entries()["turns.each"].needed
    True
    """
    found: dict[str, Entry] = {}
    for entry in _below("", _schema(), 0):
        found.setdefault(entry.key, entry)
    named = "; ".join(f"`{name}`: {says}" for name, says in private_quantities().items())
    found[PRIVATE] = replace(
        found[PRIVATE], holds="mapping of quantities to their types",
        meaning=f"{found[PRIVATE].meaning} The quantities are {named}.")
    return found


def described(schema: Mapping[str, Any]) -> dict[str, Entry]:
    """Return the entries of another file's JSON Schema by their key, in its order.

    Examples
    --------
    >>> part = {"properties": {"day": {"type": "string", "description": "The day."}}}
    >>> described({"properties": {"list": {"type": "array", "items": {"$ref": "#/$defs/One"}}},
    ...            "$defs": {"One": part}})["list.day"].holds
    'text'
    """
    defined = schema.get("$defs", {})

    def inlined(part: Any) -> Any:
        if isinstance(part, list):
            return [inlined(x) for x in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            rest = {k: v for k, v in part.items() if k != "$ref"}
            part = {**defined[part["$ref"].rsplit("/", 1)[-1]], **rest}
        return {k: inlined(v) for k, v in part.items() if k != "$defs"}

    found: dict[str, Entry] = {}
    for entry in _below("", inlined(dict(schema)), 0):
        found.setdefault(entry.key, entry)
    return found


def private_quantities() -> dict[str, str]:
    """Return the private quantities that mechanisms read, each with its meaning and unit.

    Examples
    --------
    >>> sorted(private_quantities())
    ['join_cost', 'new_value', 'resolve', 'stake_weight', 'war_cost', 'weight_of_<issue>']
    """
    from detente.mechanisms import kinds, load

    return {name: says for kind in kinds() for name, says in load(kind).quantities.items()}


def mechanism_pages() -> dict[str, str]:
    """Return the docstring of each built-in mechanism's file, by its name in a crisis file.

    Names with a space are brought in by the file's own fields.

    Examples
    --------
    >>> "Source" in mechanism_pages()["mediator"]
    True
    """
    from detente.mechanisms import TABLE, load

    return {kind: inspect.getdoc(inspect.getmodule(load(kind))) or "" for kind in TABLE}
