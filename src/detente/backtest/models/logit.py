"""Ridge multinomial logit on all features of the table."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.backtest.forecaster import Find, Fit, Forecaster, codes, design, learn
from detente.history.outcomes.table import Crises

__all__ = ["ABOUT", "INVERSE", "LEAST", "Logit", "alone", "fit_logit", "make", "spread"]

INVERSE = 0.03
"""Inverse of the ridge penalty, scikit-learn's C, on features in standard deviations."""

ABOUT = f"ridge multinomial logit (scikit-learn, C = {INVERSE:g}, features in standard deviations)"

LEAST = 1e-6
"""Probability of an ending that the training crises do not have."""

ITERATIONS = 1000


def fit_logit(table: Crises) -> Fit:
    """Fit the logit on the features of the table.

    Raises
    ------
    InputError
        scikit-learn is not installed.
    """
    model = learn("sklearn.linear_model").LogisticRegression(C=INVERSE, max_iter=ITERATIONS)
    found, k = codes(table), len(table.endings)
    if len(np.unique(found)) < 2:
        return alone(table)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        model.fit(design(table), found)
    known = model.classes_

    def forecast(rows: Crises) -> NDArray[np.float64]:
        return spread(model.predict_proba(design(rows, table)), known, k)

    weights = np.atleast_2d(model.coef_)  # one row if there are two endings
    params = {
        f"{table.endings[known[-len(weights) + i]]}: {name}": float(weights[i, j])
        for i in range(len(weights)) for j, name in enumerate(table.features)
    }
    slow = any("converge" in str(w.message) for w in said)
    return Fit(forecast, params, "the logit did not converge" if slow else None)


def alone(table: Crises) -> Fit:
    """Return the forecast from crises that all ended in the same way: that ending."""
    only = spread(np.ones((1, 1)), codes(table)[:1], len(table.endings))[0]
    return Fit(lambda rows: np.tile(only, (len(rows), 1)), {}, "one ending only")


def spread(
    p: NDArray[np.float64], known: NDArray[np.intp], endings: int
) -> NDArray[np.float64]:
    """Return probabilities of all endings from those of the known ones.

    Examples
    --------
    >>> spread(np.array([[0.25, 0.75]]), np.array([0, 2]), 3).round(3).tolist()
    [[0.25, 0.0, 0.75]]
    """
    made = np.full((len(p), endings), LEAST)
    made[:, known] = p
    whole: NDArray[np.float64] = made / made.sum(axis=1, keepdims=True)
    return whole


@dataclass(frozen=True)
class Logit:
    """Ridge logit on all features."""

    name: str = "logit"

    def fit(self, table: Crises, *, seed: int) -> Fit:
        """Fit the logit."""
        return fit_logit(table)


def make(argument: str, find: Find) -> Forecaster:
    """Return the forecaster."""
    return Logit()
