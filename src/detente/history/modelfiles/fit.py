"""Fit a model file: penalised likelihood of the endings, several starts, all maxima."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
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
    size = max(1, len(rows))

    def full(z: Floats) -> Floats:
        theta = base.copy()
        theta[free] = model.mean[free] + model.sd[free] * z
        return theta

    def cost(z: Floats) -> tuple[float, Floats]:
        value, gradient = posterior.value(full(z))
        # An ending has probability 0 in doubles, or a step of the search went too far.
        if not (np.isfinite(value) and np.isfinite(gradient).all()):
            return IMPOSSIBLE, np.zeros(len(z))
        return -value / size, -gradient[free] * model.sd[free] / size

    rng = np.random.default_rng(seed)
    begins = [np.zeros(int(free.sum()))]
    if near is not None:
        begins = [((near - model.mean) / model.sd)[free]]
    begins += [rng.normal(size=len(begins[0])) for _ in range(starts - 1)]  # from the prior
    found = []
    for z in begins:
        for _ in range(ROUNDS):  # each round conditions the search where the last one ended
            root = _root(posterior, full(z), free)

            def rooted(y: Floats, z: Floats = z, root: Floats = root) -> tuple[float, Floats]:
                value, gradient = cost(z + root @ y)
                return value, gradient @ root

            one = minimize(rooted, np.zeros(len(z)), jac=True, method="L-BFGS-B",
                           options={"maxiter": STEPS, "ftol": 1e-12, "gtol": 1e-7, "maxcor": 20})
            z = z + root @ one.x
            if one.nit < STEPS:
                break
        steep = float(np.abs(cost(z)[1]).max(initial=0.0)) * size
        if np.isfinite(z).all() and one.fun < IMPOSSIBLE:  # false if the search met NaN, too
            found.append(Maximum(-float(one.fun) * size, full(z), steep <= FLAT * size ** 0.5))
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


def _root(posterior: Posterior, theta: Floats, free: Any) -> Floats:
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
