"""Ties from votes in the General Assembly: two states that vote alike, or far apart.

Definition
    The distance of two states is that of their ideal points [bailey-et-al-2017] in one session, in
    standard deviations of the states that voted in it. The unit makes sessions comparable: the
    deviation of the points themselves runs from 0.8 to 1.5. A distance of at most 0.5 is a friendly
    tie: half of the 90 % interval of an ideal point is about 0.25, so the intervals of the two
    overlap. A distance of at least 2 is a hostile tie. No standard cut-offs exist, so narrower ones
    (0.25 and 2.5) are offered as well.
Pairs
    Only neighbours (contiguous by land or over at most 400 miles of water) and pairs of major
    powers. Otherwise two small states on different continents, which vote like a hundred others,
    would be friends. The usual relevant pairs, all that include a major power, would make most
    states enemies of the United States, which votes alone.
Years
    Session s counts as the year 1945 + s, in which it opened: 1946 to 2019. Session 19 (1964) is
    absent, because almost nothing was put to a vote.
Region
    A distant vote is not enmity: the agenda of the Assembly decides which states are far apart. The
    United States is at least 2 deviations from most states in every session since 1972.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import Floats, Ints

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CUTS", "SETS", "distances", "positions"]

CUTS = {"votes": (0.5, 2.0), "votes-narrow": (0.25, 2.5), "force+rivalry+votes": (0.5, 2.0)}
"""Greatest distance of a friendly tie and least of a hostile one, by the name of the definition."""
SETS = ("cow-contiguity", "cow-majors", "un-ideal-points")
OPENED = 1945
"""Year of session 0."""


def positions(table: pd.DataFrame) -> tuple[Ints, Floats]:
    """Return country and year, (N, 2), and ideal point in deviations of its session, (N,)."""
    kept = table.dropna(subset=["IdealPoint"])
    code = kept.ccode.to_numpy(dtype=np.int64)
    year = kept.session.to_numpy(dtype=np.int64) + OPENED
    point = kept.IdealPoint.to_numpy(dtype=float, copy=True)
    for one in np.unique(year):
        point[year == one] /= point[year == one].std()
    return np.column_stack([code, year]), point


def distances(
    at: Ints, point: Floats, year: int, contiguous: Ints, majors: Ints
) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs of a year that count, the smaller number first, and their distance.

    Parameters
    ----------
    at, point
        As `positions` returns them.
    contiguous : (C, 4)
        The smaller and the greater number, first and last year of a spell of contiguity.
    majors : (M, 3)
        Number, first and last year of a major power.

    Examples
    --------
    >>> at, none = np.array([[2, 1950], [20, 1950], [70, 1950]]), np.empty((0, 3), dtype=int)
    >>> near = np.array([[2, 20, 1920, 2016]])
    >>> list(distances(at, np.array([1.0, 0.5, 3.0]), 1950, near, none))
    [(2, 20, 0.5)]
    """
    now = at[:, 1] == year
    held = dict(zip(at[now, 0].tolist(), point[now].tolist(), strict=True))
    great = set(majors[(majors[:, 1] <= year) & (majors[:, 2] >= year), 0].tolist())
    spell = contiguous[(contiguous[:, 2] <= year) & (contiguous[:, 3] >= year)]
    beside = set(map(tuple, spell[:, :2].tolist()))
    states = sorted(held)
    for k, a in enumerate(states):
        for b in states[k + 1:]:
            if (a in great and b in great) or (a, b) in beside:
                yield a, b, abs(held[a] - held[b])
