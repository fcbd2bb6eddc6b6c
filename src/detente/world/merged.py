"""Actors that stand alike in every best alignment, found by arithmetic alone.

Let two actors i and j have a tie of weight w with the sign s. They stand as the tie asks (together
if w is positive, apart if it is negative) in every best alignment if

- ``|w| > sum_k |w_ik|`` over the other actors k: if they stood the other way, i alone would lower
  the energy by changing sides; or
- ``2 |w| > sum_k |w_ik - s w_jk|``: if they stood the other way, one of the two would. Members of a
  treaty group with the same other ties meet this condition.

Two such actors become one, whose weights are the sums, and the conditions are asked again, because
a change of sides by all actors that became one is a change that a best alignment must withstand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import Floats, Ints

__all__ = ["Merged", "merged"]

CANCELLED = 1e-12
"""Part of the greatest weight below which a sum of weights counts as 0."""


@dataclass(frozen=True)
class Merged:
    """A network whose actors are groups of actors that stand alike in every best alignment.

    Attributes
    ----------
    w : (g, g)
        Weights of the groups.
    group : (n,)
        Group of each actor.
    turn : (n,)
        1 if it stands on the side of the first actor of its group, -1 if on the other.
    first : (g,)
        First actor of each group.
    """

    w: Floats
    group: Ints
    turn: Ints
    first: Ints

    def expanded(self, sides: Ints) -> Ints:
        """Return alignments of the actors from those of the groups; the last actor stands on 1."""
        out = sides[..., self.group] * self.turn
        return np.asarray(out * out[..., -1:], dtype=np.int64)


def merged(w: Floats, tol: float = 0.0) -> Merged:
    """Return the network with all pairs joined that meet one of the conditions.

    Parameters
    ----------
    w : (n, n)
        Symmetric weights.
    tol
        Difference of energies that counts as none.

    Examples
    --------
    A chain a - b - c, whose ends are enemies and each of which has one tie besides:

    >>> found = merged(np.array([[0, 2.0, -1], [2, 0, 2], [-1, 2, 0]]))
    >>> len(found.w), found.expanded(np.array([1])).tolist()
    (1, [1, 1, 1])
    """
    from detente.world.landscape_kernels import merge

    small = w.astype(float)
    group, turn = np.arange(len(w)), np.ones(len(w), dtype=np.int64)
    merge(small, tol, group, turn)
    first = np.unique(group)
    small = small[np.ix_(first, first)]
    small[np.abs(small) <= CANCELLED * np.abs(w).max(initial=0.0)] = 0.0
    return Merged(small, np.searchsorted(first, group), turn, first)
