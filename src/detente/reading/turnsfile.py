"""The turns of a document as an editable file: JSON lines, written, edited and read back.

The first line names the document and the hash of its text. Each later line is a turn: its author,
the number of the turn that it replies to, and its span. The file holds no words of the text apart
from the authors' names; line numbers show where a turn stands.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from detente.errors import InputError, together
from detente.reading.bounds import MOST_TURNS
from detente.reading.jsonlines import read_lines, unknown_field
from detente.reading.records import Document, Spoken
from detente.reading.store import Session
from detente.reading.words import UNWRITTEN, visible

__all__ = ["read_turns", "turns_text"]

HEAD = ("document", "sha_text")
FIELDS = ("turn", "author", "reply_to", "start", "end")
SHOWN = ("first_line", "last_line")
"""Fields that help an editor and are ignored when the file is read."""


def turns_text(session: Session, document: Document) -> str:
    """Return the file of a document's turns."""
    starts = [0]
    for line in document.text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found = session.turns(document.id)
    places = {t.id: k for k, t in enumerate(found)}
    rows: list[dict[str, Any]] = [{"document": document.name, "sha_text": document.sha_text}]
    rows += [{"turn": k, "author": t.author,
              "reply_to": None if t.reply_to is None else places[t.reply_to],
              "start": t.start, "end": t.end, "first_line": bisect_right(starts, t.start),
              "last_line": bisect_right(starts, max(t.start, t.end - 1))}
             for k, t in enumerate(found)]
    return "".join(visible(json.dumps(row, ensure_ascii=False)) + "\n" for row in rows)


def read_turns(
    text: str, session: Session, *, file: str = "<text>"
) -> tuple[Document, list[Spoken]]:
    """Read turns back and check them; the turns may be renumbered, joined, split or left out.

    Returns
    -------
    tuple
        The document, and the turns in the order of the text.

    Raises
    ------
    InputError
        With the line and the field: a line is no JSON object, a field is missing, unknown or of
        the wrong type, spans overlap or leave the text, a reply names no turn or a circle, or the
        file is about another text.
    """
    rows = list(read_lines(text, file))
    if not rows or set(rows[0][1]) != set(HEAD):
        raise InputError("the first line does not name the document", file=file, line=1,
                         expected='{"document": ..., "sha_text": ...}, as detente wrote it')
    head = rows[0][1]
    same = [d for d in session.documents() if d.sha_text == head["sha_text"]]
    document = next((d for d in same if d.name == head["document"]), same[0] if same else None)
    if document is None:
        raise InputError("the session has no document with this text", file=file, line=1,
                         field="sha_text", expected="turns that were written after the last "
                         "change of the document")
    wrong: list[InputError] = []
    for line, row in rows[1:]:
        wrong += _wrong_fields(row, line, file, len(document.text))
    if len(rows) - 1 > MOST_TURNS:
        raise InputError(f"the file has {len(rows) - 1:,} turns", file=file,
                         expected=f"at most {MOST_TURNS:,}")
    if not wrong:
        wrong = _wrong_order(rows[1:], file)
    if found := together(wrong):
        raise found
    places = {row["turn"]: k for k, (_, row) in enumerate(rows[1:])}
    return document, [Spoken(row["author"], None if row["reply_to"] is None
                             else places[row["reply_to"]], row["start"], row["end"])
                      for _, row in rows[1:]]


def _wrong_fields(
    row: Mapping[str, Any], line: int, file: str, length: int
) -> list[InputError]:
    out = []
    for key in row:
        if key not in FIELDS + SHOWN:
            out.append(unknown_field(key, FIELDS, file, line))
    for key in FIELDS:
        value = row.get(key)
        right = (isinstance(value, str) if key == "author"
                 else (type(value) is int or (key == "reply_to" and key in row and value is None)))
        if not right:
            what = "a text" if key == "author" else "a whole number"
            out.append(InputError(
                "the field is missing" if key not in row else "the value has the wrong type",
                file=file, line=line, field=key,
                expected=what + (" or null" if key == "reply_to" else "")))
    if not out and UNWRITTEN.search(row["author"]):
        out.append(InputError("the name holds a control character", file=file, line=line,
                              field="author", expected="printable text"))
    if not out and not 0 <= row["start"] < row["end"] <= length:
        out.append(InputError(f"the span {row['start']} to {row['end']} is empty or leaves the "
                              "text", file=file, line=line, field="start",
                              expected=f"0 <= start < end <= {length}"))
    return out


def _wrong_order(rows: list[tuple[int, dict[str, Any]]], file: str) -> list[InputError]:
    out: list[InputError] = []
    numbers = [row["turn"] for _, row in rows]
    known = set(numbers)
    answers = {row["turn"]: row["reply_to"] for _, row in rows}
    places: dict[int, int] = {}
    end = 0
    for k, (line, row) in enumerate(rows):
        if places.setdefault(row["turn"], k) != k:
            out.append(InputError(f"two turns have the number {row['turn']}", file=file, line=line,
                                  field="turn", expected="a number of its own for each"))
        if row["start"] < end:
            out.append(InputError("the turn begins before the end of the turn above it", file=file,
                                  line=line, field="start", expected=f"at least {end}"))
        end = max(end, row["end"])
        if row["reply_to"] is not None and row["reply_to"] not in known:
            out.append(InputError(f"there is no turn {row['reply_to']}", file=file, line=line,
                                  field="reply_to", expected="the number of a turn, or null"))
    cleared: set[int] = set()
    for line, row in rows:
        trail: dict[int, None] = {}
        at = row["turn"]
        while at is not None and at in answers and at not in cleared and at not in trail:
            trail[at] = None
            at = answers[at]
        if at is not None and at in trail:
            out.append(InputError("the replies form a circle", file=file, line=line,
                                  field="reply_to", expected="replies to other turns, without a "
                                  "circle"))
        cleared.update(trail)
    return out
