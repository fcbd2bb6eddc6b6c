"""Flags: patterns that fold a passage away until it is confirmed a second time.

A list of patterns is no filter: it misses many passages that must not be carried on, and flags many
that may be. The rule that holds is to deny by default; a flag adds a second confirmation.
"""

from __future__ import annotations

from detente.reading.letters import plain
from detente.reading.patterns import found_in, table
from detente.reading.sentences import paragraphs

__all__ = ["LONGEST_TURN", "around", "flags_at", "flags_of", "units"]

FILE = "flags.yaml"
LONGEST_TURN = 1500
"""A turn of at most this many code points is flagged as a whole, a longer one by paragraph."""


def flags_of(text: str) -> tuple[str, ...]:
    """Return the names of the flags that a text raises: hate, dehumanising, incitement, targets.

    Examples
    --------
    >>> flags_of("They are vermin, and the town will burn."), flags_of("They may sign.")
    (('dehumanising', 'incitement'), ())
    """
    return found_in(FILE, plain(text))


def flags_at(
    text: str, start: int, end: int, turns: list[tuple[int, int]]
) -> tuple[str, ...]:
    """Return the flags of a passage, which are those of the turns or paragraphs around it.

    Words around a passage carry it, so that a passage cannot be cut out of its flag.

    Parameters
    ----------
    text
        The document's text.
    start, end
        The passage's span.
    turns
        The spans of the document's turns.
    """
    found: dict[str, None] = {}
    for first, last in around(text, start, end, turns):
        found.update(dict.fromkeys(flags_of(text[first:last])))
    return tuple(name for name in table(FILE) if name in found)


def around(
    text: str, start: int, end: int, turns: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the spans whose flags a passage takes: short turns, paragraphs of long ones."""
    out = [(start, end)]
    for first, last in turns:
        if first < end and last > start:
            out += [(a, b) for a, b in units(text, first, last) if a < end and b > start]
    return out


def units(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans in which a turn is flagged: the turn if it is short, or its paragraphs."""
    return [(start, end)] if end - start <= LONGEST_TURN else paragraphs(text, start, end)
