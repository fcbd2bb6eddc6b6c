"""Splits of a table of crises into training and test rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.history.outcomes.table import Crises

__all__ = ["FIRST", "FOLDS", "Scheme", "Split", "forward", "kfold"]

Scheme = Literal["forward", "kfold"]

FOLDS = 10

FIRST = {"mid": 1900, "rungs": 1900, "icb": 1950}
"""First year that is forecast by the scheme ``forward``, by table."""


@dataclass(frozen=True)
class Split:
    """One origin or fold: positions of the training rows and of the test rows.

    Attributes
    ----------
    name
        The first test year (``1900``), or the number of the fold (``fold 3``).
    """

    name: str
    train: NDArray[np.intp]
    test: NDArray[np.intp]


def kfold(table: Crises, *, folds: int = FOLDS, seed: int = 0) -> list[Split]:
    """Return folds of whole pairs of states: no pair is in training and test at once.

    Raises
    ------
    InputError
        There are fewer pairs than folds.
    """
    labels = sorted(set(table.rows["pair"]))
    if len(labels) < folds:
        raise InputError(f"{len(labels)} pairs of states for {folds} folds",
                         expected=f"at least {folds} pairs")
    numbers = np.random.default_rng(seed).permutation(len(labels)) % folds
    of = dict(zip(labels, numbers.tolist(), strict=True))
    mine = np.array([of[pair] for pair in table.rows["pair"]])
    return [Split(f"fold {k}", np.flatnonzero(mine != k), np.flatnonzero(mine == k))
            for k in range(folds)]


def forward(table: Crises, *, first: int, step: int = 10) -> list[Split]:
    """Return origins: train on all years before each, and test the next ``step`` years.

    Raises
    ------
    InputError
        No crisis is before the first origin, or none is after it.
    """
    years = table.rows["year"].to_numpy(int)
    if years.min() == years.max():
        raise InputError(f"table {table.name} has crises of {years.min()} only", field="--scheme",
                         expected="crises of two years or more, or the scheme kfold")
    if not (years < first).any() or not (years >= first).any():
        raise InputError(f"the forecasts begin in {first}", field="--from",
                         expected=f"a year from {years.min() + 1} to {years.max()}, the years of "
                         f"table {table.name}")
    made = [
        Split(str(origin), np.flatnonzero(years < origin),
              np.flatnonzero((years >= origin) & (years < origin + step)))
        for origin in range(first, int(years.max()) + 1, step)
    ]
    return [split for split in made if len(split.test)]
