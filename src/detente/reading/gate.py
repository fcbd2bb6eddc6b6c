"""The gate: nothing becomes a passage that is not, letter for letter, in a document of the session.

The gate compares code points. It does not normalise, repair or search; what it refuses never
becomes a claim. Its messages carry offsets and no words.
"""

from __future__ import annotations

from detente.errors import InputError
from detente.reading.anchors import context
from detente.reading.flags import flags_at
from detente.reading.records import Document, Passage
from detente.reading.store import Session

__all__ = ["admit", "check"]


def admit(
    session: Session, document: Document | int, start: int, end: int, exact: str, *,
    proposer: str = "analyst",
) -> Passage:
    """Admit a passage into the session, or return the one that has the same span.

    Parameters
    ----------
    session
        The session.
    document
        A document of the session, or its id. Its text is read from the session.
    start, end
        The span, in code points of the document's text.
    exact
        The words of the passage.
    proposer
        By which way it was proposed.

    Raises
    ------
    InputError
        The span is empty or leaves the text, or its words are not exactly these.

    Examples
    --------
    >>> import tempfile
    >>> session = Session.open(tempfile.mkdtemp())
    >>> one = session.add_document("a.txt", "/a.txt", "text", "0", "0", "text 1", "One. Two.")
    >>> admit(session, one, 5, 9, "Two.").status
    'proposed'
    >>> admit(session, one, 5, 9, "Too.")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: document 1, 5 to 9: the words differ from the text; expected ...
    >>> session.close()
    """
    number = document if isinstance(document, int) else document.id
    with session.transaction():
        held = session.document(number)
        check(held, start, end, exact)
        if (known := session.passage_at(number, start, end)) is not None:
            return known
        prefix, suffix = context(held.text, start, end)
        turns = [(t.start, t.end) for t in session.turns_at(number, start, end)]
        flagged = bool(flags_at(held.text, start, end, turns))
        return session.insert_passage(number, start, end, exact, prefix, suffix, flagged=flagged,
                                      proposer=proposer)


def check(document: Document, start: object, end: object, exact: object) -> None:
    """Refuse a passage whose words are not exactly those in its span.

    Raises
    ------
    InputError
        The span is empty or leaves the text, or its words are not exactly these.
    """
    if type(start) is not int or type(end) is not int or type(exact) is not str:
        raise InputError("the span is not two whole numbers with a text",
                         field=f"document {document.id}", expected="start, end and exact")
    where = f"document {document.id}, {start} to {end}"
    if not 0 <= start < end <= len(document.text):
        raise InputError("the span is empty or leaves the text", field=where,
                         expected=f"0 <= start < end <= {len(document.text)}")
    if document.text[start:end] != exact:
        raise InputError("the words differ from the text", field=where,
                         expected="the exact words of the document in this span")
