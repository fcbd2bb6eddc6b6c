"""A reading session: every text, passage and claim in one database that stays on the machine.

Each change is one transaction, so a session can be left at any time and opened again. Error
messages carry ids and offsets, and never the words of a text. `Session` adds claims and relations
to the parts in `detente.reading.tables`, `detente.reading.texts` and `detente.reading.passages`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from detente.errors import InputError, one_of
from detente.reading.passages import Passages
from detente.reading.records import KINDS, ORIGINS, Claim, Passage, Relation
from detente.reading.words import (
    LONGEST_FLAGGED_COPY,
    check_author,
    check_paraphrase,
    check_written,
    copied,
)

__all__ = ["Session"]


class Session(Passages):
    """A session folder that is open; use it in a ``with`` statement, or call `close`.

    Examples
    --------
    >>> import tempfile
    >>> with Session.open(tempfile.mkdtemp()) as session:
    ...     one = session.add_document("a.txt", "/a.txt", "text", "0", "0", "text 1", "One. Two.")
    ...     session.set_turns(one.id, [("Ann", None, 0, 4), ("Bob", 0, 5, 9)])
    ...     [(t.author, t.reply_to) for t in session.turns()]
    [('Ann', None), ('Bob', 1)]
    """

    def claims(self, *, every: bool = False) -> list[Claim]:
        """Return the claims that rest on a usable passage; with ``every`` also the others."""
        found = [_claim(r) for r in self._rows("SELECT * FROM claim ORDER BY id")]
        usable = {p.id for p in self.passages() if p.usable}
        return [c for c in found if every or c.passage in usable]

    def claims_on(self, passage: int) -> list[Claim]:
        """Return the claims that rest on a passage, whether it is usable or not."""
        return [_claim(r) for r in self._rows(
            "SELECT * FROM claim WHERE passage = ? ORDER BY id", passage)]

    def claim(self, number: int) -> Claim:
        """Return one claim."""
        return _claim(self._one("claim", number))

    def add_claim(
        self, passage: int, *, author: str, paraphrase: str, template: str = "",
        slots: Mapping[str, Any] | None = None, formal: str = "", note: str = "",
    ) -> Claim:
        """Add a claim that rests on a confirmed passage; see `detente.reading.records.Claim`.

        Raises
        ------
        InputError
            The passage is not confirmed (or not twice, if it is flagged), or the paraphrase is
            empty or copies the passage.
        """
        fields = _fields(author, paraphrase, template, slots, formal, note)
        with self.transaction():
            self._check(passage, fields)
            number = self._insert(
                "INSERT INTO claim (author, paraphrase, template, slots, formal, note, passage) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)", *fields, passage)
        return self.claim(number)

    def change_claim(self, number: int, **changes: Any) -> Claim:
        """Change fields of a claim, with the checks of `add_claim`."""
        with self.transaction():
            old = self.claim(number)
            known = ("author", "paraphrase", "template", "slots", "formal", "note")
            for name in changes:
                if name not in known:
                    raise InputError(f"a claim has no field {name!r} to change",
                                     expected=one_of(name, known))
            held = {k: getattr(old, k) for k in known} | changes
            fields = _fields(**held)
            self._check(old.passage, fields)
            if fields[4] != old.formal:  # computed for another statement
                self.forget_computed(number)
            self._db.execute("UPDATE claim SET author = ?, paraphrase = ?, template = ?, "
                             "slots = ?, formal = ?, note = ? WHERE id = ?", (*fields, number))
        return self.claim(number)

    def remove_claim(self, number: int) -> None:
        """Remove a claim and its relations."""
        with self.transaction():
            self._one("claim", number)
            self._db.execute("DELETE FROM claim WHERE id = ?", (number,))

    def relate(
        self, from_claim: int, to_claim: int, kind: str, origin: str, note: str = ""
    ) -> None:
        """Add a relation between two claims, or replace the note of the same one.

        Raises
        ------
        InputError
            A claim does not exist, both are one claim, or the kind or the origin is not known.
        """
        for name, given, known in (("kind", kind, KINDS), ("origin", origin, ORIGINS)):
            if given not in known:
                raise InputError(f"there is no {name} {given!r} of relations", field=name,
                                 expected=one_of(given, known))
        if from_claim == to_claim:
            raise InputError(f"claim {from_claim} would {kind} itself", expected="two claims")
        self.check_own(note, "note")
        with self.transaction():
            self._one("claim", from_claim)
            self._one("claim", to_claim)
            self._db.execute("INSERT OR REPLACE INTO relation VALUES (?, ?, ?, ?, ?)",
                             (from_claim, to_claim, kind, origin, note))

    def unrelate(self, from_claim: int, to_claim: int, origin: str | None = None) -> None:
        """Remove the relations from one claim to another, or those of one origin."""
        with self.transaction():
            self._db.execute(
                "DELETE FROM relation WHERE from_claim = ? AND to_claim = ? AND "
                "(? IS NULL OR origin = ?)", (from_claim, to_claim, origin, origin))

    def forget_computed(self, claim: int | None = None) -> None:
        """Remove the computed relations, all or those of one claim, shown or not."""
        with self.transaction():
            self._db.execute("DELETE FROM relation WHERE origin = 'computed' AND "
                             "(? IS NULL OR from_claim = ? OR to_claim = ?)", (claim,) * 3)

    def relations(self) -> list[Relation]:
        """Return the relations between claims that rest on usable passages."""
        shown = {c.id for c in self.claims()}
        return [Relation(**dict(r)) for r in self._rows(
            "SELECT * FROM relation ORDER BY from_claim, to_claim, kind, origin")
            if r["from_claim"] in shown and r["to_claim"] in shown]

    def _check(self, passage: int, fields: tuple[str, ...]) -> None:
        found = self.passage(passage)
        if not found.usable:
            twice = found.status == "confirmed"
            raise InputError(
                f"passage {passage} is flagged and has one confirmation" if twice
                else f"passage {passage} is not confirmed: its status is {found.status!r}",
                expected="a second confirmation" if twice else "a confirmed passage")
        check_paraphrase(fields[1], found)
        author, paraphrase, template, slots, formal, note = fields
        check_author(author)
        for field, text in (("template", template), ("slots", slots), ("formal", formal),
                            ("note", note)):
            check_written(text, field)
        for field, text in (("author", author), ("paraphrase", paraphrase), ("note", note),
                            ("slots", slots), ("formal", formal)):
            self.check_own(text, field, found)

    def check_own(self, text: str, field: str, passage: Passage | None = None) -> None:
        """Refuse words that leave the session and copy a text of it.

        Parameters
        ----------
        text
            The analyst's words.
        field
            Their place, for the error.
        passage
            A passage on which they rest; if it is flagged, fewer words in a row are allowed.

        Raises
        ------
        InputError
            They hold a control character, or copy a text of the session.
        """
        check_written(text, field)
        texts = (str(row["text"]) for row in self._rows("SELECT text FROM document"))
        if copied(text, texts) or (passage is not None and passage.flagged and copied(
                text, [passage.exact], LONGEST_FLAGGED_COPY)):
            raise InputError("the words copy a text of the session", field=field,
                             expected="your own, neutral words")


def _claim(row: sqlite3.Row) -> Claim:
    return Claim(**{**dict(row), "slots": json.loads(row["slots"])})


def _fields(
    author: str, paraphrase: str, template: str, slots: Mapping[str, Any] | None, formal: str,
    note: str,
) -> tuple[str, ...]:
    return (author.strip(), paraphrase.strip(), template, json.dumps(dict(slots or {})), formal,
            note)
