"""Probabilities of endings of crises with private information, with exact derivatives.

Each row's equilibrium is solved from that of the row before it, and one adjoint solve gives the
derivative by every number. A gradient costs about one solve per row, so this suits some hundred
rows of a small tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from detente.arrays import Floats, Ints
from detente.equilibrium import Equilibrium, gradients, solve
from detente.errors import InputError, SolveError
from detente.game.compile import Compiled
from detente.game.pullback import pull_back

__all__ = ["PrivateGame"]


class PrivateGame:
    """A compiled crisis with private types at many values of some of its numbers.

    It has the methods `chances` and `rows` of `detente.history.modelfiles.public_game.PublicGame`.

    Parameters
    ----------
    compiled, paths, ending, added
        As there.

    Raises
    ------
    InputError
        Players move at the same time, or payoffs depend on several players' types.
    """

    def __init__(
        self, compiled: Compiled, paths: Sequence[str], ending: Ints,
        added: Sequence[tuple[int, int]],
    ) -> None:
        if compiled.tree.joints or compiled.tree.joint_payoff is not None:
            raise InputError(
                "the crisis of a model file has simultaneous moves",
                expected="a crisis in which actors move in turn")
        self.compiled, self.paths, self.added = compiled, tuple(paths), tuple(added)
        self.columns = np.array([compiled.paths.index(p) for p in paths], dtype=np.int64)
        self.ending, self.endings = ending, int(ending.max()) + 1
        self._near: Equilibrium | None = None

    def chances(self, numbers: Floats, utilities: Floats) -> Floats:
        """Return the probabilities of the endings, (S, J)."""
        out = np.zeros((numbers.shape[1], self.endings))
        for s, (_, eq) in enumerate(self._solved(numbers, utilities)):
            np.add.at(out[s], self.ending, eq.leaf_reach)
        return out

    def rows(
        self, numbers: Floats, utilities: Floats, seen: Ints
    ) -> tuple[Floats, Floats, Floats]:
        """Return log likelihoods (S,) and derivatives by numbers (K, S), utilities (U, S)."""
        size = numbers.shape[1]
        loglik = np.zeros(size)
        by_numbers, by_utilities = np.zeros((len(self.paths), size)), np.zeros(utilities.shape)
        for s, (theta, eq) in enumerate(self._solved(numbers, utilities)):
            slope = gradients(eq, [(self.ending == seen[s]).astype(float)])[0]
            p = max(slope.probability, 1e-300)
            loglik[s] = np.log(p)
            by_numbers[:, s] = pull_back(
                self.compiled.polynomials, theta, slope)[self.columns] / p
            for u, (i, j) in enumerate(self.added):
                by_utilities[u, s] = slope.payoff[i][self.ending == j].sum() / p
        return loglik, by_numbers, by_utilities

    def _solved(self, numbers: Floats, utilities: Floats) -> Any:
        for s in range(numbers.shape[1]):
            theta = self.compiled.centre.copy()
            theta[self.columns] = numbers[:, s]
            game = self.compiled.game(theta)
            paid = [p.copy() for p in game.payoff]
            for u, (i, j) in enumerate(self.added):
                paid[i][self.ending == j] += utilities[u, s]
            game = game.with_numbers(payoff=tuple(paid))
            lam = self.compiled.precision(theta)
            eq = solve(game, lam, start=self._near)
            if not eq.certificate.certified:
                eq = solve(game, lam)
            if not eq.certificate.certified:
                raise SolveError(f"the equilibrium of row {s} could not be certified; its numbers "
                                 "are extreme: use narrower priors")
            self._near = eq
            yield theta, eq
