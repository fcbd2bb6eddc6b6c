"""Forecasts without a game, beside which a draft is read: base rates, time, and a logit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from detente.arrays import Floats
from detente.backtest.models.logit import INVERSE
from detente.casebook.covariates import BEFORE, ENDINGS

__all__ = ["base", "logit", "references"]

SPREAD = INVERSE**0.5
"""Standard deviation of the prior of a coefficient, per standard deviation of its covariate.

It is that of the backtest's logit, whose estimate this is. scikit-learn is not needed here, so that
a draft needs no further package.
"""


def base(endings: Sequence[str]) -> Floats:
    """Return the shares of the endings, with one half added to each count.

    Examples
    --------
    >>> base(["war", "war", "settlement"]).round(3).tolist()
    [0.091, 0.091, 0.273, 0.091, 0.455]
    """
    counts = np.array([sum(one == ending for one in endings) for ending in ENDINGS]) + 0.5
    return np.asarray(counts / counts.sum())


def logit(train: Floats, endings: Sequence[str], at: Floats) -> Floats:
    """Return the forecast of a ridge multinomial logit, (n, endings).

    The likelihood is concave with the prior, so the maximum is unique. Intercepts have no prior,
    apart from one that fixes their common level.

    Parameters
    ----------
    train
        (m, C) covariates of the crises that it is estimated on.
    endings
        The m endings.
    at
        (n, C) covariates of the crises to forecast.
    """
    mean, sd = train.mean(axis=0), train.std(axis=0)
    sd = np.where(sd > 1e-12, sd, 1.0)

    def design(x: Floats) -> Floats:
        return np.column_stack([np.ones(len(x)), (x - mean) / sd])

    z = design(train)
    hot = np.eye(len(ENDINGS))[[ENDINGS.index(one) for one in endings]]
    penalty = np.full((z.shape[1], len(ENDINGS)), SPREAD**-2)
    penalty[0] = 1e-6

    def cost(flat: Floats) -> tuple[float, Floats]:
        beta = flat.reshape(penalty.shape)
        eta = z @ beta
        level = logsumexp(eta, axis=1).sum() - (eta * hot).sum() + 0.5 * (penalty * beta**2).sum()
        slope = z.T @ (softmax(eta, axis=1) - hot) + penalty * beta
        return float(level), slope.ravel()

    found = minimize(cost, np.zeros(penalty.size), jac=True, method="L-BFGS-B",
                     options={"maxiter": 1000, "ftol": 1e-13, "gtol": 1e-7})
    return np.asarray(softmax(design(at) @ found.x.reshape(penalty.shape), axis=1))


def references(
    table: pd.DataFrame, row: pd.DataFrame, extra: Sequence[str] = ()
) -> dict[str, dict[str, float]]:
    """Return the forecasts of base rates, time and logit for one crisis.

    Parameters
    ----------
    table
        The crises to estimate on; the pair of the crisis must not be among them.
    row
        One row: the covariates of the crisis.
    extra
        Covariates of the logit beyond `BEFORE`.
    """
    ended = list(table["ending"])
    every = [*BEFORE, *extra]

    def on(names: Sequence[str]) -> Floats:
        found = logit(table[list(names)].to_numpy(dtype=float), ended,
                      row[list(names)].to_numpy(dtype=float))
        return np.asarray(found[0])

    return {name: dict(zip(ENDINGS, map(float, values), strict=True)) for name, values in {
        "base rates": base(ended), "time": on(["time", "post_1945"]), "logit": on(every)}.items()}
