"""A crisis followed through its events: every structure and reading, and what they add up to."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.tables import ResultCharts, Tables, in_notebook
from detente.arrays import Floats
from detente.defaults import SEED, WORKERS
from detente.errors import InputError
from detente.follow.assumptions import shifts
from detente.follow.beliefs import beliefs
from detente.follow.entry import EventError
from detente.follow.file import Events, amended
from detente.follow.posterior import Component, Pool, pareto_k
from detente.follow.ranges import density
from detente.follow.schema import AS_WRITTEN, Event, last_day
from detente.follow.structures import Structure
from detente.scenario.paths import canonical
from detente.scenario.quantity import Quantity

if TYPE_CHECKING:
    from detente.render import Chart

__all__ = ["ERRORS", "FEW", "MOSTLY", "OWN", "UNRELIABLE", "Following", "complete", "day_of"]

OWN = "the file as written"
"""The name of the crisis's own structure."""
FEW = 100
"""Effective samples below which a result is unreliable."""
MOSTLY = 0.98
"""Share of the samples that must pass their check."""
SAME = 1e-9
"""The file and habit explain the events equally well if their ratio is this near to 1."""
ERRORS = 2.0
"""Standard errors by which the ratio to habit must exceed 1 for a headline."""
UNRELIABLE = 0.7
"""Shape of the tail of the weights above which a result is unreliable."""

@dataclass(frozen=True, repr=False)
class Following:
    """A crisis followed through events.

    Attributes
    ----------
    scenario : Scenario
    events : Events
        The events file.
    count : int
        How many of its events have happened by the date in question.
    structures : tuple of Structure
    seed, workers : int
    resampled : int
        Rounds of importance sampling that were needed.

    Examples
    --------
    >>> import detente as dt
    >>> found = dt.follow("cuba-1962", samples=32)
    >>> round(found.pool.evidence(0), 9)
    1.0
    """

    scenario: Any
    events: Events
    count: int
    structures: tuple[Structure, ...]
    seed: int = SEED
    workers: int = WORKERS
    resampled: int = 0

    def __repr__(self) -> str:
        return (f"<Following {self.scenario.crisis}: {self.count} events, "
                f"{len(self.structures)} structures, {len(self.readings)} readings>")

    @property
    def readings(self) -> dict[str, float]:
        """The readings of the events with their prior weights."""
        return self.events.file.weights()

    def list_of(self, reading: str = AS_WRITTEN) -> list[Event]:
        """Return the events so far as a reading enters them."""
        return self.events.file.under(reading)[: self.count]

    @property
    def dates(self) -> list[datetime.date]:
        """The day on which each event so far was complete."""
        return [last_day(e.date) for e in self.list_of()]

    @cached_property
    def pool(self) -> Pool:
        """The posterior over structures, readings, ranges and precision.

        Raises
        ------
        InputError
            An event does not fit the file's own structure.
        """
        parts = []
        for structure in self.structures:
            own = structure.label == OWN
            lists = {r: self.list_of(r) for r in self.readings}
            trails = []
            for reading, events in lists.items():
                try:
                    trails.append(structure.trail([e.step for e in events], strict=own))
                except EventError as error:
                    way = events[error.event].way
                    raise self.events.error(error, reading, error.event, way) from None
            factors = [self._learned(structure, events) for events in lists.values()]
            tree = structure.compiled.tree
            found = structure.follow(trails, factors, self.workers)
            parts += [
                Component(structure.label, reading, structure.weight * weight, one,
                          tree.outcome_names, tuple(map(str, tree.term_kinds)), structure.base)
                for (reading, weight), one in zip(self.readings.items(), found, strict=True)
            ]
        return Pool(tuple(parts))

    def _learned(self, structure: Structure, events: Sequence[Event]) -> Floats:
        """Return the factors by which narrowed ranges change the likelihood, (K + 1, S)."""
        factor = np.ones((len(events) + 1, len(structure.theta)))
        latest: dict[str, Floats] = {}
        for k, event in enumerate(events):
            for path, narrow in event.narrowed.items():  # a later range replaces an earlier one
                latest[canonical(path)] = self._narrowed(structure, canonical(path), narrow)
            factor[k + 1] = np.prod(list(latest.values()), axis=0) if latest else 1.0
        return factor

    @staticmethod
    def _narrowed(structure: Structure, path: str, narrow: Quantity) -> Floats:
        """Return the ratio of a number's new density to its density in a structure, (S,)."""
        known = structure.compiled.graph.rules.numbers.get(path)
        if known is None:  # the structure does not use the number
            return np.ones(len(structure.theta))
        x = structure.theta[:, structure.compiled.paths.index(path)]
        if known.is_range:
            return density(narrow, x) / density(known, x)
        if path == "precision":  # fixed on request, whatever the news
            return np.ones(len(x))
        return np.where((narrow.low <= x) & (x <= narrow.high), 1.0, 0.0)

    def weights(self, k: int | None = None) -> Floats:
        """Return the weight of every sample after ``k`` events (default: all)."""
        return self.pool.weights(self.count if k is None else k)

    @property
    def effective(self) -> float:
        """The effective number of samples after all events."""
        return self.pool.effective(self.count)

    @property
    def pareto_k(self) -> float | None:
        """The shape of the tail of the weights after all events."""
        return pareto_k(self.weights())

    @property
    def reliable(self) -> bool:
        """Whether the weights are spread over enough samples."""
        k = self.pareto_k
        return self.effective >= FEW and (k is None or k <= UNRELIABLE)

    @property
    def certified(self) -> bool:
        """Whether the samples that passed their check carry the result, and it is reliable."""
        return self.passed[0] > MOSTLY * self.passed[1] and self.reliable

    @property
    def passed(self) -> tuple[int, int]:
        """How many samples passed their check, and how many there are."""
        good = sum(int(p.certified.sum()) for s in self.structures for p in s.parts)
        return good, sum(len(s.theta) for s in self.structures)

    @property
    def beaten(self) -> bool:
        """Whether the moves fail to speak for the file against habit, so that no headline is due.

        They speak for it if the ratio to habit exceeds 1 by `ERRORS` standard errors: a ratio that
        another seed may turn earns no headline. Events that are no moves say nothing: their ratio
        is 1 without error.
        """
        ratio, error = self.against_habit, self.against_habit_error
        return self.count > 0 and ratio < 1 - SAME + (ERRORS * error if error > SAME else 0.0)

    @property
    def against_habit(self) -> float:
        """Probability of the events under the file, divided by that under habit alone.

        With several readings it is their mean ratio by prior weight; 1 if both are 0.
        """
        return self.pool.against_habit(self.count)[0]

    @property
    def against_habit_error(self) -> float:
        """Standard error of `against_habit` by the number of samples."""
        return self.pool.against_habit(self.count)[1]

    @property
    def readings_differ(self) -> float:
        """The largest difference of an outcome's probability between two readings."""
        if len(self.readings) < 2:
            return 0.0
        found = [[self.pool.take(reading=r).forecast(self.count, name) for name in
                  self.pool.names()] for r in self.readings
                 if self.pool.take(reading=r).evidence(self.count) > 0]
        return float(np.ptp(np.array(found), axis=0).max()) if len(found) > 1 else 0.0

    @cached_property
    def tables(self) -> Tables:
        """The tables "outcomes", "terms", "next", "assumptions" and "beliefs", as data frames.

        Probabilities and their 5th and 95th percentile are shares of 1; shifts are in standard
        deviations of the range.
        """
        return Tables({"outcomes": self._outcomes, "terms": self._terms, "next": self._next,
                       "assumptions": lambda: [vars(s) for s in shifts(self)],
                       "beliefs": lambda: [vars(b) for b in beliefs(self)]})

    @cached_property
    def charts(self) -> ResultCharts:
        """The chart "outcomes": probabilities after each event."""
        def drawn() -> Chart:
            from detente.render import charts

            return charts.timeline([
                {"step": r["events"], "label": r["date"] or "start", "name": r["outcome"],
                 "p": r["probability"], "low": r["low"], "high": r["high"]}
                for r in self._outcomes() if r["probability"] is not None])

        return ResultCharts({"outcomes": drawn})

    def _outcomes(self) -> list[dict[str, Any]]:
        return self._by_date("outcomes", "outcome", self.pool.names())

    def _terms(self) -> list[dict[str, Any]]:
        return self._by_date("terms", "terms", self.pool.terms())

    def _by_date(self, which: str, column: str, names: Sequence[str]) -> list[dict[str, Any]]:
        days = ["", *(day.isoformat() for day in self.dates)]
        rows = []
        for k, day in enumerate(days):
            for name in names:
                p = self.pool.forecast(k, name, which)
                low, high = self.pool.between(k, name, which)
                rows.append({"events": k, "date": day, column: name,
                             "probability": p if np.isfinite(p) else None, "low": low,
                             "high": high})
        return rows

    def _next(self) -> list[dict[str, Any]]:
        odds = self.pool.ahead()
        return [{"move": move, "probability": odds[move], **row}
                for move, row in self.pool.after().items()]

    def _repr_html_(self) -> str:
        return in_notebook(repr(self).strip("<>"), self.tables, self.charts,
                           certified=self.certified)

    def until(self, date: datetime.date | str) -> Following:
        """Return the same with the events that were complete by a date."""
        return replace(self, count=complete(self.events, date))

    def first(self, count: int) -> Following:
        """Return the same with the first ``count`` events.

        Raises
        ------
        InputError
            There are not so many.
        """
        most = len(self.events.file.events)
        if not 0 <= count <= most:
            raise InputError(f"{count} events", field="count", expected=f"0 to {most}, because the "
                             f"file has {most}")
        return replace(self, count=count)

    def add(self, event: Event | Mapping[str, Any]) -> Following:
        """Return the same with one event more; nothing is solved again.

        Parameters
        ----------
        event
            As in the events file. Its source must be one of the file's.

        Raises
        ------
        InputError
            The event is not valid, or does not fit.
        """
        if self.count != len(self.events.file.events):
            raise InputError("the file has later events", expected="the last event's date, or a "
                             "file that ends there; add events after the last one")
        more = amended(self.events, event, self.scenario)
        return replace(self, events=more, count=self.count + 1)


def complete(events: Events, date: datetime.date | str) -> int:
    """Return how many events were complete by a date."""
    day = day_of(date)
    return sum(last_day(e.date) <= day for e in events.file.events)


def day_of(date: datetime.date | str) -> datetime.date:
    """Return a day.

    Raises
    ------
    InputError
        The text is not a day.

    Examples
    --------
    >>> day_of("1962-10-26")
    datetime.date(1962, 10, 26)
    """
    if isinstance(date, datetime.date):
        return date
    try:
        return datetime.date.fromisoformat(date)
    except (ValueError, TypeError):
        raise InputError(f"{date!r} is not a day", field="until",
                         expected="a day such as 1962-10-26") from None
