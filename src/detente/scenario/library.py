"""Names in a crisis file that are the library's own: base rates, published models, propositions.

Only the lists of names are imported to check them, when a file uses one; nothing that computes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.errors import InputError, nearest
from detente.scenario.problems import Problem

if TYPE_CHECKING:
    from detente.scenario.model import Reference
    from detente.scenario.schema import Claim

__all__ = ["LISTED", "known_names", "model_problems", "unknown"]

Place = tuple[str | int, ...]

LISTED = {
    "rate": "a name that `detente data rates --list` prints",
    "model": "a name that `detente models` lists",
    "proposition": "a proposition of detente.theory.claims",
}
"""Kinds of names, and where a reader finds them."""


def known_names(kind: str) -> list[str]:
    """Return the names of a kind.

    Examples
    --------
    >>> "icb-war" in known_names("rate"), "kydd-walter-2002" in known_names("model")
    (True, True)
    """
    if kind == "rate":
        from detente.history.questions import QUESTIONS

        return list(QUESTIONS)
    if kind == "model":
        from detente.theory import TABLE

        return list(TABLE)
    from detente.theory.claims import CLAIMS

    return list(CLAIMS)


def unknown(place: Place, reference: Reference) -> Iterator[Problem]:
    """Yield what is wrong with a name of one of the kinds in `LISTED`."""
    names = known_names(reference.kind)
    if reference not in names:
        yield Problem(
            place, f"there is no {reference.kind} {str(reference)!r}",
            expected=LISTED[reference.kind], nearest=nearest(reference, names),
        )


def model_problems(claim: Claim, place: Place) -> Iterator[Problem]:
    """Yield what is wrong with a claim's model, its parameters and its proposition."""
    if claim.model is None:
        for key, value in (("set", claim.given), ("proposition", claim.proposition)):
            if value:
                yield Problem((*place, key), f"{key} without a model", "a model", at_key=True)
        return
    if claim.proposition is not None:
        from detente.theory.claims import CLAIMS

        of = CLAIMS[claim.proposition].model
        if of != claim.model:
            here = [c.id for c in CLAIMS.values() if c.model == claim.model]
            yield Problem(
                (*place, "proposition"), f"{str(claim.proposition)!r} is about {of}",
                expected="one of " + ", ".join(here) if here else f"none: {claim.model} has none",
            )
    if not claim.given:
        return
    from detente.theory import load

    model = load(claim.model)
    names = [p.name for p in model.parameters]
    for name in claim.given:
        if name not in names:
            yield Problem(
                (*place, "set", name), f"{claim.model} has no parameter {name!r}",
                expected="one of " + ", ".join(names), nearest=nearest(name, names), at_key=True,
            )
            return
    try:
        model.closed_form(**claim.given)
    except InputError as error:
        yield Problem((*place, "set"), error.message, error.expected, at_key=True)
