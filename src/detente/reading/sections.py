"""The map and the ledger as sections of a report, and as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.reading.ledger import Game, Ledger, Part, Record, Row
from detente.reading.map import ArgumentMap, Proposal, counts, name_of
from detente.render.numbers import MISSING, percent, span

if TYPE_CHECKING:
    from detente.render import Report, Section, Table

__all__ = ["ledger_sections", "map_section", "report"]

NOTES = (
    "The columns stand side by side and are never joined to one score. They answer different "
    "questions, and none of them overrules another.",
    "Exchange: a claim stands if every attack on it is itself defeated (grounded semantics). With "
    "unresolved attacks there are several consistent ways to take sides (preferred semantics). "
    "Only relations that the analyst entered, and those computed from samples, count.",
    "Game: the share of the samples of the case's ranges in which the claim holds, with its 95 % "
    "interval. It is conditional on the case and on the formalisation.",
    "Record: a rate among past crises, with its 95 % interval. It counts similar events and not "
    "this crisis.",
    "Every claim is in the analyst's words. Its place is given by the document, the offsets and "
    "the hash of the text. The passage itself stays in the session.",
)
SHORT = 12
"""Digits of a hash in a table; the JSON document has all."""


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
    lead = (f"{_counted(n)} with {pairs} attacks and supports. {k} of the claims "
            f"{'stands' if k == 1 else 'stand'} in the exchange. There {there} to take sides "
            "consistently.")
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
            f"question-{k + 1}", question["asks"], _lead(rows), tables=[_side_by_side(rows)],
            certificate=None if found["certified"] is None else
            "every point and sample was solved and checked separately" if found["certified"] else
            "some points or samples failed their check",
            certified=found["certified"]))
    every = list({r["claim"]: r for q in found["questions"] for r in q["rows"]}.values())
    notes = list(NOTES)
    if found["model"]:
        notes.append(f"The game's columns are conditional on: {found['model']}.")
    made.append(Section("provenance", "Formalisations and places", tables=[
        _formal(every), _places(every)], notes=notes))
    return made


def report(found: Ledger, mapped: ArgumentMap, offered: list[Proposal] | None = None) -> Report:
    """Return the page: the ledger, then the map."""
    from detente.render import Report

    claims = len({r["claim"] for q in found["questions"] for r in q["rows"]})
    titles = f"of {found['title']}" if found["title"] else "without a case"
    answer = (f"{_counted(claims)} in {len(found['questions'])} tables: who says what and where, "
              "what stands in the exchange, what the game says, what the record says.")
    return Report(
        "Ledger of claims", titles, answer, [*ledger_sections(found), map_section(mapped, offered)],
        meta={"version": found["version"], "case": found["case"] or MISSING},
        answer_certified=found["certified"], data=dict(found))


def _lead(rows: list[Row]) -> str:
    authors = sorted({r["author"] for r in rows if r["author"]})
    who = f" by {', '.join(authors)}" if authors else ""
    stand = sum(r["exchange"]["standing"] == "stands" for r in rows)
    return (f"{_counted(len(rows))}{who}; {stand} of them {'stands' if stand == 1 else 'stand'} in "
            "the exchange.")


def _counted(claims: int) -> str:
    return "1 claim" if claims == 1 else f"{claims} claims"


def _side_by_side(rows: list[Row]) -> Table:
    from detente.render import Table

    return Table("", ["claim", "who says it", "in the exchange", "game, fallible",
                      "game, deliberate", "structures", "record"], [
        (f"{r['claim']}: {r['says']}", r["author"] or MISSING, _exchange(r),
         _part(r["game"], r["game"]["fallible"]), _part(r["game"], r["game"]["deliberate"]),
         _structures(r["game"]), r["outside"] or _record(r["record"])) for r in rows])


def _exchange(row: Row) -> str:
    found = row["exchange"]
    text = str(found["standing"])
    if found["attacked_by"]:
        text += f"; attacked by {', '.join(found['attacked_by'])}"
    if found["supported_by"]:
        text += f"; supported by {', '.join(found['supported_by'])}"
    return text


def _part(game: Game, part: Part | None) -> str:
    if part is None:
        return "no formal form" if game["holds_if"] is None else MISSING
    centre = {True: "holds", False: "fails", None: "no answer"}[part["holds"]]
    if part["share"] is None:
        return f"{centre} at the centre"
    return (f"{centre} at the centre; in {percent(part['share'])} of {part['samples']} samples "
            f"({span(part['low'], part['high'])})")


def _structures(game: Game) -> str:
    if game["fallible"] is None or not game["structures"]:
        return MISSING
    if game["changed_by"]:
        return f"changed by {'; '.join(game['changed_by'])}"
    return f"the same in {game['structures']}"


def _record(found: Record | None) -> str:
    if found is None:
        return MISSING
    if found["share"] is None:
        return f"{found['question'].rstrip(':')}: not downloaded ({found['fetch']})"
    return (f"{found['question'].rstrip(':')}: {percent(found['share'])} of {found['n']} "
            f"({span(found['low'], found['high'])})")


def _formal(rows: list[Row]) -> Table:
    from detente.render import Table

    return Table("Formalisations", ["claim", "template", "holds if", "decided by the analyst"], [
        (r["claim"], r["template"] or MISSING, r["game"]["holds_if"] or MISSING,
         r["game"]["note"] or MISSING) for r in rows])


def _places(rows: list[Row]) -> Table:
    from detente.render import Table

    return Table("Places", ["claim", "document", "code points", "SHA-256 of the text"], [
        (r["claim"], r["place"]["document"], f"{r['place']['start']} to {r['place']['end']}",
         r["place"]["sha256_text"][:SHORT]) for r in rows])


def _names(claims: list[int]) -> str:
    return ", ".join(map(name_of, claims)) or MISSING
