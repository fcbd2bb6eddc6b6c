"""Sentence: "order changes through wars". Change of the concentration of capability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.history.recorded import Found, Part, RecordRate, statistic_of

if TYPE_CHECKING:
    from detente.history.panel import Panel

YEARS = (1817, 2014)


def change(panel: Panel) -> Found:
    """Measure the change per year of the concentration of capability among the major powers.

    The absolute change of Ray and Singer's index from the year before, over the major powers of
    each year, 1817 to 2014, with shares of the composite index of capability renormalised. The
    rate is the mean over years of, or one year after, an inter-state war with major powers on both
    sides (COW). The base rate is the mean over all other years. One row per year. Years without
    an index are left out. Years of one period, with or without such wars, form a cluster.

    References
    ----------
    [ray-singer-1973], [singer-1987], [sarkees-wayman-2010]
    """
    from detente.history.polarity import concentration

    index = np.array([
        concentration(c[m & ~np.isnan(c)]) for c, m in zip(panel.cinc, panel.major, strict=True)])
    step = np.abs(np.diff(index, prepend=np.nan))
    table = panel.read("cow-wars")
    fought = panel.pairs(table[table.cowinterongoing.eq(1).fillna(False)])
    both = panel.major[:, :, None] & panel.major[:, None, :]
    war = np.asarray((fought & both).any(axis=(1, 2)))
    near = war | np.append(False, war[:-1])
    period = np.cumsum(np.append(False, near[1:] != near[:-1]))
    asked = (panel.years >= YEARS[0]) & (panel.years <= YEARS[1])
    known = asked & ~np.isnan(step)

    def mean(rows: NDArray[np.bool_], words: str = "") -> Part:
        x = step[rows]
        return statistic_of(lambda keep: float(x[keep].mean()), period[rows], len(x), words)

    rows = known & near
    return Found(
        mean(rows), mean(known & ~near, "all other years"),
        dict.fromkeys(panel.years[rows].tolist(), 1),
        {"no index": int((asked & ~known).sum())} if (asked & ~known).any() else {},
    )


RATE = RecordRate(
    "order-and-war", "order changes through wars",
    "Change per year of the concentration of capability in or after wars between major powers:",
    change, ("cow-nmc", "cow-majors", "cow-wars", "cow-states"),
    "The index counts steel, energy, people and arms. A state that loses its rank as a major power "
    "changes the index by leaving the group. The number does not say that wars cause "
    "the change, and order may mean institutions, which the index does not count.",
    "period with or without such wars", "change of the index per year",
)
