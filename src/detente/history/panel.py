"""Pairs of states by year as arrays: members, pacts, force, war, rivalry, contiguity, majors."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FIRST", "LAST", "Panel", "after", "labels_of", "within"]

FIRST, LAST = 1816, 2018
"""First year of the state system, and last year of the treaties of alliance."""

FORCE, WAR = 4, 5
"""Levels of hostility of a dispute: use of force, and war."""

Mask = NDArray[np.bool_]


def after(years: Mask, low: int, high: int) -> Mask:
    """Return whether something is true in any of the years low to high after each year.

    Parameters
    ----------
    years
        (years, ...) truth by year. Negative numbers are years before.

    Examples
    --------
    >>> after(np.array([False, False, True, False]), 1, 2)
    array([ True,  True, False, False])
    """
    out = np.zeros_like(years)
    n = len(years)
    for k in range(low, high + 1):
        if k >= 0:
            out[: n - k] |= years[k:]
        else:
            out[-k:] |= years[: n + k]
    return out


def within(years: NDArray[np.int_], first: int, last: int) -> Mask:
    """Return whether each year is in a period, both ends included."""
    return np.asarray((years >= first) & (years <= last))


def labels_of(rows: tuple[NDArray[np.intp], ...], n: int) -> NDArray[np.intp]:
    """Return one label per pair of states, given the indices (year, state, state) of rows."""
    one, two = rows[-2], rows[-1]
    return np.minimum(one, two) * n + np.maximum(one, two)


class Panel:
    """Arrays over years 1816 to 2018, states and pairs of states, made at first use.

    Parameters
    ----------
    read
        Function that returns a data set by its name, such as `detente.history.read.load`.

    Attributes
    ----------
    years : (T,) years.

    Notes
    -----
    Arrays of pairs have the shape (T, n, n). They are symmetric unless the name says otherwise.
    Members, major powers and contiguous pairs at the end of their lists in 2016 are carried
    forward to 2018.
    """

    def __init__(self, read: Callable[[str], pd.DataFrame]) -> None:
        self.read = read
        self.years = np.arange(FIRST, LAST + 1)

    @cached_property
    def codes(self) -> NDArray[np.int_]:
        """(n,) COW numbers of the states that were ever members."""
        return np.unique(self.read("cow-states").ccode.to_numpy(int))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Number of years, of states, and of states."""
        return len(self.years), len(self.codes), len(self.codes)

    def _spells(self, name: str) -> Mask:
        """Return (T, n): whether a state is in a list with first and last years."""
        table = self.read(name)
        table = table[table.ccode.isin(self.codes)]
        out = np.zeros(self.shape[:2], bool)
        end = int(table.endyear.max()) if len(table) else LAST
        for code, first, last in zip(table.ccode.astype(int), table.styear.astype(int),
                                     table.endyear.astype(int), strict=True):
            at = int(np.searchsorted(self.codes, code))
            last = LAST if last == end else last
            out[max(first - FIRST, 0): last - FIRST + 1, at] = True
        return out

    def pairs(self, table: pd.DataFrame, symmetric: bool = True) -> Mask:
        """Return (T, n, n): the pairs of the rows ccode1, ccode2, year of a table."""
        out = np.zeros(self.shape, bool)
        one, two, year = (table[c].to_numpy(int) for c in ("ccode1", "ccode2", "year"))
        known = np.isin(one, self.codes) & np.isin(two, self.codes) & within(year, FIRST, LAST)
        i, j = (np.searchsorted(self.codes, c[known]) for c in (one, two))
        t = year[known] - FIRST
        out[t, i, j] = True
        if symmetric:
            out[t, j, i] = True
        return out

    @cached_property
    def member(self) -> Mask:
        """(T, n) members of the state system."""
        return self._spells("cow-states")

    @cached_property
    def major(self) -> Mask:
        """(T, n) major powers."""
        return self._spells("cow-majors")

    @cached_property
    def pair(self) -> Mask:
        """(T, n, n) pairs of members, each once (first index below second)."""
        both = self.member[:, :, None] & self.member[:, None, :]
        return np.asarray(both & np.triu(np.ones(self.shape[1:], bool), 1))

    @cached_property
    def contiguous(self) -> Mask:
        """Pairs that touch by land or over at most 400 miles of water (types 1 to 5)."""
        table = self.read("cow-contiguity")
        first, last = table.stdate.dt.year, table.enddate.dt.year
        last = last.mask(table.enddate == table.enddate.max(), LAST)
        near = table.conttype.gt(0).fillna(False)
        return self._pair_spells(table.ccode1[near], table.ccode2[near], first[near], last[near])

    def _pair_spells(self, *columns: pd.Series[Any]) -> Mask:
        """Return pairs in spells of years, from columns state, state, first year, last year."""
        out = np.zeros(self.shape, bool)
        known = set(self.codes.tolist())
        for one, two, first, last in zip(*(c.astype(int).tolist() for c in columns), strict=True):
            if last >= FIRST and {one, two} <= known:
                i, j = np.searchsorted(self.codes, [one, two])
                span = slice(max(first - FIRST, 0), last - FIRST + 1)
                out[span, i, j] = out[span, j, i] = True
        return out

    @cached_property
    def relevant(self) -> Mask:
        """Pairs of members, each once, that are contiguous or include a major power."""
        some = self.major[:, :, None] | self.major[:, None, :]
        return np.asarray(self.pair & (self.contiguous | some))

    @cached_property
    def defence(self) -> Mask:
        """Pairs with a promise of defence by either state (ATOP)."""
        return np.asarray(self.promise | self.promise.transpose(0, 2, 1))

    @cached_property
    def promise(self) -> Mask:
        """Directed: the first state promised to defend the second."""
        table = self.read("atop")
        return self.pairs(table[table.atop_defense.eq(1).fillna(False)], symmetric=False)

    @cached_property
    def allied(self) -> Mask:
        """Pairs with any obligation of ATOP: defence, offence, neutrality and so on."""
        table = self.read("atop")
        kinds = [c for c in table.columns if str(c).startswith("atop_")]
        return self.pairs(table[table[kinds].eq(1).fillna(False).any(axis=1)])

    def disputes(self, level: int, *, begun: bool = True) -> Mask:
        """Return pairs in a dispute whose highest hostility in the pair is at least a level.

        Parameters
        ----------
        level
            1 to 5: `FORCE` is 4, `WAR` is 5.
        begun
            Only the year in which the dispute of the pair began.
        """
        table = self.read("cow-mid-directed-dyads")
        keep = table[["hostlev1", "hostlev2"]].fillna(0).max(axis=1) >= level
        if begun:
            keep &= table.disponset.eq(1).fillna(False)
        return self.pairs(table[keep])

    @cached_property
    def rivals(self) -> Mask:
        """Pairs in a strategic rivalry."""
        table = self.read("rivalries")
        return self._pair_spells(table.ccode1, table.ccode2, table.start, table.end)

    @cached_property
    def cinc(self) -> NDArray[np.float64]:
        """(T, n) composite index of capability, nan if unknown."""
        out = np.full(self.shape[:2], np.nan)
        table = self.read("cow-nmc").dropna(subset=["cinc"])
        code, year = table.ccode.to_numpy(int), table.year.to_numpy(int)
        keep = np.isin(code, self.codes) & within(year, FIRST, LAST)
        out[year[keep] - FIRST, np.searchsorted(self.codes, code[keep])] = (
            table.cinc.to_numpy(float)[keep])
        return out
