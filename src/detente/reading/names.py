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
from detente.reading.words import LONGEST_FLAGGED_COPY, check_written, copied

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
    said = BREAKS.sub(" ", document.name)
    try:
        check_written(document.name, "name")
    except InputError:
        return f"document {document.id}"
    if flags_of(said) or copied(said, [document.text], LONGEST_FLAGGED_COPY):
        return f"document {document.id}"
    return document.name


def shown_names(session: Session) -> dict[int, str]:
    """Return the name of each document by its number, compared with all texts; see `shown_name`."""
    return names_of(session.documents())


def names_of(documents: Sequence[Document]) -> dict[int, str]:
    """Return the names of documents of one session; a page may be named by words of another."""
    shown = {d.id: shown_name(d) for d in documents}
    for other in documents:
        for d in documents:
            if copied(BREAKS.sub(" ", d.name), [other.text], LONGEST_FLAGGED_COPY):
                shown[d.id] = f"document {d.id}"
    return shown
