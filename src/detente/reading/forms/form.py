"""The contract of a form, and the lines of a text with their offsets."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from detente.reading.records import Spoken
from detente.reading.sources import Source

__all__ = ["HEAD", "Form", "Guess", "Line", "lines", "trimmed"]

HEAD = 200
"""Letters of a line in which the heading of a turn is searched."""


class Guess(NamedTuple):
    """How well a form fits a text, from 0 to 1, and the reason, without words of the text."""

    fit: float
    reason: str


class Form(NamedTuple):
    """One form.

    Attributes
    ----------
    name, about : str
        The name for ``--form``, and one sentence.
    guess : callable
        Takes a source and returns a `Guess`.
    turns : callable
        Takes a source and returns the turns in the order of the text.
    """

    name: str
    about: str
    guess: Callable[[Source], Guess]
    turns: Callable[[Source], list[Spoken]]


class Line(NamedTuple):
    """A line of a text: its span, without the line feed, and its words."""

    start: int
    end: int
    text: str


def lines(text: str) -> list[Line]:
    r"""Return the lines of a text with their spans.

    Examples
    --------
    >>> [tuple(x) for x in lines("ab\n\nc")]
    [(0, 2, 'ab'), (3, 3, ''), (4, 5, 'c')]
    """
    out, at = [], 0
    for one in text.split("\n"):
        out.append(Line(at, at + len(one), one))
        at += len(one) + 1
    return out


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    r"""Return a span without the white space at its ends; an empty span begins at ``start``.

    Examples
    --------
    >>> trimmed(" a b\n", 0, 5), trimmed("  ", 0, 2)
    ((1, 4), (0, 0))
    """
    while start < end and text[end - 1].isspace():
        end -= 1
    first = start
    while first < end and text[first].isspace():
        first += 1
    return (first, end) if first < end else (start, start)
