"""Quotations in answers: lines of one depth of quotation become a turn, answers reply to them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detente.reading.forms.form import HEAD, Line, trimmed
from detente.reading.records import Spoken

__all__ = ["Earlier", "attribution", "depth_of", "quoted_turns"]

MARKS = re.compile(r"(?:[ \t]{0,3}>){1,50}[ \t]?")
ATTRIBUTION = re.compile(
    r"[ >]*(?:on [^\n]{1,100}?, ?(?P<a>[^\n,<>\d][^\n,<>]{0,60}?)"
    r"|(?P<b>[^\n:,<> ][^\n:,<>]{0,59}?)) ?(?:<[^>\n]{1,80}>)? ?"
    r"(?:wrote|writes|said|says)(?: on [^\n:]{1,60})?:? ?(?:\*\*)?", re.IGNORECASE)
"""A line that says who wrote the quotation below it, with single spaces."""


def depth_of(text: str) -> int:
    """Return the depth of quotation of a line.

    Examples
    --------
    >>> depth_of("> > a"), depth_of(">>b"), depth_of("a > b")
    (2, 2, 0)
    """
    found = MARKS.match(text[:HEAD])
    return found[0].count(">") if found else 0


def attribution(line: str) -> str | None:
    """Return the author that a line names for the quotation below it; None if it names none.

    Examples
    --------
    >>> attribution("On 3 May, Ann  Lee <a@b.org> wrote:"), attribution("No.")
    ('Ann Lee', None)
    """
    seen = ATTRIBUTION.fullmatch(" ".join(line[:HEAD].split()))
    return (seen["a"] or seen["b"]).strip(" *>") if seen else None


class Earlier:
    """The words of the turns of a text, for the search of quotations."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._joined: list[str] = []

    def last(self, quotation: str, turns: Sequence[Spoken], count: int) -> int | None:
        """Return the last of the first ``count`` turns that holds the quotation, or None.

        White space does not count. The turns must be those of the calls before, and new ones.
        """
        quoted = " ".join(quotation.split())
        if not quoted:
            return None
        for one in turns[len(self._joined):count]:
            self._joined.append(" ".join(self._text[one.start:one.end].split()))
        for place in range(count - 1, -1, -1):
            if quoted in self._joined[place]:
                return place
        return None


def quoted_turns(
    text: str, found: Sequence[Line], depths: Sequence[int], author: str, out: list[Spoken],
    earlier: Earlier,
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
    earlier
        The words of the turns before it; it grows, so that each is joined once.
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
                and (writer := attribution(run[-1].text)) is not None:
            named[depth + 1] = writer
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
            holder = earlier.last(" ".join(words), out, own)
            if holder is not None:
                answered, below = holder, depth
                continue
            who = named.get(depth, "")
            reply = answered if below > depth else None
            answered, below = len(out), depth
            out.append(Spoken(who, reply, start, end))
        else:
            out.append(Spoken(author, answered, start, end))
