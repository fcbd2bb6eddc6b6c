"""Documents of the later words of ``detente read``, with published schemas; no words of a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from typing_extensions import TypedDict

from detente.cases.ledgerfile import Exchange
from detente.reading.draft import WARNING, Draft
from detente.reading.events import ReadEvent
from detente.reading.ledger import exchange
from detente.reading.map import ArgumentMap, Proposal, name_of
from detente.reading.records import Claim, Kind, Origin
from detente.reading.templates import Case, Template

__all__ = ["DraftDocument", "EventsDocument", "FormalDocument", "MapDocument", "QuestionsDocument",
           "TemplatesDocument", "claim_row", "draft_document", "map_document",
           "templates_document"]


class ClaimRow(TypedDict):
    """A claim in the analyst's words, with its formal form."""

    claim: str
    author: str
    says: str
    template: str
    slots: dict[str, str]
    holds_if: str | None
    note: str


class MappedRow(ClaimRow):
    """A claim with its place in the exchange."""

    exchange: Exchange


RelationRow = TypedDict("RelationRow", {
    "from": str, "to": str, "kind": Kind, "origin": Origin, "note": str})
ProposalRow = TypedDict("ProposalRow", {
    "from": str, "to": str, "kind": Kind | None, "origin": Literal["reply", "cue"]})


class MapDocument(TypedDict):
    """The document of ``detente read map --json``, and of ``relate``."""

    claims: list[MappedRow]
    relations: list[RelationRow]
    proposals: list[ProposalRow]
    grounded: list[str]
    preferred: list[list[str]]


class OptionRow(TypedDict):
    """A value of a slot, as the claims language writes it, and its words."""

    value: str
    words: str


class SlotRow(TypedDict):
    """A slot with its options; a number has a default instead."""

    name: str
    asks: str
    of: str
    default: str
    options: list[OptionRow]


class TemplateRow(TypedDict):
    """A template that fits the case, with the cues that suggest it."""

    id: str
    says: str
    holds_if: str
    proposition: str
    model: str
    rate: str
    cues: int
    slots: list[SlotRow]


class TemplatesDocument(TypedDict):
    """The document of ``detente read templates --json``."""

    case: str
    claim: str | None
    templates: list[TemplateRow]


class FormalDocument(TypedDict):
    """The document of ``detente read formalise --json``."""

    case: str
    claims: list[ClaimRow]


class EventsDocument(TypedDict):
    """The document of ``detente read event --json``: all events of the session."""

    events: list[ReadEvent]


class QuestionsDocument(TypedDict):
    """The document of ``detente read question --json``: the claims of each question."""

    questions: dict[str, list[str]]


class DraftDocument(TypedDict):
    """The document of ``detente read draft --json``."""

    crisis: str
    archetype: str
    warning: Literal["a starting point, not a forecast"]
    text: str
    claims: int
    misfits: dict[str, str]
    events: str | None
    events_misfit: str | None


def claim_row(claim: Claim) -> ClaimRow:
    """Return a claim as a row."""
    return {"claim": name_of(claim.id), "author": claim.author, "says": claim.paraphrase,
            "template": claim.template, "slots": {k: str(v) for k, v in claim.slots.items()},
            "holds_if": claim.formal or None, "note": claim.note}


def map_document(mapped: ArgumentMap, offered: Sequence[Proposal]) -> MapDocument:
    """Return a map as a document."""
    return {
        "claims": [{**claim_row(c), "exchange": exchange(mapped, c.id)} for c in mapped.claims],
        "relations": [{"from": name_of(r.from_claim), "to": name_of(r.to_claim), "kind": r.kind,
                       "origin": r.origin, "note": r.note} for r in mapped.relations],
        "proposals": [{"from": name_of(p.from_claim), "to": name_of(p.to_claim), "kind": p.kind,
                       "origin": p.origin} for p in offered],
        "grounded": sorted(mapped.grounded), "preferred": [sorted(e) for e in mapped.preferred]}


def templates_document(
    case: Case, claim: str | None, listed: Sequence[tuple[Template, tuple[str, ...]]],
    chosen: dict[str, str],
) -> TemplatesDocument:
    """Return templates with the options of their slots as a document."""
    def row(one: Template, cues: tuple[str, ...]) -> TemplateRow:
        offers = one.offers(case, chosen)
        return {
            "id": one.id, "says": one.says, "holds_if": one.formal,
            "proposition": one.proposition, "model": one.model, "rate": one.rate,
            "cues": len(cues), "slots": [
                {"name": s.name, "asks": s.asks, "of": s.of, "default": s.default,
                 "options": [{"value": o.value, "words": o.words} for o in offers[s.name]]}
                for s in one.slots]}

    return {"case": case.scenario.crisis, "claim": claim,
            "templates": [row(one, cues) for one, cues in listed]}


def draft_document(made: Draft, events: str | None, misfit: str | None) -> DraftDocument:
    """Return a draft as a document, with its events and why they do not fit its game."""
    return {"crisis": made.name, "archetype": made.archetype, "warning": WARNING,
            "text": made.text, "claims": made.claims, "misfits": dict(made.misfits),
            "events": events, "events_misfit": misfit}
