"""The place of a passage: its context, and its place after an edit of the source.

The selectors are those of the W3C Web Annotation Data Model [sanderson-et-al-2017]: a position
(start and end) and a quotation (the exact words with at most 32 code points on each side).
"""

from __future__ import annotations

from typing import NamedTuple

from detente.reading.bounds import CONTEXT
from detente.reading.records import Passage, Status
from detente.reading.store import Session

__all__ = ["Again", "anchor_again", "context", "find"]

MOST_PLACES = 10_000
"""Most places with the same words that are compared."""


class Again(NamedTuple):
    """Passages after an edit of their source: found again, and lost."""

    found: int
    lost: int


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """Return at most 32 code points before and after a span.

    Examples
    --------
    >>> context("He said yes today.", 8, 11)
    ('He said ', ' today.')
    """
    return text[max(0, start - CONTEXT):start], text[end:end + CONTEXT]


def find(text: str, exact: str, prefix: str, suffix: str, start: int | None) -> int | None:
    """Return the place of the exact words whose context agrees best; None if they are absent.

    Parameters
    ----------
    text
        The text that is searched.
    exact, prefix, suffix
        The quotation and its context.
    start
        The former place, which decides between equal contexts; None if it is not known.

    Examples
    --------
    >>> find("no war. A war. The war", "war", "A ", ".", 0)
    10
    """
    if not exact:
        return None
    best: tuple[int, int] | None = None
    place, at = None, text.find(exact)
    for _ in range(MOST_PLACES):
        if at < 0:
            break
        before, after = context(text, at, at + len(exact))
        agreed = _shared(before[::-1], prefix[::-1]) + _shared(after, suffix)
        rank = (agreed, -abs(at - start) if start is not None else 0)
        if best is None or rank > best:
            best, place = rank, at
        at = text.find(exact, at + 1)
    return place


def _shared(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def anchor_again(session: Session, document: int) -> Again:
    """Find every passage of a changed document again, and mark each confirmed one.

    A confirmed passage becomes ``to confirm again``, also if it has not moved, because the words
    around it may have changed its meaning. A passage whose exact words are absent becomes
    ``lost``. Proposed and refused passages keep their status.
    """
    text = session.document(document).text
    found = lost = 0
    with session.transaction():
        old = session.passages(document=document)
        for one in old:
            session.move_passage(one.id, one.start, one.end, one.prefix, one.suffix, "lost")
        taken: set[tuple[int, int]] = set()
        for one in sorted(old, key=_first):
            at = find(text, one.exact, one.prefix, one.suffix, one.start)
            span = (0, 0) if at is None else (at, at + len(one.exact))
            if at is None or span in taken:
                lost += 1
                continue
            taken.add(span)
            found += 1
            session.move_passage(one.id, *span, *context(text, *span), _after(one.status))
    return Again(found, lost)


def _first(one: Passage) -> tuple[bool, int]:
    """Let confirmed passages take their places before the others."""
    return (one.status not in ("confirmed", "to confirm again"), one.id)


def _after(status: Status) -> Status:
    return status if status in ("proposed", "refused") else "to confirm again"
