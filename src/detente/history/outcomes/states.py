"""Attributes of a state in a year, read once from the data sets."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

import numpy as np
import pandas as pd

from detente.history.read import load

__all__ = ["NUCLEAR", "States"]

NUCLEAR = {2: (1945, 9999), 365: (1949, 9999), 200: (1952, 9999), 220: (1960, 9999),
           710: (1964, 9999), 666: (1967, 9999), 750: (1988, 9999), 770: (1990, 9999),
           560: (1979, 1991), 731: (2006, 9999)}
"""First and last year with nuclear weapons, by COW number [gartzke-kroenig-2009]."""

EARTH = 6371.0
"""Mean radius of the Earth, km."""

LEAST = 1e-6
"""Least index of capability, so that log-odds are finite for states whose index is 0."""


class States:
    """Look-ups of states by COW number and year.

    A value that is missing in a year is the last earlier one of the state; `notes` counts these.

    Parameters
    ----------
    folder
        Folder of the downloaded files.
    later
        Take the first later value of a state that has no earlier one. A forecast must not do so,
        because the value was not known at the time. Otherwise the value is NaN.

    Raises
    ------
    InputError
        A data set has not been downloaded.
    """

    def __init__(self, folder: Path | None = None, *, later: bool = True) -> None:
        self._later = later
        nmc = plain(load("cow-nmc", folder), ["ccode", "year", "cinc"])
        self._index = _series(nmc, "cinc")
        self._quds = _series(plain(load("democracy", folder), ["ccode", "year", "xm_qudsest"]),
                             "xm_qudsest")
        spells = plain(load("cow-majors", folder), ["ccode", "styear", "endyear"])
        last = spells["endyear"].max()  # a spell that reaches the end of the source goes on
        self._major = [(int(c), int(a), 9999 if b == last else int(b))
                       for c, a, b in spells.itertuples(index=False)]
        born = plain(load("cow-states", folder), ["ccode", "styear"])
        self._since = {
            int(c): int(y)
            for c, y in born.groupby("ccode", as_index=False).min().itertuples(index=False)}
        places = load("cow-capitals", folder)
        self._capitals: dict[int, list[tuple[int, float, float]]] = {}
        for c, day, lat, lng in zip(places["ccode"].to_numpy(int), places["stdate"],
                                    places["lat"], places["lng"], strict=True):
            self._capitals.setdefault(int(c), []).append((day.year, float(lat), float(lng)))
        self._carried: dict[str, int] = {}

    def capability(self, state: int, year: int) -> float:
        """Return the composite index of national capability (CINC)."""
        index = self._at(self._index, state, year, "capability")
        return index if np.isnan(index) else max(index, LEAST)

    def democracy(self, state: int, year: int) -> float:
        """Return the QuickUDS score."""
        return self._at(self._quds, state, year, "democracy")

    def major(self, state: int, year: int) -> bool:
        """Return whether the state was a major power."""
        return any(c == state and a <= year <= b for c, a, b in self._major)

    def nuclear(self, state: int, year: int) -> bool:
        """Return whether the state had nuclear weapons."""
        first, last = NUCLEAR.get(state, (9999, 0))
        return first <= year <= last

    def since(self, state: int) -> int:
        """Return the first year in the state system; 1816 for states that are not in it."""
        return self._since.get(state, 1816)

    def distance(self, one: int, two: int, year: int) -> float:
        """Return the great-circle distance of the capitals, km; NaN if one is not known."""
        a, b = self._capital(one, year), self._capital(two, year)
        if a is None or b is None:
            return float("nan")
        (p, q), (r, s) = np.radians(a), np.radians(b)
        h = np.sin((r - p) / 2) ** 2 + np.cos(p) * np.cos(r) * np.sin((s - q) / 2) ** 2
        return float(2 * EARTH * np.arcsin(np.sqrt(h)))

    def notes(self) -> list[str]:
        """Return how many look-ups were answered by the nearest year with a value."""
        more = ", or else its first later one" if self._later else ""
        return [f"{what}: {n} values taken from the state's nearest earlier year{more}"
                for what, n in sorted(self._carried.items())]

    def _capital(self, state: int, year: int) -> tuple[float, float] | None:
        spells = self._capitals.get(state)
        if not spells:
            return None
        ordered = sorted(spells)
        k = max(bisect_right([y for y, _, _ in ordered], year) - 1, 0)
        return ordered[k][1:]

    def _at(
        self, series: dict[int, tuple[list[int], list[float]]], state: int, year: int, what: str
    ) -> float:
        if state not in series:
            return float("nan")
        years, values = series[state]
        k = bisect_right(years, year) - 1
        if k < 0 and not self._later:
            return float("nan")
        if k < 0 or years[k] != year:
            self._carried[what] = self._carried.get(what, 0) + 1
        return values[max(k, 0)]


def plain(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return columns as numpy floats, without the rows in which one is missing.

    Examples
    --------
    >>> plain(pd.DataFrame({"a": pd.array([1, None], "Int64"), "b": [2.0, 3.0]}), ["a", "b"])
         a    b
    0  1.0  2.0
    """
    return pd.DataFrame({c: table[c].to_numpy(float, na_value=np.nan) for c in columns}).dropna()


def _series(table: pd.DataFrame, value: str) -> dict[int, tuple[list[int], list[float]]]:
    """Return years and values by state, in the order of the years."""
    made: dict[int, tuple[list[int], list[float]]] = {}
    ordered = table.sort_values("year")[["ccode", "year", value]]
    for state, year, number in ordered.itertuples(index=False):
        years, values = made.setdefault(int(state), ([], []))
        years.append(int(year))
        values.append(float(number))
    return made
