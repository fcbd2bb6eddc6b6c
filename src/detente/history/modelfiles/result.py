"""A fit of a model file as the result that all estimators share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from detente.arrays import Floats
from detente.errors import InputError
from detente.history.estimators.dual import Array
from detente.history.estimators.parameters import Parameter
from detente.history.estimators.results import FitResult
from detente.history.modelfiles.estimate import Estimate
from detente.history.modelfiles.model import ModelFile
from detente.history.modelfiles.posterior import Posterior

__all__ = ["fit_model", "result_of"]


def fit_model(
    model: ModelFile, data: pd.DataFrame, payoffs: Any, outcome: str | Mapping[str, str],
    lam: Any, cluster: str | None,
) -> FitResult:
    """Fit a model file; see `detente.history.estimators.general.fit_game`.

    Raises
    ------
    InputError
        Payoffs or a precision are given, which the file itself holds.
    """
    if payoffs or lam is not None:
        raise InputError("a model file holds its payoffs and its precision itself",
                         expected="neither payoffs nor a precision; change the file")
    if not isinstance(outcome, str) or outcome not in data.columns:
        raise InputError(f"the rows have no column {outcome!r}",
                         expected="the column that names each row's ending")
    rows = data.rename(columns={outcome: "ending"})
    if cluster is not None:
        if cluster not in data.columns:
            raise InputError(f"the data has no column {cluster!r} to cluster by",
                             expected="a column of the data")
        rows = rows.assign(pair=rows[cluster])
    return result_of(model.fit(rows))


def result_of(estimate: Estimate) -> FitResult:
    """Return an estimate as a `FitResult`; its covariance is clustered by ``pair``."""
    model, posterior = estimate.model, estimate.posterior
    n = len(estimate.rows)
    counts = np.zeros((n, len(model.endings)))
    counts[np.arange(n), posterior.seen] = 1.0
    named = [name.partition(": ") for name in model.coefficients]
    clustered = "pair" in estimate.rows.columns

    def predictor(theta: Array, table: pd.DataFrame | None) -> Array:
        design = posterior.design if table is None else estimate.scaling.design(table)
        there = Posterior(model, design, np.zeros(len(design), dtype=np.int64))

        def at(value: Floats) -> Floats:
            return model.game.chances(*there.parts(value))

        if not np.iscomplexobj(theta):
            return at(theta)
        size = float(np.abs(np.imag(theta)).max()) or 1.0
        step = np.imag(theta) / size * 1e-5
        centre = np.real(theta)
        return at(centre) + 1j * size * (at(centre + step) - at(centre - step)) / 2e-5

    scale = model.sd
    return FitResult(
        f"model file {model.name} (maximum a posteriori)",
        [Parameter(index, term or "const") for index, _, term in named], estimate.value,
        estimate.covariance, "clustered by pair" if clustered else "robust (sandwich)",
        estimate.loglik_rows, posterior.scores(estimate.value),
        np.diag(1.0 / scale**2) - estimate.information, model.endings, counts, n, 0,
        estimate.converged, tuple(filter(None, [estimate.trouble])), estimate.rows, predictor,
        {"maxima": [m.level for m in estimate.maxima], "log_posterior": estimate.level},
    )
