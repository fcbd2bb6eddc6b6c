"""Evaluate the claims of a session on a case: over samples, in both models, over structures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from detente.errors import InputError, together
from detente.reading.map import name_of
from detente.reading.records import Claim
from detente.reading.templates import checked, templates

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.reading.store import Session
    from detente.scenario.schema import Scenario

__all__ = ["as_claims", "entry", "judge", "with_claims"]

SOURCE = "reading"
"""The id of the source of the claims, in the copy of the case that is solved."""
NO_FORM = "The analyst has not given this claim a formal form."


def entry(claim: Claim, source: str) -> dict[str, Any]:
    """Return a claim as a case file holds it: the paraphrase, the formalisation and the note.

    Examples
    --------
    >>> entry(Claim(2, 1, "Aland", "Talks are useless.", "talks-useless", {},
    ...             "P(settlement) < 0.1", "Tested as stated."), "thread")["proposition"]
    'talks-pointless'
    """
    known = templates().get(claim.template)
    made: dict[str, Any] = {"id": name_of(claim.id), "says": claim.paraphrase, "source": source}
    if claim.formal:
        made["holds_if"] = claim.formal
    else:
        made["cannot"] = claim.note or NO_FORM
    if claim.formal and claim.note:
        made["note"] = claim.note
    if known is not None:
        made |= {key: value for key, value in (
            ("rate", known.rate), ("model", known.model), ("proposition", known.proposition))
            if value}
    return made


def with_claims(scenario: Scenario, claims: list[Claim]) -> Scenario:
    """Return a case whose claims are those of a session, each checked.

    Raises
    ------
    InputError
        A formalisation does not fit the case; the message names the claim by its id. It is an
        `detente.errors.InputErrors` if several do not fit.
    """
    wrong = []
    for claim in claims:
        if claim.formal:
            try:
                checked(scenario, claim.formal, name_of(claim.id))
            except InputError as error:
                wrong.append(error)
    if (every := together(wrong)) is not None:
        raise every
    return scenario.model_copy(update={"claims": as_claims(claims)})


def as_claims(claims: list[Claim]) -> list[Any]:
    """Return the claims of a session as those of a case."""
    from detente.scenario.beside import Claim as CaseClaim

    return [CaseClaim.model_validate(entry(claim, SOURCE)) for claim in claims]


def judge(
    session: Session, scenario: Scenario, *, tell: Callable[[int, int, str], None] | None = None,
    **settings: Any,
) -> Analysis:
    """Solve a case and evaluate the claims of a session on it.

    Parameters
    ----------
    session
        The session; claims without a formalisation are listed and not evaluated.
    scenario
        The case; its own claims are left out.
    settings
        Of `detente.analysis.settings.Settings`.

    Returns
    -------
    Analysis
        Its ``claims`` are the results, by the names of the session's claims.

    Raises
    ------
    InputError
        The session has no claim with a formalisation, or one does not fit the case.
    """
    from detente.analysis import Settings, begin

    claims = session.claims()
    if not any(c.formal for c in claims):
        raise InputError("no claim of the session has a formalisation", field="session",
                         expected="a confirmed claim with a template or a formula",
                         remedy="fill it with `detente read confirm`")
    found = begin(with_claims(scenario, claims), Settings.of(**settings), tell=tell)
    found.run()
    return found
