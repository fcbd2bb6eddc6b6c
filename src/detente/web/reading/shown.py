"""A text turn by turn, with confirmed passages marked and flagged sentences folded."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from shiny import ui

if TYPE_CHECKING:
    from detente.reading.records import Turn
    from detente.reading.store import Session

__all__ = ["shown"]

FOLDED = "[folded]"


def shown(session: Session, number: int, rows: Iterable[Mapping[str, Any]] | None = None) -> Any:
    """Return a document with its turns; flagged sentences that no one confirmed are folded.

    Parameters
    ----------
    session, number
        The session, and the number of the document.
    rows
        The candidates of the session, if they are known.
    """
    from detente.reading.actors import gazetteer
    from detente.reading.candidates import pending
    from detente.reading.flags import flags_of, units

    document = session.document(number)
    known = pending(session, gazetteer()) if rows is None else rows
    folded = [(c["start"], c["end"]) for c in known
              if c["document"] == number and c["status"] == "sentence" and c["flags"]]
    marked = []
    for p in session.passages(document=number):
        if p.status in ("confirmed", "to confirm again") and p.usable:
            marked.append((p.start, p.end))
        elif p.flagged or p.status == "refused":
            folded.append((p.start, p.end))
    turns = session.turns(number)
    for t in turns:  # also what is no sentence, such as code
        folded += [(a, b) for a, b in units(document.text, t.start, t.end)
                   if flags_of(document.text[a:b])]
    names = {t.id: FOLDED if flags_of(t.author) else t.author for t in turns}
    marks, folds = Spans(marked), Spans(folded)
    if not turns:
        return ui.div(*_pieces(document.text, 0, len(document.text), marks, folds),
                      class_="reading")
    return ui.div(*(
        ui.tags.article(ui.tags.h2(_head(t, names)),
                        ui.p(*_pieces(document.text, t.start, t.end, marks, folds)))
        for t in turns), class_="reading")


def _head(turn: Turn, names: dict[int, str]) -> str:
    answered = names.get(turn.reply_to) if turn.reply_to is not None else None
    return (names[turn.id] or "–") + (f" to {answered}" if answered else "")


class Spans:
    """Spans of a text, by which those at a place are found without looking at all.

    Examples
    --------
    >>> Spans([(0, 3), (8, 9), (2, 7)]).at(3, 8)
    [(2, 7)]
    """

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.spans = sorted(spans)
        self._starts = [start for start, _ in self.spans]
        self._ends = list(accumulate((end for _, end in self.spans), max))

    def at(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the spans that have a letter in common with another one."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        return [(a, b) for a, b in self.spans[first:last] if b > start]


def _pieces(text: str, start: int, end: int, marked: Spans, folded: Spans) -> list[Any]:
    """Return the parts of a span: plain, marked, or the sign of a folded one."""
    cuts = sorted({start, end, *(x for pair in (*marked.at(start, end), *folded.at(start, end))
                                 for x in pair if start < x < end)})
    out: list[Any] = []
    for a, b in pairwise(cuts):
        if any(s <= a and b <= e for s, e in marked.at(a, b)):
            out.append(ui.tags.mark(text[a:b]))
        elif folded.at(a, b):
            if not out or out[-1] != FOLDED:
                out.append(FOLDED)
        else:
            out.append(text[a:b])
    return out
