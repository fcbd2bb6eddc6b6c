"""A pole is removed and put back: who changes sides, and who stays there.

The present alignment is a best one of the whole network. When a pole goes, the others change sides
one at a time, always the change that lowers the energy most, until no change lowers it. Then the
pole returns to the side that has the lower energy, and all may change sides again in the same way.
Each state moves downhill from where it stands [axelrod-bennett-1993], so an alignment may remain
after its cause has gone.

Two blocs have no names of their own: if all change sides, nothing has changed. In each connected
part the sides are therefore named so that as little size as possible counts as moved. The order of
the changes is a choice; `Removal` says how often a random order of improving changes ends
elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import Bools, Floats, Ints
from detente.world.alignment import Share, Tell, present
from detente.world.landscape import parts, tolerance, weights_of
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
        path = _Path(w, sizes[k], gone)
        sides[0, k], proved = present(w)
        exact &= proved
        sides[1:, k] = path.ends(sides[0, k], -1)
        if k < COMPARED:
            for order in range(ORDERS):
                other = path.ends(sides[0, k], (seed * COMPARED + k) * ORDERS + order)
                differ += int((other != sides[1:, k]).any())
                tried += 1
        if tell is not None:
            tell(k + 1, s)
    return Removal(ties, pole, sides[0], sides[1], sides[2], Share.of(differ, tried), exact)


class _Path:
    """The changes of sides in one draw."""

    def __init__(self, w: Floats, sizes: Floats, gone: int) -> None:
        self.w, self.sizes, self.gone, self.tol = w, sizes, gone, tolerance(w)
        self.cut = w.copy()
        self.cut[gone] = self.cut[:, gone] = 0.0
        self.parts, self.parts_without = parts(w), parts(self.cut)
        self.free = np.zeros(len(w), dtype=bool)

    def ends(self, start: Ints, seed: int) -> Ints:
        """Return the sides without the pole and after its return, (2, n)."""
        from detente.world.landscape_kernels import descend

        x = start.astype(float)
        x[self.gone] = 0.0
        descend(self.w, x, self.free, self.tol, seed)
        without = self._named(x, start, self.parts_without)
        pull = float(self.w[self.gone] @ without)
        x = without.astype(float)
        x[self.gone] = np.sign(pull) if abs(pull) > self.tol else start[self.gone]
        descend(self.w, x, self.free, self.tol, seed)
        return np.stack([without, self._named(x, start, self.parts)])

    def _named(self, x: Floats, start: Ints, groups: list[list[int]]) -> Ints:
        """Return the sides, each part turned round if more than half of its size has moved."""
        out = x.astype(np.int64)
        for group in groups:
            moved = out[group] != start[group]
            size = self.sizes[group]
            if size[moved].sum() > size[~moved].sum():
                out[group] = -out[group]
        return out
