"""Ties and conflicts of two states by year, read once from the data sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from detente.history.outcomes.states import plain
from detente.history.read import load

__all__ = ["Ties"]

TOUCH = 3
"""Contiguity by land, or over at most 24 miles of water."""

PACTS = ("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul")


class Ties:
    """Look-ups of pairs of states by COW numbers and year. The order of a pair does not matter.

    Raises
    ------
    InputError
        A data set has not been downloaded.
    """

    def __init__(self, folder: Path | None = None) -> None:
        touching = load("cow-contiguity", folder)
        first = touching["stdate"].dt.year
        last = touching["enddate"].dt.year
        near = touching["conttype"].between(1, TOUCH).fillna(False).to_numpy(bool)
        self._touch = _spells(touching["ccode1"], touching["ccode2"], first, last, near)
        foes = load("rivalries", folder)
        self._rival = _spells(foes["ccode1"], foes["ccode2"], foes["start"], foes["end"])
        atop = load("atop", folder)
        one, two, year = (atop[c].to_numpy(int) for c in ("ccode1", "ccode2", "year"))
        some = atop[list(PACTS)].fillna(0).to_numpy(int).any(axis=1)
        self._allied = set(zip(one[some].tolist(), two[some].tolist(), year[some].tolist(),
                               strict=True))
        self._until = int(year.max())
        self._defenders: dict[tuple[int, int], set[int]] = {}
        defence = atop["atop_defense"].fillna(0).to_numpy(int) == 1
        for a, b, y in zip(one[defence].tolist(), two[defence].tolist(), year[defence].tolist(),
                           strict=True):
            self._defenders.setdefault((b, y), set()).add(a)
        mids = plain(load("gml-directed-dyads", folder), ["ccode1", "ccode2", "year", "midonset"])
        self._onsets: dict[tuple[int, int], list[int]] = {}
        begun = mids[(mids["midonset"] == 1) & (mids["ccode1"] < mids["ccode2"])]
        for a, b, y, _ in begun.astype(int).itertuples(index=False):
            self._onsets.setdefault((a, b), []).append(y)

    def contiguous(self, one: int, two: int, year: int) -> bool:
        """Return whether they touch by land or over at most 24 miles of water."""
        return any(a <= year <= b for a, b in self._touch.get(_ordered(one, two), ()))

    def rivals(self, one: int, two: int, year: int) -> bool:
        """Return whether they were strategic rivals."""
        return any(a <= year <= b for a, b in self._rival.get(_ordered(one, two), ()))

    def allied(self, one: int, two: int, year: int) -> bool:
        """Return whether either promised anything to the other."""
        year = min(year, self._until)
        return (one, two, year) in self._allied or (two, one, year) in self._allied

    def defenders(self, state: int, year: int) -> set[int]:
        """Return the states that promised to defend this one."""
        return self._defenders.get((state, min(year, self._until)), set())

    def onsets(self, one: int, two: int) -> list[int]:
        """Return the years in which disputes of the pair began, one entry per dispute."""
        return self._onsets.get(_ordered(one, two), [])


def _ordered(one: int, two: int) -> tuple[int, int]:
    return (one, two) if one < two else (two, one)


def _spells(
    one: pd.Series, two: pd.Series, first: pd.Series, last: pd.Series, keep: Any = None
) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Return the spells of each pair. A spell that reaches the end of its source goes on."""
    end = int(last.max())
    table = pd.DataFrame({"a": one.to_numpy(int), "b": two.to_numpy(int),
                          "first": first.to_numpy(int), "last": last.to_numpy(int)})
    if keep is not None:
        table = table.loc[keep]
    made: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for a, b, start, stop in table.itertuples(index=False):
        made.setdefault(_ordered(int(a), int(b)), []).append(
            (int(start), 9999 if stop == end else int(stop)))
    return made
