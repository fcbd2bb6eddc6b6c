"""From the names of two files to a crisis followed through its events."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from detente.cases.load import find, load
from detente.cases.names import shipped
from detente.errors import InputError
from detente.follow.begin import begin
from detente.follow.file import ENDING, load_events
from detente.follow.following import Following, day_of

__all__ = ["begun"]


def begun(
    case: str | Path | Any, events: str | Path | None = None, *,
    until: datetime.date | str | None = None, **settings: Any,
) -> Following:
    """Load a crisis and its events, and follow it; settings are those of `begin`.

    Without ``events``, the file ``NAME.events.yaml`` beside the crisis file is taken.

    Raises
    ------
    InputError
        A file is not valid or not there, a day is not one, or an event does not fit.
    """
    if until is not None:
        until = day_of(until)
    if isinstance(case, (str, Path)):
        if events is None and str(case) == "-":
            raise InputError("a crisis from standard input has no events file beside it",
                             expected="the events file as the second argument")
        path = find(case)
        scenario = load(path)
        if events is None:
            beside = path.with_name(path.name.removesuffix(".yaml") + ENDING)
            if not beside.is_file():
                raise InputError(
                    f"{case} has no events file beside it", expected=f"the file {beside.name}, or "
                    "the events file as the second argument")
            events = beside
    else:
        scenario = case
        if events is None:
            if scenario.crisis not in shipped(ENDING):
                raise InputError(f"no shipped events follow {scenario.crisis}",
                                 expected="an events file as the second argument")
            events = scenario.crisis
    return begin(scenario, load_events(events, scenario), until=until, **settings)
