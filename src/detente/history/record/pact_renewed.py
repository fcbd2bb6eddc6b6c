"""Sentence: "the shock is irreversible". Defence pacts that ended and were renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.history.recorded import Found, RecordRate, share_of

if TYPE_CHECKING:
    from detente.history.panel import Panel

UNTIL = 2004
"""Last year of a pact that is counted, so that ten years follow within the disputes' last year."""


def renewed(panel: Panel) -> Found:
    """Count pacts of defence that ended and were in force again within ten years.

    One row per pair of states and spell of years with a promise of defence by either (ATOP), whose
    last year is 1816 to 2004. Both states are members of the system five years after the last year.
    The event is a new promise in years 2 to 10 after the last year. The base rate takes any pair
    of members without a promise in a year, and a promise in years 2 to 10 after it. Pacts of
    states that ceased to exist are left out.

    References
    ----------
    [leeds-et-al-2002]
    """
    from detente.history.panel import after, labels_of, within

    pact = panel.defence & np.triu(np.ones(panel.shape[1:], bool), 1)
    ended = pact & ~after(pact, 1, 1) & within(panel.years, 1816, UNTIL)[:, None, None]
    alive = after(panel.pair, 5, 5)
    later = after(pact, 2, 10)
    rows = np.nonzero(ended & alive)
    free = np.nonzero(panel.pair & ~pact & ~after(pact, 1, 1) & alive
                      & within(panel.years, 1816, UNTIL)[:, None, None])
    n = len(panel.codes)
    years, counts = np.unique(panel.years[rows[0]], return_counts=True)
    return Found(
        share_of(later[rows], labels_of(rows, n)),
        share_of(later[free], labels_of(free, n), "pairs without a pact that conclude one"),
        dict(zip(years.tolist(), counts.tolist(), strict=True)),
        {"a state was not a member five years later": int((ended & ~alive).sum())},
    )


RATE = RecordRate(
    "pact-renewed", "the shock is irreversible",
    "Ended defence pacts that are renewed within ten years:", renewed, ("atop", "cow-states"),
    "A pact that is not renewed may have been replaced by closer ties. Many pairs belong to one "
    "treaty of many states, so pairs of one treaty depend on one another more than the clusters "
    "allow for.", "pair of states",
)
