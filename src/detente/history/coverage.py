"""For which years each variable of the joined tables, and each base rate, is known."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from detente.history.base_rates import base_rates
from detente.history.countries import FROM, SOURCES, STATE_PARTS, UNTIL
from detente.history.dyads import PARTS
from detente.history.read import load
from detente.history.store import held

__all__ = ["Coverage", "coverage"]

YEARS = {"icb-system": "yrtrig", "gml-disputes": "styear", "sanctions": "tenyear"}
"""Column of the year in the data of a base rate. In sanctions it is the first year of a decade."""


@dataclass(frozen=True)
class Coverage:
    """The years in which one part of a table, or one base rate, is known.

    Attributes
    ----------
    table
        ``dyad_years``, ``country_years`` or ``rates``.
    name
        The part, or the name of the rate.
    variables
        Its columns in words, or the question.
    source
        The data set.
    first, last
        First and last year; None if the data is needed to tell and is not downloaded.
    rows
        Rows of the source in these years; for a rate, the rows that it counts; None without data.
    missing
        For a rate, rows left out because a value is missing; None without data.
    """

    table: str
    name: str
    variables: str
    source: str
    first: int | None
    last: int | None
    rows: int | None
    missing: int | None

    def as_dict(self) -> dict[str, Any]:
        """Return the entry, ready for JSON."""
        return asdict(self)


def coverage(folder: Path | None = None) -> list[Coverage]:
    """Return for which years each part of the joined tables, and each base rate, is known.

    Outside these years the columns are missing. Rows are counted if the data is downloaded.

    Examples
    --------
    >>> found = {(c.table, c.name): (c.first, c.last) for c in coverage(Path("nowhere"))}
    >>> found["country_years", "trade"], found["dyad_years", "alliances"]
    ((1870, 2014), (1816, 2018))
    """
    out = []
    for table, parts in (("dyad_years", PARTS), ("country_years", STATE_PARTS)):
        for name, words in parts.items():
            source = SOURCES[name]
            rows = len(load(source, folder)) if held(source, folder) else None
            out.append(Coverage(table, name, words, source, FROM[name], UNTIL[name], rows, None))
    for name, q in base_rates().items():
        first = last = n = missing = None
        if all(held(x, folder) for x in q.needs):
            from detente.history.rates import answer

            rate = answer(name, folder)
            n, missing = rate.n, rate.missing
            years = rate.by_year or load(q.data, folder)[YEARS[q.data]].dropna()
            first, last = int(min(years)), int(max(years))
        out.append(Coverage("rates", name, q.title.rstrip(":"), q.data, first, last, n, missing))
    return out
