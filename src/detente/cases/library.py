"""The names that detente's own rooms add to a crisis file, and the checks that go with them.

Only lists of names are imported, and only if a file uses one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from detente.errors import InputError, nearest, one_of
from detente.scenario.alternatives import alternatives, single
from detente.scenario.library import Library, NameList
from detente.scenario.problems import Problem
from detente.scenario.rules import problems as in_the_file
from detente.scenario.structural import restructured

if TYPE_CHECKING:
    from detente.scenario.beside import Claim
    from detente.scenario.schema import Scenario

__all__ = ["library", "problems", "published", "structured"]

Place = tuple[str | int, ...]


def _rates() -> Collection[str]:
    from detente.history.base_rates import base_rates

    return base_rates()


def _models() -> Collection[str]:
    from detente.theory import TABLE

    return TABLE


def _propositions() -> Collection[str]:
    from detente.theory.claims import CLAIMS

    return CLAIMS


def library() -> Library:
    """Return the library of detente: its mechanisms, base rates, models and propositions.

    Examples
    --------
    >>> found = library()
    >>> "mediator" in found.mechanisms, "icb-war" in found.names["rate"].names()
    (True, True)
    """
    from detente.mechanisms import registry

    return Library(
        mechanisms={kind: mechanism.Spec for kind, mechanism in registry().items()},
        names={
            "rate": NameList(_rates, "a name that `detente data rates --list` prints"),
            "model": NameList(_models, "a name that `detente models` lists"),
            "proposition": NameList(_propositions, "a proposition of detente.theory.claims"),
        },
    )


def problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield every fault of a changed crisis, including those of its mechanisms."""
    from detente.mechanisms.checks import unread

    yield from in_the_file(scenario)
    yield from unread(scenario)


def structured(scenario: Scenario) -> Iterator[Problem]:
    """Yield the first fault of each structural alternative, which is a crisis of its own."""
    listed = alternatives(scenario)
    if not listed:
        return
    bare = single(scenario).model_copy(update={"levers": {}, "claims": [], "variants": {}})
    for one in listed:
        wrong = next(iter(problems(restructured(bare, one.changes))), None)
        if wrong is not None:
            yield Problem(
                one.place,
                f"the structure {one.label!r} makes the crisis invalid: {wrong.message}",
                wrong.expected, wrong.nearest, at_key=one.place[0] == "structures")


def published(scenario: Scenario) -> Iterator[Problem]:
    """Yield every fault in the use of published models by claims."""
    for position, claim in enumerate(scenario.claims):
        yield from _model_problems(claim, ("claims", position))


def _model_problems(claim: Claim, place: Place) -> Iterator[Problem]:
    if claim.model is None:
        for key, value in (("set", claim.given), ("proposition", claim.proposition)):
            if value:
                yield Problem(
                    (*place, key),
                    f"{key} is given without a model",
                    "a model in the same claim",
                    at_key=True,
                )
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
    unknown = [name for name in claim.given if name not in names]
    for name in unknown:
        yield Problem(
            (*place, "set", name), f"{claim.model} has no parameter {name!r}",
            expected=one_of(name, names), nearest=nearest(name, names), at_key=True,
        )
    if unknown:
        return
    try:
        model.closed_form(**claim.given)
    except InputError as error:
        yield Problem((*place, "set"), error.message, error.expected, at_key=True)
