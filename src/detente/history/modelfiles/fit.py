"""Fit a model file: penalised likelihood of the endings, several starts, the maxima found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from detente.arrays import Floats
from detente.errors import SolveError
from detente.history.modelfiles.estimate import Estimate, Maximum
from detente.history.modelfiles.indices import Scaling
from detente.history.modelfiles.posterior import Posterior, observed, weights_of
from detente.history.modelfiles.spec import Spec

__all__ = ["fit"]

STEPS, ROUNDS = 30, 60
"""Steps of a search between two computations of the metric, and their greatest number."""
TRIED, KEPT = 2, 5
"""After `TRIED` rounds only the `KEPT` best searches go on.

Sixteen searches for the game of tight rungs ended at eleven levels up to 66 units apart. After one
round their order says little about the end; after two, the one that ended highest was the first,
and so it was for linear rungs.
"""
SAME = 1e-3
"""Maxima whose log posteriors differ by less than this are the same."""
FLAT = 1e-3
"""Largest derivative of the log posterior, per standard deviation of a prior, at a maximum."""

IMPOSSIBLE = 1e10
"""Cost of coefficients at which an observed ending has probability 0."""


def fit(
    model: Spec, rows: pd.DataFrame, *, seed: int = 0, starts: int = 5,
    fixed: Mapping[str, float] | None = None, near: Floats | None = None,
) -> Estimate:
    """Maximise the posterior; see `detente.history.modelfiles.model.ModelFile.fit`.

    Parameters
    ----------
    fixed
        Coefficients that keep a value, for a profile.
    near
        (p,) another point to start from.

    Raises
    ------
    SolveError
        No search reached coefficients at which the observed endings are possible.
    """
    seen = observed(model, rows)
    weights = weights_of(model, rows)
    scaling = Scaling.of(model.covariates, rows, weights)
    posterior = Posterior(model, scaling.design(rows), seen, weights)
    free = np.array([c not in (fixed or {}) for c in model.coefficients], dtype=bool)
    base = model.mean.copy()
    for name, value in (fixed or {}).items():
        base[model.coefficients.index(name)] = value
    climb = _Climb(posterior, base, free)
    rng = np.random.default_rng(seed)
    begins = [np.zeros(int(free.sum()))]
    if near is not None:
        begins = [((near - model.mean) / model.sd)[free]]
    begins += [rng.normal(size=len(begins[0])) for _ in range(starts - 1)]  # from the prior
    tried = [climb.go_on(_Search(z), TRIED) for z in begins]
    # The condition is false if the search met NaN, too.
    tried = [s for s in tried if np.isfinite(s.z).all() and s.least < IMPOSSIBLE]
    tried.sort(key=lambda s: s.least)
    found = [climb.maximum(climb.go_on(s, ROUNDS - TRIED)) for s in tried[:KEPT]]
    found += [climb.maximum(s) for s in tried[KEPT:] if s.ended]
    if not found:
        raise SolveError(f"no search for the coefficients of {model.name} reached numbers at which "
                         "all observed endings have a probability above 0; set priors nearer to "
                         "numbers that a crisis may have")
    found.sort(key=lambda m: -m.level)
    maxima: list[Maximum] = []
    for maximum in found:
        if maximum.flat and all(abs(maximum.level - m.level) > SAME for m in maxima):
            maxima.append(maximum)
    best = found[0]
    loglik = posterior.rows(best.theta)[0] if len(rows) else np.zeros(0)
    return Estimate(model, scaling, best.theta, loglik, best.level, tuple(maxima), best.flat,
                    rows, posterior, seed)


@dataclass(frozen=True)
class _Search:
    """A place on the way: standard deviations of the priors, the cost there, and the end or not."""

    z: Floats
    least: float = np.inf
    ended: bool = False


@dataclass(frozen=True)
class _Climb:
    """The way up the log posterior, over the coefficients that are free.

    The cost is its negative per row.
    """

    posterior: Posterior
    base: Floats
    free: NDArray[np.bool_]

    @property
    def size(self) -> int:
        """The rows, and 1 without any."""
        return max(1, len(self.posterior.design))

    def full(self, z: Floats) -> Floats:
        """Return all coefficients, from the free ones in standard deviations of their priors."""
        model = self.posterior.model
        theta = self.base.copy()
        theta[self.free] = model.mean[self.free] + model.sd[self.free] * z
        return theta

    def cost(self, z: Floats) -> tuple[float, Floats]:
        """Return the cost and its gradient."""
        value, gradient = self.posterior.value(self.full(z))
        # An ending has probability 0 in doubles, or a step of the search went too far.
        if not (np.isfinite(value) and np.isfinite(gradient).all()):
            return IMPOSSIBLE, np.zeros(len(z))
        by = gradient[self.free] * self.posterior.model.sd[self.free]
        return -value / self.size, -by / self.size

    def go_on(self, search: _Search, rounds: int) -> _Search:
        """Search on; each round conditions the search where the last one ended."""
        z, least, ended = search.z, search.least, search.ended
        while rounds and not ended:
            root, rounds = _root(self.posterior, self.full(z), self.free), rounds - 1

            def rooted(y: Floats, z: Floats = z, root: Floats = root) -> tuple[float, Floats]:
                value, gradient = self.cost(z + root @ y)
                return value, gradient @ root

            one = minimize(rooted, np.zeros(len(z)), jac=True, method="L-BFGS-B",
                           options={"maxiter": STEPS, "ftol": 1e-12, "gtol": 1e-7, "maxcor": 20})
            z, least, ended = z + root @ one.x, float(one.fun), one.nit < STEPS
        return _Search(z, least, ended)

    def maximum(self, search: _Search) -> Maximum:
        """Return where a search ended, and whether the log posterior is flat there."""
        steep = float(np.abs(self.cost(search.z)[1]).max(initial=0.0)) * self.size
        flat = steep <= FLAT * self.size ** 0.5
        return Maximum(-search.least * self.size, self.full(search.z), flat)


def _root(posterior: Posterior, theta: Floats, free: NDArray[np.bool_]) -> Floats:
    """Return a root of the inverse of the outer product of scores, which conditions a search.

    It is in standard deviations of the priors, and in units of the mean log posterior.
    """
    sd = posterior.model.sd[free]
    size = max(1, len(posterior.design))
    square = np.eye(len(sd))
    if len(posterior.design):
        scores = posterior.scores(theta)[:, free] * sd
        if np.isfinite(scores).all():
            square = square + scores.T @ scores
    values, vectors = np.linalg.eigh(square / size)
    return np.asarray(vectors / np.sqrt(values))
