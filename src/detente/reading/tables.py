"""The open database of a session: transactions, rows and values by key."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from detente.errors import InputError
from detente.reading.database import broken, connect

__all__ = ["Tables"]


class Tables:
    """The tables of a session folder; `detente.reading.store.Session` is the whole of them."""

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
