"""The name of a document in what leaves the session.

Pages are often saved under their title, so the name of a file may hold the words of its text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from detente.errors import InputError
from detente.reading.flags import flags_of
from detente.reading.records import Document
from detente.reading.words import LONGEST_FLAGGED_COPY, check_written, copying

if TYPE_CHECKING:
    from detente.reading.store import Session

__all__ = ["names_of", "shown_name", "shown_names"]

BREAKS = re.compile(r"[-_.+%]+")


def shown_name(document: Document) -> str:
    """Return the name of a document's file, or its number if the name may hold words of a text.

    The number is used if the name raises a flag, holds a control character, or shares more than 3
    words in a row with the text.

    Examples
    --------
    >>> from dataclasses import replace
    >>> one = Document(3, "they-are-vermin.txt", "/a", "text", "0", "0", "text 1", "One.")
    >>> shown_name(one), shown_name(replace(one, name="thread.txt"))
    ('document 3', 'thread.txt')
    """
    return names_of([document])[document.id]


def shown_names(session: Session) -> dict[int, str]:
    """Return the name of each document by its number, compared with all texts; see `shown_name`."""
    return names_of(session.documents())


def names_of(documents: Sequence[Document]) -> dict[int, str]:
    """Return the names of documents of one session; a page may be named by words of another."""
    said = {d.id: BREAKS.sub(" ", d.name) for d in documents}
    hidden = {d.id for d in documents if flags_of(said[d.id]) or _unwritten(d.name)}
    hidden |= copying(said, [d.text for d in documents], LONGEST_FLAGGED_COPY)
    return {d.id: f"document {d.id}" if d.id in hidden else d.name for d in documents}


def _unwritten(name: str) -> bool:
    try:
        check_written(name, "name")
    except InputError:
        return True
    return False
