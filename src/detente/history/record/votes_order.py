"""Sentence: "the shock is irreversible". Rank order of states in the UN after ten years."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.history.recorded import Found, Part, RecordRate, statistic_of

if TYPE_CHECKING:
    from detente.history.panel import Panel

STARTS = tuple(range(1950, 2006, 5))
"""First years of the decades: multiples of five with a session ten years later."""

BREAK = (1989, 1990, 1991)


def _ordinary(start: int) -> bool:
    return not any(start <= year <= start + 10 for year in BREAK)


def _positions(panel: Panel) -> tuple[NDArray[np.float64], dict[int, int]]:
    """Return (states, years) ideal points, nan if absent, and the column of each year."""
    table = panel.read("un-ideal-points")
    code, year = table.ccode.to_numpy(int), table.session.to_numpy(int) + 1945
    states, years = np.unique(code), np.unique(year)
    out = np.full((len(states), len(years)), np.nan)
    out[np.searchsorted(states, code), np.searchsorted(years, year)] = (
        table.IdealPoint.to_numpy(float))
    return out, {int(y): k for k, y in enumerate(years)}


def _correlation(
    positions: NDArray[np.float64], at: dict[int, int], starts: tuple[int, ...],
    keep: NDArray[np.bool_],
) -> float:
    """Return the mean over the decades of Spearman's rank correlation of the states kept."""
    from scipy.stats import rankdata

    found = []
    for start in starts:
        both = positions[keep][:, [at[start], at[start + 10]]]
        both = both[~np.isnan(both).any(axis=1)]
        ranks = rankdata(both, axis=0)
        found.append(float(np.corrcoef(ranks[:, 0], ranks[:, 1])[0, 1]))
    return float(np.mean(found))


def _found(panel: Panel, starts: tuple[int, ...], rival: tuple[int, ...], words: str) -> Found:
    positions, at = _positions(panel)
    present = {y: ~np.isnan(positions[:, [at[y], at[y + 10]]]).any(axis=1)
               for y in (*starts, *rival)}

    def part(of: tuple[int, ...], text: str = "") -> Part:
        count: Any = partial(_correlation, positions, at, of)
        return statistic_of(count, np.arange(len(positions)),
                            sum(int(present[y].sum()) for y in of), text, "correlation")

    everyone = np.ones(len(positions), bool)
    absent = sum(int((~np.isnan(positions[:, at[y]]) & ~present[y]).sum()) for y in starts)
    return Found(
        part(starts), part(rival, words), {y: int(present[y].sum()) for y in starts},
        {"no vote ten years later": absent} if absent else {},
        {f"{y} to {y + 10}": _correlation(positions, at, (y,), everyone) for y in starts},
    )


def ordinary(panel: Panel) -> Found:
    """Compare the order of states in votes of the General Assembly with that ten years later.

    Spearman's rank correlation of the ideal points of all states that voted in both sessions, as
    a mean over the decades that begin in 1950, 1955 and so on to 2005 and do not contain 1989 to
    1991. Session s counts as year 1945 + s. One row per state and decade. The number beside it is
    the decade 1985 to 1995. States that did not vote ten years later are left out.

    References
    ----------
    [bailey-et-al-2017]
    """
    return _found(panel, tuple(y for y in STARTS if _ordinary(y)), (1985,), "1985 to 1995")


def shaken(panel: Panel) -> Found:
    """Compare the order of states in votes of 1985 with that of 1995.

    Spearman's rank correlation of the ideal points of all states that voted in both sessions. One
    row per state. The number beside it is the mean over the decades that begin in 1950, 1955 and
    so on to 2005 and do not contain 1989 to 1991. States that did not vote in 1995 are left out.

    References
    ----------
    [bailey-et-al-2017]
    """
    return _found(panel, (1985,), tuple(y for y in STARTS if _ordinary(y)), "ordinary decades")


WARNING = (
    "The decades were chosen with knowledge of 1989 to 1991, and single years differ: over all "
    "starting years of the decades that avoid 1989 to 1991 the correlation runs from .63 (1946) to "
    ".91, and 1982 to 1992 (.46) is lower than 1985 to 1995. Votes are on the agenda of "
    "the Assembly and do not show alignment in war.")

ORDINARY = RecordRate(
    "votes-order-ordinary", "the shock is irreversible",
    "Rank correlation of positions in UN votes over ten years, ordinary decades:", ordinary,
    ("un-ideal-points",), WARNING, "state", "correlation",
)
SHAKEN = RecordRate(
    "votes-order-1985", "the shock is irreversible",
    "Rank correlation of positions in UN votes, 1985 to 1995:", shaken,
    ("un-ideal-points",), WARNING, "state", "correlation",
)
