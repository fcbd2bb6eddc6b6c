"""Parts of a session that the page Read shows, in a form that goes from a process to the page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["Candidates", "ClaimLine", "Key", "key_of"]

Key = tuple[int, int, int]
"""The place of a candidate: its document, its first code point, and the one after its last."""


class ClaimLine(NamedTuple):
    """A claim of the session."""

    id: int
    paraphrase: str
    formal: str | None
    note: str


class Candidates(NamedTuple):
    """The first rows of `detente.reading.candidates.pending`, and whether there are more."""

    rows: Sequence[Mapping[str, Any]]
    more: bool

    def first(self, passed: Collection[Key]) -> Mapping[str, Any] | None:
        """Return the first candidate that was not passed; None if there is none."""
        return next((row for row in self.rows if key_of(row) not in passed), None)


def key_of(row: Mapping[str, Any]) -> Key:
    """Return the place of a candidate."""
    return row["document"], row["start"], row["end"]
