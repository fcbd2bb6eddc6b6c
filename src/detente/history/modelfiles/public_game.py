"""Probabilities of endings of many crises without private information, with exact derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from detente.arrays import Floats, Ints
from detente.game.compile import Compiled
from detente.history.modelfiles import kernels
from detente.history.modelfiles.folded import fold

__all__ = ["PublicGame"]

STEP = 1e-30
"""Imaginary step for symbols that depend on numbers; its error is that of rounding."""


class PublicGame:
    """A compiled crisis at many values of some of its numbers, one row each.

    Parameters
    ----------
    compiled
        A crisis without private types and without simultaneous moves.
    paths
        The K numbers that vary.
    ending : (m,) int array
        The ending of each leaf of its tree.
    added
        The U pairs (player, ending) whose payoffs get an added utility.
    """

    def __init__(
        self, compiled: Compiled, paths: Sequence[str], ending: Ints,
        added: Sequence[tuple[int, int]],
    ) -> None:
        self.compiled, self.paths, self.added = compiled, tuple(paths), tuple(added)
        self.columns = np.array([compiled.paths.index(p) for p in paths], dtype=np.int64)
        self.endings = int(ending.max()) + 1
        self.folded = fold(compiled, ending)
        p = compiled.polynomials
        self.weights = p.chance[self.folded.rows]
        self.pays = [u[self.folded.leaf_row] for u in p.payoff]
        self.precision = compiled.paths.index("precision")
        table = p.graph.rules.symbols.table
        self.moved = [
            s for s, symbol in enumerate(table)
            if set(self.paths) & ({symbol.name} if symbol.value is None else set(symbol.reads))
        ]

    def chances(self, numbers: Floats, utilities: Floats) -> Floats:
        """Return the probabilities of the endings, (S, J), at numbers (K, S), utilities (U, S)."""
        f = self.folded
        _, _, pay, log_weight, lam = self._parts(numbers, utilities)
        out = np.zeros((numbers.shape[1], self.endings))
        kernels.endings(f.mover, f.first, f.child, f.row, f.constant, f.leaf_ending, pay,
                        log_weight, lam, out)
        return out

    def rows(
        self, numbers: Floats, utilities: Floats, seen: Ints
    ) -> tuple[Floats, Floats, Floats]:
        """Return the log likelihood of each row's ending and its derivatives.

        Returns
        -------
        loglik : (S,) array
        by_numbers : (K, S) array
        by_utilities : (U, S) array
        """
        f = self.folded
        theta, symbols, pay, log_weight, lam = self._parts(numbers, utilities)
        n, leaves, players = pay.shape
        loglik, by_lam = np.zeros(n), np.zeros(n)
        by_pay, by_weight = np.zeros((n, leaves, players)), np.zeros((n, len(f.rows)))
        kernels.adjoint(f.mover, f.first, f.child, f.row, f.constant, f.leaf_ending, pay,
                        log_weight, lam, seen, loglik, by_pay, by_weight, by_lam)
        with np.errstate(divide="ignore", invalid="ignore"):
            by_weight = np.where(by_weight == 0, 0.0, by_weight / np.exp(log_weight))
        through = np.asarray(self.weights.T @ by_weight.T)
        for i, u in enumerate(self.pays):
            through = through + np.asarray(u.T @ by_pay[:, :, i].T)
        by_numbers = self._back(theta, symbols, through)
        for k in np.flatnonzero(self.columns == self.precision):
            by_numbers[k] += by_lam
        by_utilities = np.array([
            by_pay[:, f.leaf_ending == j, i].sum(axis=1) for i, j in self.added
        ]).reshape(len(self.added), n)
        return loglik, by_numbers, by_utilities

    def spread(self, numbers: Floats, utilities: Floats) -> Floats:
        """Return lambda times each player's distance of best and worst leaf, (players, S)."""
        _, _, pay, _, lam = self._parts(numbers, utilities)
        return np.asarray((pay.max(axis=1) - pay.min(axis=1)).T * lam)

    def _parts(self, numbers: Floats, utilities: Floats) -> Any:
        p = self.compiled.polynomials
        theta = np.repeat(self.compiled.centre[None, :], numbers.shape[1], axis=0)
        theta[:, self.columns] = numbers.T
        symbols = [np.broadcast_to(np.asarray(s).reshape(-1, len(theta))[0], (len(theta),))
                   for s in p.symbols(theta)]
        monomials = np.ones((len(p.factors), len(theta)))
        for k, row in enumerate(p.factors):
            for s in row[row >= 0]:
                monomials[k] *= symbols[s]
        pay = np.stack([np.asarray(u @ monomials).T for u in self.pays], axis=2)
        for u, (i, j) in enumerate(self.added):
            pay[:, self.folded.leaf_ending == j, i] += utilities[u][:, None]
        weight = np.maximum(np.asarray(self.weights @ monomials).T, 0.0)
        with np.errstate(divide="ignore"):
            log_weight = np.ascontiguousarray(np.log(weight))
        lam = np.ascontiguousarray(theta[:, self.precision])
        return theta, symbols, np.ascontiguousarray(pay), log_weight, lam

    def _back(self, theta: Floats, symbols: list[Floats], through: Floats) -> Floats:
        """Convert derivatives by monomials, (M, S), to those by the numbers, (K, S)."""
        p = self.compiled.polynomials
        table = p.graph.rules.symbols.table
        slopes = {s: np.zeros(len(theta)) for s in self.moved}
        for k, row in enumerate(p.factors):
            factors = row[row >= 0]
            for place, s in enumerate(factors):
                if s in slopes:
                    rest = through[k]
                    for other in np.delete(factors, place):
                        rest = rest * symbols[other]
                    slopes[s] = slopes[s] + rest
        out = np.zeros((len(self.paths), len(theta)))
        for s, slope in slopes.items():
            symbol = table[s]
            for k, path in enumerate(self.paths):
                if symbol.value is None:
                    out[k] += slope if symbol.name == path else 0.0
                elif path in symbol.reads:
                    values: dict[str, Any] = dict(zip(self.compiled.paths, theta.T, strict=True))
                    values[path] = values[path] + 1j * STEP
                    moved = np.imag(np.asarray(symbol.value(values))) / STEP
                    out[k] += moved.reshape(-1, len(theta))[0] * slope
        return out
