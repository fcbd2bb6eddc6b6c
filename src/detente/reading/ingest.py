"""Read files into a session: text, turns and sentences; a changed file is anchored again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from detente.reading.anchors import Again, anchor_again
from detente.reading.divide import divide
from detente.reading.flags import flags_at
from detente.reading.forms.registry import form_named
from detente.reading.markdown import blocks
from detente.reading.records import Document, Spoken
from detente.reading.sentences import sentences
from detente.reading.sources import Source, read_bytes, read_source
from detente.reading.store import Session

__all__ = ["Added", "read_files", "read_into", "stored", "with_turns"]


@dataclass(frozen=True)
class Added:
    """A file that was read into a session.

    Attributes
    ----------
    document : Document
    state : str
        ``new``, ``unchanged``, or ``changed`` since it was read before.
    form, reason : str
        The form of its turns, and the reason for it.
    turns, sentences : int
        Their numbers.
    again : Again
        The passages that were found again or lost after a change.
    """

    document: Document
    state: Literal["new", "unchanged", "changed"]
    form: str
    reason: str
    turns: int
    sentences: int
    again: Again


def read_files(
    folder: str | os.PathLike[str], files: Sequence[Path], form: str | None = None
) -> Iterator[Added]:
    """Read files into the session of a folder, and yield each when it is stored.

    The form and every name are checked before the first file is parsed. An error, or Ctrl-C,
    leaves the files before it in the session. A session is made with its first readable file.

    Raises
    ------
    InputError
        A file cannot be read, or there is no such form.
    """
    if form is not None:
        form_named(form)
    for file in files:
        read_bytes(file)  # a wrong name at the end must not cost the parsing of the others
    for file in files:
        source = read_source(file)
        with Session.open(folder) as session:
            added = stored(session, source, form)
        yield added


def read_into(session: Session, path: str | os.PathLike[str], form: str | None = None) -> Added:
    """Read a file into a session; see `stored`.

    Raises
    ------
    InputError
        The file cannot be read, or there is no such form.
    """
    return stored(session, read_source(path), form)


def stored(session: Session, source: Source, form: str | None = None) -> Added:
    """Store a source with its turns and sentences.

    A source that has not changed is left as it is, with the turns that the analyst edited, unless a
    form is given. A changed source is divided again, without the edits of its turns, and its
    passages are anchored again. A file that was moved since is the document that it was, so its
    claims stay on it.

    Parameters
    ----------
    session
        The session.
    source
        The source.
    form
        The form's name; None takes the one that fits best.
    """
    old = _held(session, source)
    same = old is not None and (old.sha_text, old.sha_bytes) == (
        source.sha_text, source.sha_bytes)
    if old is not None and same and form is None:
        if old.path != source.path:
            old = session.move_document(old.id, source.name, source.path)
        name, reason = session.kept(f"form {old.id}") or ("plain", "")
        return Added(old, "unchanged", name, reason, len(session.turns(old.id)),
                     len(session.sentences(old.id)), Again(0, 0))
    parts = divide(source, form)  # before the transaction, because it may take long
    reason = parts.reason
    with session.transaction():
        old = _held(session, source)  # another program may have stored it meanwhile
        edited = old is not None and old.sha_text != source.sha_text
        if old is not None and old.path != source.path:
            session.move_document(old.id, source.name, source.path)
        if old is not None and (session.kept(f"form {old.id}") or [""])[0] == "edited":
            reason += "; the turns that you had edited are replaced"
        document = session.add_document(source.name, source.path, source.kind, source.sha_bytes,
                                        source.sha_text, source.extractor, source.text)
        session.keep(f"form {document.id}", [parts.form, reason])
        count = with_turns(session, document, parts.turns, parts.sentences)
        again = anchor_again(session, document.id) if edited else Again(0, 0)
    state: Literal["new", "unchanged", "changed"] = (
        "new" if old is None else "changed" if edited else "unchanged")
    return Added(document, state, parts.form, reason, len(parts.turns), count, again)


def _held(session: Session, source: Source) -> Document | None:
    """Return the document of a session that was read from the same file, here or where it was."""
    documents = session.documents()
    here = next((d for d in documents if d.path == source.path), None)
    if here is not None:
        return here
    gone = [d for d in documents if not os.path.lexists(d.path)]
    same = [d for d in gone if d.sha_bytes == source.sha_bytes]
    alike = [d for d in gone if d.name == source.name and _alike(d.text, source.text)]
    return same[0] if same else alike[0] if len(alike) == 1 else None


def _alike(one: str, other: str) -> bool:
    """Whether two texts share at least half of the lines of each, as those before an edit do."""
    first, second = ({line.strip() for line in text.splitlines()} - {""} for text in (one, other))
    return 2 * len(first & second) >= max(len(first), len(second), 1)


def with_turns(
    session: Session, document: Document, turns: list[Spoken],
    spans: list[tuple[int | None, int, int]] | None = None,
) -> int:
    """Replace the turns of a document and their sentences, and return the number of sentences.

    Parameters
    ----------
    session, document
        The session and a document of it.
    turns
        The turns.
    spans
        The place of the turn and the span of each sentence; None divides the turns here.
    """
    if spans is None:
        limits = blocks(document.text) if document.kind == "markdown" else None
        spans = sentences(document.text, [(k, t.start, t.end) for k, t in enumerate(turns)], limits)
    with session.transaction():
        session.set_turns(document.id, turns)
        held = session.turns(document.id)
        session.set_sentences(document.id, [
            (None if k is None else held[k].id, start, end) for k, start, end in spans])
        around = [(t.start, t.end) for t in held]
        for one in session.passages(document=document.id):
            if not one.flagged and one.status != "lost" and flags_at(
                    document.text, one.start, one.end, around):
                session.flag(one.id)
    return len(spans)
