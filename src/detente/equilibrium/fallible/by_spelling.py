"""Solve a small public tree as the general game it spells out to.

A general game of some hundred unknowns is traced with dense linear algebra through every fold. The
sweeps of a public tree are designed for large trees and can fail if payoffs differ by large
factors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.equilibrium.general.solve import solve_extensive
from detente.game.exact import times_power
from detente.game.spelt import spell
from detente.game.tree import CHANCE, JOINT, TYPE_CHANCE, PublicTree

__all__ = ["LARGEST", "Spelt", "by_spelling"]


LARGEST = 600
"""Most unknowns of the general game: moves less one, over all information sets."""
NODES = 100_000
"""Most nodes of the general game."""


@dataclass(frozen=True)
class Spelt:
    """A solution of the general game, as strategies at public nodes.

    Attributes
    ----------
    pi, joint_pi
        As in `detente.equilibrium.solution.Equilibrium`.
    reached_by, note
        From the certificate of the general game.
    folds
        Precisions of its folds, in the units of the tree.
    """

    pi: Floats
    joint_pi: dict[int, tuple[Floats, ...]]
    reached_by: str
    note: str
    folds: tuple[float, ...]


def _fits(tree: PublicTree) -> bool:
    moves = [int(tree.count[n]) - 1 for n in np.flatnonzero(tree.mover >= 0)]
    types = [tree.n_types[tree.mover[n]] for n in np.flatnonzero(tree.mover >= 0)]
    unknowns = sum(m * t for m, t in zip(moves, types, strict=True)) + sum(
        (size - 1) * tree.n_types[i]
        for j in tree.joints.values() for i, size in zip(j.players, j.sizes, strict=True))
    # A joint node becomes moves in sequence, with at most as many extra nodes as it has children.
    return unknowns <= LARGEST and 2 * tree.n_nodes * int(np.prod(tree.n_types)) <= NODES


def by_spelling(tree: PublicTree, lam: float) -> Spelt | None:
    """Find the fallible equilibrium on the principal branch by way of the general game.

    Returns
    -------
    Spelt or None
        None if the tree is too large, its priors are unlike, or the search failed.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": {"weak": 0.5, "tough": 0.5}, "b": 1}, decide("a", {
    ...     "hold": end("peace", b=1),
    ...     "threaten": decide("b", {
    ...         "yield": end("concession", a=1),
    ...         "resist": decide("a", {"fight": end("war", a=[-1.0, 0.1], b=-0.5),
    ...                                "retreat": end("retreat", a=-0.3, b=1)})})}))
    >>> play = by_spelling(game, 5.0)
    >>> play.reached_by, play.folds
    ('traced', ())
    """
    if tree.observer_prior is not None or not _fits(tree):
        return None
    game, sets = spell(tree)
    # In the units of the original game, so that the note names its precisions.
    game = game.with_numbers(outcome_payoff=np.ldexp(game.outcome_payoff, tree.scaled))
    solved = solve_extensive(game, tree.written_precision(lam))
    if not solved.certificate.certified:
        return None
    pi = np.zeros((tree.n_nodes, max(tree.n_types)))
    pi[0] = 1.0
    joint_pi = {}
    for n in range(tree.n_nodes):
        mover = int(tree.mover[n])
        c = slice(int(tree.first[n]), int(tree.first[n] + tree.count[n]))
        if mover == CHANCE:
            pi[c] = tree.weight[c, None]
        elif mover <= TYPE_CHANCE:
            pi[c, : tree.type_prob.shape[1]] = tree.type_prob[tree.type_row[c]]
        elif mover == JOINT:
            pi[c] = 1.0
            joint = tree.joints[n]
            joint_pi[n] = tuple(
                np.stack([_mix(solved.prob, game.set_first, sets[n, i, t])
                          for t in range(tree.n_types[i])], axis=1) for i in joint.players)
        elif mover >= 0:
            for t in range(tree.n_types[mover]):
                pi[c, t] = _mix(solved.prob, game.set_first, sets[n, mover, t])
    certificate = solved.certificate
    folds = tuple(times_power(f, tree.scaled) for f in certificate.folds)
    return Spelt(pi, joint_pi, certificate.reached_by, certificate.note, folds)


def _mix(prob: Floats, first: NDArray[np.int64], h: int) -> Floats:
    return prob[int(first[h]) : int(first[h + 1])]
