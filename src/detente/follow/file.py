"""Load an events file and check it against its crisis. Errors name the line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from detente.cases.names import named, shipped
from detente.errors import InputError, nearest, one_of, together
from detente.follow.ranges import inside
from detente.follow.schema import AS_WRITTEN, Event, EventsFile, last_day
from detente.scenario.paths import canonical, numbers
from detente.scenario.problems import Problem, from_pydantic
from detente.scenario.yamlfile import Document, parse_yaml, read_yaml, validate

__all__ = ["ENDING", "Events", "amended", "load_events", "loads_events"]

ENDING = ".events.yaml"


@dataclass(frozen=True)
class Events:
    """An events file that fits its crisis.

    Attributes
    ----------
    file : EventsFile
    name : str
        The file that it was read from, for messages.
    sha256 : str
        The hash of the bytes that were read.
    """

    file: EventsFile
    name: str = "<text>"
    sha256: str = ""
    document: Document | None = field(default=None, repr=False)

    def first(self, count: int) -> Events:
        """Return the first ``count`` events, as if the file ended there."""
        kept = self.file.events[:count]
        return replace(self, file=self.file.model_copy(update={"events": kept}))

    def error(self, wrong: InputError, reading: str, event: int, way: str) -> InputError:
        """Return an error of one event with its file, line and field."""
        if self.document is None:
            return wrong
        path: tuple[str | int, ...] = ("events", event, way)
        said, replaced = wrong.message, self.file.readings.get(reading)
        if replaced is not None and self.file.events[event].id in replaced.events:
            path = ("readings", reading, "events", self.file.events[event].id, way)
        elif replaced is not None:  # the list has the event, and the reading has no place for it
            said = f"in the reading {reading!r}, {said}"
        return self.document.error(Problem(path, said, wrong.expected, wrong.nearest))


def load_events(path: str | Path, scenario: Any) -> Events:
    """Read an events file, or the shipped one of a case by its name.

    Raises
    ------
    InputError
        The file has an error, or does not fit the crisis. `detente.errors.InputErrors` if it has
        several.

    Examples
    --------
    >>> from detente.cases import find, load
    >>> events = load_events("cuba-1962", load(find("cuba-1962")))
    >>> events.file.follows
    'cuba-1962'
    """
    place = named(path, shipped(ENDING), lacks="events")
    if place.suffix == ".jsonl":
        raise InputError("this is not an events file; its name is that of the log of a game",
                         file=str(path), expected="an events file; to write one from a log: "
                         f"detente play events {shlex.quote(str(path))} --out game{ENDING}")
    return _checked(read_yaml(place), scenario)


def loads_events(text: str, scenario: Any, *, file: str = "<text>") -> Events:
    """Read an events file from its text; see `load_events`."""
    return _checked(parse_yaml(text, file=file), scenario)


def _checked(document: Document, scenario: Any) -> Events:
    data = document.data
    if isinstance(data, dict) and isinstance(data.get("events"), list):
        for position, event in enumerate(data["events"]):
            if isinstance(event, dict):  # an alias of YAML may be one object in two places
                data["events"][position] = {"id": f"event-{position + 1}", **event}
    made = validate(document, EventsFile)
    wrong = together([document.error(p) for p in _problems(made, scenario)])
    if wrong is not None:
        raise wrong
    return Events(made, document.file, document.sha256, document)


def _problems(made: EventsFile, scenario: Any) -> Iterator[Problem]:
    if made.follows != scenario.crisis:
        yield Problem(("follows",), f"the events follow {made.follows!r}, but the crisis is "
                      f"{scenario.crisis!r}", "the name of the crisis file that is followed")
    sources = [s.id for s in made.sources]
    for name in sorted({s for s in sources if sources.count(s) > 1}):
        yield Problem(("sources",), f"two sources have the id {name!r}",
                      "an id of its own for each")
    ids = [e.id for e in made.events]
    for k, event in enumerate(made.events):
        place = ("events", k)
        if event.source not in sources:
            yield Problem((*place, "source"), f"no source has the id {event.source!r}",
                          one_of(event.source, sources), nearest(event.source, sources))
        if ids.index(event.id) != k:
            yield Problem((*place, "id"), f"two events have the id {event.id!r}",
                          "an id of its own for each")
        if k and last_day(event.date) < last_day(made.events[k - 1].date):
            yield Problem((*place, "date"), f"{event.date} ends before the event above it, "
                          f"{made.events[k - 1].date}",
                          "the events in the order in which they ended")
        yield from _entry_problems(event, place, scenario)
    for name, reading in made.readings.items():
        at: tuple[str | int, ...] = ("readings", name)
        if name == AS_WRITTEN:
            yield Problem(at, f"a reading is called {name!r}", "another name", at_key=True)
        for key, entry in reading.events.items():
            if key not in ids:
                yield Problem((*at, "events", key), f"no event has the id {key!r}",
                              one_of(key, ids), nearest(key, ids), at_key=True)
            yield from _entry_problems(entry, (*at, "events", key), scenario)
    yield from _order_of_news(made)


def _order_of_news(made: EventsFile) -> Iterator[Problem]:
    """Check that later news about a number narrows what earlier news left of it."""
    for reading in made.weights():
        latest: dict[str, Any] = {}
        for k, event in enumerate(made.under(reading)):
            replaced = reading != AS_WRITTEN and event.id in made.readings[reading].events
            place: tuple[str | int, ...] = (
                ("readings", reading, "events", event.id) if replaced else ("events", k))
            for path, quantity in event.narrowed.items():
                held = latest.get(canonical(path))
                if held is not None and not inside(quantity, held):
                    yield Problem((*place, "learned", path), f"{path} cannot be narrowed to "
                                  f"{quantity}, because earlier news narrowed it to {held}",
                                  f"a range within {held}")
                    return
                latest[canonical(path)] = quantity


def _entry_problems(entry: Any, place: tuple[str | int, ...], scenario: Any) -> Iterator[Problem]:
    if entry.actor and entry.actor not in scenario.actors:
        yield Problem((*place, "actor"), f"there is no actor {entry.actor!r}",
                      one_of(entry.actor, scenario.actors), nearest(entry.actor, scenario.actors))
    known = numbers(scenario)
    for path, quantity in entry.narrowed.items():
        at = (*place, "learned", path)
        held = known.get(canonical(path))
        if held is None:
            yield Problem(at, f"the crisis has no number {path!r}", one_of(path, known),
                          nearest(path, known), at_key=True)
        elif not held.is_range:
            yield Problem(at, f"{path} has no range in the crisis file, so nothing can be learned "
                          "about it", "a number with a range")
        elif not quantity.is_range or not inside(quantity, held):
            yield Problem(at, f"{path} cannot be narrowed to {quantity}",
                          f"a range within the crisis file's own, {held}")


def amended(events: Events, event: Any, scenario: Any) -> Events:
    """Return an events file with one event more, checked like the file itself.

    Raises
    ------
    InputError
        The event is not valid.
    """
    if not isinstance(event, Event):
        if not isinstance(event, Mapping):
            raise InputError(f"{event!r} is not an event", expected="an event as in the file: "
                             "{date, says, source} and one way of entry")
        given = {"id": f"event-{len(events.file.events) + 1}", **event}
        try:
            event = Event.model_validate(given)
        except ValidationError as error:
            first = from_pydantic(error, Event)[0]
            raise InputError(first.message, field=".".join(map(str, first.path)),
                             expected=first.expected, nearest=first.nearest) from None
    made = events.file.model_copy(update={"events": [*events.file.events, event]})
    for problem in _problems(made, scenario):
        raise InputError(problem.message, field=".".join(map(str, problem.path)),
                         expected=problem.expected, nearest=problem.nearest)
    return replace(events, file=made, document=None)
