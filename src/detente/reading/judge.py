"""Evaluate the claims of a session on a case: over samples, in both models, over structures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.errors import InputError, together
from detente.reading.map import name_of
from detente.reading.records import Claim
from detente.reading.templates import checked, templates

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.analysis.claims.result import Claims
    from detente.reading.store import Session
    from detente.scenario.schema import Scenario

__all__ = ["Judged", "as_claims", "entry", "judge", "with_claims"]

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


@dataclass(frozen=True)
class Judged:
    """A case that was solved for the claims of a session.

    Attributes
    ----------
    analysis
        The solutions, the samples and the structural neighbours.
    claims
        The results by the names of the session's claims. Boundaries and nearest changes of single
        inputs are left out; `detente claims` computes them.
    """

    analysis: Analysis
    claims: Claims


def judge(
    session: Session, scenario: Scenario, *, tell: Callable[[int, int, str], None] | None = None,
    **settings: Any,
) -> Judged:
    """Solve a case and evaluate the claims of a session on it.

    Parameters
    ----------
    session
        The session; claims without a formalisation are listed and not evaluated.
    scenario
        The case; its own claims are left out.
    settings
        Of `detente.analysis.settings.Settings`.

    Raises
    ------
    InputError
        The session has no claim with a formalisation, or one does not fit the case.
    """
    from detente.analysis import Settings, begin
    from detente.analysis.claims.evaluate import evaluate

    claims = session.claims()
    if not any(c.formal for c in claims):
        raise InputError("no claim of the session has a formalisation", field="session",
                         expected="a confirmed claim with a template or a formula",
                         remedy="give it one with `detente read formalise`")
    found = begin(with_claims(scenario, claims), Settings.of(**settings), tell=tell)
    # The last step would evaluate the claims with everything that a report shows of them.
    last = "structures" if scenario.structures else "deliberate samples"
    while (step := found.step()) is not None and (step.name != last or step.done < step.total):
        pass
    drawn = found.samples
    results = evaluate(
        found.compiled, found.fallible, found.deliberate, found.others,
        samples=len(drawn.theta), seed=found.seed, points=0, drawn=drawn, memo=found.memo,
        workers=found.settings.workers, structure=found.structure, nearest=False, tell=tell)
    return Judged(found, results)
