"""Changes of a crisis file's text at one place; every other letter stays as it is.

The parser of YAML says where a value begins and ends, and the text between is replaced. Comments,
order, quotes and line breaks of the rest are kept to the letter. A parser that writes the whole
file cannot promise that.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from detente.errors import InputError
from detente.scenario.yamlfile import parse_yaml
from detente.web.endings import line_break

__all__ = [
    "OWN", "TOP", "Place", "node_at", "span_of", "value_span", "with_claim_added", "with_event",
    "with_number", "with_title", "without_last_event",
]

Place = tuple[str | int, ...]

OWN = "own"
"""The source of events that were entered by hand."""
TOP = ("precision", "habits")
"""Keys that stand at the top of a file and may be missing: they have a default."""


def with_number(text: str, place: Place, number: str) -> str:
    r"""Return the text with another number, or another range, at a place.

    Parameters
    ----------
    text
        The text of a crisis file.
    place
        Keys and positions of the number, as `detente.scenario.paths.where` gives them.
    number
        The new value, such as ``0.3`` or ``0.2 to 0.4``.

    Raises
    ------
    InputError
        The file leaves the number at its default, or the new value is not a number or a range.

    Examples
    --------
    >>> with_number("war:\n  cost: {value: 0.2, because: a guess}  # low\n", ("war", "cost"),
    ...             "0.1 to 0.3")
    'war:\n  cost: {value: 0.1 to 0.3, because: a guess}  # low\n'
    """
    number = number.strip()
    _check(number)
    found = list(_walk(_root(text), place))
    if len(found) < len(place) and place[0] in TOP and not found:
        return _added(text, place, number)
    node = found[-1] if found else None
    if node is None or node[0] != place[-1]:
        raise InputError("the file leaves this number at its default",
                         field=".".join(map(str, place)),
                         expected="the number in the text; write it there once")
    if any(getattr(one, "anchor", None) for _, one in found):
        raise InputError("this number is shared with another part of the file by an anchor",
                         expected="a change in the text, where both are seen")
    start, end = value_span(node[1])
    quote = text[start] if text[start] in "'\"" and " to " in number else ""
    return f"{text[:start]}{quote}{number}{quote}{text[end:]}"


def with_title(text: str, title: str) -> str:
    r"""Return the text with another title.

    Raises
    ------
    InputError
        The text is not YAML, or its title is not one text, so that there is no place for another.

    Examples
    --------
    >>> with_title("crisis: a  # mine\ntitle: Old  # words\n", "New: 2")
    'crisis: a  # mine\ntitle: "New: 2"  # words\n'
    """
    root = _root(text)
    found = None if root is None else _below(root).get("title")
    if found is None or found.id != "scalar" or found.anchor:
        raise InputError("the file has no title in one place",
                         expected="a line such as title: Cuba")
    begin, end = found.start_mark.index, found.end_mark.index
    end = begin + len(text[begin:end].rstrip())  # the mark behind a block is at the next token
    return text[:begin] + _quoted(title) + text[end:]


def span_of(text: str, place: Place) -> tuple[int, int] | None:
    """Return where the value at a place begins and ends in the text; None if it is not there."""
    node = node_at(text, place)
    return None if node is None else (node.start_mark.index, node.end_mark.index)


def node_at(text: str, place: Place) -> Any:
    """Return the parser's node at a place of the text; None if it is not there."""
    found = list(_walk(_root(text), place))
    return found[-1][1] if found and found[-1][0] == place[-1] else None


NUMBER = r"[-+]?(\d+(?:\.\d*)?|\.\d+)([eE][-+]?\d+)?"
LONGEST = 200
"""Most letters of a number or a range."""


def _check(number: str) -> None:
    short = len(number) <= LONGEST
    found = re.fullmatch(rf"({NUMBER})(?: to ({NUMBER}))?", number) if short else None
    if found is None:
        told = repr(number) if short else f"{number[:40]!r}, which goes on,"
        raise InputError(f"{told} is not a number", expected="a number such as 0.3, or a range "
                         "such as 0.2 to 0.4")
    if found[4] is not None and not float(found[1]) < float(found[4]):
        raise InputError(f"{number!r} is not a range", expected="a lower and a higher number, such "
                         "as 0.2 to 0.4")


@lru_cache(maxsize=4)
def _root(text: str) -> Any:
    """Return the parser's node of a text; it is shared, so that no caller may change it."""
    from ruamel.yaml import YAML

    parse_yaml(text)  # with its limits, and its messages
    return YAML(typ="safe", pure=True).compose(text)


def _walk(node: Any, place: Place) -> Iterator[tuple[str | int, Any]]:
    """Yield (part, node) down the place, as `detente.scenario.yamlfile.Document` does."""
    for part in place:
        below = _below(node)
        if part not in below and len(below) == 1 and isinstance(part, str):
            only = next(iter(below.values()))
            if part in _below(only):
                below = _below(only)
        if part not in below:
            continue
        node = below[part]
        yield part, node


def _below(node: Any) -> dict[str | int, Any]:
    if node.id == "mapping":
        return {key.value: value for key, value in node.value}
    if node.id == "sequence":
        return dict(enumerate(node.value))
    return {}


def value_span(node: Any) -> tuple[int, int]:
    """Return the part of the text that holds the number itself."""
    node = _below(node).get("value", node)
    if node.id == "scalar" and node.style not in ("|", ">") and not node.anchor:
        return node.start_mark.index, node.end_mark.index
    raise InputError("this number is not written in one place",
                     expected="a change in the text, where its reason stands beside it")


def _added(text: str, place: Place, number: str) -> str:
    new = line_break(text)
    end = "" if text.endswith("\n") or not text else new
    if len(place) == 1:
        return f"{text}{end}{place[0]}: {number}{new}"
    return f"{text}{end}{place[0]}:{new}  {place[1]}: {number}{new}"


def with_claim_added(text: str, ids: list[str], says: str, holds_if: str) -> str:
    r"""Return the text with one claim more at the end of its claims.

    Parameters
    ----------
    text
        The text of a crisis file.
    ids
        The ids of its claims.
    says, holds_if
        The claim in words, and its condition.

    Examples
    --------
    >>> print(with_claim_added("crisis: a\n", [], "War is unlikely.", "P(war) < 0.1"), end="")
    crisis: a
    claims:
      - id: claim-1
        says: "War is unlikely."
        holds_if: "P(war) < 0.1"
    """
    number = next(k for k in range(1, len(ids) + 2) if f"claim-{k}" not in ids)
    return _appended(text, "claims", (
        f"id: claim-{number}", f"says: {_quoted(says or holds_if)}",
        f"holds_if: {_quoted(holds_if)}"))


def with_event(text: str, day: str, actor: str, move: str, title: str = "") -> str:
    r"""Return the text of an events file with one event more, after its last one.

    Parameters
    ----------
    text
        The text of an events file.
    day
        The day, such as ``2026-01-31``.
    actor
        The actor's name; empty for a result of chance.
    move
        The label of the move.
    title
        The actor's title; its name if empty.

    Raises
    ------
    InputError
        The day is missing, or the events are not a list that can be continued.

    Examples
    --------
    >>> print(with_event("sources: [{id: own}]\nevents: []\nreadings: {}\n", "2026-01-02",
    ...                  "aland", "hold"), end="")
    sources: [{id: own}]
    events:
      - {date: 2026-01-02, says: "aland: hold", source: own, actor: aland, move: "hold"}
    readings: {}
    """
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        raise InputError("the event has no day", expected="a day such as 2026-01-31") from None
    root = _root(text)
    sources = _below(root).get("sources")
    known = [] if sources is None else [
        _below(one)["id"].value for one in _below(sources).values() if "id" in _below(one)]
    if OWN not in known:
        text = _appended(text, "sources", (f"{{id: {OWN}, cite: Entered by hand}}",))
    who = f"actor: {actor}, move: " if actor else "chance: "
    said = f"{title or actor}: {move}" if actor else move
    return _appended(text, "events", (
        f"{{date: {date.isoformat()}, says: {_quoted(said)}, source: {OWN}, {who}{_quoted(move)}}}",
    ))


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _appended(text: str, key: str, lines: Sequence[str]) -> str:
    """Return the text with one item more at the end of the list at a key of the top level.

    Raises
    ------
    InputError
        The list stands in brackets, or the key holds no list.
    """
    new = line_break(text)
    if text and not text.endswith("\n"):
        text += new
    found = _below(_root(text)).get(key)
    if found is None:
        return f"{text}{key}:{new}{_item('  ', lines, new)}"
    items = found.value if found.id == "sequence" else []
    if not items:
        if found.id != "sequence" and found.value not in ("", "null", "~"):
            raise InputError(f"{key} holds no list", expected="a list in the text")
        begin, close = found.start_mark.index, found.end_mark.index
        if begin == close:  # nothing is written there, and the mark is at the next token
            name = next(k for k, _ in _root(text).value if k.value == key)
            begin = close = text.index(":", name.end_mark.index) + 1
        end = text.index("\n", close)
        head = text[:begin].rstrip() + text[close:end].rstrip("\r")
        return f"{head}{new}{_item('  ', lines, new)}{text[end + 1:]}"
    if found.flow_style:
        raise InputError(f"the {key} stand in brackets", expected="the new entry in the text")
    body = text[:_behind(items[-1], text)].rstrip("\r\n")
    at = len(body) + (2 if text.startswith("\r\n", len(body)) else 1)
    dash = " " * (items[0].start_mark.column - 2)
    return text[:at] + _item(dash, lines, new) + text[at:]


def without_last_event(text: str) -> str:
    r"""Return the text of an events file without its last event.

    Raises
    ------
    InputError
        There is no event, or the events stand in brackets.

    Examples
    --------
    >>> print(without_last_event("events:\n  - {date: 2026-01-02}\n  - date: 2026-01-03\n"), end="")
    events:
      - {date: 2026-01-02}
    >>> without_last_event("events:  # mine\n  - {date: 2026-01-02}\nnotes: b\n")
    'events: []  # mine\nnotes: b\n'
    """
    found = _below(_root(text)).get("events")
    if found is None or found.id != "sequence" or not found.value:
        raise InputError("there is no event to take back", expected="a file with an event")
    items = found.value
    if found.flow_style:
        raise InputError("the events stand in brackets", expected="a change in the text")
    if not text.endswith("\n"):
        text += line_break(text)
    dash = text.rindex("-", 0, items[-1].start_mark.index)
    begin = text.rfind("\n", 0, dash) + 1
    lines = text[begin:_behind(items[-1], text)].splitlines(keepends=True)
    while lines[1:] and _between(lines[-1], dash - begin):
        lines.pop()
    end = begin + sum(map(len, lines))
    if len(items) > 1:
        return text[:begin] + text[end:]
    key = next(k for k, _ in _root(text).value if k.value == "events")
    colon = text.index(":", key.end_mark.index) + 1
    return f"{text[:colon]} []{text[colon:begin]}{text[end:]}"


def _between(line: str, column: int) -> bool:
    """Return whether a line is empty or a comment that stands no deeper than a column."""
    bare = line.lstrip()
    return not bare or (bare.startswith("#") and len(line) - len(bare) <= column)


def _behind(item: Any, text: str) -> int:
    """Return where the line behind an item of a list begins."""
    at = int(item.end_mark.index)
    if item.id == "scalar" or item.flow_style:  # the mark is on the item's last line
        return text.index("\n", at) + 1
    return text.rindex("\n", 0, at) + 1  # the mark is at the next token


def _item(dash: str, lines: Sequence[str], new: str) -> str:
    """Return an item of a list: its first line behind the dash, the others below it."""
    return "".join(f"{dash}{'  ' if k else '- '}{line}{new}" for k, line in enumerate(lines))
