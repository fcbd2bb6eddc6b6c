"""Ridge logit on the year and on the time after 1945."""

from __future__ import annotations

from dataclasses import dataclass

from detente.backtest.forecaster import Find, Fit, Forecaster
from detente.backtest.models.logit import fit_logit
from detente.history.outcomes.table import Crises

__all__ = ["ABOUT", "Time", "make"]

ABOUT = "the same logit on the year and on whether it is after 1945 only"

YEAR = ("time", "post_1945")


@dataclass(frozen=True)
class Time:
    """The calendar, and nothing about the crisis."""

    name: str = "time"

    def fit(self, table: Crises, *, seed: int) -> Fit:
        """Fit the logit on the two features of time."""
        calendar = table.select(YEAR)
        found = fit_logit(calendar)
        return Fit(lambda rows: found.forecast(rows.select(YEAR)), found.params, found.trouble)


def make(argument: str, find: Find) -> Forecaster:
    """Return the forecaster."""
    return Time()
