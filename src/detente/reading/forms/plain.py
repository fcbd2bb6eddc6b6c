"""A text of one author, such as an essay: one turn."""

from __future__ import annotations

from detente.reading.forms.form import Form, Guess, trimmed
from detente.reading.records import Spoken
from detente.reading.sources import Source

__all__ = ["FORM"]


def guess(source: Source) -> Guess:
    """Return a small fit, because any text can be read as one turn."""
    return Guess(0.2, "no other form fits better")


def turns(source: Source) -> list[Spoken]:
    """Return the whole text as one turn without an author."""
    start, end = trimmed(source.text, 0, len(source.text))
    return [Spoken("", None, start, end)] if end > start else []


FORM = Form("plain", "A text of one author: one turn.", guess, turns)
