"""The multinomial logit, the usual alternative to a strategic model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.errors import InputError
from detente.history.estimators.design import Design, build
from detente.history.estimators.dual import Array, clip
from detente.history.estimators.finite import Rows, unbounded
from detente.history.estimators.maximise import maximise, unidentified
from detente.history.estimators.results import FitResult
from detente.history.estimators.trouble import covariance, diagnose

__all__ = ["fit_multinomial"]


def fit_multinomial(
    covariates: str,
    data: pd.DataFrame,
    counts: NDArray[Any],
    endings: tuple[str, ...],
) -> FitResult:
    """Estimate a multinomial logit of counts. The first outcome is the base.

    Parameters
    ----------
    covariates
        Right-hand side of a formula, the same for every outcome.
    data
        One row per row of ``counts``, without missing values among the covariates.
    counts
        (n, J) counts of each outcome.
    endings
        Names of the J outcomes.

    Raises
    ------
    InputError
        Rows are missing or do not match.

    Examples
    --------
    A model with constants only reproduces the shares:

    >>> table = pd.DataFrame(index=range(10))
    >>> seen = np.repeat([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [5, 3, 2], axis=0)
    >>> fit_multinomial("1", table, seen, ("a", "b", "c")).predict().iloc[0].round(6).tolist()
    [0.5, 0.3, 0.2]
    """
    counts = np.asarray(counts, dtype=float)
    if counts.shape != (len(data), len(endings)):
        raise InputError(
            f"counts of shape {counts.shape}", expected=f"({len(data)}, {len(endings)})"
        )
    if covariates.strip() == "1":
        data = data.assign(_one=1.0)
        covariates = "0 + _one"
    design = build("", dict.fromkeys(endings[1:], covariates), data, full_rank=False)
    if design.dropped:
        raise InputError(f"{design.dropped} rows lack a covariate", expected="complete rows")
    total = counts.sum(axis=1)

    def softmax(eta: Array) -> Array:
        full = np.concatenate([np.zeros((1, eta.shape[1])), eta])
        full = np.exp(full - np.real(full).max(axis=0))
        return clip(full / full.sum(axis=0))

    def density(eta: Array) -> Array:
        full = np.concatenate([np.zeros((1, eta.shape[1])), eta])
        top = np.real(full).max(axis=0)
        log_sum = top + np.log(np.exp(full - top).sum(axis=0))
        return np.asarray((full * counts.T).sum(axis=0) - total * log_sum)

    best = maximise(density, design)
    loose = unidentified(softmax, design)
    infinite = [] if loose else unbounded(
        [_comparisons(design, counts)], design, best.theta,
        lambda theta: float(np.real(density(design.eta(theta))).sum()),
    )
    cov, definite, limits = covariance(best.hessian, design, infinite)
    words, sound = diagnose(best, design, loose, definite, infinite)

    def predictor(theta: Array, table: pd.DataFrame | None) -> Array:
        if table is None:
            return softmax(design.eta(theta)).T
        table = table.assign(_one=1.0) if covariates == "0 + _one" else table
        pairs = zip(design.again(table), design.slices, strict=True)
        return softmax(np.stack([x @ theta[s] for x, s in pairs])).T

    return FitResult(
        "multinomial logit", design.parameters, best.theta, cov, "inverse Hessian", best.loglik,
        best.score, best.hessian, endings, counts, int(total.sum()), 0, sound, tuple(words),
        design.frame, predictor, {"limits": limits},
    )


def _comparisons(design: Design, counts: Floats) -> Rows:
    """Return the conditions of a multinomial logit: each outcome seen against every other.

    A direction raises the likelihood without bound if in every row it prefers the outcomes seen,
    weakly, to all others, and strictly in some row [albert-anderson-1984].
    """
    outcomes = counts.shape[1]
    gains, held, at = [], [], []
    for i in range(outcomes):
        for j in range(outcomes):
            rows = np.flatnonzero((counts[:, i] > 0) & (i != j))
            z = np.zeros((len(rows), len(design.names)))
            for k, sign in ((i, 1.0), (j, -1.0)):
                if k:  # the first outcome is the base
                    z[:, design.slices[k - 1]] += sign * design.X[k - 1][rows]
            gains.append(z)
            held.append(counts[rows, j] > 0)
            at.append(rows)
    where = np.concatenate(at)
    return Rows(np.concatenate(gains), np.concatenate(held), where, "the outcome",
                ("an outcome",) * len(where))
