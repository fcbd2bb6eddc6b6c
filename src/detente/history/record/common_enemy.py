"""Sentence: "the enemy of my enemy is my friend". New defence pacts after a common enemy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from detente.history.recorded import Found, RecordRate, share_of

if TYPE_CHECKING:
    from detente.history.panel import Panel


def _count(panel: Panel, first: int, last: int) -> Found:
    from detente.history.panel import FORCE, after, labels_of, within

    enemies = after(panel.disputes(FORCE), -4, 0)
    asked = panel.relevant & within(panel.years, first, last)[:, None, None]
    new = after(panel.defence, 1, 5)
    one = enemies.astype(np.float32)
    common = np.matmul(one, one) > 0
    free = asked & ~panel.defence & ~enemies
    n = len(panel.codes)
    rows, others = np.nonzero(free & common), np.nonzero(free & ~common)
    years, counts = np.unique(panel.years[rows[0]], return_counts=True)
    return Found(
        share_of(new[rows], labels_of(rows, n)),
        share_of(new[others], labels_of(others, n), "relevant pairs without a common enemy"),
        dict(zip(years.tolist(), counts.tolist(), strict=True)),
        {"the pair has a defence pact": int((asked & panel.defence).sum()),
         "the two are enemies": int((asked & ~panel.defence & enemies).sum())},
    )


PAIRS = (
    "One row per year and politically relevant pair (contiguous by land or over at most 400 miles "
    "of water, or with a major power) without a promise of defence (ATOP). Enemies are two states "
    "between which a dispute with use of force or war (MID 5) began in the year or in the four "
    "years before. A pair has a common enemy if a third state is an enemy of both. Pairs of "
    "enemies are left out.")


def until_1945(panel: Panel) -> Found:
    """Count new defence pacts of two states with a common enemy, 1816 to 1945.

    {rows} The event is a promise of defence by either in one of the next five years. The base
    rate takes such pairs without a common enemy.

    References
    ----------
    [leeds-et-al-2002], [palmer-et-al-2021], [stinnett-et-al-2002]
    """
    return _count(panel, 1816, 1945)


def cold_war(panel: Panel) -> Found:
    """Count new defence pacts of two states with a common enemy, 1946 to 1989.

    {rows} The event is a promise of defence by either in one of the next five years. The base
    rate takes such pairs without a common enemy.

    References
    ----------
    [leeds-et-al-2002], [palmer-et-al-2021], [stinnett-et-al-2002]
    """
    return _count(panel, 1946, 1989)


NEEDS = ("atop", "cow-mid-directed-dyads", "cow-contiguity", "cow-majors", "cow-states")
WARNING = (
    "The shares depend on the definition of enemy and on the pairs that are counted: with enemies "
    "of the same year only, they are higher. Most new pacts come from a few treaties of many "
    "states, above all in the two world wars. Most common enemies lead to no pact.")

make = partial(RecordRate, needs=NEEDS, warning=WARNING, clusters="pair of states", rows=PAIRS)

EARLY = make(
    "common-enemy-to-1945", "the enemy of my enemy is my friend",
    "Pairs with a common enemy, to 1945, that conclude a defence pact within five years:",
    until_1945)
LATE = make(
    "common-enemy-cold-war", "the enemy of my enemy is my friend",
    "Pairs with a common enemy, 1946 to 1989, that conclude a defence pact within five years:",
    cold_war)
