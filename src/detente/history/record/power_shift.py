"""Sentence: "a power shift opens a window". Shifts of the balance of rivals before wars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.history.recorded import Found, RecordRate, statistic_of

if TYPE_CHECKING:
    from detente.history.panel import Panel

UNTIL, SPAN = 2010, 5


def auc(score: NDArray[np.float64], event: NDArray[np.bool_]) -> float:
    """Return the area under the ROC curve: how often a row with the event has the higher score.

    A tie counts one half. The result is nan if all rows have the event or none has.

    Examples
    --------
    >>> auc(np.array([1.0, 2.0, 3.0, 2.0]), np.array([False, True, True, False]))
    0.875
    """
    from scipy.stats import rankdata

    with_event = int(event.sum())
    without = len(event) - with_event
    if not with_event or not without:
        return float("nan")
    ranks = float(rankdata(score)[event].sum())
    return (ranks - with_event * (with_event + 1) / 2) / (with_event * without)


def _count(panel: Panel, level: int) -> Found:
    from detente.history.panel import FORCE, after, labels_of, within

    with np.errstate(invalid="ignore", divide="ignore"):
        balance = panel.cinc[:, :, None] / (panel.cinc[:, :, None] + panel.cinc[:, None, :])
    shift = np.full(balance.shape, np.nan)
    shift[SPAN:] = np.abs(balance[SPAN:] - balance[:-SPAN])
    asked = panel.pair & panel.rivals & within(panel.years, 1816, UNTIL)[:, None, None]
    rows = np.nonzero(asked & ~np.isnan(shift))
    event, score = panel.disputes(level)[rows], shift[rows]
    recent = after(panel.disputes(FORCE), -SPAN, -1)[rows].astype(float)
    labels = labels_of(rows, len(panel.codes))
    years, counts = np.unique(panel.years[rows[0]], return_counts=True)
    return Found(
        statistic_of(lambda keep: auc(score[keep], event[keep]), labels, len(event),
                     scale="share"),
        statistic_of(lambda keep: auc(recent[keep], event[keep]), labels, len(event),
                     "force between the two in the five years before", "share"),
        dict(zip(years.tolist(), counts.tolist(), strict=True)),
        {"capability unknown now or five years before": int(asked.sum()) - len(event)},
        {"onsets": float(event.sum())},
    )


def war(panel: Panel) -> Found:
    """Rank the years of rivals by the shift of their balance, and compare with onsets of war.

    One row per strategic rivalry of two members and year to 2010. The score is the absolute change
    within five years of one state's part of the sum of both composite indices of capability. The
    event is a dispute of the two at the level of war (MID 5) that begins in the year. The rate is
    the area under the ROC curve (AUC): how often a year with an onset has the larger shift of two
    years drawn at random, one with and one without; .5 is chance. The number beside it is the AUC
    of one fact: a dispute with use of force of the two began in the five years before.

    References
    ----------
    [singer-1987], [palmer-et-al-2021], [thompson-et-al-2021]
    """
    from detente.history.panel import WAR

    return _count(panel, WAR)


def force(panel: Panel) -> Found:
    """Rank the years of rivals by the shift of their balance, and compare with uses of force.

    One row per strategic rivalry of two members and year to 2010. The score is the absolute change
    within five years of one state's part of the sum of both composite indices of capability. The
    event is a dispute of the two with use of force or war (MID 5) that begins in the year. The rate
    is the area under the ROC curve (AUC): how often a year with an onset has the larger shift of
    two years drawn at random, one with and one without; .5 is chance. The number beside it is the
    AUC of one fact: a dispute with use of force of the two began in the five years before.

    References
    ----------
    [singer-1987], [palmer-et-al-2021], [thompson-et-al-2021]
    """
    from detente.history.panel import FORCE

    return _count(panel, FORCE)


NEEDS = ("cow-nmc", "rivalries", "cow-mid-directed-dyads", "cow-states")
WARNING = (
    "An AUC is not a probability of war: onsets are rare at every shift. The shift has no "
    "direction, so the number does not say which side begins. A war may shift the balance in the "
    "year in which it begins.")

WARS = RecordRate(
    "power-shift-war", "a power shift opens a window",
    "Rivals: rank of war onsets by the shift of the balance in five years:", war, NEEDS, WARNING,
    "pair of states", "AUC",
)
FORCES = RecordRate(
    "power-shift-force", "a power shift opens a window",
    "Rivals: rank of uses of force by the shift of the balance in five years:", force, NEEDS,
    WARNING, "pair of states", "AUC",
)
