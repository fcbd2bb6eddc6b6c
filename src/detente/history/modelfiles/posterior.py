"""The log posterior of a model file on some rows, with exact derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from detente.arrays import Floats, Ints
from detente.errors import InputError, nearest, one_of
from detente.history.modelfiles.indices import columns, inverse, slope
from detente.history.modelfiles.spec import Spec

__all__ = ["Posterior", "observed", "weights_of"]


@dataclass(frozen=True)
class Posterior:
    """The log posterior of a model's coefficients on some rows, with exact derivatives.

    Attributes
    ----------
    model : Spec
    design : (n, 1 + C) array
        Ones and the scaled covariates.
    seen : (n,) int array
        The ending of each row.
    weights : (n,) array, optional
        The weight of each row in the likelihood; 1 for all rows if it is None.
    """

    model: Spec
    design: Floats
    seen: Ints
    weights: Floats | None = None

    def parts(self, theta: Floats) -> tuple[Floats, Floats]:
        """Return the numbers (K, n) and the utilities (U, n)."""
        kinds = list(self.model.links.values())
        eta = self.model.indices.eta(theta, self.design)
        numbers = np.array([inverse(kind, row) for kind, row in zip(kinds, eta, strict=False)])
        return numbers.reshape(len(kinds), len(self.design)), eta[len(kinds):]

    def rows(self, theta: Floats) -> tuple[Floats, Floats]:
        """Return weighted log likelihoods (n,) and their derivatives by the indices, (I, n)."""
        numbers, utilities = self.parts(theta)
        loglik, by_numbers, by_utilities = self.model.game.rows(numbers, utilities, self.seen)
        kinds = self.model.links.values()
        by = [g * slope(kind, x) for kind, g, x in zip(kinds, by_numbers, numbers, strict=True)]
        slopes = np.array([*by, *by_utilities]).reshape(-1, len(self.design))
        if self.weights is None:
            return loglik, slopes
        counts = self.weights > 0  # a row of weight 0 may have an ending that is impossible
        return (self.weights * np.where(counts, loglik, 0.0),
                self.weights * np.where(counts, slopes, 0.0))

    def scores(self, theta: Floats) -> Floats:
        """Return the derivatives of weighted log likelihoods by the coefficients, (n, p)."""
        return self.model.indices.scores(self.rows(theta)[1], self.design)

    def value(self, theta: Floats) -> tuple[float, Floats]:
        """Return the log posterior, up to a constant, and its gradient (p,)."""
        away = (theta - self.model.mean) / self.model.sd
        if not len(self.design):
            return float(-0.5 * away @ away), -away / self.model.sd
        loglik, by = self.rows(theta)
        gradient = self.model.indices.gradient(by, self.design)
        return float(loglik.sum() - 0.5 * away @ away), gradient - away / self.model.sd


def observed(model: Spec, rows: pd.DataFrame) -> Ints:
    """Return the ending of each row as an index into the model's endings.

    Raises
    ------
    InputError
        The column ``ending`` is missing or holds another name.
    """
    if "ending" not in rows.columns:
        raise InputError("the rows have no column 'ending'", expected="the ending of each row",
                         nearest=nearest("ending", map(str, rows.columns)))
    names = list(model.endings)
    for name in rows["ending"].unique():
        if name not in names:
            raise InputError(f"the model {model.name} has no ending {name!r}", field="ending",
                             expected=one_of(str(name), names), nearest=nearest(str(name), names))
    return np.array([names.index(e) for e in rows["ending"]], dtype=np.int64)


def weights_of(model: Spec, rows: pd.DataFrame) -> Floats | None:
    """Return the weight of each row in the likelihood, (n,); None if the file names no column.

    Raises
    ------
    InputError
        The rows lack the column, or a weight is negative or no number, or all of them are 0.
    """
    name = model.entry.weights
    if name is None:
        return None
    if name not in rows.columns:
        known = [str(c) for c in rows.columns]
        raise InputError(f"the rows have no column of weights {name!r}", field="weights",
                         expected=one_of(name, known), nearest=nearest(name, known))
    found = columns([name], rows)[:, 0]
    if (found < 0).any():
        at = rows.index[found < 0][0]
        raise InputError(f"the weight in row {at} is negative", field=name,
                         expected="0 or more in every row")
    if len(found) and not found.any():
        raise InputError("all weights are 0", field=name, expected="a weight above 0 in some row")
    return found
