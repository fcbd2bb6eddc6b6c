"""Sentence: "losers never accept it". Overtakings among major powers, and wars after them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.history.recorded import Found, RecordRate, share_of

if TYPE_CHECKING:
    from detente.history.panel import Panel

BEHIND, AHEAD, UNTIL = 10, 3, 2014


def war_after(panel: Panel) -> Found:
    """Count wars between two major powers within ten years of an overtaking.

    One power overtakes another in a year if its composite index of capability was lower in each of
    the ten years before, and is higher in this year and the two years after it. Both are major
    powers in the year before, in the year and in the year after, 1816 to 2014. The event is a
    dispute of the two at the level of war (MID 5) that begins in one of the next ten years. The
    base rate takes every pair of major powers and year. Disputes after 2014 are not known: years
    after 2004 have a shorter time to show a war. Crossings that do not last, or
    that follow less than ten years behind, are not overtakings.

    References
    ----------
    [singer-1987], [palmer-et-al-2021], [organski-kugler-1980]
    """
    from detente.history.panel import WAR, after, labels_of, within

    with np.errstate(invalid="ignore"):
        above = panel.cinc[:, :, None] > panel.cinc[:, None, :]
        below = panel.cinc[:, :, None] < panel.cinc[:, None, :]
    below = below.astype(bool)
    behind = ~after(~below, -BEHIND, -1)
    behind[:BEHIND] = False
    ahead = ~after(~above, 0, AHEAD - 1)
    ahead[len(ahead) - AHEAD + 1:] = False
    powers = panel.major[:, :, None] & panel.major[:, None, :]
    powers &= ~np.eye(powers.shape[1], dtype=bool)
    powers = powers & after(powers, -1, -1) & after(powers, 1, 1)
    powers &= within(panel.years, 1816, UNTIL)[:, None, None]
    war = after(panel.disputes(WAR), 1, 10)
    rows = np.nonzero(behind & ahead & powers)
    every = np.nonzero(powers & np.triu(np.ones(powers.shape[1:], bool), 1))
    n = len(panel.codes)
    years, counts = np.unique(panel.years[rows[0]], return_counts=True)
    crossed = after(below, -1, -1) & above & powers
    return Found(
        share_of(war[rows], labels_of(rows, n)),
        share_of(war[every], labels_of(every, n), "any pair of major powers and year"),
        dict(zip(years.tolist(), counts.tolist(), strict=True)),
        {"a crossing that did not last, or after less than ten years behind":
         int(crossed.sum()) - len(rows[0])},
    )


RATE = RecordRate(
    "overtaking-war", "losers never accept it",
    "Overtakings among major powers followed by war of the two within ten years:", war_after,
    ("cow-nmc", "cow-majors", "cow-mid-directed-dyads", "cow-states"),
    "Thirteen overtakings are few, and the number depends on how many years behind and ahead are "
    "asked for. Either power may begin the war. The index does not count every "
    "kind of power.", "pair of states",
)
