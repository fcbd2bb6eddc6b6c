"""The ledger: per question, what the exchange, the game and the record say of each claim.

The three columns stand side by side and are never joined to one score. The standing in the exchange
depends on who answered whom. The share of samples depends on the case and its ranges. The rate
counts other crises. A claim may stand and fail, or the reverse, and the ledger shows that.

A row holds the analyst's paraphrase and the place of the passage: the document's name, the offsets
and the hashes. It holds no word of the passage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from detente.cases.ledgerfile import Exchange, Game, Ledger, Part, Place, Record, Row
from detente.reading.map import ArgumentMap, map_of, name_of
from detente.reading.names import shown_names
from detente.reading.questions import questions
from detente.reading.records import Claim, Document, Passage

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.analysis.claims.result import ClaimResult, Share
    from detente.reading.judge import Judged
    from detente.reading.store import Session

__all__ = ["ledger"]


def ledger(
    session: Session, found: Judged | None = None, *, case_sha256: str | None = None
) -> Ledger:
    """Return the ledger of a session.

    Parameters
    ----------
    session
        The session; its computed relations are taken as they are, see
        `detente.reading.map.compute`.
    found
        The results of `detente.reading.judge.judge`; without it the game and the record have no
        columns.
    case_sha256
        The hash of the crisis file that was solved, if it was a file.
    """
    from detente.reading.map import counts
    from detente.version import __version__

    mapped = map_of(session)
    passages = {p.id: p for p in session.passages()}
    documents = {d.id: d for d in session.documents()}
    names = shown_names(session)
    claims = {c.id: c for c in mapped.claims}
    results: dict[str, ClaimResult] = {}
    rates: dict[str, Record] = {}
    if found is not None:
        results = {f.id: f for f in found.claims.found}
        rates = _rates(found.analysis)

    def row(claim: Claim) -> Row:
        passage = passages[claim.passage]
        result = results.get(name_of(claim.id))
        return {
            "claim": name_of(claim.id), "author": claim.author, "says": claim.paraphrase,
            "template": claim.template,
            "place": place(passage, documents[passage.document], names[passage.document]),
            "exchange": exchange(mapped, claim.id), "game": game(claim, result),
            "record": rates.get(result.rate or "") if result is not None else None,
            "outside": outside(result),
        }

    return {
        "version": __version__, "case": None if found is None else found.analysis.scenario.crisis,
        "case_sha256": case_sha256,
        "title": None if found is None else found.analysis.scenario.title,
        "model": None if found is None else found.claims.model,
        "certified": None if found is None else found.claims.certified,
        "warning": "side by side, never one score", "relations": counts(mapped.relations),
        "questions": [{"asks": asks, "rows": [row(claims[c]) for c in listed]}
                      for asks, listed in questions(session)],
    }


def outside(result: ClaimResult | None) -> str | None:
    """Return the verdict on a claim about the world or the record alone, in a few sentences."""
    from detente.findings.claims.outside import answer

    if result is None or result.outside is None or not result.outside.alone:
        return None
    return answer(result.outside)


def place(passage: Passage, document: Document, name: str) -> Place:
    """Return the place of a passage, without its words; ``name`` is the document's, to be shown."""
    return {"document": name, "kind": document.kind, "start": passage.start,
            "end": passage.end, "sha256_text": document.sha_text,
            "sha256_bytes": document.sha_bytes, "extractor": document.extractor}


def exchange(mapped: ArgumentMap, claim: int) -> Exchange:
    """Return what stands of a claim in the exchange."""
    name = name_of(claim)
    return {
        "standing": mapped.standing(claim), "grounded": name in mapped.grounded,
        "preferred": sum(name in e for e in mapped.preferred),
        "of_preferred": len(mapped.preferred),
        "attacked_by": [name_of(c) for c in mapped.against(claim)],
        "supported_by": [name_of(c) for c in mapped.behind(claim)],
        "strength": mapped.strengths[name],
    }


def game(claim: Claim, result: ClaimResult | None) -> Game:
    """Return what the game says of a claim."""
    made: Game = {
        "holds_if": claim.formal or None, "cannot": None if claim.formal else claim.note or None,
        "note": claim.note, "fallible": None, "deliberate": None, "structures": 0,
        "changed_by": [],
    }
    if result is None or result.holds_if is None:
        return made
    made["fallible"] = _part(result, "fallible", result.share)
    made["deliberate"] = _part(result, "deliberate", result.deliberate_share)
    made["structures"] = sum(a.certified for a in result.structure)
    made["changed_by"] = [a.label for a in result.changed_by()]
    return made


def _part(result: ClaimResult, reading: str, share: Share | None) -> Part | None:
    verdict = result.verdict(reading)
    if verdict is None:
        return None
    known = share is not None and share.share is not None
    return {
        "holds": verdict.decided, "share": share.share if known and share else None,
        "low": share.low if known and share else None,
        "high": share.high if known and share else None,
        "samples": share.held + share.failed if share is not None else 0,
        "certified": verdict.certified,
    }


def _rates(found: Analysis) -> dict[str, Record]:
    from detente.findings.history import kept

    def record(row: Mapping[str, Any]) -> Record:
        low = row["clustered_low"] if row["clustered_low"] is not None else row["low"]
        high = row["clustered_high"] if row["clustered_high"] is not None else row["high"]
        return {"name": row["name"], "question": row["question"], "hits": row["hits"],
                "n": row["n"], "share": row["share"], "low": low, "high": high,
                "fetch": row["fetch"]}

    listed: Sequence[Mapping[str, Any]] = kept(found)
    return {row["name"]: record(row) for row in listed}
