"""The candidates as a file of JSON lines that an editor fills.

It is the only file that holds passages before they are confirmed.

Each line is a passage with its span, its words and the reason for its place. The analyst writes
``yes`` or ``no`` into ``confirm``, and for a confirmed passage the claim in neutral words. A
flagged passage is folded: its words are left out unless they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from detente.reading.actors import Gazetteer, gazetteer
from detente.reading.flags import flags_at
from detente.reading.model import suggestion
from detente.reading.order import cues_of, reading_order, reason
from detente.reading.store import Session
from detente.reading.words import proposed_author, visible

if TYPE_CHECKING:
    from detente.reading.embeddings import Embeddings

__all__ = ["FILLED", "GIVEN", "candidates_text", "pending"]

GIVEN = ("document", "name", "start", "end", "exact", "status", "said_by", "reason", "actors",
         "flags")
"""Fields that detente writes."""
FILLED = ("confirm", "confirm_again", "author", "paraphrase", "template", "slots", "formal", "note")
"""Fields that the analyst fills."""


def candidates_text(
    session: Session, *, first: int | None = None, flagged: bool = False,
    known: Gazetteer | None = None, embeddings: Embeddings | None = None,
) -> str:
    """Return the file of candidates.

    Passages that wait for a decision come first, then the sentences in reading order.

    Parameters
    ----------
    session
        The session.
    first
        The number of lines; None for all.
    flagged
        Whether the words of flagged passages are written.
    known
        The gazetteer; None takes the shipped one.
    embeddings
        A model for the order; see `detente.reading.order.reading_order`.
    """
    rows = pending(session, known or gazetteer(), embeddings)
    out = []
    for _, row in zip(range(first if first is not None else 1 << 60), rows, strict=False):
        if row["flags"] and not flagged:
            row["exact"] = None
        out.append(visible(json.dumps(row, ensure_ascii=False)) + "\n")
    return "".join(out)


def pending(
    session: Session, known: Gazetteer, embeddings: Embeddings | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the rows of the passages and sentences that are not decided, in reading order."""
    documents = {d.id: d for d in session.documents()}
    turns = {t.id: t for t in session.turns()}
    spans: dict[int, list[tuple[int, int]]] = {}
    for t in turns.values():
        spans.setdefault(t.document, []).append((t.start, t.end))

    def row(document: int, start: int, end: int, status: str, said_by: str,
            flags: tuple[str, ...], why: str, actors: tuple[str, ...]) -> dict[str, Any]:
        held = documents[document]
        return {"document": document, "name": held.name, "start": start, "end": end,
                "exact": held.text[start:end], "status": status, "said_by": said_by,
                "reason": why, "actors": list(actors), "flags": list(flags), "confirm": "",
                "confirm_again": "", "author": proposed_author(said_by), "paraphrase": "",
                "template": "", "slots": {}, "formal": "", "note": ""}

    for p in session.passages():
        waits = p.status == "confirmed" and not p.usable
        if p.status not in ("proposed", "to confirm again") and not waits:
            continue
        text = documents[p.document].text
        said = next((t.author for t in turns.values()
                     if t.document == p.document and t.start <= p.start < t.end), "")
        flags = flags_at(text, p.start, p.end, spans.get(p.document, []))
        actors = known.actors(p.exact)
        why = (f"Proposed by {p.proposer}. " if p.status == "proposed" else "") + reason(
            cues_of(p.exact, actors))
        template, slots = suggestion(session, p.id)
        yield row(p.document, p.start, p.end, "to confirm twice" if waits else p.status, said,
                  flags or ("flagged",) if p.flagged else (), why, actors,
                  ) | {"template": template, "slots": slots}
    for c in reading_order(session, known, embeddings=embeddings):
        said = turns[c.turn].author if c.turn in turns else ""
        why = reason(c.cues)
        if c.probability is not None:
            why += f" Probability by your choices so far: {c.probability:.2f}."
        if c.similarity is not None:
            why += f" Similarity to your passages multiplies the odds by {c.similarity:.2g}."
        yield row(c.document, c.start, c.end, "sentence", said, c.flags, why, c.actors)
