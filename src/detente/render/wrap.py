"""Lines of a given width: names break after ``_``, ``.`` and ``/``; a number keeps its unit."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

__all__ = ["fold", "longest", "pieces", "tie", "width_of_terminal"]

TIE = "\u00a0"
"""The no-break space between a number and its unit."""
WORD = 40
"""Letters of the longest word; a longer string, such as a hash, breaks into chunks."""
CHUNK = 16
_UNIT = re.compile(r"(?<=\d) (?=(?:%|percent\b|points?\b))")
_JOINT = re.compile(r"(?<=\w[._/])(?=[A-Za-z])")


def tie(text: str) -> str:
    """Return a text with a no-break space between each number and its unit.

    Examples
    --------
    >>> tie("from 3 % to 4 %").split(" ")[1] == f"3{TIE}%"
    True
    """
    return _UNIT.sub(TIE, text)


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts between which a line may break, and whether a space precedes each.

    Examples
    --------
    >>> list(pieces("the war.win_chance"))
    [('the', False), ('war.', True), ('win_', False), ('chance', False)]
    """
    for k, word in enumerate(tie(text).split(" ")):
        spaced = k > 0
        for part in _JOINT.split(word):
            size = len(part) if len(part) <= WORD else CHUNK
            for at in range(0, max(len(part), 1), max(size, 1)):
                yield part[at : at + size], spaced
                spaced = False


def longest(text: str) -> int:
    """Return the width of the longest part that does not break.

    Examples
    --------
    >>> longest("war.win_chance 3 %")
    6
    """
    return max((_width(part) for line in text.split("\n") for part, _ in pieces(line)), default=0)


def fold(text: str, width: int, indent: str = "") -> list[str]:
    """Return the lines of a text, none wider than ``width`` unless one part is.

    Parameters
    ----------
    text
        The text; its own line breaks and leading spaces are kept.
    width
        Terminal columns per line.
    indent
        What each line after the first begins with.

    Examples
    --------
    >>> fold("P(war) falls by 3 % if war.win_chance rises", 16)
    ['P(war) falls by', '3 % if war.win_', 'chance rises']
    """
    lines: list[str] = []
    for source in text.split("\n"):
        line, filled = "", False
        for part, spaced in pieces(source):
            joined = f"{line} {part}" if spaced else line + part
            if filled and _width(joined) > width:
                lines.append(line.rstrip(" "))
                line = indent + part
            else:
                line = joined
            filled = filled or bool(line.strip())
        lines.append(line.rstrip(" "))
    return [line.replace(TIE, " ") for line in lines]


def width_of_terminal() -> int:
    """Return the columns of the terminal; 80 if the output is a file or a pipe."""
    return max(shutil.get_terminal_size((80, 24)).columns, 20)


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
