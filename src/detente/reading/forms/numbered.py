"""Numbered comments: ``1. Ann: ...``, ``#2 Bob``, ``## 3. Cleo``.

Replies name a number or an author.
"""

from __future__ import annotations

import re

from detente.reading.forms.form import HEAD, Form, Guess, Line, lines, trimmed
from detente.reading.records import Spoken
from detente.reading.sources import Source

__all__ = ["FORM"]

HEADING = re.compile(
    r"[ \t]*(?:#{1,6}[ \t]+)?(?P<mark>#)?(?P<number>\d{1,5})(?:[.):]|[ \t]+[-–—|])?[ \t]+"
    r"(?P<author>[^\W\d_][^\n:|,()<>#@!?]{0,59}?)[ \t]*"
    r"(?:[,|(][^\n:]{0,60})?(?:(?P<colon>:)(?=\s|$)|$)")
REPLY = re.compile(
    r"(?:#|>>|@#|(?:reply(?:ing)? to|in reply to|re|in answer to|answer to)[:\s]{1,3}#?)"
    r"(?P<number>\d{1,5})\b", re.IGNORECASE)
TO = re.compile(r"@(?P<author>[^\W\d_][\w'’.-]{0,40}(?: [^\W\d_a-z][\w'’.-]{0,40})?)")
BEGINNING = 160
"""Letters of a comment in which its reply is searched."""
NAME_WORDS = 4
"""Most words of a name; a longer heading is more likely an entry of a list."""


def headings(text: str) -> list[tuple[int, str, Line, int]]:
    """Return the number, author, line and start of the body of each comment, in rising numbers."""
    out: list[tuple[int, str, Line, int]] = []
    for line in lines(text):
        found = HEADING.match(line.text[:HEAD])
        if not found or (not found["colon"] and len(line.text) > HEAD):
            continue
        number = int(found["number"])
        if out and number != out[-1][0] + 1:
            continue
        out.append((number, found["author"].strip(), line, line.start + found.end()))
    return out


def guess(source: Source) -> Guess:
    """Return the fit: comments numbered in a row, under headings that look like names."""
    found = headings(source.text)
    names = [a for _, a, _, _ in found if len(a.split()) <= NAME_WORDS]
    if len(found) < 2:
        return Guess(0.0, "fewer than two numbered headings")
    share = len(names) / len(found)
    again = len({n.casefold() for n in names}) < len(names)
    return Guess(min(1.0, 0.3 + 0.4 * share + (0.2 if again else 0.0)),
                 f"{len(found)} headings with numbers in a row, {len(names)} as short as a name")


def turns(source: Source) -> list[Spoken]:
    """Return one turn per numbered heading; text before the first belongs to no author."""
    text, found = source.text, headings(source.text)
    out: list[Spoken] = []
    places: dict[int, int] = {}
    last: dict[str, int] = {}  # the place of each author's last turn
    start, end = trimmed(text, 0, found[0][2].start if found else len(text))
    if end > start:
        out.append(Spoken("", None, start, end))
    for k, (number, author, _, body) in enumerate(found):
        until = found[k + 1][2].start if k + 1 < len(found) else len(text)
        start, end = trimmed(text, body, until)
        if end <= start:
            continue
        beginning = text[start:min(end, start + BEGINNING)]
        reply: int | None = None
        if by_number := REPLY.search(beginning):
            reply = places.get(int(by_number["number"]))
        elif by_name := TO.search(beginning):
            named = by_name["author"].rstrip(".-'’").casefold()
            reply = last.get(named, last.get(named.split()[0]))
        places[number] = last[author.casefold()] = len(out)
        out.append(Spoken(author, reply, start, end))
    return out


FORM = Form("numbered", "Comments with numbers and authors, such as `1. Ann: ...` or `#2 Bob`.",
            guess, turns)
