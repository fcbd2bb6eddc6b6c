"""Read a filled file of candidates: confirmations, refusals and claims, each through the gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.claims.parse import parse
from detente.errors import InputError, nearest, one_of, together
from detente.reading.candidates import FILLED, GIVEN
from detente.reading.gate import admit, check
from detente.reading.jsonlines import read_lines, unknown_field
from detente.reading.records import Document
from detente.reading.store import Session
from detente.reading.templates import templates

__all__ = ["Confirmed", "confirm_rows"]

YES, NO = "yes", "no"
ANSWERS = {"": "", YES: YES, NO: NO, True: YES, False: NO, None: ""}
TEXTS = ("author", "paraphrase", "template", "formal", "note")


@dataclass(frozen=True)
class Confirmed:
    """Numbers of the decisions of a file.

    Attributes
    ----------
    confirmed, refused : int
        Passages.
    twice : int
        Flagged passages with a second confirmation.
    waiting : int
        Flagged passages that lack one.
    claims : int
        Claims that were added or changed.
    unanswered : int
        Lines without a decision.
    """

    confirmed: int
    refused: int
    twice: int
    waiting: int
    claims: int
    unanswered: int


def confirm_rows(session: Session, text: str, *, file: str = "<text>") -> Confirmed:
    """Apply the decisions of a file: all of them, or none if a line is wrong.

    Parameters
    ----------
    session
        The session.
    text
        The file's text, JSON lines.
    file
        The file's name, for errors.

    Raises
    ------
    InputError
        With the line and the field, and without words of a passage: a line has a wrong field, its
        words differ from the document, or its claim copies the passage.
    """
    rows = list(read_lines(text, file))
    documents = {d.id: d for d in session.documents()}
    wrong = [e for line, row in rows for e in _wrong(row, line, file, documents)]
    wrong = wrong or _contradictions(rows, file)
    if found := together(wrong):
        raise found
    count = dict.fromkeys(("confirmed", "refused", "twice", "waiting", "claims", "unanswered"), 0)
    with session.transaction():
        for line, row in rows:
            try:
                _apply(session, row, count)
            except InputError as error:
                raise InputError(error.message, file=file, line=line, field=error.field,
                                 expected=error.expected, remedy=error.remedy) from None
    return Confirmed(**count)


def _contradictions(rows: list[tuple[int, dict[str, Any]]], file: str) -> list[InputError]:
    """Return the errors of lines that confirm and refuse one passage."""
    first: dict[tuple[int, int, int], tuple[int, str]] = {}
    out = []
    for line, row in rows:
        if not (answer := ANSWERS[row.get("confirm")]):
            continue
        before, said = first.setdefault(
            (row["document"], row["start"], row["end"]), (line, answer))
        if said != answer:
            out.append(InputError(f"line {before} answers {said} for the same passage", file=file,
                                  line=line, field="confirm", expected="one answer per passage"))
    return out


def _apply(session: Session, row: Mapping[str, Any], count: dict[str, int]) -> None:
    answer, again = (ANSWERS[row.get(k)] for k in ("confirm", "confirm_again"))
    if not answer:
        count["unanswered"] += 1
        return
    exact = row["exact"]
    if exact is None:  # a folded passage, which may be refused unread
        exact = session.document(row["document"]).text[row["start"]:row["end"]]
    passage = admit(session, row["document"], row["start"], row["end"], exact)
    if answer == NO:
        session.refuse(passage.id)
        count["refused"] += 1
        return
    passage = session.confirm(passage.id)
    count["confirmed"] += 1
    if passage.flagged and again == YES:
        passage = session.confirm(passage.id, again=True)
    if passage.flagged:
        count["twice" if passage.confirmed_twice else "waiting"] += 1
    fields = {k: row.get(k, "") for k in TEXTS} | {"slots": row.get("slots") or {}}
    if not fields["paraphrase"].strip():
        return
    same = next((c for c in session.claims_on(passage.id)
                 if c.paraphrase == fields["paraphrase"].strip()), None)
    if same is None:
        session.add_claim(passage.id, **fields)
    else:
        session.change_claim(same.id, **fields)
    count["claims"] += 1


def _wrong_form(row: Mapping[str, Any], line: int, file: str) -> list[InputError]:
    """Return the errors of the template, its slots and the formal statement; they quote nothing."""
    out: list[InputError] = []
    name, slots = row.get("template", ""), row.get("slots") or {}
    known = templates()

    def error(field: str, message: str, expected: str | None, near: str | None = None) -> None:
        out.append(InputError(message, file=file, line=line, field=field, expected=expected,
                              nearest=near))

    if not isinstance(slots, dict) or not all(
            isinstance(v, str) or type(v) in (int, float) for v in slots.values()):
        error("slots", "the value has the wrong type",
              "an object with a text or a number for each slot of the template")
    elif name and name not in known:
        error("template", "there is no such template", one_of(name, known), nearest(name, known))
    elif slots and not name:
        error("slots", "there are slots, and no template", "the id of a template in `template`")
    elif name:
        has = [s.name for s in known[name].slots]
        out += [unknown_field(key, has, file, line) for key in slots if key not in has]
    if row.get("formal", "").strip():
        try:
            parse(row["formal"])
        except InputError as wrong:
            out.append(InputError(
                "the statement is not in the claims language", file=file, line=line,
                field="formal", expected="a statement such as `P(war) < 0.2`"
                + (f"; the error is at character {wrong.column}" if wrong.column else "")))
    return out


def _wrong(
    row: Mapping[str, Any], line: int, file: str, documents: Mapping[int, Document]
) -> list[InputError]:
    out: list[InputError] = []

    def error(field: str, message: str, expected: str | None) -> None:
        out.append(InputError(message, file=file, line=line, field=field, expected=expected))

    known = (*GIVEN, *FILLED)
    for key in row:
        if key not in known:
            out.append(unknown_field(key, known, file, line))
    for key in ("confirm", "confirm_again"):
        value = row.get(key)
        if not isinstance(value, (str, bool, type(None))) or value not in ANSWERS:
            error(key, "the answer is not known", "yes, no, or an empty text")
            return out
    for key in TEXTS:
        if not isinstance(row.get(key, ""), str):
            error(key, "the value has the wrong type", "a text")
    if not out:
        out += _wrong_form(row, line, file)
    if ANSWERS[row.get("confirm")] != YES:
        for key in ("confirm_again", "paraphrase"):
            if row.get(key):
                error(key, "the passage is not confirmed in this line", "yes in `confirm`")
    if not ANSWERS[row.get("confirm")] or out:
        return out
    number = row.get("document")
    document = documents.get(number) if type(number) is int else None
    if document is None:
        error("document", "the session has no such document",
              f"a number from {min(documents)} to {max(documents)}" if documents
              else "a document of the session")
    elif (exact := row.get("exact")) is None and ANSWERS[row["confirm"]] == YES:
        error("exact", "the passage is folded away because of its flags, so it was not read",
              "the words; write the candidates again with --flagged")
    else:
        start, end = row.get("start"), row.get("end")
        if exact is None and type(start) is int and type(end) is int:
            exact = document.text[start:end]
        try:
            check(document, start, end, exact)
        except InputError as error_of_gate:
            error("exact", f"{error_of_gate.field}: {error_of_gate.message}",
                  error_of_gate.expected)
    return out
