"""Line breaks of a file: those of Windows (CRLF) stay, though a browser's editor knows only LF."""

from __future__ import annotations

import difflib
import re

from detente.web.lines import MOST_PAIRS, same_ends

__all__ = ["line_break", "with_endings"]

Lines = list[tuple[str, str]]
"""Lines, each with its line break."""


def line_break(text: str) -> str:
    r"""Return the line break that most lines of a text end with.

    Examples
    --------
    >>> line_break("a\r\nb\r\nc\n"), line_break("a\nb")
    ('\r\n', '\n')
    """
    return "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"


def with_endings(before: str, typed: str) -> str:
    r"""Return a text of the editor with the line breaks of the text before.

    A line that was there keeps its own line break; a new one has that of most lines.

    Parameters
    ----------
    before
        The text that the editor was given.
    typed
        The text that the browser sends; each of its lines ends with LF.

    Examples
    --------
    >>> with_endings("a\r\nb\nc\r\n", "a\nx\nb\nc\n")
    'a\r\nx\r\nb\nc\r\n'
    """
    if "\r" not in before:
        return typed
    old, new = _lines(before), _lines(typed)
    usual = line_break(before)
    ends = [usual if end else "" for _, end in new]
    if {end for _, end in old if end} != {usual}:  # otherwise every line ends alike
        _keep(old, new, ends)
    return "".join(line + end for (line, _), end in zip(new, ends, strict=True))


def _keep(old: Lines, new: Lines, ends: list[str]) -> None:
    """Put into ``ends`` the line breaks of the lines that both texts have."""
    first, last = same_ends([line for line, _ in old], [line for line, _ in new])
    blocks = [(0, 0, first), (len(old) - last, len(new) - last, last)]
    a, b = (lines[first:len(lines) - last] for lines in (old, new))
    if len(a) * len(b) <= MOST_PAIRS:  # else the lines between have the usual line break
        matcher = difflib.SequenceMatcher(
            None, [line for line, _ in a], [line for line, _ in b], autojunk=False)
        blocks += [(first + i, first + j, n) for i, j, n in matcher.get_matching_blocks()]
    for i, j, size in blocks:
        for k in range(size):
            if ends[j + k] and old[i + k][1]:
                ends[j + k] = old[i + k][1]


def _lines(text: str) -> Lines:
    """Return each line and its line break (LF, CRLF or CR; none behind the last)."""
    parts = re.split("(\r\n|\n|\r)", text)
    return list(zip(parts[::2], [*parts[1::2], ""], strict=True))
