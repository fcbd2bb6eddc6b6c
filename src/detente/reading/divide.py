"""Divide a text into turns and sentences; a long text is divided by a process with limits.

A text of at most `LONG` code points is divided in a few seconds, also if it was written to be slow.
A longer one gets a process of its own, with the limits on time and memory of
`detente.reading.bounds`, so it cannot stop the program.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, NamedTuple

from detente.reading import marks
from detente.reading.actors import gazetteer
from detente.reading.apart import apart
from detente.reading.forms.registry import divided, form_named
from detente.reading.markdown import blocks
from detente.reading.records import Spoken
from detente.reading.sentences import sentences
from detente.reading.sources import Source

__all__ = ["LONG", "Divided", "answer", "divide"]

LONG = 20_000
"""Code points of the longest text that is divided in this process."""


class Divided(NamedTuple):
    """The parts of a text.

    Attributes
    ----------
    turns : list of Spoken
    form, reason : str
        The form of the turns, and the reason for it.
    sentences : list of tuple
        The place of the turn, and the span of each sentence.
    """

    turns: list[Spoken]
    form: str
    reason: str
    sentences: list[tuple[int | None, int, int]]


def divide(source: Source, form: str | None = None) -> Divided:
    """Divide a text, in another process if it is longer than `LONG`.

    Parameters
    ----------
    source
        The text.
    form
        The form's name; None takes the one that fits best.

    Raises
    ------
    InputError
        There is no such form, the text has too many turns, or it needs more time or memory than
        the limits.
    """
    if form is not None:
        form_named(form)
    return _here(source, form) if len(source.text) <= LONG else _apart(source, form)


def _here(source: Source, form: str | None) -> Divided:
    turns, name, reason = divided(source, form)
    limits = blocks(source.text) if source.kind == "markdown" else None
    found = sentences(source.text, [(k, t.start, t.end) for k, t in enumerate(turns)], limits)
    return Divided(turns, name, reason, found)


def _apart(source: Source, form: str | None) -> Divided:
    given = json.dumps({"source": asdict(source), "form": form}).encode()
    said = apart(__name__, given,
                 work="to divide the text and to search it for cues", file=source.name,
                 remedy="divide the file into several")
    return Divided([Spoken(*t) for t in said["turns"]], said["form"], said["reason"],
                   [(k, a, b) for k, a, b in said["sentences"]])


def answer(data: bytes) -> dict[str, Any]:
    """Return the parts of a text in the process that divides it."""
    given = json.loads(data)
    spoken = tuple(Spoken(*t) for t in given["source"]["spoken"])
    source = Source(**{**given["source"], "spoken": spoken})
    parts = _here(source, given["form"])
    if len(source.text) > marks.LONG:  # refuse a text here whose sentences could never be listed
        marks.here(source.text, [(a, b) for _, a, b in parts.sentences],
                   [(t.start, t.end) for t in parts.turns], gazetteer())
    return parts._asdict()
