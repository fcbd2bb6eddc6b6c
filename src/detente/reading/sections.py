"""The map and the ledger as sections of a report, and as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cases.ledgerfile import Ledger
from detente.findings.ledger import (
    NOTES,
    certificate,
    counted,
    every_row,
    formal_table,
    lead,
    places_table,
    side_by_side,
)
from detente.reading.map import ArgumentMap, Proposal, counts, name_of
from detente.render.numbers import MISSING, several

if TYPE_CHECKING:
    from detente.render import Report, Section

__all__ = ["ledger_sections", "map_section", "report"]


def map_section(mapped: ArgumentMap, offered: list[Proposal] | None = None) -> Section:
    """Return the map: the claims with what stands, the relations, and the proposals."""
    from detente.render import Column, Section, Table

    said = {c.id: f"{c.author}: {c.paraphrase}" if c.author else c.paraphrase
            for c in mapped.claims}
    standing = [mapped.standing(c.id) for c in mapped.claims]
    tables = [
        Table("Claims", ["claim", "in the exchange", "attacked by", "supported by",
                         Column("strength", format=".2f")], [
            (f"{name_of(c.id)}, {said[c.id]}", stands, _names(mapped.against(c.id)),
             _names(mapped.behind(c.id)), mapped.strengths[name_of(c.id)])
            for c, stands in zip(mapped.claims, standing, strict=True)]),
        Table("Relations", ["from", "relation", "to", "read from", "note"], [
            (name_of(r.from_claim), f"{r.kind}s", name_of(r.to_claim), r.origin, r.note)
            for r in mapped.relations]),
        Table("Replies without a relation", ["from", "to", "suggested", "because of"], [
            (name_of(p.from_claim), name_of(p.to_claim), p.kind or "undecided",
             "the reply and a cue" if p.origin == "cue" else "the reply")
            for p in offered or []]),
    ]
    n, k = len(mapped.claims), standing.count("stands")
    ways = len(mapped.preferred)
    there = "is 1 way" if ways == 1 else f"are {ways} ways"
    pairs = len(mapped.of_kind("attack")) + len(mapped.of_kind("support"))
    lead = (f"{counted(n)} with {several(pairs, 'attack or support', 'attacks and supports')}. "
            f"{k} of the claims {'stands' if k == 1 else 'stand'} in the exchange. There {there} "
            "to take sides consistently.")
    origins = "; ".join(f"{key}: {count}" for key, count in counts(mapped.relations).items())
    notes = [f"Relations by origin: {origins}."] if origins else []
    notes.append("Supports count in the strengths and not in what stands. A strength orders the "
                 "claims of this exchange and is not a probability (DF-QuAD, base scores of 0.5).")
    return Section("map", "Argument map", lead, tables=[t for t in tables if t.rows], notes=notes)


def ledger_sections(found: Ledger) -> list[Section]:
    """Return one section per question, and one with the formalisations and the places."""
    from detente.render import Section

    made = []
    for k, question in enumerate(found["questions"]):
        rows = question["rows"]
        made.append(Section(
            f"question-{k + 1}", question["asks"], lead(rows), tables=[side_by_side(rows)],
            certificate=certificate(found), certified=found["certified"]))
    every = every_row(found)
    notes = list(NOTES)
    if found["model"]:
        notes.append(f"The game's columns are conditional on: {found['model']}.")
    made.append(Section("provenance", "Formalisations and places", tables=[
        formal_table(every), places_table(every)], notes=notes))
    return made


def report(found: Ledger, mapped: ArgumentMap, offered: list[Proposal] | None = None) -> Report:
    """Return the page: the ledger, then the map."""
    from detente.render import Report

    claims = len({r["claim"] for q in found["questions"] for r in q["rows"]})
    titles = f"of {found['title']}" if found["title"] else "without a case"
    answer = (f"{counted(claims)} in {len(found['questions'])} tables: who says what and where, "
              "what stands in the exchange, what the game says, what the record says.")
    return Report(
        "Ledger of claims", titles, answer, [*ledger_sections(found), map_section(mapped, offered)],
        meta={"version": found["version"], "case": found["case"] or MISSING},
        answer_certified=found["certified"], data=dict(found))


def _names(claims: list[int]) -> str:
    return ", ".join(map(name_of, claims)) or MISSING
