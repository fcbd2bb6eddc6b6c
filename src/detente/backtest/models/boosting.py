"""Gradient boosting of shallow trees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.backtest.forecaster import Find, Fit, Forecaster, codes, learn
from detente.backtest.models.logit import alone, spread
from detente.history.outcomes.table import Crises

__all__ = ["ABOUT", "Boosting", "make"]

RATE, ROUNDS, DEPTH = 0.05, 60, 2

ABOUT = (f"gradient boosting (scikit-learn's histogram trees, {ROUNDS} rounds at rate {RATE:g}, "
         f"depth {DEPTH})")


@dataclass(frozen=True)
class Boosting:
    """Gradient boosting on all features."""

    name: str = "boosting"

    def fit(self, table: Crises, *, seed: int) -> Fit:
        """Grow the trees."""
        names, k = list(table.features), len(table.endings)
        if table.rows["ending"].nunique() < 2:  # scikit-learn returns two columns for one class
            return alone(table)
        model = learn("sklearn.ensemble").HistGradientBoostingClassifier(
            learning_rate=RATE, max_iter=ROUNDS, max_depth=DEPTH, early_stopping=False,
            random_state=seed)
        model.fit(table.rows[names].to_numpy(float), codes(table))

        def forecast(rows: Crises) -> NDArray[np.float64]:
            found = model.predict_proba(rows.rows[names].to_numpy(float))
            return spread(found, np.asarray(model.classes_, dtype=np.intp), k)

        return Fit(forecast)


def make(argument: str, find: Find) -> Forecaster:
    """Return the forecaster."""
    return Boosting()
