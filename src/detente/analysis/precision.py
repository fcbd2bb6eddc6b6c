"""Precision of choice: the file's own number, fixed on request, and the starts along its range."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import InputError
from detente.limits import MOST_LAMBDA

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.compile import Compiled

__all__ = ["fixed", "starts"]

POINTS = 5
"""Precisions along the range at which the centre is solved, as starts of the samples."""


def fixed(scenario: Any, lam: float | None) -> Any:
    """Return the crisis with its precision fixed at ``lam``, itself if ``lam`` is None.

    Raises
    ------
    InputError
        The precision is negative or above `detente.limits.MOST_LAMBDA`.

    Examples
    --------
    >>> from detente.cases import find, load
    >>> fixed(load(find("cuba-1962")), 40).precision.centre
    40.0
    """
    if lam is None:
        return scenario
    from detente.scenario.quantity import Quantity

    if not 0 <= lam <= MOST_LAMBDA:
        raise InputError(f"lambda is {lam!r}", field="lam",
                         expected=f"a number from 0 to {MOST_LAMBDA:g}")
    given = scenario.precision
    point = replace(Quantity.point(lam, "fixed on request"), kind=given.kind, least=given.least,
                    most=given.most)
    return scenario.model_copy(update={"precision": point})


def starts(compiled: Compiled, centre: Equilibrium) -> list[Equilibrium]:
    """Return equilibria at the centre of the other ranges, along the range of the precision.

    A sample starts from the one whose precision is nearest. They are solved once for a scenario.
    """
    from detente.equilibrium import solve

    given = compiled.graph.rules.numbers["precision"]
    if not given.is_range or not centre.certificate.certified:
        return [centre]

    def make() -> list[Equilibrium]:
        found, near = [centre], centre
        for lam in np.geomspace(given.low, given.high, POINTS):
            one = solve(compiled.tree, float(lam), start=near if lam > near.lam else None)
            if one.certificate.certified:
                found.append(one)
                near = one
        return found

    made: list[Equilibrium] = compiled.scenario.once("starts along the precision", make)
    return made
