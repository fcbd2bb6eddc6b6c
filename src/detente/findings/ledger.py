"""The ledger of a reading session beside a case: who claims what, and what stands of it.

The file ``NAME.ledger.json`` beside ``NAME.yaml`` is what `detente read ledger` wrote. It holds the
analyst's paraphrases, ids, offsets and hashes, and no words of a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from detente.cases.ledgerfile import Game, Ledger, Part, Record, Row, beside
from detente.findings.finding import Finding, frame
from detente.render.numbers import MISSING, percent, span

if TYPE_CHECKING:
    import pandas as pd

    from detente.analysis.analysis import Analysis
    from detente.render import Section, Table

__all__ = ["FINDING", "NOTES", "LedgerFound", "certificate", "counted", "every_row", "formal_table",
           "lead", "places_table", "rows", "section", "side_by_side"]

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


class LedgerFound(TypedDict):
    """The ledger beside a case.

    ``case_changed`` says whether the crisis file has changed since the ledger was written; null if
    the ledger was made without a case.
    """

    file: str
    case_changed: bool | None
    document: Ledger


def rows(analysis: Analysis) -> LedgerFound | None:
    """Return the ledger as JSON holds it; None if no ledger lies beside the case."""
    world: Any = analysis.scenario.outside
    case = None if world is None else world.case
    found = None if case is None else beside(case, analysis.scenario.crisis)
    if found is None:
        return None
    file, document = found
    was = document["case_sha256"]
    return {"file": file, "document": document,
            "case_changed": None if was is None or not analysis.sha256 else was != analysis.sha256}


def kept(analysis: Analysis) -> LedgerFound | None:
    """Return `rows`, read once."""
    return analysis.once(rows)


def section(analysis: Analysis) -> Section | None:
    """Return one table per question, the formalisations and the places; None without a ledger."""
    from detente.render import Section

    found = kept(analysis)
    if found is None:
        return None
    made = found["document"]
    every = every_row(made)
    notes = [*NOTES, f"The figures are those of {found['file']}. detente {made['version']} wrote "
             "them; this run has not computed them again."]
    if found["case_changed"]:
        notes.insert(0, "The crisis file has changed since the ledger was written, so the figures "
                     "of the game may be out of date. Write the ledger again with `detente read "
                     f"ledger CASE --session FOLDER --out {found['file']} --force`.")
    if made["case"] is None:
        notes.insert(0, "The ledger was made without a case, so the game and the record have no "
                     "figures.")
    tables = [side_by_side(q["rows"], q["asks"]) for q in made["questions"]]
    count = "1 question" if len(tables) == 1 else f"{len(tables)} questions"
    return Section("", "", f"{found['file']}, {count}: {lead(every)}", notes=notes,
                   tables=[*tables, formal_table(every), places_table(every)],
                   certificate=certificate(made), certified=made["certified"])


def table(analysis: Analysis) -> pd.DataFrame:
    """Return one row per question and claim: its standing, and its shares of the samples."""
    found = kept(analysis)
    if found is None:
        return frame([])
    return frame([{
        "question": q["asks"], "claim": r["claim"], "author": r["author"], "says": r["says"],
        "standing": r["exchange"]["standing"], "strength": r["exchange"]["strength"],
        "fallible": _share(r["game"]["fallible"]), "deliberate": _share(r["game"]["deliberate"]),
    } for q in found["document"]["questions"] for r in q["rows"]])


def _share(part: Part | None) -> float | None:
    return None if part is None else part["share"]


def every_row(found: Ledger) -> list[Row]:
    """Return the row of each claim once."""
    return list({r["claim"]: r for q in found["questions"] for r in q["rows"]}.values())


def certificate(found: Ledger) -> str | None:
    """Return the sentence on the checks of the solutions; None if no case was solved."""
    if found["certified"] is None:
        return None
    return ("every point and sample was solved and checked separately" if found["certified"]
            else "some points or samples failed their check")


def lead(rows: list[Row]) -> str:
    """Return whose claims these are, and how many of them stand."""
    authors = sorted({r["author"] for r in rows if r["author"]})
    who = f" by {', '.join(authors)}" if authors else ""
    stand = sum(r["exchange"]["standing"] == "stands" for r in rows)
    return (f"{counted(len(rows))}{who}; {stand} of them {'stands' if stand == 1 else 'stand'} in "
            "the exchange.")


def counted(claims: int) -> str:
    """Return a number of claims in words."""
    return "1 claim" if claims == 1 else f"{claims} claims"


def side_by_side(rows: list[Row], title: str = "") -> Table:
    """Return the columns of the exchange, the game and the record, one row per claim."""
    from detente.render import Table

    return Table(title, ["claim", "who says it", "in the exchange", "game, fallible",
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


def formal_table(rows: list[Row]) -> Table:
    """Return what each claim was formalised as, and what the analyst decided."""
    from detente.render import Table

    return Table("Formalisations", ["claim", "template", "holds if", "decided by the analyst"], [
        (r["claim"], r["template"] or MISSING, r["game"]["holds_if"] or MISSING,
         r["game"]["note"] or MISSING) for r in rows])


def places_table(rows: list[Row]) -> Table:
    """Return the place of each passage: the document, the offsets and the hash."""
    from detente.render import Table

    return Table("Places", ["claim", "document", "code points", "SHA-256 of the text"], [
        (r["claim"], r["place"]["document"], f"{r['place']['start']} to {r['place']['end']}",
         r["place"]["sha256_text"][:SHORT]) for r in rows])


FINDING = Finding("ledger", "Ledger of claims", 137, section, kept, LedgerFound | None, table)
