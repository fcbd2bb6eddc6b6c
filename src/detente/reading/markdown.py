"""The blocks of a Markdown text (CommonMark, by markdown-it-py); the text itself stays as it is."""

from __future__ import annotations

from detente.reading.needs import need

__all__ = ["blocks", "depths"]

BLOCKS = ("paragraph_open", "heading_open", "table_open")
"""Blocks that hold sentences; code, rules and HTML do not."""
DEEPEST = 50
"""The deepest nesting that is parsed."""


def _tokens(text: str) -> list[tuple[str, int, int]]:
    """Return the kind, first line and line after the last of each block."""
    parser = need("markdown_it").MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable("table")
    parser.disable("inline")
    return [(t.type, t.map[0], t.map[1]) for t in parser.parse(text) if t.map]


def depths(text: str) -> list[int]:
    r"""Return the depth of block quotation of each line.

    Examples
    --------
    >>> depths("> a\nlazy\n\n> > b\n\nc")
    [1, 1, 0, 2, 0, 0]
    """
    out = [0] * (text.count("\n") + 1)
    for kind, first, after in _tokens(text):
        if kind == "blockquote_open":
            for place in range(first, min(after, len(out))):
                out[place] += 1
    return out


def blocks(text: str) -> list[tuple[int, int]]:
    r"""Return the spans of the blocks that hold sentences, in the order of the text.

    Examples
    --------
    >>> blocks("# T\n\nOne\ntwo\n\n    code\n")
    [(0, 3), (5, 12)]
    """
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found = {(starts[a], min(starts[min(b, len(starts) - 1)] - 1, len(text)))
             for kind, a, b in _tokens(text) if kind in BLOCKS}
    return sorted((a, b) for a, b in found if b > a)
