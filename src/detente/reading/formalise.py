"""Formalise a claim: the template and the slots that the analyst chose, checked on a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from detente.reading.records import Claim
from detente.reading.templates import Case, Filled, Template, suggested, template

if TYPE_CHECKING:
    from detente.reading.store import Session

__all__ = ["formalise", "formalise_waiting", "offered", "unformalise"]


def offered(session: Session, claim: int, case: Case) -> list[tuple[Template, tuple[str, ...]]]:
    """Return the templates that fit a case, those first whose cues the claim's passage has."""
    found = session.claim(claim)
    passage = session.passage(found.passage)
    return suggested(f"{passage.exact} {found.paraphrase}", case)


def formalise(
    session: Session, claim: int, case: Case, name: str, slots: Mapping[str, str], note: str = ""
) -> tuple[Claim, Filled]:
    """Enter a template with its slots as the formal form of a claim.

    Parameters
    ----------
    session
        The session.
    claim
        The claim's id.
    case
        The crisis on which it is checked.
    name
        The template.
    slots
        The analyst's choices; see `detente.reading.templates.Template.offers`.
    note
        A further remark on what was decided; it follows the template's own note.

    Raises
    ------
    InputError
        There is no such claim or template, or the claim does not fit the case.
    """
    filled = template(name).fill(case, slots)
    said = " ".join(filter(None, [filled.note, note.strip()]))
    made = session.change_claim(claim, template=name, slots=dict(filled.slots),
                                formal=filled.formal, note=said)
    return made, filled


def unformalise(session: Session, claim: int, reason: str) -> Claim:
    """Remove the formal form of a claim; the reason becomes its note."""
    return session.change_claim(claim, template="", slots={}, formal="", note=reason.strip())


def formalise_waiting(session: Session, case: Case) -> list[Claim]:
    """Enter the formal form of every claim that has a template and no form yet, all or none.

    `detente read confirm` stores the template and the slots, because it knows no case.

    Raises
    ------
    InputError
        A claim does not fit the case.
    """
    with session.transaction():
        return [formalise(session, c.id, case, c.template, c.slots, c.note)[0]
                for c in session.claims() if c.template and not c.formal]
