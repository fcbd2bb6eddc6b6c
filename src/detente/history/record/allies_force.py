"""Sentence: "alliances are illusions". Force between allies, and between other pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.history.recorded import Found, RecordRate, share_of

if TYPE_CHECKING:
    from detente.history.panel import Panel

UNTIL = 2009


def force(panel: Panel) -> Found:
    """Count allies that use force against each other within five years.

    One row per year, 1816 to 2009, and politically relevant pair (contiguous by land or over at
    most 400 miles of water, or with a major power) in which either state promised to defend the
    other (ATOP). The event is a dispute of the two with use of force or war (MID 5) that begins in
    one of the next five years. The base rate takes relevant pairs without any obligation of ATOP.
    Pairs with another obligation but no promise of defence are in neither.

    References
    ----------
    [leeds-et-al-2002], [palmer-et-al-2021], [stinnett-et-al-2002]
    """
    from detente.history.panel import FORCE, after, labels_of, within

    asked = panel.relevant & within(panel.years, 1816, UNTIL)[:, None, None]
    used = after(panel.disputes(FORCE), 1, 5)
    rows = np.nonzero(asked & panel.defence)
    others = np.nonzero(asked & ~panel.allied)
    n = len(panel.codes)
    years, counts = np.unique(panel.years[rows[0]], return_counts=True)
    return Found(
        share_of(used[rows], labels_of(rows, n)),
        share_of(used[others], labels_of(others, n), "relevant pairs without an alliance"),
        dict(zip(years.tolist(), counts.tolist(), strict=True)),
        {"another obligation, but no promise of defence":
         int((asked & panel.allied & ~panel.defence).sum())},
    )


RATE = RecordRate(
    "allies-force", "alliances are illusions",
    "Allies of which one uses force against the other within five years:", force,
    ("atop", "cow-mid-directed-dyads", "cow-contiguity", "cow-majors", "cow-states"),
    "Allies are neighbours more often than other pairs, and neighbours have more disputes. The "
    "number does not say that a pact causes or prevents force. One year of a long pact "
    "is one row.", "pair of states",
)
