"""Formalise a claim: the template and the slots that the analyst chose, checked on a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from detente.reading.records import Claim
from detente.reading.templates import Case, Filled, Option, Template, suggested, template

if TYPE_CHECKING:
    from detente.reading.store import Session

__all__ = ["choices", "formalise", "offered", "unformalise", "waiting"]


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


def waiting(session: Session) -> list[Claim]:
    """Return the claims that have a template with slots and no formal form yet."""
    return [c for c in session.claims() if c.template and not c.formal]


def choices(case: Case, name: str, chosen: Mapping[str, str]) -> dict[str, list[Option]]:
    """Return the options of each slot of a template, given the slots that are chosen."""
    return template(name).offers(case, chosen)
