"""Mail: messages with their headers, and quoted replies (RFC 3676)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from detente.reading.forms.form import HEAD, Form, Guess, lines
from detente.reading.forms.quoting import Earlier, attribution, depth_of, quoted_turns
from detente.reading.records import Spoken
from detente.reading.sources import Source

__all__ = ["FORM"]

HEADER = re.compile(r"(?P<name>[A-Za-z][A-Za-z-]{0,30}):[ \t]*(?P<value>.{0,160})")
NAMES = frozenset(
    ("from", "to", "cc", "date", "sent", "subject", "message-id", "in-reply-to", "references"))
MAILBOX = re.compile(r"\s*\"?(?P<name>[^\"<]{1,80}?)\"?\s*<[^>]{1,120}>\s*")
SIGNATURE = "-- "


class _Message(NamedTuple):
    author: str
    key: str
    answers: str
    first: int
    last: int


def messages(text: str) -> list[_Message]:
    """Return the messages: author, Message-ID, In-Reply-To, and the lines of the body."""
    found = lines(text)
    heads: list[tuple[int, int, dict[str, str]]] = []
    place = 0
    while place < len(found):
        given: dict[str, str] = {}
        at = place
        while at < len(found) and (seen := HEADER.match(found[at].text[:HEAD])) \
                and seen["name"].lower() in NAMES:
            given.setdefault(seen["name"].lower(), seen["value"].strip())
            at += 1
        if "from" in given and len(given) > 1:
            heads.append((place, at, given))
        place = max(at, place + 1)
    out = []
    for k, (_, body, given) in enumerate(heads):
        until = heads[k + 1][0] if k + 1 < len(heads) else len(found)
        mailbox = MAILBOX.fullmatch(given["from"])
        out.append(_Message(mailbox["name"].strip() if mailbox else given["from"],
                            given.get("message-id", ""), given.get("in-reply-to", ""), body, until))
    return out


def guess(source: Source) -> Guess:
    """Return the fit: the headers of mail, or a line such as `On ..., Ann wrote:`."""
    count = len(messages(source.text))
    if source.kind == "mail" or count:
        return Guess(0.97, f"{count} messages with the headers of mail")
    found = lines(source.text)
    named = sum(1 for line, after in pairwise(found)
                if depth_of(after.text) > depth_of(line.text)
                and line.text.lstrip(" \t>").lower().startswith("on ")
                and attribution(line.text) is not None)
    if named:
        return Guess(0.7, f"{named} quotations below a line that dates and names their author")
    return Guess(0.0, "no headers of mail")


def turns(source: Source) -> list[Spoken]:
    """Return the turns of the messages; a signature after ``-- `` is left out."""
    found = lines(source.text)
    out: list[Spoken] = []
    last_of: dict[str, int] = {}
    earlier = Earlier(source.text)
    for one in messages(source.text) or [_Message("", "", "", 0, len(found))]:
        until = next((k for k in range(one.first, one.last) if found[k].text == SIGNATURE),
                     one.last)
        part = found[one.first:until]
        own = len(out)
        quoted_turns(source.text, part, [depth_of(x.text) for x in part], one.author, out,
                     earlier)
        answered = last_of.get(one.answers)
        if answered is not None:  # the header says which message it answers
            for k in range(own, len(out)):
                if out[k].author == one.author and out[k].reply_to is None:
                    out[k] = out[k]._replace(reply_to=answered)
        if one.key and len(out) > own:
            last_of[one.key] = len(out) - 1
    return out


FORM = Form("mail", "Messages with the headers of mail, and quoted replies.", guess, turns)
