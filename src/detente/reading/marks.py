"""The marks of sentences: references to actors, cues and flags.

The patterns take time in proportion to the text, also on a text that was written to be slow. A long
document is nevertheless searched by another process with the limits of `detente.reading.bounds`.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from detente.reading.actors import Gazetteer
from detente.reading.apart import apart
from detente.reading.flags import flags_of, units
from detente.reading.names import shown_name
from detente.reading.patterns import found_in
from detente.reading.records import Document

__all__ = ["ACTOR", "CUES", "LONG", "Mark", "answer", "cues_of", "here", "marks"]

CUES = "cues.yaml"
ACTOR = "actor"
"""The cue of a reference to an actor."""
LONG = 200_000
"""Code points of the longest text that is searched in this process."""

Spans = Sequence[tuple[int, int]]


class Mark(NamedTuple):
    """The actors, the cues and the flags of one sentence, by their names."""

    actors: tuple[str, ...]
    cues: tuple[str, ...]
    flags: tuple[str, ...]


def cues_of(text: str, actors: Sequence[str]) -> tuple[str, ...]:
    """Return the cues of a sentence; a reference to an actor is one.

    Examples
    --------
    >>> cues_of("Moscow must withdraw first.", ["russia"]), cues_of("Good morning.", [])
    (('demand', 'actor'), ())
    """
    return (*found_in(CUES, text), *((ACTOR,) if actors else ()))


def marks(document: Document, sentences: Spans, turns: Spans, known: Gazetteer) -> list[Mark]:
    """Return the marks of the sentences of a document.

    Parameters
    ----------
    document
        The document.
    sentences, turns
        The spans of the sentences, and of all turns. A sentence takes the flags of its turn too.
    known
        The gazetteer.

    Raises
    ------
    InputError
        The search needs more time or memory than the limits.
    """
    if len(document.text) <= LONG:
        return here(document.text, sentences, turns, known)
    said = apart(
        __name__, json.dumps({
            "text": document.text, "sentences": list(sentences), "turns": list(turns),
            "ids": known.ids, "titles": known.titles}).encode(),
        work="to search the sentences for cues", file=shown_name(document),
        remedy="divide the file into several, and read them into another session")
    return [Mark(*map(tuple, row)) for row in said]


def answer(data: bytes) -> list[Mark]:
    """Return the marks in the process that searches a long text."""
    given = json.loads(data)
    return here(given["text"], given["sentences"], given["turns"],
                 Gazetteer(given["ids"], given["titles"]))


def here(text: str, sentences: Spans, turns: Spans, known: Gazetteer) -> list[Mark]:
    """Return the marks of the sentences of a text, without limits; see `marks`."""
    folds = _Folds(text, turns)
    out = []
    for start, end in sentences:
        actors = known.actors(text[start:end])
        out.append(Mark(actors, cues_of(text[start:end], actors), folds.flags(start, end)))
    return out


class _Folds:
    """The flags of the sentences of one document, each turn or paragraph searched once."""

    def __init__(self, text: str, turns: Spans) -> None:
        self.text = text
        self.spans = sorted(u for start, end in turns for u in units(text, start, end))
        self.starts = [start for start, _ in self.spans]
        self.known: dict[tuple[int, int], tuple[str, ...]] = {}

    def flags(self, start: int, end: int) -> tuple[str, ...]:
        """Return the flags of a sentence and of the turn or paragraph around it."""
        found = dict.fromkeys(flags_of(self.text[start:end]))
        at = bisect_left(self.starts, end)
        while at and self.spans[at - 1][1] > start:  # the spans do not overlap
            at -= 1
            if (span := self.spans[at]) not in self.known:
                self.known[span] = flags_of(self.text[slice(*span)])
            found.update(dict.fromkeys(self.known[span]))
        return tuple(found)
