"""The covariates of a model file without its game: a ridge multinomial with the same exclusions.

A game may fit well because of its covariates alone. This control has the same covariates, scaled in
the same way, with the same priors, and lets each of them into the same endings; it has no players,
no tree and no equilibrium. A game that does not beat it has shown nothing about games.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from detente.arrays import Bools, Floats
from detente.game.tree import TERMINAL
from detente.history.modelfiles.indices import Scaling
from detente.history.modelfiles.posterior import observed, weights_of
from detente.history.modelfiles.spec import Spec, pair
from detente.scenario.paths import canonical

__all__ = ["Theory", "fit_theory", "touched"]


@dataclass(frozen=True)
class Theory:
    """A fitted multinomial logit with exclusions.

    Attributes
    ----------
    spec : Spec
        The model file whose covariates it uses.
    scaling : Scaling
    allowed : (1 + C, J) bool array
        Whether the constant and each covariate may enter the index of each ending.
    value : (1 + C, J) array
        The coefficients; 0 where not allowed.
    converged : bool
    """

    spec: Spec
    scaling: Scaling
    allowed: Bools
    value: Floats
    converged: bool

    @property
    def params(self) -> dict[str, float]:
        """The coefficients by ending and covariate."""
        names = ["1", *self.scaling.names]
        return {f"{end}: {names[c]}": float(self.value[c, j])
                for j, end in enumerate(self.spec.endings) for c in range(len(names))
                if self.allowed[c, j]}

    def forecast(self, rows: pd.DataFrame) -> Floats:
        """Return the probabilities of the endings, (n, J)."""
        return np.asarray(softmax(self.scaling.design(rows) @ self.value, axis=1))


def touched(spec: Spec) -> Bools:
    """Return the endings that each covariate enters in a model file, (C, J).

    A utility touches its ending. A number touches the endings whose payoffs contain it, and those
    that a move whose base weight it is leads to; the precision, and numbers that touch no ending in
    this way, touch all but the first of most leaves.
    """
    tree, p = spec.compiled.tree, spec.compiled.polynomials
    table = p.graph.rules.symbols.table
    out = np.zeros((len(spec.covariates), len(spec.endings)), dtype=bool)

    def holds(matrix: object, path: str) -> Bools:
        """Return which rows of a matrix of monomials contain a number."""
        symbols = [s for s, one in enumerate(table)
                   if path == one.name or path in (one.reads if one.value is not None else ())]
        inside = np.isin(p.factors, symbols).any(axis=1)
        return np.asarray(abs(matrix) @ inside.astype(float) > 0)  # type: ignore[arg-type]

    ending_of = dict(zip(map(int, tree.leaves), map(int, spec.ending), strict=True))
    habit = dict(zip(map(int, p.chosen), map(int, p.habit), strict=True))
    most = int(np.bincount(spec.ending).argmax())
    for path, one in spec.entry.numbers.items():
        name = canonical(path)
        ends: set[int] = set()
        for player in p.payoff:
            rows = holds(player, name)[p.leaf_row]
            ends |= set(map(int, np.unique(spec.ending[rows])))
        weights = holds(p.chance, name)
        ends |= {ending_of[n] for n, row in habit.items()
                 if weights[row] and tree.mover[n] == TERMINAL}
        if name == "precision" or not ends:
            ends = set(range(len(spec.endings))) - {most}
        for x in one.terms:
            out[spec.covariates.index(x), list(ends)] = True
    for key, index in spec.entry.utilities.items():
        end = spec.endings.index(pair(key)[1])
        for x in index.terms:
            out[spec.covariates.index(x), end] = True
    return out


def fit_theory(spec: Spec, rows: pd.DataFrame) -> Theory:
    """Fit the covariates of a model file without its game, by maximum a posteriori.

    Raises
    ------
    InputError
        As in `detente.history.modelfiles.model.ModelFile.fit`.
    """
    seen = observed(spec, rows)
    weights = weights_of(spec, rows)
    scaling = Scaling.of(spec.covariates, rows, weights)
    design = scaling.design(rows)
    allowed = np.vstack([np.ones((1, len(spec.endings)), dtype=bool), touched(spec)])
    sd = np.full(allowed.shape, spec.entry.shrinkage.terms)
    sd[0] = spec.entry.shrinkage.intercepts
    sd = sd[allowed]
    hot = np.eye(len(spec.endings))[seen]
    each = np.ones((len(rows), 1)) if weights is None else weights[:, None]
    size = max(1, len(rows))

    def cost(z: Floats) -> tuple[float, Floats]:
        value = np.zeros(allowed.shape)
        value[allowed] = z * sd
        eta = design @ value
        loglik = (each * hot * (eta - logsumexp(eta, axis=1, keepdims=True))).sum()
        by = design.T @ (each * (hot - softmax(eta, axis=1)))
        return ((-loglik + 0.5 * float(z @ z)) / size, (z - by[allowed] * sd) / size)

    found = minimize(cost, np.zeros(len(sd)), jac=True, method="L-BFGS-B",
                     options={"maxiter": 2000, "ftol": 1e-13, "gtol": 1e-8})
    value = np.zeros(allowed.shape)
    value[allowed] = found.x * sd
    steep = float(np.abs(found.jac).max(initial=0.0)) * size
    return Theory(spec, scaling, allowed, value, steep <= 1e-3 * size**0.5)
