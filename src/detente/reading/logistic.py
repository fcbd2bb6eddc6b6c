"""Logistic regression with a Gaussian prior (ridge), for a few hundred labelled sentences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["fit", "probability"]

Array = NDArray[np.float64]


def fit(X: Array, y: Array, *, penalty: float = 1.0, prior: Array | None = None) -> Array:
    """Return the weights at the maximum of the posterior; the first is the intercept.

    The objective is the log likelihood minus ``penalty / 2`` times the squared distance of the
    weights from ``prior``. The intercept has no prior. If both labels occur, the maximum is
    unique.

    Parameters
    ----------
    X
        Features, one row per example.
    y
        Labels, 0 or 1.
    penalty
        The precision of the prior, per squared unit of a weight.
    prior
        The mean of the prior; None is 0.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [0.0], [1.0]])
    >>> w = fit(X, np.array([0.0, 1.0, 0.0, 1.0]))
    >>> bool(w[1] > 0), bool(probability(X, w)[1] > 0.5)
    (True, True)
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    mean = np.zeros(X.shape[1]) if prior is None else prior

    def objective(w: Array) -> tuple[float, Array]:
        z = w[0] + X @ w[1:]
        off = w[1:] - mean
        value = float(np.sum(np.logaddexp(0.0, z) - y * z) + 0.5 * penalty * off @ off)
        miss = expit(z) - y
        return value, np.concatenate([[miss.sum()], X.T @ miss + penalty * off])

    begin = np.concatenate([[0.0], mean])
    found = minimize(objective, begin, jac=True, method="L-BFGS-B",
                     options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 1000})
    weights: Array = np.asarray(found.x, dtype=np.float64)
    return weights


def probability(X: Array, weights: Array) -> Array:
    """Return the probability of the label 1 for each row."""
    from scipy.special import expit

    out: Array = expit(weights[0] + X @ weights[1:])
    return out
