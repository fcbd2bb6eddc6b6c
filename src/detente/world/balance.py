"""Balance of a signed network: its frustration index in two blocs.

The frustration index L is the smallest number of ties that a division in two blocs breaks: friends
on different sides or enemies on the same side [harary-1959]. A network with L = 0 is balanced. L
is exact: see `detente.world.cover` for the program and its bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from detente.arrays import Bools, Ints
from detente.world.cover import Cover, smallest_cover
from detente.world.division import breaks, matrix
from detente.world.ties import Ties

__all__ = ["Frustration", "frustration", "undecided"]


@dataclass(frozen=True)
class Frustration:
    """The best division in two blocs.

    Attributes
    ----------
    ties : Ties
    sides : ndarray of int (n,)
        0 or 1. Separate components of the network may be turned round without effect.
    index : int
        L, counted from the division.
    bound : int
        No division breaks fewer ties than this, by the program.
    proof : str
        ``linear`` or ``integer``: the program that gave the bound.
    cycles : int
        Bad cycles that the program used.
    """

    ties: Ties
    sides: Ints
    index: int
    bound: int
    proof: str
    cycles: int

    @property
    def exact(self) -> bool:
        """Whether the bound equals the index."""
        return self.bound >= self.index

    @property
    def broken(self) -> Bools:
        """Which ties the division breaks, (m,)."""
        return breaks(self.ties.edges, self.ties.signs, self.sides)

    @cached_property
    def either(self) -> tuple[str, ...]:
        """Actors that stand in one bloc in some of the best divisions, and in the other in others.

        It is empty if the index is not proved.
        """
        if not self.exact:
            return ()
        return tuple(self.ties.actors[k] for k in np.flatnonzero(undecided(self)))

    @property
    def certificate(self) -> str:
        """The check of the index in words."""
        if not self.exact:
            return f"not proved: counted {self.index}, the program's bound is {self.bound}"
        return f"exact: counted {self.index}, the program's bound is {self.bound}"

    def as_dict(self) -> dict[str, Any]:
        """Return the result as plain data."""
        return {
            "index": self.index, "bound": self.bound, "exact": self.exact, "proof": self.proof,
            "sides": [[self.ties.actors[k] for k in np.flatnonzero(self.sides == s)]
                      for s in (0, 1)],
            "broken": [[self.ties.actors[int(k)] for k in self.ties.edges[e]]
                       for e in np.flatnonzero(self.broken)],
            "either": list(self.either),
        }


def frustration(ties: Ties) -> Frustration:
    """Return the frustration index of a network in two blocs.

    Every tie counts once, whatever its value. The cost grows with the number of bad cycles; the
    networks of all states take less than a second.

    Examples
    --------
    >>> from detente.world.ties import make_ties
    >>> found = frustration(make_ties("abc", {("a", "b"): -1, ("a", "c"): -1, ("b", "c"): -1}))
    >>> found.index, found.certificate
    (1, "exact: counted 1, the program's bound is 1")
    """
    found = smallest_cover(ties.n, ties.edges, ties.signs)
    return Frustration(ties, *whole(found))


def whole(found: Cover) -> tuple[Ints, int, int, str, int]:
    """Return the parts of a cover with unit weights: blocs, count, bound, proof and cycles."""
    return found.blocs, round(found.broken), round(found.bound), found.proof, found.cycles


def undecided(found: Frustration) -> Bools:
    """Return which actors of the largest component stand in either bloc, (n,).

    Several divisions may break as few ties. The largest group whose members stand alike in all of
    them is the fixed part (of two as large, the one with more ties); the other actors stand with
    one or the other bloc of it. Every pair is proved, see `detente.world.equal`.

    Examples
    --------
    Enemies a and b have one friend in common, c:

    >>> from detente.world.ties import make_ties
    >>> ties = make_ties("abc", {("a", "b"): -1, ("a", "c"): 1, ("b", "c"): 1})
    >>> int(undecided(frustration(ties)).sum())  # nothing is fixed but one actor
    2
    """
    from detente.world.equal import witnesses
    from detente.world.landscape import energy

    ties = found.ties
    out = np.zeros(ties.n, dtype=bool)
    if not ties.m:
        return out
    part = np.array(ties.components()[0])
    w = matrix(ties.n, ties.edges, ties.signs.astype(float))[np.ix_(part, part)]
    sides = np.where(found.sides[part] == found.sides[part[-1]], 1, -1).astype(np.int64)
    best = witnesses(w, sides[None], energy(w, sides))
    alike: dict[bytes, list[int]] = {}
    for k in range(len(part)):
        alike.setdefault((best[:, k] * best[0, k]).tobytes(), []).append(k)
    degree, name = np.abs(w).sum(axis=1), [ties.actors[k] for k in part]
    fixed = min(alike.values(), key=lambda group: (
        -len(group), -float(degree[group].sum()), sorted(name[k] for k in group)))
    out[np.delete(part, fixed)] = True
    return out
