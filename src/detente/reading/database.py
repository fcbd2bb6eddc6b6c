"""The file of a session: one SQLite database, with its schema's version.

The database keeps a rollback journal beside it only while a transaction runs. Temporary tables stay
in memory, and deleted text is overwritten, so no other file holds words of a document. A trigger
refuses a passage that differs from the document's text, whichever program writes it.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from detente.errors import InputError, OutputError

__all__ = ["FILE", "VERSION", "connect"]

FILE = "session.db"
VERSION = 1
"""The version of the tables below."""
APPLICATION = 0x64657452
"""Marks the file as a session of detente."""
PATIENCE = 5.0
"""Seconds to wait for another program that writes to the session."""

TABLES = """
CREATE TABLE document (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  sha_bytes TEXT NOT NULL, sha_text TEXT NOT NULL, extractor TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE turn (
  id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  "order" INTEGER NOT NULL, author TEXT NOT NULL,
  reply_to INTEGER REFERENCES turn ON DELETE SET NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, UNIQUE (document, "order"));
CREATE TABLE sentence (
  id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  turn INTEGER REFERENCES turn ON DELETE SET NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL);
CREATE TABLE passage (
  id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES document,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, exact TEXT NOT NULL,
  prefix TEXT NOT NULL, suffix TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN
    ('proposed', 'confirmed', 'refused', 'to confirm again', 'lost')),
  flagged INTEGER NOT NULL, confirmed_twice INTEGER NOT NULL DEFAULT 0, proposer TEXT NOT NULL);
CREATE UNIQUE INDEX span ON passage (document, start, "end") WHERE status <> 'lost';
CREATE TABLE claim (
  id INTEGER PRIMARY KEY, passage INTEGER NOT NULL REFERENCES passage,
  author TEXT NOT NULL, paraphrase TEXT NOT NULL, template TEXT NOT NULL,
  slots TEXT NOT NULL, formal TEXT NOT NULL, note TEXT NOT NULL);
CREATE TABLE relation (
  from_claim INTEGER NOT NULL REFERENCES claim ON DELETE CASCADE,
  to_claim INTEGER NOT NULL REFERENCES claim ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('attack', 'support')),
  origin TEXT NOT NULL CHECK (origin IN ('reply', 'cue', 'confirmed', 'computed')),
  note TEXT NOT NULL, PRIMARY KEY (from_claim, to_claim, kind, origin));
CREATE TABLE kept (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TRIGGER exact_insert BEFORE INSERT ON passage WHEN NEW.status <> 'lost' AND
  (SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start) FROM document WHERE id = NEW.document)
  IS NOT NEW.exact BEGIN SELECT RAISE(ABORT, 'not exact'); END;
CREATE TRIGGER exact_update BEFORE UPDATE ON passage WHEN NEW.status <> 'lost' AND
  (SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start) FROM document WHERE id = NEW.document)
  IS NOT NEW.exact BEGIN SELECT RAISE(ABORT, 'not exact'); END;
"""


def connect(folder: str | os.PathLike[str], *, create: bool) -> sqlite3.Connection:
    """Open the database of a session, and make it if ``create`` is set and there is none.

    Parameters
    ----------
    folder
        The session's folder. A new folder and a new database are readable by the user only.
    create
        Whether a missing session is made.

    Raises
    ------
    InputError
        There is no session, or the file is no session of this version.
    OutputError
        The folder cannot be written to.
    """
    shown = os.fspath(folder)
    if not shown or "\0" in shown or "//" in shown.replace("\\", "/") or ":/" in shown:
        raise InputError("the session is an address or an empty name", file=shown or None,
                         expected="a folder on this machine")
    place = Path(shown) / FILE
    if not place.exists():
        if not create:
            raise InputError("there is no session in this folder", file=shown,
                             expected=f"a folder with the file {FILE}; `detente read FILE... "
                             "--session FOLDER` makes one")
        try:
            Path(shown).mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            pass  # the folder's name is a file, or another program was faster: said below
        except OSError as wrong:
            raise OutputError(f"cannot make a session: {(wrong.strerror or '').lower()}",
                              file=shown, expected="a folder that you may write to") from None
    if place.is_symlink() or not place.is_file():
        raise InputError("the session is not a folder with a plain file in it", file=shown,
                         expected="a folder")
    return _opened(place, create=create)


def _opened(place: Path, *, create: bool) -> sqlite3.Connection:
    try:
        made = sqlite3.connect(
            place, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    except sqlite3.DatabaseError as wrong:
        raise broken(wrong, str(place)) from None
    made.row_factory = sqlite3.Row
    try:
        _check_mark(made, str(place))  # another program's file is left as it is
        for pragma in ("journal_mode = DELETE", "secure_delete = ON", "temp_store = MEMORY",
                       "foreign_keys = ON", "trusted_schema = OFF"):
            made.execute(f"PRAGMA {pragma}")
        _prepare(made, str(place), create=create)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as wrong:  # damaged names are no text
        made.close()
        raise broken(wrong, str(place)) from None
    except InputError:
        made.close()
        raise
    return made


def _check_mark(made: sqlite3.Connection, shown: str) -> None:
    mark = made.execute("PRAGMA application_id").fetchone()[0]
    version = made.execute("PRAGMA user_version").fetchone()[0]
    empty = not made.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if mark != APPLICATION and not (empty and mark == version == 0):
        raise InputError("the database is no session of detente", file=shown,
                         expected="another folder for the session")


def _prepare(made: sqlite3.Connection, shown: str, *, create: bool) -> None:
    """Make the tables of an empty database, or check the version of a full one."""
    made.execute("BEGIN IMMEDIATE")
    try:
        version = made.execute("PRAGMA user_version").fetchone()[0]
        empty = not made.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if empty and not create:
            raise InputError("the session is empty: its file holds no table", file=shown,
                             expected="the file that detente wrote",
                             remedy="read the documents again with `detente read FILE...`")
        if empty:
            for statement in _statements():
                made.execute(statement)
            made.execute(f"PRAGMA application_id = {APPLICATION}")
            made.execute(f"PRAGMA user_version = {VERSION}")
        elif version != VERSION:
            raise InputError(f"the session has version {version} of the tables", file=shown,
                             expected=f"version {VERSION}; read the documents again into another "
                             "folder, or use the detente that made the session")
        elif {row[0] for row in made.execute("SELECT sql FROM sqlite_master WHERE sql NOTNULL")
              } != {text.strip().rstrip(";") for text in _statements()}:
            raise InputError("the tables of the session were changed or damaged", file=shown,
                             expected="the file that detente wrote",
                             remedy="read the documents again into another folder")
        made.execute("COMMIT")
    finally:
        if made.in_transaction:
            made.execute("ROLLBACK")


def _statements() -> list[str]:
    """Return the statements; one ends at a semicolon that completes it."""
    out, text = [], ""
    for line in TABLES.splitlines():
        text += line + "\n"
        if sqlite3.complete_statement(text):
            out.append(text)
            text = ""
    return out


def broken(wrong: Exception, shown: str) -> InputError | OutputError:
    """Return the error for a failure of the database; it holds no words of a text."""
    name = getattr(wrong, "sqlite_errorname", "") or type(wrong).__name__
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return InputError("another program is writing to the session", file=shown,
                          expected="one program at a time", remedy="try again when it has ended")
    if name.startswith(("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CANTOPEN")):
        return OutputError(f"cannot write to the session ({name})", file=shown,
                           expected="a folder that you may write to, with space on its disk")
    return InputError(f"the database cannot be used ({name})", file=shown,
                      expected="the file that detente wrote",
                      remedy="read the documents again into another folder")
