"""The likelihood of observed outcomes of a game whose payoffs are linear in covariates.

Rows with the same covariates share one copy of the game. The scores are exact. One adjoint solve
gives the scores of all rows, or, if rows share copies, one solve per observed set of leaves does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.game.tree import PublicTree
from detente.history.estimators.copies import Copies, copies_of
from detente.history.estimators.crisis import CrisisPayoffs
from detente.history.estimators.design import Design
from detente.history.estimators.observed import Observed

__all__ = ["LAMBDA", "Likelihood"]


LAMBDA = "log lambda"
"""The index that estimates the precision."""

FARTHEST = 1e6
"""Largest factor between the precision where a search begins and any that it tries.

If lambda and the scale of the payoffs are not identified apart, a search has no end. The bound
stops it before solvers refuse the precision. The derivative is 0 there, which is reported as not
identified."""


class Likelihood:
    """Log likelihoods and exact scores of the rows at any parameters.

    Parameters
    ----------
    game
        The game, with its own payoffs.
    design
        Linear indices: terms added at (player, outcome) pairs, then numbers of the crisis, then the
        log of lambda if it is estimated.
    places
        (player, outcome) of the first indices.
    crisis
        Numbers of the file for the next indices; None if there are none.
    lam
        The precision, or where its search begins.
    """

    def __init__(
        self, game: PublicTree, design: Design, places: list[tuple[int, int]],
        crisis: CrisisPayoffs | None, lam: float,
    ) -> None:
        self.game, self.design, self.places = game, design, places
        self.crisis, self.lam = crisis, lam
        self.estimates_lambda = LAMBDA in design.indices
        x = np.concatenate(design.X, axis=1)
        _, first, self.cell = np.unique(x, axis=0, return_index=True, return_inverse=True)
        self.cell = self.cell.ravel()
        self.xs = tuple(part[first] for part in design.X)
        self.copies: Copies = copies_of(game, len(first))
        self.kind = self.copies.kind[self.copies.leaf]
        self.solves = 0
        self.uncertified = 0

    @property
    def cells(self) -> int:
        """Number of copies of the game."""
        return len(self.xs[0])

    def eta(self, theta: Floats) -> Floats:
        """Return the indices of every copy, (K, cells)."""
        d = self.design
        return np.stack([
            o + x @ theta[s] for x, s, o in zip(self.xs, d.slices, d.offset, strict=True)
        ])

    def precision(self, eta: Floats) -> float:
        """Return lambda, held within a factor of `FARTHEST` of where the search began."""
        return self.lam * float(np.exp(self._steps(eta))) if self.estimates_lambda else self.lam

    def _steps(self, eta: Floats) -> float:
        """Return the log of lambda over its start, held between those of `FARTHEST`."""
        most = np.log(FARTHEST)
        return float(np.clip(eta[-1, 0] - np.log(self.lam), -most, most))

    def numbers_of(self, eta: Floats) -> Floats:
        """Return the indices that are numbers of the crisis."""
        last = len(eta) - self.estimates_lambda
        return eta[len(self.places):last]

    def payoffs(self, eta: Floats) -> tuple[Floats, ...]:
        """Return the payoffs of every copy's leaves."""
        c = self.copies
        if self.crisis is None:
            paid = [p[c.leaf] for p in c.payoff]
        else:
            paid = [p[c.leaf, :, c.row] for p in self.crisis.value(self.numbers_of(eta))]
        for k, (player, ending) in enumerate(self.places):
            at = self.kind == ending
            paid[player][at] += eta[k, c.row[at], None]
        return tuple(paid)

    def play(self, theta: Floats) -> tuple[Floats, tuple[Floats, ...], Floats, float]:
        """Return the indices, the payoffs, each leaf's probability within its copy, and lambda."""
        eta = self.eta(np.real(theta))
        paid, lam = self.payoffs(eta), self.precision(eta)
        reach, certified = self.copies.play(paid, lam)
        self.solves += 1
        self.uncertified += not certified
        return eta, paid, reach, lam

    def _sum(self, masks: NDArray[np.bool_], reach: Floats) -> Floats:
        """Return the (cells, C) probabilities of sets of leaves."""
        c = self.copies
        out = np.zeros((self.cells, len(masks)))
        for j, mask in enumerate(masks):
            at = mask[c.leaf]
            np.add.at(out[:, j], c.row[at], reach[at])
        return np.maximum(out, 1e-300)

    def probabilities(self, theta: Floats, masks: NDArray[np.bool_]) -> Floats:
        """Return the probability of each set of leaves in every row, (n, C)."""
        reach = self.play(theta)[2]
        return np.asarray(self._sum(masks, reach)[self.cell])

    def rows(self, theta: Floats, seen: Observed) -> tuple[Floats, Floats]:
        """Return the (n,) log likelihoods and the (n, p) scores."""
        eta, paid, reach, lam = self.play(theta)
        p = self._sum(seen.masks, reach)
        loglik = (seen.counts * np.log(p)[self.cell]).sum(axis=1)
        c = self.copies
        slope = np.zeros((len(eta), len(self.cell)))
        shown = np.flatnonzero(seen.counts.any(axis=0))
        if self.cells == len(self.cell):  # every row has its own copy: one adjoint for all
            back = np.empty(self.cells, dtype=np.int64)
            back[self.cell] = np.arange(self.cells)
            ratio = seen.counts[back] / p
            weights = sum(ratio[c.row, j] * seen.masks[j][c.leaf] for j in shown)
            slope = self._by_index(eta, paid, np.asarray(weights), lam)[:, self.cell]
        else:
            for j in shown:
                weights = seen.masks[j][c.leaf] / p[c.row, j]
                slope += seen.counts[:, j] * self._by_index(eta, paid, weights, lam)[:, self.cell]
        score = [x * s[:, None] for x, s in zip(self.design.X, slope, strict=True)]
        return loglik, np.concatenate(score, axis=1)

    def _by_index(
        self, eta: Floats, paid: tuple[Floats, ...], weights: Floats, lam: float
    ) -> Floats:
        """Return derivatives of each copy's weighted sum by its indices, (K, cells)."""
        c, by = self.copies, self.copies.slopes(weights)
        out = np.zeros(eta.shape)
        for k, (player, ending) in enumerate(self.places):
            at = self.kind == ending
            np.add.at(out[k], c.row[at], by[player][at].sum(axis=1))
        if self.crisis is not None:
            first = len(self.places)
            split = []
            for b in by:
                one = np.zeros((len(c.kind), b.shape[1], self.cells))
                one[c.leaf, :, c.row] = b
                split.append(one)
            found = self.crisis.back(self.numbers_of(eta), split)
            out[first:first + len(found)] = found
        if self.estimates_lambda and abs(self._steps(eta)) < np.log(FARTHEST):
            # P depends on lambda times payoffs, so lambda dP/dlambda = sum of payoff dP/dpayoff.
            for u, b in zip(paid, by, strict=True):
                np.add.at(out[-1], c.row, (u * b).sum(axis=1))
        return out
