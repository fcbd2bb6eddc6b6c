"""Annotations of Hypothes.is: one turn per comment, with its author and the one it replies to."""

from __future__ import annotations

from detente.reading.forms.form import Form, Guess
from detente.reading.forms.plain import turns as whole
from detente.reading.records import Spoken
from detente.reading.sources import Source

__all__ = ["FORM"]


def guess(source: Source) -> Guess:
    """Return the fit: the file is an export of Hypothes.is."""
    if source.kind != "hypothesis":
        return Guess(0.0, "not a file of annotations")
    return Guess(1.0, f"an export with {len(source.spoken)} comments")


def turns(source: Source) -> list[Spoken]:
    """Return the comments of the export."""
    return list(source.spoken) if source.kind == "hypothesis" else whole(source)


FORM = Form("hypothesis", "An export of annotations from Hypothes.is, as JSON.", guess, turns)
