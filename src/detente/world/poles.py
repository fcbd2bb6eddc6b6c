"""A pole is removed and put back: who changes sides, and who stays there.

The present alignment is a best one of the whole network. When a pole goes, the others change sides
one at a time, always the change that lowers the energy most, until no change lowers it. Then the
pole returns to the side on which it stood, and all may change sides again in the same way. This is
the quasi-static path of [axelrod-bennett-1993]: a state moves downhill from where it stands, so an
alignment may remain after its cause has gone. The order of the changes is a choice; `Removal` says
how often a random order of improving changes ends elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import Bools, Floats, Ints
from detente.world.alignment import Share, Tell, present
from detente.world.landscape import tolerance, weights_of
from detente.world.ties import Ties

__all__ = ["ORDERS", "Removal", "remove"]

ORDERS = 16
"""Random orders per draw with which the order of best changes is compared."""
COMPARED = 64
"""Largest number of draws in which they are compared."""


@dataclass(frozen=True)
class Removal:
    """Who changes sides when a pole goes, and who stays there when it returns.

    Attributes
    ----------
    ties : Ties
    pole : str
    present, without, back : ndarray of int (S, n)
        Sides, 1 or -1, before, without the pole (which has 0), and after its return. An actor
        without a tie has 0.
    other_order : Share
        Share of random orders that end in another alignment, without the pole or after its return.
    exact : bool
        Whether every present alignment is proved to be a best one.
    """

    ties: Ties
    pole: str
    present: Ints
    without: Ints
    back: Ints
    other_order: Share
    exact: bool

    @property
    def moved(self) -> Bools:
        """Whether an actor changed sides when the pole went, (S, n)."""
        out: Bools = self.without != self.present
        out[:, self.ties.index(self.pole)] = False
        return out

    @property
    def stayed(self) -> Bools:
        """Whether an actor stands on another side than at first when the pole is back, (S, n)."""
        return np.asarray(self.back != self.present)

    def share(self, which: Bools, actor: str | None = None) -> Share:
        """Return the share of draws in which an actor, or at least one, is in ``which``."""
        hits = which.any(axis=1) if actor is None else which[:, self.ties.index(actor)]
        return Share.of(int(hits.sum()), len(which))


def remove(
    ties: Ties, values: Floats, sizes: Floats, pole: str, *, seed: int = 0, tell: Tell | None = None
) -> Removal:
    """Remove a pole and put it back, in every draw.

    Parameters
    ----------
    values, sizes : (S, m), (S, n)
        Draws of the values and sizes.
    pole
        The actor.
    seed
        Seed of the random orders.

    Raises
    ------
    InputError
        No actor has this name.

    Examples
    --------
    State s is drawn to both poles, p and q, and more to p. State r keeps q in its place.

    >>> from detente.world.ties import make_ties
    >>> ties = make_ties("pqrs", {("p", "q"): -1, ("q", "r"): -1, ("p", "r"): 1, ("p", "s"): 0.9,
    ...                           ("q", "s"): 0.5})
    >>> found = remove(ties, ties.values[None], ties.sizes[None], "p")
    >>> found.moved.tolist(), found.stayed.tolist()
    ([[False, False, False, True]], [[False, False, False, False]])
    """
    gone = ties.index(pole)
    if (values == values[:1]).all() and (sizes == sizes[:1]).all():
        values, sizes = values[:1], sizes[:1]
    s, n = len(values), ties.n
    sides = np.zeros((3, s, n), dtype=np.int64)
    exact, differ, tried = True, 0, 0
    for k in range(s):
        w = weights_of(ties, values[k], sizes[k])
        sides[0, k], proved = present(w)
        exact &= proved
        sides[1:, k] = _away_and_back(w, sides[0, k], gone, -1)
        if k < COMPARED:
            for order in range(ORDERS):
                other = _away_and_back(w, sides[0, k], gone, (seed * COMPARED + k) * ORDERS + order)
                differ += int((other != sides[1:, k]).any())
                tried += 1
        if tell is not None:
            tell(k + 1, s)
    return Removal(ties, pole, sides[0], sides[1], sides[2], Share.of(differ, tried), exact)


def _away_and_back(w: Floats, start: Ints, gone: int, seed: int) -> Ints:
    """Return the sides without the pole and after its return, (2, n)."""
    from detente.world.landscape_kernels import descend

    tol, free = tolerance(w), np.zeros(len(w), dtype=bool)
    x = start.astype(float)
    home, x[gone] = x[gone], 0.0
    descend(w, x, free, tol, seed)
    without = x.astype(np.int64)
    x[gone] = home
    descend(w, x, free, tol, seed)
    return np.stack([without, x.astype(np.int64)])
