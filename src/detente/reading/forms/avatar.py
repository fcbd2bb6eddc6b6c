"""Threads copied from a page with avatars: ``Ann's avatar`` or ``Avatar of Ann`` begins a turn."""

from __future__ import annotations

import re
from collections.abc import Mapping

from detente.reading.forms.form import HEAD, Form, Guess, Line, lines, trimmed
from detente.reading.records import Spoken
from detente.reading.sources import Source

__all__ = ["FORM"]

AVATAR = re.compile(
    r"\s*(?:(?P<a>[^\n]{1,60}?)['’]s?[ \t]+avatar|avatar[ \t]+(?:of|for)[ \t]+(?P<b>[^\n]{1,60}?)"
    r"|(?P<c>[^\n]{1,60}?)[ \t]+avatar)\s*", re.IGNORECASE)
TO = re.compile(r"\s*(?:@|repl(?:y|ying|ied) to[: ]+@?)(?P<author>[^\n,:.]{1,60})", re.IGNORECASE)
CONTROL = re.compile(
    r"\s*(?:like[sd]?|reply|replies|share|report|edited|author|collapse|expand(?: full comment)?"
    r"|see more|show more|liked by .{0,80}|upvote|downvote|\d+ repl(?:y|ies)"
    r"|like \(\d+\)|reply \(\d+\)|[·•|\-\s\d]+"
    r"|\d+ ?(?:s|m|h|d|w|mo|y|hr|hrs|min|mins|hours?|days?|weeks?|months?|years?)(?: ago)?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}(?:, \d{4})?"
    r"(?: at \d{1,2}:\d\d(?: ?[ap]m)?)?"
    r"|\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?: \d{4})?"
    r"|\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d)?)?\s*", re.IGNORECASE)
"""Buttons, counts and dates of a page, which belong to no author; an empty line also."""


def avatars(found: list[Line]) -> list[tuple[int, str]]:
    """Return the place and the author of each line that names an avatar."""
    out = []
    for place, line in enumerate(found):
        if len(line.text) <= HEAD and (seen := AVATAR.fullmatch(_plain(line))):
            out.append((place, (seen["a"] or seen["b"] or seen["c"]).strip()))
    return out


def guess(source: Source) -> Guess:
    """Return the fit: lines that name avatars."""
    count = len(avatars(lines(source.text)))
    if count < 2:
        return Guess(0.0, "fewer than two lines that name an avatar")
    return Guess(0.95, f"{count} lines name an avatar")


def turns(source: Source) -> list[Spoken]:
    """Return one turn per avatar, without the author's line, dates and buttons."""
    text, found = source.text, lines(source.text)
    seen = avatars(found)
    out: list[Spoken] = []
    last: dict[str, int] = {}  # the place of each author's last turn
    start, end = trimmed(text, 0, found[seen[0][0]].start if seen else len(text))
    if end > start:
        out.append(Spoken("", None, start, end))
    for k, (place, author) in enumerate(seen):
        first, until = place + 1, seen[k + 1][0] if k + 1 < len(seen) else len(found)
        reply: int | None = None
        while first < until and (
                _control(found[first]) or found[first].text.strip() == author
                or _only_reply(found[first])):
            if _only_reply(found[first]):
                reply = _to(found[first].text, last)
            first += 1
        while until > first and _control(found[until - 1]):
            until -= 1
        if until <= first:
            continue
        start, end = trimmed(text, found[first].start, found[until - 1].end)
        if end <= start:
            continue
        if reply is None:
            reply = _to(text[start:start + HEAD], last)
        last[author.casefold()] = len(out)
        out.append(Spoken(author, reply, start, end))
    return out


def _plain(line: Line) -> str:
    """Return a line with single spaces, because a pattern may try each division of many."""
    return " ".join(line.text.split())


def _control(line: Line) -> bool:
    return len(line.text) <= HEAD and CONTROL.fullmatch(_plain(line)) is not None


def _only_reply(line: Line) -> bool:
    """Whether a line says only to which author the comment replies."""
    seen = TO.match(line.text[:HEAD])
    return seen is not None and seen.end() == len(line.text) and not line.text.startswith("@")


def _to(text: str, last: Mapping[str, int]) -> int | None:
    seen = TO.match(text)
    if not seen:
        return None
    words = seen["author"].split()
    for count in range(min(4, len(words)), 0, -1):  # the name is followed by other words
        place = last.get(" ".join(words[:count]).casefold())
        if place is not None:
            return place
    return None


FORM = Form("avatar", "A thread copied from a page: lines such as `Ann's avatar` begin comments.",
            guess, turns)
