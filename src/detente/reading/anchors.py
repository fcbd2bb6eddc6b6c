"""The place of a passage: its context, and its place after an edit of the source.

The selectors are those of the W3C Web Annotation Data Model [sanderson-et-al-2017]: a position
(start and end) and a quotation (the exact words with at most 32 code points on each side).
"""

from __future__ import annotations

from typing import NamedTuple

from detente.reading.bounds import CONTEXT
from detente.reading.flags import flags_at
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
    found = _places(text, exact, prefix, suffix, start)
    return max(found, key=lambda x: x[0])[1] if found else None


def _places(
    text: str, exact: str, prefix: str, suffix: str, start: int | None
) -> list[tuple[tuple[int, int], int]]:
    """Return the places of the exact words, each with its rank: agreement, then nearness."""
    out: list[tuple[tuple[int, int], int]] = []
    at = text.find(exact)
    for _ in range(MOST_PLACES):
        if at < 0:
            break
        before, after = context(text, at, at + len(exact))
        agreed = _shared(before[::-1], prefix[::-1]) + _shared(after, suffix)
        out.append(((agreed, -abs(at - start) if start is not None else 0), at))
        at = text.find(exact, at + 1)
    return out


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
    ``lost``. Proposed and refused passages keep their status. A passage whose new surroundings
    raise a flag is folded.
    """
    text = session.document(document).text
    with session.transaction():
        old = session.passages(document=document)
        for one in old:
            session.move_passage(one.id, one.start, one.end, one.prefix, one.suffix, "lost")
        spans = [(t.start, t.end) for t in session.turns(document)]
        taken: set[tuple[int, int]] = set()
        placed: set[int] = set()
        # The best agreement is served first, so that no passage takes the place of another.
        pairs = [(not _waits(one), (-rank[0], -rank[1]), one.id, at, one) for one in old
                 for rank, at in _places(text, one.exact, one.prefix, one.suffix, one.start)]
        for _, _, _, at, one in sorted(pairs, key=lambda x: (x[1][0], x[0], x[1][1], x[2])):
            span = (at, at + len(one.exact))
            if one.id in placed or span in taken:
                continue
            taken.add(span)
            placed.add(one.id)
            session.move_passage(one.id, *span, *context(text, *span), _after(one.status))
            if not one.flagged and flags_at(text, *span, spans):
                session.flag(one.id)
        found, lost = len(placed), len(old) - len(placed)
    return Again(found, lost)


def _waits(one: Passage) -> bool:
    """Whether a passage was confirmed; of two that agree equally, it is served first."""
    return one.status in ("confirmed", "to confirm again")


def _after(status: Status) -> Status:
    return status if status in ("proposed", "refused") else "to confirm again"
