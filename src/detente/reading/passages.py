"""The passages of a session and the decisions about them.

`detente.reading.gate` alone adds passages, after it has compared them with the document.
"""

from __future__ import annotations

import sqlite3

from detente.errors import InputError, one_of
from detente.reading.records import STATUSES, Passage, Status
from detente.reading.texts import Texts

__all__ = ["Passages"]


class Passages(Texts):
    """The part of a session that holds passages."""

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
                                 "source; mark it again")
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


def _passage(row: sqlite3.Row) -> Passage:
    held = dict(row)
    for name in ("flagged", "confirmed_twice"):
        held[name] = bool(held[name])
    return Passage(**held)
