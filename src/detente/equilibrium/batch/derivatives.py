"""Exact derivatives of outcome probabilities of many variants of one tree.

Each variant's derivatives follow from its own equilibrium by the implicit function theorem, with
one adjoint solve (`detente.equilibrium.fallible.derivatives`). This module only passes it the
equilibria of a batch.
"""

from __future__ import annotations

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.batch.result import BatchResult
from detente.equilibrium.batch.strategies import fallible_play
from detente.equilibrium.batch.work import Desk, compiles, mixes_of
from detente.equilibrium.certificates.public import Certificate
from detente.equilibrium.fallible.derivatives import TreeGradient, gradient
from detente.equilibrium.profile import reach_of
from detente.equilibrium.solution import Equilibrium
from detente.errors import InputError, SolveError
from detente.game.numbers import Numbers
from detente.game.tree import PublicTree

__all__ = ["batch_gradients"]


def batch_gradients(
    game: PublicTree, numbers: Numbers, found: BatchResult, leaf_weights: Floats, *,
    first: int = 0,
) -> list[TreeGradient | None]:
    """Differentiate a weighted sum of reach probabilities in each of S solved variants.

    Parameters
    ----------
    game
        Gives the structure.
    numbers
        Of S variants, in the units of the game's payoffs.
    found
        The fallible batch to which they belong.
    leaf_weights : (m, S) array
        One number per leaf and variant: 1 at the leaves of an outcome gives its probability.
    first
        The position of the S variants in ``found``.

    Returns
    -------
    list of TreeGradient or None, one per variant
        None if the variant is not certified, or is so near a fold of its branch that no derivative
        exists.

    Raises
    ------
    SolveError
        The batch is deliberate, or payoffs depend on both types.
    InputError
        The weights have another shape.

    Notes
    -----
    A variant with several equilibria is differentiated at the one that the batch found.

    Examples
    --------
    The derivative of a logit choice by its precision is p (1 - p) times the payoffs' difference:

    >>> from detente.equilibrium import solve_batch
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=0.5)}))
    >>> numbers = Numbers.stack([game, game])
    >>> found = solve_batch(game, numbers.take, 2, lam=3.0)
    >>> by = batch_gradients(game, numbers, found, np.array([[0.0, 0.0], [1.0, 1.0]]))
    >>> p = by[1].probability
    >>> bool(abs(by[1].lam - p * (1 - p) * 0.5) < 1e-9)
    True
    """
    if found.reading != "fallible" or found.lam is None or not compiles(game):
        raise SolveError("derivatives of a batch exist only for the fallible model, and only if no "
                         "payoff depends on both types; differentiate each equilibrium by itself")
    size = numbers.size
    if leaf_weights.shape != (len(game.leaves), size):
        raise InputError(f"weights of shape {leaf_weights.shape}", field="leaf_weights",
                         expected=f"one per leaf and variant, ({len(game.leaves)}, {size})")
    pi, odds = fallible_play(Desk(game), numbers, found, first)
    reach = reach_of(game, odds)
    lam = numbers.precisions(found.lam)

    def one(s: int) -> TreeGradient | None:
        if not found.certified[first + s]:
            return None
        tree = game.with_numbers(**numbers.at(s))
        rows, precision = np.ascontiguousarray(pi[:, :, s]), float(lam[s])
        residual = float(found.residual[first + s])
        # Derivatives need neither beliefs nor values.
        eq = Equilibrium(
            game=tree, reading="fallible", lam=precision, epsilon=None, found_from="batch",
            pi=rows[: game.n_nodes], q=odds[:, s], reach=reach[:, s], belief=np.empty((0, 0)),
            value=tuple(np.empty((0, t)) for t in tree.n_types), joint_pi=mixes_of(game, rows),
            certificate=Certificate("fallible", precision, None, residual, None, None, np.nan,
                                    str(found.reached_by[first + s]), (), True),
        )
        try:
            return gradient(eq, leaf_weights[:, s])
        except SolveError:
            return None  # at a fold

    return [one(s) for s in range(size)]
