"""Withdraw a claim: its passage then waits for a decision again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.reading.questions import forget

if TYPE_CHECKING:
    from detente.reading.store import Session

__all__ = ["withdraw"]


def withdraw(session: Session, claim: int) -> None:
    """Remove a claim with its relations and its place in questions.

    If no other claim rests on its passage, the passage is a candidate again and must be confirmed
    again. This is the way to correct an author or a paraphrase.

    Parameters
    ----------
    session
        The session.
    claim
        The claim's id.

    Raises
    ------
    InputError
        The session has no such claim.

    Examples
    --------
    >>> import tempfile
    >>> from detente.reading.gate import admit
    >>> from detente.reading.store import Session
    >>> with Session.open(tempfile.mkdtemp()) as session:
    ...     one = session.add_document("a.txt", "/a.txt", "text", "0", "0", "text 1", "One. Two.")
    ...     passage = session.confirm(admit(session, one, 5, 9, "Two.").id)
    ...     made = session.add_claim(passage.id, author="Ann", paraphrase="There are two.")
    ...     withdraw(session, made.id)
    ...     session.claims(every=True), session.passage(passage.id).status
    ([], 'to confirm again')
    """
    with session.transaction():
        passage = session.passage(session.claim(claim).passage)
        session.remove_claim(claim)
        forget(session, claim)
        if not session.claims_on(passage.id):
            session.move_passage(passage.id, passage.start, passage.end, passage.prefix,
                                 passage.suffix,
                                 "lost" if passage.status == "lost" else "to confirm again")
