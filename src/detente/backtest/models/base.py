"""The shares of the endings in all earlier crises."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.backtest.forecaster import Find, Fit, Forecaster, codes, shares
from detente.history.outcomes.table import Crises

__all__ = ["ABOUT", "Base", "make"]

ABOUT = "the share of each ending among the training crises"


@dataclass(frozen=True)
class Base:
    """Base rates."""

    name: str = "base"

    def fit(self, table: Crises, *, seed: int) -> Fit:
        """Count the endings."""
        found = shares(codes(table), len(table.endings))
        return Fit(lambda rows: np.tile(found, (len(rows), 1)),
                   dict(zip(table.endings, found.tolist(), strict=True)))


def make(argument: str, find: Find) -> Forecaster:
    """Return the forecaster."""
    return Base()
