"""Interviews and transcripts: ``Q: ...``, ``A: ...``, ``NAME: ...`` at the beginning of a line."""

from __future__ import annotations

import re

from detente.reading.forms.form import HEAD, Form, Guess, Line, lines, trimmed
from detente.reading.records import Spoken
from detente.reading.sources import Source

__all__ = ["FORM"]

LABEL = re.compile(
    r"[ \t]*(?:\*\*|__)?(?P<author>[^\W\d_][\w.'’ -]{0,40}?)(?:[ \t]*\([^)\n]{1,40}\))?"
    r"(?:\*\*|__)?:(?:\*\*|__)?(?=\s|$)")
LABEL_WORDS = 4
"""Most words of a speaker's name."""


def labels(text: str) -> list[tuple[str, Line, int]]:
    """Return the speaker, the line and the start of the words of each labelled line.

    A label counts if it stands twice in the text, or once at the beginning of a paragraph.
    """
    seen: list[tuple[str, Line, int, bool]] = []
    blank = True
    for line in lines(text):
        found = LABEL.match(line.text[:HEAD])
        if found and found["author"][0].isupper() and len(found["author"].split()) <= LABEL_WORDS:
            seen.append((found["author"].strip(), line, line.start + found.end(), blank))
        blank = not line.text.strip()
    count: dict[str, int] = {}
    for author, _, _, _ in seen:
        count[author] = count.get(author, 0) + 1
    return [(a, line, at) for a, line, at, first in seen if first or count[a] > 1]


def guess(source: Source) -> Guess:
    """Return the fit: at least two speakers, of whom one speaks twice."""
    found = [a for a, _, _ in labels(source.text)]
    speakers = set(found)
    if len(speakers) < 2 or len(found) < 3:
        return Guess(0.0, "fewer than two speakers with labels")
    return Guess(min(0.9, 0.4 + 0.1 * (len(found) / len(speakers))),
                 f"{len(found)} lines begin with the labels of {len(speakers)} speakers")


def turns(source: Source) -> list[Spoken]:
    """Return one turn per label; each answers the turn before it, if another speaker has that."""
    text, found = source.text, labels(source.text)
    out: list[Spoken] = []
    start, end = trimmed(text, 0, found[0][1].start if found else len(text))
    if end > start:
        out.append(Spoken("", None, start, end))
    for k, (author, _, body) in enumerate(found):
        until = found[k + 1][1].start if k + 1 < len(found) else len(text)
        start, end = trimmed(text, body, until)
        if end <= start:
            continue
        before = out[-1].author if out else ""
        out.append(Spoken(author, len(out) - 1 if before and before != author else None,
                          start, end))
    return out


FORM = Form("interview", "Speakers with labels, such as `Q: ...` and `A: ...`, or `NAME: ...`.",
            guess, turns)
