"""A number that was changed by hand, so that its reason and source do not support it any more.

The mark stands in the file, in the number's `because`: it is in every report, and in every window
that opens the file later. It goes if the number is set back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from detente.errors import InputError
from detente.web.editing import Place, node_at, value_span, with_number
from detente.web.endings import line_break

__all__ = ["with_change"]

MARK = re.compile(r"changed by hand \(was (.+?)\); (?:the reason (?:and the source are|is) of that "
                  r"value: (.*)|the source is of that value)", re.DOTALL)


def with_change(text: str, place: Place, number: str) -> str:
    r"""Return the text with another number, and its reason marked as that of the number before.

    A number without a reason and a source has no mark.

    Parameters
    ----------
    text, place, number
        As in `detente.web.editing.with_number`.

    Raises
    ------
    InputError
        As `with_number`.

    Examples
    --------
    >>> text = "war:\n  cost: {value: 0.2, because: a guess}\n"
    >>> once = with_change(text, ("war", "cost"), "0.3")
    >>> print(once.splitlines()[1])
      cost: {value: 0.3, because: 'changed by hand (was 0.2); the reason is of that value: a guess'}
    >>> with_change(once, ("war", "cost"), "0.2") == text
    True
    """
    made = with_number(text, place, number)
    node = node_at(text, place)
    if node is None or node.id != "mapping":
        return made
    end = value_span(node)[1]
    found: dict[str, tuple[Any, Any]] = {key.value: (key, value) for key, value in node.value}
    before = str(found["value"][1].value)
    why, source = (str(found[key][1].value) if key in found else ""
                   for key in ("because", "source"))
    first, reason = _first(before, why)
    if not (why or source) or _same(number, before):
        return made
    back = _same(number, first)
    words = reason if back else _words(first, reason, source)
    shift = len(made) - len(text)  # what stands behind the number moved by so much
    if "because" not in found:
        return made if back else _inserted(made, node, end + shift, words)
    key, value = found["because"]
    begin, stop = value.start_mark.index, value.end_mark.index
    if value.anchor or begin < node.start_mark.index or stop > node.end_mark.index:
        return made  # it is shared with another number
    if words == why:
        return made
    stop = begin + len(text[begin:stop].rstrip())
    moved = shift if begin >= end else 0
    raw = made[begin + moved:stop + moved]
    if back and not reason:
        begin = text.rindex("\n" if not node.flow_style else ",", 0, key.start_mark.index)
        return made[:begin + moved].removesuffix("\r") + made[stop + moved:]
    lead = (why if back else words).removesuffix(reason) if reason else ""
    for form in (*_forms(raw, value.style, lead, back), json.dumps(words, ensure_ascii=False)):
        tried = made[:begin + moved] + form + made[stop + moved:]
        if _reads(tried, place, number, words):
            return tried
    return made


def _forms(raw: str, style: str | None, lead: str, back: bool) -> Iterator[str]:
    """Yield the ways to write a reason with, or without, a lead in its own quotes and lines."""
    if not lead:
        return
    if back:
        bare = raw.replace(lead, "", 1)
        if style == "'":
            yield bare[1:-1].replace("''", "'")  # a plain reason was quoted for the mark
        yield bare
    elif style in ("'", '"'):
        yield raw[0] + lead + raw[1:]
    elif style in ("|", ">"):
        head, _, body = raw.partition("\n")
        at = len(body) - len(body.lstrip())
        yield f"{head}\n{body[:at]}{lead}{body[at:]}"
    else:
        yield "'" + lead + raw.replace("'", "''") + "'"


def _reads(text: str, place: Place, number: str, words: str) -> bool:
    """Return whether a text has the number and the reason at a place."""
    try:
        node = node_at(text, place)
    except InputError:
        return False
    if node is None or node.id != "mapping":
        return False
    found = {key.value: value.value for key, value in node.value}
    return found.get("because") == words and _same(str(found.get("value")), number)


def _first(before: str, why: str) -> tuple[str, str]:
    """Return the number that the reason and the source support, and the reason itself."""
    found = MARK.fullmatch(why)
    return (found[1], found[2] or "") if found else (before, why)


def _words(first: str, reason: str, source: str) -> str:
    if not reason:
        return f"changed by hand (was {first}); the source is of that value"
    both = "the reason and the source are" if source else "the reason is"
    return f"changed by hand (was {first}); {both} of that value: {reason}"


def _same(one: str, other: str) -> bool:
    """Return whether two numbers or ranges are the same, however they are written."""
    try:
        return [float(x) for x in one.split(" to ")] == [float(x) for x in other.split(" to ")]
    except ValueError:
        return False


def _inserted(text: str, node: Any, at: int, words: str) -> str:
    """Return the text with a reason behind the number."""
    said = f"because: {json.dumps(words, ensure_ascii=False)}"
    if node.flow_style:
        return f"{text[:at]}, {said}{text[at:]}"
    indent = " " * node.start_mark.column
    line = text.find("\n", at)
    line = len(text) if line < 0 else line - text[:line].endswith("\r")
    return f"{text[:line]}{line_break(text)}{indent}{said}{text[line:]}"
