"""A reading session: every text, passage and claim in one database that stays on the machine.

Each change is one transaction, so a session can be left at any time and opened again. Error
messages carry ids and offsets, and never the words of a text.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from detente.errors import InputError, one_of
from detente.reading.database import broken, connect
from detente.reading.records import (
    KINDS,
    ORIGINS,
    STATUSES,
    Claim,
    Document,
    Passage,
    Relation,
    Sentence,
    Spoken,
    Status,
    Turn,
)
from detente.reading.words import (
    LONGEST_FLAGGED_COPY,
    check_author,
    check_paraphrase,
    check_written,
    copied,
)

__all__ = ["Session"]

class Session:
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

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self._db = connection
        self._lock = threading.RLock()
        self._depth = 0

    @classmethod
    def open(cls, folder: str | os.PathLike[str], *, create: bool = True) -> Self:
        """Open a session; make it if there is none and ``create`` is set.

        Raises
        ------
        InputError
            There is no session and ``create`` is not set, or the file is no session.
        OutputError
            The folder cannot be written to.
        """
        made = connect(folder, create=create)
        return cls(Path(folder), made)

    def close(self) -> None:
        """Close the database; the session can be opened again."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the changes inside together: all of them, or none if an error is raised.

        A transaction inside another is a part of it.
        """
        with self._lock:
            outer = self._depth == 0
            try:
                if outer:
                    self._db.execute("BEGIN IMMEDIATE")
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1
                if outer:
                    self._db.execute("COMMIT")
            except sqlite3.Error as wrong:
                raise broken(wrong, str(self.folder)) from None
            finally:
                if outer and self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    # documents, turns, sentences

    def add_document(
        self, name: str, path: str, kind: str, sha_bytes: str, sha_text: str, extractor: str,
        text: str,
    ) -> Document:
        """Add a document, or replace the text of the one with the same path.

        A replaced document loses its turns and sentences. `detente.reading.anchors.anchor_again`
        moves its passages.
        """
        fields = (name, kind, sha_bytes, sha_text, extractor, text)
        with self.transaction():
            found = self._rows("SELECT id FROM document WHERE path = ?", path)
            if found:
                number = int(found[0]["id"])
                self._db.execute(
                    "UPDATE document SET name = ?, kind = ?, sha_bytes = ?, sha_text = ?, "
                    "extractor = ?, text = ? WHERE id = ?", (*fields, number))
                self.set_turns(number, ())
            else:
                number = self._insert(
                    "INSERT INTO document (name, kind, sha_bytes, sha_text, extractor, text, path) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)", *fields, path)
        return self.document(number)

    def documents(self) -> list[Document]:
        """Return the documents in the order in which they were added."""
        return [Document(**dict(r)) for r in self._rows("SELECT * FROM document ORDER BY id")]

    def document(self, number: int) -> Document:
        """Return one document."""
        return Document(**dict(self._one("document", number)))

    def set_turns(
        self, document: int, turns: Sequence[Spoken | tuple[str, int | None, int, int]]
    ) -> None:
        """Replace the turns of a document, and remove its sentences.

        Parameters
        ----------
        document
            The document's id.
        turns
            For each: the author, the place in this list of the turn that it answers (None for
            none), the start and the end.
        """
        with self.transaction():
            self._db.execute("DELETE FROM sentence WHERE document = ?", (document,))
            self._db.execute("DELETE FROM turn WHERE document = ?", (document,))
            ids = [self._insert(
                'INSERT INTO turn (document, "order", author, reply_to, start, "end") '
                "VALUES (?, ?, ?, NULL, ?, ?)", document, k, author, start, end)
                for k, (author, _, start, end) in enumerate(turns)]
            self._db.executemany("UPDATE turn SET reply_to = ? WHERE id = ?", [
                (ids[t[1]], i) for t, i in zip(turns, ids, strict=True) if t[1] is not None])

    def turns(self, document: int | None = None) -> list[Turn]:
        """Return the turns, of all documents or of one, in their order."""
        return [Turn(**dict(r)) for r in self._of(document, "turn", 'document, "order"')]

    def set_sentences(
        self, document: int, sentences: Sequence[tuple[int | None, int, int]]
    ) -> None:
        """Replace the sentences of a document: for each the turn's id, the start and the end."""
        with self.transaction():
            self._db.execute("DELETE FROM sentence WHERE document = ?", (document,))
            self._db.executemany(
                'INSERT INTO sentence (document, turn, start, "end") VALUES (?, ?, ?, ?)',
                [(document, *s) for s in sentences])

    def sentences(self, document: int | None = None) -> list[Sentence]:
        """Return the sentences, of all documents or of one, in their order."""
        return [Sentence(**dict(r)) for r in self._of(document, "sentence", "document, start")]

    # passages

    def passages(
        self, status: Status | None = None, document: int | None = None
    ) -> list[Passage]:
        """Return the passages, all or those with one status, in the order of the texts."""
        if status is not None and status not in STATUSES:
            raise InputError("there is no such status", field="status",
                             expected=one_of(status, STATUSES))
        return [p for p in map(_passage, self._of(document, "passage", "document, start, id"))
                if status in (None, p.status)]

    def passage(self, number: int) -> Passage:
        """Return one passage."""
        return _passage(self._one("passage", number))

    def passage_at(self, document: int, start: int, end: int) -> Passage | None:
        """Return the passage with exactly this span, unless it is lost; None if there is none."""
        found = self._rows("SELECT * FROM passage WHERE document = ? AND start = ? AND \"end\" = ? "
                           "AND status <> 'lost'", document, start, end)
        return _passage(found[0]) if found else None

    def insert_passage(
        self, document: int, start: int, end: int, exact: str, prefix: str, suffix: str, *,
        flagged: bool, proposer: str,
    ) -> Passage:
        """Store a passage; only `detente.reading.gate` calls this, after its checks."""
        with self.transaction():
            number = self._insert(
                'INSERT INTO passage (document, start, "end", exact, prefix, suffix, status, '
                "flagged, proposer) VALUES (?, ?, ?, ?, ?, ?, 'proposed', ?, ?)",
                document, start, end, exact, prefix, suffix, flagged, proposer)
        return self.passage(number)

    def flag(self, number: int) -> None:
        """Fold a passage away; it then needs a second confirmation."""
        with self.transaction():
            self._db.execute("UPDATE passage SET flagged = 1 WHERE id = ?", (number,))

    def move_passage(
        self, number: int, start: int, end: int, prefix: str, suffix: str, status: Status
    ) -> None:
        """Store where a passage is after an edit of its source; its exact text stays."""
        with self.transaction():
            self._db.execute(
                'UPDATE passage SET start = ?, "end" = ?, prefix = ?, suffix = ?, status = ?, '
                "confirmed_twice = confirmed_twice AND ? = 'confirmed' WHERE id = ?",
                (start, end, prefix, suffix, status, status, number))

    def confirm(self, number: int, *, again: bool = False) -> Passage:
        """Confirm a passage; ``again`` is the second confirmation, which a flagged one needs.

        Raises
        ------
        InputError
            There is no such passage, its text is lost, or the second confirmation comes first.
        """
        with self.transaction():
            found = self.passage(number)
            if found.status == "lost":
                raise InputError("the source changed and does not hold this passage any more",
                                 field=f"passage {number}", expected="a passage that is in the "
                                 "source; mark it anew")
            if again and found.status != "confirmed":
                raise InputError("the second confirmation comes before the first",
                                 field=f"passage {number}", expected="a confirmed passage")
            self._db.execute(
                "UPDATE passage SET status = 'confirmed', confirmed_twice = ? WHERE id = ?",
                (again or found.confirmed_twice, number))
        return self.passage(number)

    def refuse(self, number: int) -> Passage:
        """Refuse a passage: it is no claim. Claims that rest on it are not shown any more."""
        with self.transaction():
            self._one("passage", number)
            self._db.execute("UPDATE passage SET status = 'refused', confirmed_twice = 0 "
                             "WHERE id = ?", (number,))
        return self.passage(number)

    # claims and relations

    def claims(self, *, every: bool = False) -> list[Claim]:
        """Return the claims that rest on a usable passage; with ``every`` also the others."""
        found = [_claim(r) for r in self._rows("SELECT * FROM claim ORDER BY id")]
        usable = {p.id for p in self.passages() if p.usable}
        return [c for c in found if every or c.passage in usable]

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

    # values of other modules

    def keep(self, key: str, value: Any) -> None:
        """Keep a value that JSON can hold under a key; None removes it."""
        with self.transaction():
            self._db.execute("DELETE FROM kept WHERE key = ?", (key,))
            if value is not None:
                self._db.execute("INSERT INTO kept VALUES (?, ?)", (key, json.dumps(value)))

    def kept(self, key: str) -> Any:
        """Return the value under a key; None if there is none."""
        found = self._rows("SELECT value FROM kept WHERE key = ?", key)
        return json.loads(found[0]["value"]) if found else None

    # the database

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

    def _rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            try:
                return self._db.execute(query, values).fetchall()
            except OverflowError:  # a number that no table holds
                return []
            except (sqlite3.Error, UnicodeDecodeError) as wrong:
                raise broken(wrong, str(self.folder)) from None

    def _of(self, document: int | None, table: str, order: str) -> list[sqlite3.Row]:
        if document is None:
            return self._rows(f"SELECT * FROM {table} ORDER BY {order}")
        return self._rows(f"SELECT * FROM {table} WHERE document = ? ORDER BY {order}", document)

    def _one(self, table: str, number: int) -> sqlite3.Row:
        found = self._rows(f"SELECT * FROM {table} WHERE id = ?", number)
        if not found:
            raise InputError(f"the session has no {table} {number}",
                             expected=f"the id of a {table}")
        return found[0]

    def _insert(self, statement: str, *values: Any) -> int:
        return int(self._db.execute(statement, values).lastrowid or 0)


def _passage(row: sqlite3.Row) -> Passage:
    held = dict(row)
    for name in ("flagged", "confirmed_twice"):
        held[name] = bool(held[name])
    return Passage(**held)


def _claim(row: sqlite3.Row) -> Claim:
    return Claim(**{**dict(row), "slots": json.loads(row["slots"])})


def _fields(
    author: str, paraphrase: str, template: str, slots: Mapping[str, Any] | None, formal: str,
    note: str,
) -> tuple[str, ...]:
    return (author.strip(), paraphrase.strip(), template, json.dumps(dict(slots or {})), formal,
            note)
