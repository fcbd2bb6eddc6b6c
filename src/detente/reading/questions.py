"""Questions: the analyst's grouping of claims for the ledger; one table per question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from detente.errors import InputError, one_of

if TYPE_CHECKING:
    from detente.reading.store import Session

__all__ = ["OTHERS", "ask", "forget", "questions", "withdraw"]

KEY = "questions"
OTHERS = "Claims in no question"
ALL = "All claims"


def ask(session: Session, question: str, claims: Iterable[int]) -> None:
    """Set the claims that a question compares; a claim may be in several questions.

    Parameters
    ----------
    session
        The session.
    question
        The analyst's words.
    claims
        Ids of claims.

    Raises
    ------
    InputError
        The question is empty, or a claim is not in the session.
    """
    words = " ".join(question.split())
    if not words:
        raise InputError("the question is empty", field="question",
                         expected="the question in your own, neutral words")
    session.check_own(words, "question")
    known = {c.id for c in session.claims()}
    listed = sorted(set(claims))
    for claim in listed:
        if claim not in known:
            raise InputError(f"the session has no claim {claim} on a confirmed passage",
                             field="question", expected=one_of(str(claim), map(str, known)))
    held = dict(session.kept(KEY) or {})
    session.keep(KEY, held | {words: listed})


def withdraw(session: Session, question: str) -> None:
    """Remove a question; its claims stay."""
    held = dict(session.kept(KEY) or {})
    held.pop(" ".join(question.split()), None)
    session.keep(KEY, held)


def forget(session: Session, claim: int) -> None:
    """Take a claim out of every question; a question without claims is removed."""
    held = {asks: [c for c in listed if c != claim]
            for asks, listed in dict(session.kept(KEY) or {}).items()}
    session.keep(KEY, {asks: listed for asks, listed in held.items() if listed})


def questions(session: Session) -> list[tuple[str, list[int]]]:
    """Return each question with its claims; last the claims that are in none.

    Examples
    --------
    >>> import tempfile
    >>> from detente.reading.store import Session
    >>> with Session.open(tempfile.mkdtemp()) as session:
    ...     questions(session)
    []
    """
    shown = [c.id for c in session.claims()]
    held = dict(session.kept(KEY) or {})
    found = [(words, [c for c in shown if c in listed]) for words, listed in held.items()]
    found = [(words, listed) for words, listed in found if listed]
    inside = {c for _, listed in found for c in listed}
    rest = [c for c in shown if c not in inside]
    if rest:
        found.append((OTHERS if found else ALL, rest))
    return found
