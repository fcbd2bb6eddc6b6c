"""Values of the numbers from outside the game at which a claim is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

from detente.claims import syntax as s

if TYPE_CHECKING:
    from detente.world.asked import World
    from detente.world.number import Number

__all__ = ["Values", "by_definition", "values_of", "world_of"]

Values = Mapping[tuple[str, ...], Any]
"""Values of the numbers by their key, each a float or (S,)."""
MOST_ENDS = 6
"""Numbers whose intervals' ends are combined; those of further numbers stay at the centre."""


def world_of(scenario: Any) -> World:
    """Return the world outside a crisis."""
    from detente.world.asked import World

    found = scenario.outside
    assert isinstance(found, World)
    return found


def by_definition(claim: s.Expr, scenario: Any) -> dict[str, dict[tuple[str, ...], Number]]:
    """Return the numbers from outside by definition of a tie, then by key.

    A claim without ties has the one definition ``""``.
    """
    world = world_of(scenario)
    found = {x.key: world.numbers(x.key) for x in s.asked_in(claim)}
    names = list(dict.fromkeys(name for one in found.values() for name in one if name)) or [""]
    return {name: {key: one[name] if name in one else one[""] for key, one in found.items()}
            for name in names}


def values_of(claim: s.Expr, scenario: Any, definition: str | None = None) -> list[Values]:
    """Return the values at which a claim is evaluated: the central ones, then the intervals' ends.

    Parameters
    ----------
    claim, scenario
        The checked claim, and its crisis.
    definition
        One definition of a tie; all of them if not given, the central values of the first one
        first.
    """
    every = by_definition(claim, scenario)
    used = every if definition is None else {definition: every[definition]}
    centres: list[Values] = []
    ends: list[Values] = []
    for numbers in used.values():
        centre = {key: x.value for key, x in numbers.items()}
        centres.append(centre)
        spread = [key for key, x in numbers.items() if x.low < x.high][:MOST_ENDS]
        for corner in product(*((numbers[k].low, numbers[k].high) for k in spread)):
            if spread:
                ends.append({**centre, **dict(zip(spread, corner, strict=True))})
    return centres + ends
