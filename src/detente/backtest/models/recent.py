"""The shares of the endings in crises of about the same time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.backtest.forecaster import Find, Fit, Forecaster, codes, shares
from detente.history.outcomes.table import Crises

__all__ = ["ABOUT", "Recent", "make"]

ABOUT = "the share of each ending in the last 20 years; within the training years, in the decade"

YEARS = 20

CASES = 10.0
"""Cases that the shares of all training crises count as, because a decade may have few crises."""


@dataclass(frozen=True)
class Recent:
    """Base rates of the last 20 years, or of the decade of a crisis within the training years."""

    name: str = "recent"

    def fit(self, table: Crises, *, seed: int) -> Fit:
        """Keep the years and the endings."""
        years, found, k = table.rows["year"].to_numpy(int), codes(table), len(table.endings)
        last = int(years.max())
        base = shares(found, k)

        def near(inside: NDArray[np.bool_]) -> NDArray[np.float64]:
            counts = np.bincount(found[inside], minlength=k) + CASES * base
            made: NDArray[np.float64] = counts / counts.sum()
            return made

        late = near(years > last - YEARS)

        def forecast(rows: Crises) -> NDArray[np.float64]:
            return np.array([
                late if year > last else near(years // 10 == year // 10)
                for year in rows.rows["year"].to_numpy(int)
            ]).reshape(-1, k)

        return Fit(forecast, dict(zip(table.endings, late.tolist(), strict=True)))


def make(argument: str, find: Find) -> Forecaster:
    """Return the forecaster."""
    return Recent()
