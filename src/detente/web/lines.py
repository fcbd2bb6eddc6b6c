"""Lines of a text that differ from those of another one, found in a short time for any texts."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence

__all__ = ["MOST_PAIRS", "changed_lines", "line_changes", "same_ends"]

MOST_PAIRS = 1_000_000
"""Most pairs of lines that are compared; the time grows with them."""


def same_ends(a: Sequence[str], b: Sequence[str]) -> tuple[int, int]:
    """Return how many lines two texts share at their beginnings, and then at their ends.

    Examples
    --------
    >>> same_ends(["a", "b", "c"], ["a", "x", "y", "c"])
    (1, 1)
    """
    least = min(len(a), len(b))
    first = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), least)
    last = next((k for k, (x, y) in enumerate(zip(reversed(a), reversed(b), strict=False))
                 if x != y), least)
    return first, min(last, least - first)


def _middle(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines between those that both texts have at their beginnings and ends."""
    a, b = before.splitlines(), after.splitlines()
    first, last = same_ends(a, b)
    return a[first:len(a) - last], b[first:len(b) - last]


def changed_lines(before: str, after: str) -> int:
    r"""Return how many lines of a text were changed, added or removed.

    If very many differ, lines that only moved are not counted.

    Examples
    --------
    >>> changed_lines("a\nb\nc", "a\nx\nc\nd")
    2
    """
    a, b = _middle(before, after)
    if len(a) * len(b) > MOST_PAIRS:
        one, two = Counter(a), Counter(b)
        return max((one - two).total(), (two - one).total(), 1)
    matcher = difflib.SequenceMatcher(None, a, b)
    return sum(max(j - i, n - m) for tag, i, j, m, n in matcher.get_opcodes() if tag != "equal")


def line_changes(before: str, after: str) -> list[str]:
    r"""Return the lines that were removed, with ``-``, and that were added, with ``+``.

    If very many differ, all lines between the first and the last difference are returned.

    Examples
    --------
    >>> line_changes("a\nb\nc", "a\nx\nc\nd")
    ['-b', '+x', '+d']
    """
    a, b = _middle(before, after)
    if len(a) * len(b) > MOST_PAIRS:
        return [f"-{line}" for line in a] + [f"+{line}" for line in b]
    found = difflib.unified_diff(a, b, n=0, lineterm="")
    return [line for line in list(found)[2:] if not line.startswith("@@")]
