"""Documents of ``detente read --json``, with published schemas; they hold no words of a text."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import TypedDict

from detente.reading.confirm import Confirmed
from detente.reading.fresh import state_now
from detente.reading.ingest import Added
from detente.reading.names import shown_names
from detente.reading.order import Candidate, reason
from detente.reading.records import STATUSES
from detente.reading.score import Score
from detente.reading.store import Session

__all__ = ["ConfirmedDocument", "ReadDocument", "ScoreDocument", "confirmed_document", "counts",
           "read_document", "score_document"]


class DocumentRow(TypedDict):
    """A document of the session.

    ``state`` is ``new``, ``unchanged`` or ``changed`` if this command read it. Otherwise it is
    ``edited since`` or ``missing`` if the file is not as it was, or empty.
    """

    id: int
    name: str
    kind: str
    sha_bytes: str
    sha_text: str
    extractor: str
    characters: int
    form: str
    form_reason: str
    turns: int
    replies: int
    sentences: int
    state: str
    found_again: int
    lost: int


class CandidateRow(TypedDict):
    """A sentence in reading order, by its span in code points; the probability may be null."""

    document: int
    start: int
    end: int
    cues: list[str]
    reason: str
    actors: list[str]
    flags: list[str]
    probability: float | None


class CountsRow(TypedDict):
    """Passages by their status, and the claims that rest on usable passages."""

    passages: dict[str, int]
    waiting_for_second_confirmation: int
    claims: int
    relations: int
    candidates: int
    folded: int


class ReadDocument(TypedDict):
    """The document of ``detente read --json``."""

    session: str
    documents: list[DocumentRow]
    counts: CountsRow
    candidates: list[CandidateRow]


class ConfirmedDocument(TypedDict):
    """The document of ``detente read confirm --json``."""

    confirmed: int
    refused: int
    twice: int
    waiting: int
    claims: int
    unanswered: int


class ScoredRow(TypedDict):
    """Precision and recall of the first ``n`` proposals, as shares of 1."""

    n: int
    right: int
    found: int
    precision: float
    recall: float


class ScoreDocument(TypedDict):
    """The document of ``detente read score --json``."""

    proposer: str
    confirmed: int
    proposals: int
    at: list[ScoredRow]


def counts(session: Session, candidates: Sequence[Candidate]) -> CountsRow:
    """Return the numbers of a session."""
    passages = session.passages()
    return {
        "passages": {s: sum(p.status == s for p in passages) for s in STATUSES},
        "waiting_for_second_confirmation": sum(
            p.status == "confirmed" and not p.usable for p in passages),
        "claims": len(session.claims()), "relations": len(session.relations()),
        "candidates": len(candidates), "folded": sum(bool(c.flags) for c in candidates)}


def read_document(
    session: Session, added: Sequence[Added], candidates: Sequence[Candidate], first: int
) -> ReadDocument:
    """Return a session as a document: its documents, numbers and first candidates."""
    new = {a.document.id: a for a in added}
    names = shown_names(session)
    rows: list[DocumentRow] = []
    for d in session.documents():
        turns = session.turns(d.id)
        form, why = session.kept(f"form {d.id}") or ["", ""]
        one = new.get(d.id)
        rows.append({
            "id": d.id, "name": names[d.id], "kind": d.kind, "sha_bytes": d.sha_bytes,
            "sha_text": d.sha_text, "extractor": d.extractor, "characters": len(d.text),
            "form": form, "form_reason": why, "turns": len(turns),
            "replies": sum(t.reply_to is not None for t in turns),
            "sentences": len(session.sentences(d.id)), "state": one.state if one else state_now(d),
            "found_again": one.again.found if one else 0, "lost": one.again.lost if one else 0})
    return {"session": str(session.folder), "documents": rows,
            "counts": counts(session, candidates),
            "candidates": [candidate_row(c) for c in candidates[:first]]}


def candidate_row(one: Candidate) -> CandidateRow:
    """Return a candidate without words."""
    return {"document": one.document, "start": one.start, "end": one.end, "cues": list(one.cues),
            "reason": reason(one.cues), "actors": list(one.actors), "flags": list(one.flags),
            "probability": one.probability}


def confirmed_document(made: Confirmed) -> ConfirmedDocument:
    """Return the numbers of decisions as a document."""
    return {"confirmed": made.confirmed, "refused": made.refused, "twice": made.twice,
            "waiting": made.waiting, "claims": made.claims, "unanswered": made.unanswered}


def score_document(proposer: str, made: Score) -> ScoreDocument:
    """Return the scores of a proposer as a document."""
    return {"proposer": proposer, "confirmed": made.confirmed, "proposals": made.proposals,
            "at": [{"n": x.n, "right": x.right, "found": x.found, "precision": x.precision,
                    "recall": x.recall} for x in made.at]}
