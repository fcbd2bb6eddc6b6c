"""An estimated model file: coefficients, covariance, draws, forecasts, profile of lambda."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from detente.arrays import Floats
from detente.errors import InputError
from detente.history.modelfiles.indices import Scaling, inverse
from detente.history.modelfiles.posterior import Posterior
from detente.history.modelfiles.public_game import PublicGame
from detente.history.modelfiles.spec import Spec

__all__ = ["Estimate", "Maximum"]

DIFFERENCE = 1e-4
"""Step of central differences of the exact gradient, in standard deviations of the prior."""


@dataclass(frozen=True)
class Maximum:
    """A point where a search ended: the log posterior, the coefficients, and whether it is flat."""

    level: float
    theta: Floats = field(repr=False)
    flat: bool


@dataclass(frozen=True, repr=False)
class Estimate:
    """Coefficients of a model file that maximise the posterior on some rows.

    Attributes
    ----------
    model : Spec
    scaling : Scaling
        Mean and standard deviation of the covariates in the rows of the fit, with their weights.
    value : (p,) array
        The coefficients, in the order of ``model.coefficients``.
    loglik_rows : (n,) array
        Log likelihood of each row, times its weight.
    level : float
        The log posterior, up to a constant.
    maxima : tuple of Maximum
        The distinct local maxima that the searches found, the highest first.
    converged : bool
        Whether the best search ended where the gradient is 0.
    rows : DataFrame
        The rows of the fit.
    """

    model: Spec
    scaling: Scaling
    value: Floats
    loglik_rows: Floats
    level: float
    maxima: tuple[Maximum, ...]
    converged: bool
    rows: pd.DataFrame
    posterior: Posterior
    seed: int

    def __repr__(self) -> str:
        return (f"<Estimate of {self.model.name}: {len(self.rows):,} rows, log likelihood "
                f"{self.loglik:.3f}, {len(self.maxima)} maxima>")

    @property
    def params(self) -> dict[str, float]:
        """The coefficients by name; per standard deviation of a covariate."""
        return dict(zip(self.model.coefficients, map(float, self.value), strict=True))

    @property
    def loglik(self) -> float:
        """The log likelihood without the prior."""
        return float(self.loglik_rows.sum())

    @property
    def trouble(self) -> str | None:
        """Doubts about the fit, in words; None if there is none."""
        said = [] if self.converged else ["the search ended before the gradient was 0"]
        if len(self.maxima) > 1:
            levels = ", ".join(f"{m.level:.3f}" for m in self.maxima)
            said.append(f"several local maxima, at log posteriors {levels}")
        said += self.outside()
        return "; ".join(said) or None

    def outside(self) -> list[str]:
        """Return the numbers that leave the bounds of the crisis file in some rows, in words."""
        said = []
        numbers, _ = self.posterior.parts(self.value)
        known = self.model.compiled.graph.rules.numbers
        for path, values in zip(self.model.links, numbers, strict=True):
            q = known[path]
            beyond = int(((values < q.least) | (values > q.most)).sum())
            if beyond:
                said.append(f"{path} is outside {q.least:g} to {q.most:g} in {beyond} rows")
        return said

    def forecast(self, rows: pd.DataFrame) -> Floats:
        """Return the probabilities of the endings, (n, endings), in the order of the file."""
        design = self.scaling.design(rows)
        if not len(design):
            return np.zeros((0, len(self.model.endings)))
        here = Posterior(self.model, design, np.zeros(len(design), dtype=np.int64))
        return self.model.game.chances(*here.parts(self.value))

    @cached_property
    def information(self) -> Floats:
        """Minus the second derivatives of the log posterior, (p, p)."""
        sd, p = self.model.sd, len(self.value)
        out = np.empty((p, p))
        for k in range(p):
            step = np.zeros(p)
            step[k] = DIFFERENCE * sd[k]
            up, down = (self.posterior.value(self.value + s * step)[1] for s in (1, -1))
            out[k] = (down - up) / (2.0 * step[k])
        return 0.5 * (out + out.T)

    @cached_property
    def laplace(self) -> Floats:
        """The covariance of Laplace's approximation of the posterior, (p, p)."""
        values, vectors = np.linalg.eigh(self.information * np.outer(self.model.sd, self.model.sd))
        # A prior adds 1 to each eigenvalue at a maximum; less is an error of the search.
        inverse_ = (vectors / np.maximum(values, 1e-3)) @ vectors.T
        return np.asarray(inverse_ * np.outer(self.model.sd, self.model.sd))

    @cached_property
    def covariance(self) -> Floats:
        """The covariance of the coefficients, clustered by ``pair``, (p, p)."""
        scores = self.posterior.scores(self.value)
        groups = (pd.factorize(self.rows["pair"])[0] if "pair" in self.rows.columns
                  else np.arange(len(scores)))
        n = int(groups.max(initial=-1)) + 1
        sums = np.zeros((n, scores.shape[1]))
        np.add.at(sums, groups, scores)
        correction = n / (n - 1) if n > 1 else 1.0
        return np.asarray(correction * self.laplace @ (sums.T @ sums) @ self.laplace)

    @property
    def se(self) -> Floats:
        """Standard errors clustered by pair, (p,)."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def draws(self, n: int, seed: int = 0) -> Floats:
        """Return coefficients drawn from Laplace's approximation of the posterior, (n, p)."""
        values, vectors = np.linalg.eigh(self.laplace)
        z = np.random.default_rng(seed).normal(size=(n, len(values)))
        return np.asarray(self.value + (z * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)

    def numbers(
        self, row: Mapping[str, float] | pd.Series[float], draws: Floats | None = None
    ) -> dict[str, Floats]:
        """Return the numbers of the crisis file for one row of covariates.

        Parameters
        ----------
        row
            The covariates, unscaled.
        draws
            (n, p) coefficients, as `draws` gives; default: the estimate alone.

        Returns
        -------
        dict of path -> (n,) array
        """
        thetas = self.value[None, :] if draws is None else np.atleast_2d(draws)
        frame = pd.DataFrame([{name: row[name] for name in self.scaling.names if name in row}])
        design = self.scaling.design(frame)
        eta = np.array([self.model.indices.eta(theta, design)[:, 0] for theta in thetas])
        return {path: inverse(kind, eta[:, k])
                for k, (path, kind) in enumerate(self.model.links.items())}

    def spread(self, rows: pd.DataFrame | None = None) -> Floats:
        """Return lambda times the distance of best and worst leaf, (players, n).

        Raises
        ------
        InputError
            The model has private information.
        """
        game = self.model.game
        if not isinstance(game, PublicGame):
            raise InputError("payoffs depend on private types", expected="a model without them")
        design = self.posterior.design if rows is None else self.scaling.design(rows)
        here = Posterior(self.model, design, np.zeros(len(design), dtype=np.int64))
        return game.spread(*here.parts(self.value))
