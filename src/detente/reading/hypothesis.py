"""Annotations in the JSON of Hypothes.is, read in: the comments, and the passages they mark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from detente.errors import InputError
from detente.reading.records import Spoken

__all__ = ["Marked", "comments", "marked"]

EXPECTED = "annotations as Hypothes.is exports them: a list, or `rows` or `annotations`"


class Marked(NamedTuple):
    """A passage that an annotation marks: its selectors; None for a missing one."""

    start: int | None
    end: int | None
    exact: str
    prefix: str
    suffix: str


def comments(data: Any, shown: str, normal: Any) -> tuple[str, list[Spoken]]:
    """Return the comments as one text, and their turns, the earliest first.

    Parameters
    ----------
    data
        The parsed JSON.
    shown
        The file's name, for errors.
    normal
        The function that normalises a text.

    Raises
    ------
    InputError
        The JSON is not an export of annotations.
    """
    found = [(a, place) for place, a in _annotations(data, shown)]
    found.sort(key=lambda x: (_text(x[0], "created", x[1], shown), x[1]))
    text, turns = "", list[Spoken]()
    places: dict[str, int] = {}
    for one, place in found:
        body = normal(_text(one, "text", place, shown)).strip()
        if not body:
            continue
        references = one.get("references") or []
        if not isinstance(references, list):
            raise _wrong(place, "references", "a list of ids", shown)
        reply = next((places[r] for r in reversed(references)
                      if isinstance(r, str) and r in places), None)
        if key := _text(one, "id", place, shown):
            places[key] = len(turns)
        start = len(text) + (2 if text else 0)
        text += ("\n\n" if text else "") + body
        turns.append(Spoken(normal(_author(one, place, shown)), reply, start, start + len(body)))
    return text, turns


def marked(data: Any, shown: str) -> list[Marked]:
    """Return the passages that the annotations mark by a quotation.

    Raises
    ------
    InputError
        The JSON is not an export of annotations.
    """
    out = []
    for place, one in _annotations(data, shown):
        targets = one.get("target") or []
        if not isinstance(targets, list):
            raise _wrong(place, "target", "a list", shown)
        for target in targets:
            selectors = target.get("selector") if isinstance(target, Mapping) else None
            by = {s.get("type"): s for s in selectors or [] if isinstance(s, Mapping)} \
                if isinstance(selectors, list) else {}
            quote = by.get("TextQuoteSelector")
            if quote is None:
                continue
            span = by.get("TextPositionSelector") or {}
            exact, prefix, suffix = (
                _text(quote, k, place, shown) for k in ("exact", "prefix", "suffix"))
            out.append(Marked(_whole(span.get("start")), _whole(span.get("end")), exact, prefix,
                              suffix))
    return out


def _annotations(data: Any, shown: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    rows = data
    if isinstance(data, Mapping):
        rows = data.get("annotations", data.get("rows"))
    if not isinstance(rows, list):
        raise InputError("the JSON is not a list of annotations", file=shown, expected=EXPECTED)
    for place, one in enumerate(rows):
        if not isinstance(one, Mapping):
            raise InputError("an annotation is not an object", file=shown, field=str(place),
                             expected=EXPECTED)
        yield place, one


def _text(one: Mapping[str, Any], key: str, place: int, shown: str) -> str:
    value = one.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong(place, key, "a text", shown)
    return value


def _whole(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _author(one: Mapping[str, Any], place: int, shown: str) -> str:
    """Return the display name, or the account's name without ``acct:`` and the host."""
    info = one.get("user_info")
    name = info.get("display_name") if isinstance(info, Mapping) else None
    if isinstance(name, str) and name:
        return name
    return _text(one, "user", place, shown).removeprefix("acct:").partition("@")[0]


def _wrong(place: int, key: str, allowed: str, shown: str) -> InputError:
    return InputError("the value has the wrong type", file=shown, field=f"{place}.{key}",
                      expected=allowed)
