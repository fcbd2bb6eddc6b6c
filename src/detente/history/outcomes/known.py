"""Features of a challenger and a target that are known before their crisis begins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from detente.history.outcomes.states import States
from detente.history.outcomes.table import Feature
from detente.history.outcomes.ties import Ties

__all__ = ["BEFORE", "SOURCES", "known_before"]

BEFORE = (
    Feature("capability", "log-odds of the challenger's share of both sides' capability in the "
            "year before; a share below 0.005 counts as 0.005, above 0.995 as 0.995", "before",
            "cow-nmc"),
    Feature("contiguous", "1 if they touch by land or over at most 24 miles of water", "before",
            "cow-contiguity"),
    Feature("distance", "log of 1 + km between the capitals", "before", "cow-capitals"),
    Feature("major_challenger", "1 if the challenger is a major power", "before", "cow-majors"),
    Feature("major_target", "1 if the target is a major power", "before", "cow-majors"),
    Feature("democracy_challenger", "the challenger's QuickUDS score in the year before", "before",
            "democracy"),
    Feature("democracy_target", "the target's QuickUDS score in the year before", "before",
            "democracy"),
    Feature("nuclear_challenger", "1 if the challenger has nuclear weapons", "before",
            "Gartzke & Kroenig 2009"),
    Feature("nuclear_target", "1 if the target has nuclear weapons", "before",
            "Gartzke & Kroenig 2009"),
    Feature("rivalry", "1 if they were strategic rivals in the year before", "before",
            "rivalries"),
    Feature("disputes", "log of 1 + disputes of the pair that began in the ten years before",
            "before", "gml-directed-dyads"),
    Feature("years_since", "log of 1 + years since the pair's last dispute, or since both were "
            "states", "before", "gml-directed-dyads"),
    Feature("alliance", "1 if an alliance bound them in the year before", "before", "atop"),
    Feature("patron_challenger", "1 if a third state that is a major power promised to defend the "
            "challenger in the year before", "before", "atop"),
    Feature("patron_target", "1 if a third state that is a major power promised to defend the "
            "target in the year before", "before", "atop"),
    Feature("time", "centuries since 1900", "before", "the year"),
    Feature("post_1945", "1 after 1945", "before", "the year"),
)
"""The features known before, in the order of the columns."""

SOURCES = ("cow-states", "cow-nmc", "cow-contiguity", "cow-capitals", "cow-majors", "democracy",
           "rivalries", "gml-directed-dyads", "atop")
"""The data sets that they need."""

ODDS = float(np.log(0.995 / 0.005))
"""Greatest log-odds of capability: beyond it, more capability tells a coder nothing more."""


def known_before(
    rows: pd.DataFrame, folder: Path | None = None, *, filled: bool = True
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the features of `BEFORE` for rows with challenger, target and year, and notes.

    Parameters
    ----------
    rows
        The crises.
    folder
        Folder of the downloaded files.
    filled
        Replace missing values: by the first later one of the state, else by the median of these
        rows. Otherwise they are NaN; `detente.history.outcomes.table.Crises.filled` replaces them.

    Raises
    ------
    InputError
        A data set has not been downloaded.
    """
    states, ties = States(folder, later=filled), Ties(folder)
    made = pd.DataFrame([
        _one(states, ties, int(c), int(t), int(y))
        for c, t, y in zip(rows["challenger"], rows["target"], rows["year"], strict=True)
    ], columns=[f.name for f in BEFORE], index=rows.index, dtype=float)
    notes = []
    for feature in BEFORE:
        column = made[feature.name]
        missing = int(column.isna().sum())
        if missing and not filled:
            notes.append(f"{feature.name}: {missing} missing values, replaced in each fit by the "
                         "median of its training rows")
        elif missing:
            middle = float(column.median())
            made[feature.name] = column.fillna(middle)
            notes.append(f"{feature.name}: {missing} missing values replaced by the median of "
                         f"the table, {middle:.3g}")
    return made, tuple(notes + states.notes())


def _one(states: States, ties: Ties, c: int, t: int, year: int) -> Sequence[float]:
    """Return one row of features, in the order of `BEFORE`."""
    last, first = year - 1, max(states.since(c), states.since(t))
    begun = ties.onsets(c, t)
    earlier = [y for y in begun if y < year]
    since = year - (max(earlier) if earlier else min(first, year))
    odds = np.log(states.capability(c, last) / states.capability(t, last))
    return (
        float(np.clip(odds, -ODDS, ODDS)),
        float(ties.contiguous(c, t, year)),
        float(np.log1p(states.distance(c, t, year))),
        float(states.major(c, year)), float(states.major(t, year)),
        states.democracy(c, last), states.democracy(t, last),
        float(states.nuclear(c, last)), float(states.nuclear(t, last)),
        float(ties.rivals(c, t, last)),
        float(np.log1p(sum(year - 10 <= y < year for y in begun))),
        float(np.log1p(since)),
        float(ties.allied(c, t, last)),
        float(any(states.major(k, last) for k in ties.defenders(c, last) if k != t)),
        float(any(states.major(k, last) for k in ties.defenders(t, last) if k != c)),
        (year - 1900) / 100,
        float(year > 1945),
    )
