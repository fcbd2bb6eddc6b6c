"""JSON lines that an editor changes: read with positions, and errors without their words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from detente.errors import InputError, nearest, one_of

__all__ = ["LONGEST_FIELD", "read_lines", "unknown_field"]

LONGEST_FIELD = 30
"""Letters of the longest unknown field that a message repeats; a longer one may be a text."""


def read_lines(text: str, file: str) -> Iterator[tuple[int, dict[str, Any]]]:
    r"""Yield the number of each line, from 1, and its object; empty lines are skipped.

    Raises
    ------
    InputError
        A line is not a JSON object, or names a field twice.

    Examples
    --------
    >>> list(read_lines('{"a": 1}\n\n{"b": 2}\n', "x.jsonl"))
    [(1, {'a': 1}), (3, {'b': 2})]
    """
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, object_pairs_hook=_once)
        except _TwiceError:
            raise InputError("a field is named twice", file=file, line=number,
                             expected="each field once") from None
        except (ValueError, RecursionError) as wrong:
            raise InputError("the line is not valid JSON", file=file, line=number,
                             column=getattr(wrong, "colno", None),
                             expected="one JSON object per line") from None
        if not isinstance(row, dict):
            raise InputError("the line is not a JSON object", file=file, line=number,
                             expected="one JSON object per line")
        yield number, row


def unknown_field(key: str, known: Sequence[str], file: str, line: int) -> InputError:
    """Return the error for a field that does not exist."""
    if len(key) > LONGEST_FIELD or not key.isidentifier():
        return InputError("the line has an unknown field", file=file, line=line,
                          expected="fields " + ", ".join(known))
    return InputError(f"unknown field {key!r}", file=file, line=line, field=key,
                      expected=one_of(key, known), nearest=nearest(key, known))


class _TwiceError(Exception):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _TwiceError
    return made
