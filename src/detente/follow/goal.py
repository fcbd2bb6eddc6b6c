"""The question about off-ramps from the present point, checked without solving anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.analysis.offramps.levers import LeverRanges, levers_of
from detente.analysis.offramps.target import Target, parse_target
from detente.equilibrium.batch.work import compiles
from detente.errors import InputError
from detente.follow.entry import trail
from detente.game.tree import TERMINAL
from detente.scenario.labels import titles_of

if TYPE_CHECKING:
    from detente.game.compile import Compiled

__all__ = ["goal_here"]

MOST_PLACES = 16
"""Nodes at which the crisis may stand, at most, for off-ramps from here."""


def goal_here(
    compiled: Compiled, entries: Sequence[Any], target: str
) -> tuple[Target, LeverRanges, list[tuple[int, float]]]:
    """Return the target, the levers, and the places with their evidence.

    Parameters
    ----------
    compiled
        The file's own structure.
    entries
        The events so far, as `detente.follow.entry.trail` takes them.
    target
        Such as ``war <= 0.1``.

    Raises
    ------
    InputError
        The target is not one, the file has no levers, the crisis has ended, or it may stand at too
        many places.
    """
    tree, scenario = compiled.tree, compiled.scenario
    goal = parse_target(target, tree.outcome_names, tree.wars)
    moves = levers_of(compiled)
    place = trail(tree, entries, scenario.principals, titles_of(scenario)).places[-1]
    places = [(int(a), float(e)) for a, e in zip(place.nodes, place.evidence, strict=True)]
    if all(tree.mover[a] == TERMINAL for a, _ in places):
        raise InputError("the crisis has ended, so there is no off-ramp from here",
                         field="--target", expected="a date before its end (--until)")
    if len(places) > MOST_PLACES or not compiles(tree):
        raise InputError(f"the crisis may stand at {len(places)} places",
                         expected=f"at most {MOST_PLACES}; report what is uncertain")
    return goal, moves, places
