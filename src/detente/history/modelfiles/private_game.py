"""Probabilities of endings of crises with private information, with exact derivatives.

All rows are solved as one batch, and one adjoint solve per row gives the derivatives by every
number, by the implicit function theorem.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from detente.arrays import Floats, Ints
from detente.equilibrium import BatchResult, Equilibrium, solve, solve_batch
from detente.equilibrium.batch.derivatives import batch_gradients
from detente.equilibrium.profile import reach_of
from detente.errors import InputError, SolveError
from detente.game.compile import Compiled
from detente.game.numbers import Numbers
from detente.game.pullback import pull_back_rows

__all__ = ["PrivateGame"]

TOGETHER = 256
"""Rows that are differentiated together; more would only take more memory."""


class PrivateGame:
    """A compiled crisis with private types at many values of some of its numbers.

    It has the methods `chances` and `rows` of `detente.history.modelfiles.public_game.PublicGame`.
    Each row is solved from the equilibrium of the template, so that a row with several equilibria
    gets the same one whatever the other rows are.

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

    @cached_property
    def template(self) -> Equilibrium:
        """The equilibrium at the template's own numbers."""
        return solve(self.compiled.tree, self.compiled.lam)

    def chances(self, numbers: Floats, utilities: Floats) -> Floats:
        """Return the probabilities of the endings, (S, J).

        Raises
        ------
        SolveError
            The equilibrium of a row could not be certified.
        """
        out = np.zeros((numbers.shape[1], self.endings))
        if not len(out):
            return out
        found = self._solved(numbers, utilities)
        if not found.certified.all():
            raise SolveError(
                f"the equilibrium of row {int(np.argmin(found.certified))} could not be certified; "
                "its numbers are extreme: use narrower priors")
        tree = self.compiled.tree
        assert found.q is not None
        np.add.at(out.T, self.ending, reach_of(tree, found.q)[tree.leaves])
        return out

    def rows(
        self, numbers: Floats, utilities: Floats, seen: Ints
    ) -> tuple[Floats, Floats, Floats]:
        """Return log likelihoods (S,) and derivatives by numbers (K, S), utilities (U, S).

        A row that cannot be certified, or is at a fold of its branch of equilibria, has nan: the
        search for a maximum rejects such coefficients.
        """
        size = numbers.shape[1]
        loglik = np.full(size, np.nan)
        by_numbers = np.full((len(self.paths), size), np.nan)
        by_utilities = np.full(utilities.shape, np.nan)
        if not size:
            return loglik, by_numbers, by_utilities
        found = self._solved(numbers, utilities)
        at_leaf = self.ending[:, None] == seen
        for a in range(0, size, TOGETHER):
            part = slice(a, min(a + TOGETHER, size))
            slopes = batch_gradients(self.compiled.tree, self._numbers(numbers, utilities, part),
                                     found, at_leaf[:, part].astype(float), first=a)
            held = [s for s, slope in enumerate(slopes) if slope is not None]
            by = [slope for slope in slopes if slope is not None]
            if not by:
                continue
            which = a + np.array(held)
            p = np.maximum([one.probability for one in by], 1e-300)
            loglik[which] = np.log(p)
            theta = self._theta(numbers[:, which])
            by_numbers[:, which] = pull_back_rows(
                self.compiled.polynomials, theta, by)[:, self.columns].T / p
            for u, (i, j) in enumerate(self.added):
                by_utilities[u, which] = [
                    one.payoff[i][self.ending == j].sum() for one in by] / p
        return loglik, by_numbers, by_utilities

    def _theta(self, numbers: Floats) -> Floats:
        """Return all numbers of the crisis in each row, (S, all)."""
        theta = np.repeat(self.compiled.centre[None, :], numbers.shape[1], axis=0)
        theta[:, self.columns] = numbers.T
        return theta

    def _numbers(self, numbers: Floats, utilities: Floats, which: slice) -> Numbers:
        """Return the numbers of the tree in some rows."""
        found = self.compiled.numbers(self._theta(numbers[:, which]))
        for u, (i, j) in enumerate(self.added):
            found.payoff[i][self.ending == j] += utilities[u, which]
        return found

    def _solved(self, numbers: Floats, utilities: Floats) -> BatchResult:
        return solve_batch(
            self.compiled.tree, lambda which: self._numbers(numbers, utilities, which),
            numbers.shape[1], lam=self.compiled.lam, start=self.template, keep=True)
