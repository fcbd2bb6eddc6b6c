"""The files of a session as they are now: whether one was edited or removed after it was read."""

from __future__ import annotations

import hashlib
from typing import Literal

from detente.errors import InputError
from detente.reading.names import shown_names
from detente.reading.records import Document
from detente.reading.sources import read_bytes
from detente.reading.store import Session

__all__ = ["edited", "state_now"]


def state_now(document: Document) -> Literal["", "edited since", "missing"]:
    """Return whether the file of a document was edited after it was read, or cannot be read now.

    The session keeps the text that was read, so claims keep their passages. After an edit they are
    anchored again when the file is read again.

    Examples
    --------
    >>> state_now(Document(1, "a.txt", "/no/such/a.txt", "text", "0", "0", "text 1", "One."))
    'missing'
    """
    try:
        data = read_bytes(document.path)
    except InputError:
        return "missing"
    same = hashlib.sha256(data).hexdigest() == document.sha_bytes
    return "" if same else "edited since"


def edited(session: Session) -> list[str]:
    """Return the names of the documents whose files were edited after they were read."""
    found = [d.id for d in session.documents() if state_now(d) == "edited since"]
    names = shown_names(session) if found else {}
    return [names[number] for number in found]
