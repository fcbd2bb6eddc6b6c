"""Quoted Markdown: block quotations and the answers below them, under headings with authors."""

from __future__ import annotations

import re

from detente.reading.forms.form import HEAD, Form, Guess, lines
from detente.reading.forms.quoting import Earlier, quoted_turns
from detente.reading.markdown import depths
from detente.reading.records import Spoken
from detente.reading.sources import Source

__all__ = ["FORM"]

HEADING = re.compile(r"#{1,6}[ \t]+(?P<author>[^\W\d_][^\n#]{0,60}?)[ \t#]*")
NAME_WORDS = 3
"""Most words of a heading that is read as an author's name."""


def guess(source: Source) -> Guess:
    """Return the fit: block quotations with text below them."""
    found = depths(source.text)
    blocks = sum(1 for a, b in zip([0, *found], found, strict=False) if b > a)
    answered = any(d == 0 for d in found)
    if not blocks or not answered:
        return Guess(0.0, "no block quotation")
    return Guess(0.6 if source.kind == "markdown" else 0.5, f"{blocks} block quotations")


def turns(source: Source) -> list[Spoken]:
    """Return the turns: a heading of at most three words outside quotations names the author."""
    text, found, depth = source.text, lines(source.text), depths(source.text)
    out: list[Spoken] = []
    earlier = Earlier(text)
    author, first = "", 0
    for place in range(len(found) + 1):
        heading = None
        if place < len(found) and not depth[place]:
            heading = HEADING.fullmatch(found[place].text[:HEAD])
            if heading and len(heading["author"].split()) > NAME_WORDS:
                heading = None
        if heading or place == len(found):
            quoted_turns(text, found[first:place], depth[first:place], author, out, earlier)
        if heading:
            author, first = heading["author"].strip(), place + 1
    return out


FORM = Form("quoted", "Markdown with block quotations and the answers below them.", guess, turns)
