"""How following begins: a crisis's structures are solved at samples, and the events enter them."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

from detente.analysis.alternatives import shares
from detente.analysis.precision import fixed
from detente.analysis.samples import draws
from detente.defaults import SEED, WORKERS
from detente.errors import InputError
from detente.follow.entry import EventError, trail
from detente.follow.file import Events, loads_events
from detente.follow.following import OWN, Following, complete
from detente.follow.goal import goal_here
from detente.follow.resample import resampled
from detente.follow.schema import AS_WRITTEN
from detente.follow.structures import Tell, solved_structure
from detente.game.compile import compile_scenario
from detente.limits import MOST_WORKERS, check_count
from detente.scenario.alternatives import alternatives, single
from detente.scenario.labels import titles_of
from detente.scenario.structural import restructured

if TYPE_CHECKING:
    from detente.game.compile import Compiled

__all__ = ["MOST_FOLLOWED", "SAMPLES", "begin", "enter_all", "misfit"]

EVENT = re.compile(r"events\.(?P<id>[^.]+)\.")
SAMPLES = 1024
"""Samples of the ranges by default."""
MOST_FOLLOWED = 1000.0
"""Largest precision of choice with which events are followed. A move that is worse by x of the
stake has odds exp(-lambda x): at 1000 and a fiftieth of the stake 2e-9, so the evidence of real
moves vanishes. Each sample then takes minutes to solve."""


def begin(
    scenario: Any, events: Events, *, until: datetime.date | str | None = None,
    lam: float | None = None, samples: int = SAMPLES, seed: int = SEED, workers: int = WORKERS,
    resample: bool = True, target: str | None = None, tell: Tell | None = None,
) -> Following:
    """Solve a crisis's structures at samples of their ranges and follow the events.

    Parameters
    ----------
    scenario
    events
        As `load_events` returns them.
    until
        Leave out events that were not complete on this day.
    lam
        Fixes the precision of choice.
    samples
        Samples of the ranges, shared among the structures by weight.
    resample
        Whether importance sampling follows if few samples carry the result.
    target
        Of off-ramps from the present point: only checked, before anything is solved.
    tell
        Called with (done, total, stage).

    Raises
    ------
    InputError
        An event does not fit, the target is not one, or the precision exceeds `MOST_FOLLOWED`.
    """
    check_count(samples, field="samples")
    check_count(workers, "workers", field="workers", most=MOST_WORKERS)
    if seed < 0:
        raise InputError(f"{seed} is not a seed", field="seed",
                         expected="a whole number, 0 or more")
    scenario = fixed(scenario, lam)
    if scenario.precision.high > MOST_FOLLOWED:
        raise InputError(
            f"the precision of choice is {scenario.precision.high:g}",
            field="precision" if lam is None else "--lambda",
            expected=f"at most {MOST_FOLLOWED:g} to follow events: beyond it, moves that were made "
            "have no probability left")
    own = single(scenario)
    listed = alternatives(scenario)
    given = [1.0, *(one.weight for one in listed)]
    sizes = shares(given, samples)
    count = len(events.file.events) if until is None else complete(events, until)
    compiled = compile_scenario(own)
    enter_all(compiled, events)
    if target is not None:
        goal_here(compiled, [e.step for e in events.file.under(AS_WRITTEN)[:count]], target)
    kinds = [(OWN, compiled),
             *((one.label, compile_scenario(restructured(own, one.changes))) for one in listed)]
    structures = tuple(
        solved_structure(label, weight / sum(given), each, draws(each, size, seed), workers, tell)
        for (label, each), weight, size in zip(kinds, given, sizes, strict=True))
    found = Following(scenario, events, count, structures, seed, workers)
    if resample and not found.reliable:
        found = resampled(found, tell)
    return found


def misfit(scenario: Any, text: str) -> tuple[str, str] | None:
    """Return the id of the first event that does not fit a crisis, and why; None if all fit.

    Nothing is solved.

    Parameters
    ----------
    scenario
        The crisis.
    text
        An events file, as a program wrote it.
    """
    try:
        enter_all(compile_scenario(single(scenario)), loads_events(text, scenario))
    except InputError as wrong:
        found = EVENT.match(wrong.field or "")
        why = str(InputError(wrong.message, expected=wrong.expected, nearest=wrong.nearest))
        return found["id"] if found else "", why
    return None


def enter_all(compiled: Compiled, events: Events) -> None:
    """Enter all events before anything is solved.

    Raises
    ------
    InputError
        An event does not fit.
    """
    own = compiled.scenario
    for reading in events.file.weights():
        listed = events.file.under(reading)
        try:
            trail(compiled.tree, [e.step for e in listed], own.principals, titles_of(own))
        except EventError as error:
            raise events.error(error, reading, error.event, listed[error.event].way) from None
