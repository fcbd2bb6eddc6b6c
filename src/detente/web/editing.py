"""Changes of a crisis file's text at one place; every other letter stays as it is.

The parser of YAML says where a value begins and ends, and the text between is replaced. Comments,
order, quotes and line breaks of the rest are kept to the letter, which a parser that writes the
whole file anew cannot promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detente.errors import InputError
from detente.scenario.yamlfile import parse_yaml

__all__ = ["TOP", "span_of", "with_claim_added", "with_number"]

Place = tuple[str | int, ...]

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
    start, end = _value(node[1], text)
    return text[:start] + number + text[end:]


def span_of(text: str, place: Place) -> tuple[int, int] | None:
    """Return where the value at a place begins and ends in the text; None if it is not there."""
    found = list(_walk(_root(text), place))
    if not found or found[-1][0] != place[-1]:
        return None
    node = found[-1][1]
    return node.start_mark.index, node.end_mark.index


def _check(number: str) -> None:
    parts = number.split(" to ") if " to " in number else [number]
    try:
        values = [float(part) for part in parts]
    except ValueError:
        raise InputError(f"{number!r} is not a number", expected="a number such as 0.3, or a range "
                         "such as 0.2 to 0.4") from None
    if len(values) > 2 or (len(values) == 2 and not values[0] < values[1]):
        raise InputError(f"{number!r} is not a range", expected="a lower and a higher number, such "
                         "as 0.2 to 0.4")


def _root(text: str) -> Any:
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


def _value(node: Any, text: str) -> tuple[int, int]:
    """Return the part of the text that holds the number itself."""
    if node.id == "scalar":
        return node.start_mark.index, node.end_mark.index
    below = _below(node)
    if "value" in below:
        return below["value"].start_mark.index, below["value"].end_mark.index
    raise InputError("this number is given by its ends", expected="a change in the text, where its "
                     "reason stands beside it")


def _added(text: str, place: Place, number: str) -> str:
    end = "" if text.endswith("\n") or not text else "\n"
    if len(place) == 1:
        return f"{text}{end}{place[0]}: {number}\n"
    return f"{text}{end}{place[0]}:\n  {place[1]}: {number}\n"


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
    import json

    number = next(k for k in range(1, len(ids) + 2) if f"claim-{k}" not in ids)
    root = _root(text)
    found = _below(root).get("claims")
    dash = "  "
    if found is not None and found.id == "sequence" and found.value:
        first = found.value[0].start_mark
        if found.flow_style:
            raise InputError("the claims stand in brackets", expected="the claim in the text")
        dash = " " * (first.column - 2)
    lines = (f"- id: claim-{number}", f"  says: {json.dumps(says or holds_if, ensure_ascii=False)}",
             f"  holds_if: {json.dumps(holds_if, ensure_ascii=False)}")
    block = "".join(f"{dash}{line}\n" for line in lines)
    if found is None or not found.value:
        end = "" if text.endswith("\n") or not text else "\n"
        return f"{text}{end}claims:\n{block}"
    at = found.value[-1].end_mark.index
    while at > 0 and text[at - 1] != "\n":  # the mark may stand on the next line
        at -= 1
    body = text[:at].rstrip("\n")
    at = len(body) + 1
    return text[:len(body)] + "\n" + block + text[at:]
