"""A number that was changed by hand, so that its reason and source do not support it any more.

The mark stands in the file, in the number's `because`: it is in every report, and in every window
that opens the file later. It goes if the number is set back.
"""

from __future__ import annotations

import json
import re
from typing import Any

from detente.web.editing import Place, node_at, value_span, with_number

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
      cost: {value: 0.3, because: "changed by hand (was 0.2); the reason is of that value: a guess"}
    >>> with_change(once, ("war", "cost"), "0.20").splitlines()[1]
    '  cost: {value: 0.20, because: "a guess"}'
    """
    made = with_number(text, place, number)
    node = node_at(text, place)
    if node is None or node.id != "mapping":
        return made
    start, end = value_span(node)
    before = text[start:end]
    found: dict[str, tuple[Any, Any]] = {key.value: (key, value) for key, value in node.value}
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
    stop = begin + len(text[begin:stop].rstrip())
    if back and not reason:
        begin = text.rindex("\n" if not node.flow_style else ",", 0, key.start_mark.index)
        words = ""
    else:
        words = json.dumps(words, ensure_ascii=False)
    moved = shift if begin >= end else 0
    return made[:begin + moved] + words + made[stop + moved:]


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
    line = len(text) if line < 0 else line
    return f"{text[:line]}\n{indent}{said}{text[line:]}"
