"""Sentences with spans: paragraphs by empty lines, then Punkt [kiss-strunk-2006] by nupunkt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from detente.reading.forms.form import trimmed
from detente.reading.needs import need

__all__ = ["paragraphs", "sentences"]

EMPTY = re.compile(r"\n(?:[ \t>]*\n)+[ \t>]*|\f")
"""The gap between paragraphs; the marks of a quotation do not fill a line."""


def paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    r"""Return the spans of the paragraphs in a span, without white space at their ends.

    Examples
    --------
    >>> paragraphs("One\ntwo.\n\n Three.", 0, 17)
    [(0, 8), (11, 17)]
    """
    out, at = [], start
    for gap in EMPTY.finditer(text, start, end):
        out.append(trimmed(text, at, gap.start()))
        at = gap.end()
    out.append(trimmed(text, at, end))
    return [(a, b) for a, b in out if b > a]


def sentences(
    text: str, turns: Iterable[tuple[int | None, int, int]],
    blocks: Sequence[tuple[int, int]] | None = None,
) -> list[tuple[int | None, int, int]]:
    """Return the sentences of each turn, in the order of the text.

    Parameters
    ----------
    text
        The text.
    turns
        For each turn its id (or None) and its span.
    blocks
        The spans outside which there are no sentences, such as code in Markdown; None for no
        limit.

    Returns
    -------
    list of tuple
        The turn's id and the span of each sentence.

    Examples
    --------
    >>> sentences("Dr. Aal went to the U.S. border. He waits.", [(7, 0, 42)])
    [(7, 0, 32), (7, 33, 42)]
    """
    split = need("nupunkt").sent_spans
    out: list[tuple[int | None, int, int]] = []
    for turn, start, end in turns:
        parts = [(start, end)] if blocks is None else [
            (max(start, a), min(end, b)) for a, b in blocks if a < end and b > start]
        for part in parts:
            for first, last in paragraphs(text, *part):
                for a, b in split(text[first:last]):
                    one, two = trimmed(text, first + a, first + b)
                    if two > one and any(c.isalnum() for c in text[one:two]):
                        out.append((turn, one, two))
    return out
