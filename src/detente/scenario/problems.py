"""Problems of a file by path, before the file's lines and columns are looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from detente.errors import nearest, one_of
from detente.scenario.model import shown

__all__ = ["Problem", "from_pydantic"]


@dataclass(frozen=True)
class Problem:
    """One fault of a file, at a path.

    Parameters
    ----------
    path
        Keys and list positions from the top of the file.
    message, expected, nearest
        As in `detente.errors.InputError`.
    at_key
        Whether the key is wrong, and not its value.
    absent
        Whether the file lacks the last part of the path.
    """

    path: tuple[str | int, ...]
    message: str
    expected: str | None = None
    nearest: str | None = None
    at_key: bool = False
    absent: bool = False


_SPAN = re.compile(r"^\s*[-+.\w]+\s+to\s+[-+.\w]+\s*$")


def _is_range(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_SPAN.match(value))
    return isinstance(value, Mapping) and {"low", "high"} <= set(value)


_EXPECTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping of names to values",
    "model_type": "a mapping of settings",
    "model_attributes_type": "a mapping of settings",
    "finite_number": "a finite number",
}


def _wanted(kind: str, context: Mapping[str, Any]) -> str | None:
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    for name, words in (
        ("ge", "at least"),
        ("le", "at most"),
        ("gt", "a number above"),
        ("lt", "a number below"),
    ):
        if name in context and isinstance(context[name], int | float):
            return f"{words} {context[name]:g}"
    if "min_length" in context and kind == "too_short":
        return f"at least {context['min_length']}"
    if "max_length" in context:
        return f"at most {context['max_length']}"
    if "pattern" in context:
        return _PATTERNS.get(str(context["pattern"]), f"text like {context['pattern']}")
    if "expected" in context:
        return str(context["expected"])
    return None


_PATTERNS = {
    r"^[A-Za-z][A-Za-z0-9_]*$": "a name of letters a to z, digits and _",
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$": "a name of letters a to z, digits, - and _",
    r"^[A-Za-z][A-Za-z0-9_ -]*$": "a name of letters a to z, digits, spaces, - and _",
    r"^[A-Za-z0-9][A-Za-z0-9_ -]*$": "a name of letters a to z, digits, spaces, - and _",
}


def _said(kind: str, value: Any, context: Mapping[str, Any]) -> str:
    if kind in ("too_long", "string_too_long"):
        return "too long"
    if kind == "too_short":
        return f"too few: {context.get('actual_length', 0)}"
    if kind == "string_pattern_mismatch":
        return f"{shown(value)} is not a valid name"
    if kind == "literal_error":
        return f"unknown {shown(value)}"
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        return f"{shown(value)} is out of bounds"
    if kind in _EXPECTED:
        return f"{shown(value)} is not {_EXPECTED[kind]}"
    return ""


def _aliases(model: type[BaseModel]) -> list[str]:
    return [f.alias or name for name, f in model.model_fields.items()]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _known_at(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Return the keys that the model knows at the parent of a path."""
    at: list[type[BaseModel]] = [model]
    for part in path[:-1]:
        tagged = [m for m in at if m.__name__ == part]
        if tagged:
            at = tagged
            continue
        below: list[type[BaseModel]] = []
        for parent in at:
            for name, f in parent.model_fields.items():
                if part in (name, f.alias):
                    below += list(_models(f.annotation))
                    for extra in f.metadata:
                        below += list(_models(extra))
        if below:
            at = below
    return [name for parent in at for name in _aliases(parent)]


def from_pydantic(
    error: ValidationError, model: type[BaseModel], prefix: tuple[str | int, ...] = ()
) -> list[Problem]:
    """Return the errors of pydantic as problems, in words.

    Examples
    --------
    >>> class War(BaseModel, extra="forbid"):
    ...     cost: float
    >>> try:
    ...     War(cots=0.2)
    ... except ValidationError as error:
    ...     [(p.path, p.message, p.nearest) for p in from_pydantic(error, War)]
    [(('cots',), "unknown key 'cots'", 'cost')]
    """
    found = list(_read(error.errors(), model, prefix))
    # If a required key is missing and a similar unknown key is present, report only the
    # misspelling.
    misspelt = {(*p.path[:-1], p.nearest) for p in found if p.at_key and p.nearest}
    return [p for p in found if not (p.absent and p.path in misspelt)]


def _read(
    errors: Iterable[Mapping[str, Any]],
    model: type[BaseModel],
    prefix: tuple[str | int, ...],
    hidden: tuple[str, ...] = (),
) -> Iterator[Problem]:
    for e in errors:
        kind, context, value = e["type"], e.get("ctx", {}), e.get("input")
        path = (*prefix, *e["loc"])
        at_key = path[-1:] == ("[key]",)
        if at_key:
            path = path[:-1]
        path = (*path, *context.get("at", ()))
        if kind == "nested":
            yield from _read(context["errors"], context["model"], path, tuple(context["hidden"]))
        elif kind == "detente":
            told = context["message"], context.get("expected"), context.get("nearest")
            yield Problem(path, *told, at_key=context["key"])
        elif kind == "extra_forbidden":
            known = [k for k in _known_at(model, e["loc"]) if k not in hidden]
            yield Problem(
                path,
                f"unknown key {str(path[-1])!r}",
                expected=one_of(str(path[-1]), known) or "no key here; remove it",
                nearest=nearest(str(path[-1]), known),
                at_key=True,
            )
        elif kind == "missing":
            yield Problem(path, f"{path[-1]} is missing", "this key; add it", absent=True)
        elif _is_range(value) and kind.split("_")[0] in ("int", "float", "list"):
            yield Problem(
                path,
                f"{value!r} is a range, but this is structure"
                if isinstance(value, str)
                else "a range, but this is structure",
                expected=f"one plain value: {_EXPECTED.get(kind, 'a number')}",
            )
        else:
            said = _said(kind, value, context) or str(e["msg"]).removeprefix("Value error, ")
            hint = None
            if kind == "literal_error":
                options = re.findall(r"'([^']*)'", str(context.get("expected", "")))
                hint = nearest(str(value), options)
            wanted = _wanted(kind, context)
            if said.endswith(f"is not {wanted}"):
                wanted = None
            yield Problem(path, said, wanted, hint, at_key)
