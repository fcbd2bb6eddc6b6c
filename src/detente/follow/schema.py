"""Schema of an events file: what happened in a crisis, event by event, with sources."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from detente.scenario.beside import Source, Text
from detente.scenario.model import FilePart, Slug, shown, wrong
from detente.scenario.quantity import Number, Quantity

__all__ = ["AS_WRITTEN", "Entry", "Event", "EventsFile", "Reading", "last_day"]

AS_WRITTEN = "as written"
"""The name of the reading in which every event is entered as the list of events has it."""
WAYS = ("before", "move", "chance", "learned", "cannot")
MOST_EVENTS, MOST_READINGS = 200, 12
LEAST = 1e-9
"""Smallest probability of a report given a move. The products of much smaller ones would be 0."""
_SPAN = re.compile(r"^(\d{4}-\d{2}-\d{2})(?: to (\d{4}-\d{2}-\d{2}))?$")


def _share(value: Any) -> Any:
    """Refuse everything but a probability that is not too small, and say what is allowed."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not LEAST <= value <= 1:
        raise wrong(f"{shown(value)} is not the probability of a report",
                    expected=f"a number from {LEAST:g} to 1, such as 0.5; leave out a move that "
                    "the report rules out")
    return float(value)


Share = Annotated[float, Field(ge=LEAST, le=1), BeforeValidator(_share)]


def _date(text: str) -> str:
    """Check a day, or a first and a last day."""
    found = _SPAN.match(text)
    if found is None:
        raise wrong(f"{shown(text)} is not a date",
                    expected="a day such as 1962-10-24, or 1962-10-24 to 1962-10-26")
    days = []
    for day in found.groups():
        try:
            days.append(datetime.date.fromisoformat(day)) if day else None
        except ValueError:
            raise wrong(f"there is no day {day}", expected="a day of the calendar") from None
    if days[0] > days[-1]:
        raise wrong(f"{shown(text)} ends before it begins", expected="the first day first")
    return text


def last_day(date: str) -> datetime.date:
    """Return the day on which an event is complete.

    Examples
    --------
    >>> last_day("1962-10-24 to 1962-10-26").isoformat()
    '1962-10-26'
    """
    return datetime.date.fromisoformat(date.rpartition(" to ")[2])


def _text_of_day(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    raise wrong(f"{shown(value)} is not a date",
                expected="a day such as 1962-10-24, or 1962-10-24 to 1962-10-26")


def _reported(value: Any) -> Any:
    """Read one label, or labels with the probability of the report given each."""
    if isinstance(value, str):
        return {value: 1.0}
    if isinstance(value, dict):
        return {str(k): p for k, p in value.items()}
    if value is None:
        return value
    raise wrong(f"{shown(value)} is not a label", expected="the label of a move or of a result of "
                "chance, or a mapping of labels to P(report given the move), such as "
                "{hold: 1, attack: 0.5}")


Reported = Annotated[dict[str, Share], BeforeValidator(_reported), Field(min_length=1)]


class Entry(FilePart):
    """One way of entering an event: exactly one of before, move, chance, learned and cannot."""

    before: bool = Field(
        False, description="The event is already part of the crisis file's starting point.")
    actor: str = Field("", description="The actor who moved (with `move`).")
    move: Reported | None = Field(
        None, description="The move, by the label that the report prints; or several labels, each "
        "with the probability that this would be reported if that move was made.",
    )
    chance: Reported | None = Field(
        None, description="A result of chance, by its label; or several labels with probabilities.")
    learned: Annotated[dict[str, Number], Field(min_length=1)] | None = Field(
        None, description="Numbers of the crisis file that other news narrowed, each with its new "
        "range, which must lie within the file's range.",
    )
    cannot: Text | None = Field(
        None, description="The reason why the game has no place for the event.")

    @model_validator(mode="after")
    def _one_way(self) -> Entry:
        used = [w for w in WAYS if getattr(self, w)]
        if len(used) != 1:
            found = "none of them" if not used else " and ".join(used)
            raise wrong(f"found {found}",
                        expected="exactly one of before: true, actor with move, chance, learned, "
                        "cannot")
        if bool(self.actor) != (self.move is not None):
            raise wrong("an actor and a move belong together",
                        expected="both actor and move, or neither")
        return self

    @property
    def way(self) -> str:
        """Which of before, move, chance, learned and cannot it is."""
        return next(w for w in WAYS if getattr(self, w))

    @property
    def reports(self) -> dict[str, float]:
        """The labels of a move or a result of chance, with P(report | label)."""
        return self.move or self.chance or {}

    @property
    def step(self) -> tuple[str, dict[str, float]] | None:
        """The actor (empty for chance) and the reports; None if it is no step in the tree."""
        return (self.actor, self.reports) if self.way in ("move", "chance") else None

    @property
    def narrowed(self) -> dict[str, Quantity]:
        """The numbers that were narrowed, with their new ranges."""
        return dict(self.learned or {})


class Event(Entry):
    """Something that happened."""

    id: Slug = Field("event", description="A name, by which readings refer to the event.")
    date: Annotated[str, BeforeValidator(_text_of_day), AfterValidator(_date)] = Field(
        description="The day, or the first and the last day: `1962-10-24 to 1962-10-26`.")
    says: Text = Field(description="The event in words.")
    source: str = Field(description="The id of its source.")


class Reading(FilePart):
    """A rival way of entering some of the events, with a weight fixed beforehand."""

    says: Text = Field(description="How it reads the events, in words.")
    weight: Annotated[float, Field(ge=0.001, le=1000)] = Field(
        1.0, description="Its weight. The list of events as written has weight 1.")
    events: Annotated[dict[str, Entry], Field(min_length=1)] = Field(
        description="By the id of an event, the entry that replaces it.")


class EventsFile(FilePart):
    """The events of a crisis, in order."""

    follows: Slug = Field(description="The name of the crisis file that it follows.")
    title: str = Field("", description="The name to print.")
    notes: Text = Field("", description="Remarks on how the events were entered.")
    sources: Annotated[list[Source], Field(min_length=1)] = Field(
        description="The sources of the events.")
    events: Annotated[list[Event], Field(min_length=1, max_length=MOST_EVENTS)] = Field(
        description="The events, earliest first.")
    readings: Annotated[dict[str, Reading], Field(max_length=MOST_READINGS)] = Field(
        {}, description="Rival ways of entering the same events.")

    def under(self, reading: str) -> list[Event]:
        """Return the events as a reading enters them."""
        if reading == AS_WRITTEN:
            return list(self.events)
        changed = self.readings[reading].events
        return [
            e if e.id not in changed else e.model_copy(update={
                name: getattr(changed[e.id], name) for name in Entry.model_fields})
            for e in self.events
        ]

    def weights(self) -> dict[str, float]:
        """Return the weight of each reading; they add up to 1."""
        given = {AS_WRITTEN: 1.0, **{k: r.weight for k, r in self.readings.items()}}
        return {k: w / sum(given.values()) for k, w in given.items()}
