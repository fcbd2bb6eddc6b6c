"""Quotations in answers: lines of one depth of quotation become a turn, answers reply to them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detente.reading.forms.form import HEAD, Line, trimmed
from detente.reading.records import Spoken

__all__ = ["ATTRIBUTION", "depth_of", "quoted_turns"]

MARKS = re.compile(r"(?:[ \t]{0,3}>){1,50}[ \t]?")
ATTRIBUTION = re.compile(
    r"[ \t>]*(?:on [^\n]{1,100}?,[ \t]*(?P<a>[^\n,<>\d][^\n,<>]{0,60}?)"
    r"|(?P<b>[^\n:,<>]{1,60}?))[ \t]*(?:<[^>\n]{1,80}>)?[ \t]*"
    r"(?:wrote|writes|said|says)(?:[ \t]+on [^\n:]{1,60})?:?[ \t]*(?:\*\*)?", re.IGNORECASE)
"""A line that says who wrote the quotation below it."""


def depth_of(text: str) -> int:
    """Return the depth of quotation of a line.

    Examples
    --------
    >>> depth_of("> > a"), depth_of(">>b"), depth_of("a > b")
    (2, 2, 0)
    """
    found = MARKS.match(text[:HEAD])
    return found[0].count(">") if found else 0


def quoted_turns(
    text: str, found: Sequence[Line], depths: Sequence[int], author: str, out: list[Spoken],
    joined: dict[tuple[int, int], str] | None = None,
) -> None:
    """Append the turns of one message to ``out``.

    A run of lines of one depth is one turn. An unquoted run replies to the quotation above it. A
    quotation whose words stand in an earlier turn is not repeated: the reply goes to that turn. The
    author of a quotation is named by the line above it, or unknown.

    Parameters
    ----------
    text
        The whole text.
    found, depths
        The lines of the message, and their depths of quotation.
    author
        The author of the message.
    out
        The turns before it; the new ones are added.
    joined
        The words of earlier turns by their spans; it grows, so that each is joined once.
    """
    own = len(out)
    named: dict[int, str] = {0: author}
    answered: int | None = None  # the last quotation, and its depth
    below = 0
    place = 0
    while place < len(found):
        depth, first = depths[place], place
        while place < len(found) and (depths[place] == depth or not found[place].text.strip()):
            place += 1
        run = list(found[first:place])
        while run and not run[-1].text.strip():
            run.pop()
        if run and depth == 0:
            named = {0: author}
        if run and place < len(found) and depths[place] > depth \
                and (seen := ATTRIBUTION.fullmatch(run[-1].text[:HEAD])):
            named[depth + 1] = (seen["a"] or seen["b"]).strip(" \t*>")
            run.pop()
        if not run:
            continue
        start, end = trimmed(text, run[0].start, run[-1].end)
        if (marks := MARKS.match(text, start)) and depth:
            start, end = trimmed(text, min(marks.end(), end), end)
        if end <= start:
            continue
        if depth:
            words = [MARKS.sub("", line.text, count=1) for line in run]
            earlier = _earlier(text, words, out[:own], {} if joined is None else joined)
            if earlier is not None:
                answered, below = earlier, depth
                continue
            who = named.get(depth, "")
            reply = answered if below > depth else None
            answered, below = len(out), depth
            out.append(Spoken(who, reply, start, end))
        else:
            out.append(Spoken(author, answered, start, end))


def _earlier(
    text: str, words: list[str], before: list[Spoken], joined: dict[tuple[int, int], str]
) -> int | None:
    """Return the last earlier turn that holds these words, apart from white space."""
    quoted = " ".join(" ".join(words).split())
    if not quoted:
        return None
    for place in range(len(before) - 1, -1, -1):
        span = (before[place].start, before[place].end)
        if span not in joined:
            joined[span] = " ".join(text[span[0]:span[1]].split())
        if quoted in joined[span]:
            return place
    return None
