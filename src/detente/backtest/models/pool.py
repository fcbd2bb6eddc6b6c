"""The mean of the probabilities of other forecasters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.backtest.forecaster import Find, Fit, Forecaster
from detente.errors import InputError
from detente.history.outcomes.table import Crises

__all__ = ["ABOUT", "Pool", "make"]

ABOUT = "the mean of the probabilities of its members, with equal weights (pool:A+B)"


@dataclass(frozen=True)
class Pool:
    """A linear pool with equal weights, which needs no further estimation."""

    name: str
    members: tuple[Forecaster, ...]

    def fit(self, table: Crises, *, seed: int) -> Fit:
        """Fit every member."""
        found = [member.fit(table, seed=seed) for member in self.members]

        def forecast(rows: Crises) -> NDArray[np.float64]:
            made: NDArray[np.float64] = np.mean([f.forecast(rows) for f in found], axis=0)
            return made

        troubles = [f.trouble for f in found if f.trouble]
        return Fit(forecast, {}, "; ".join(troubles) or None)


def make(argument: str, find: Find) -> Forecaster:
    """Return the pool of the forecasters whose names the argument joins with ``+``.

    Raises
    ------
    InputError
        Fewer than two forecasters are named.
    """
    names = [name.strip() for name in argument.split("+") if name.strip()]
    if len(set(names)) < 2:
        raise InputError(f"a pool of {argument or 'nothing'}",
                         expected="two different forecasters or more, as in pool:logit+boosting")
    return Pool(f"pool:{'+'.join(names)}", tuple(find(name) for name in names))
