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

from detente.arrays import Bools
from detente.world.cover import smallest_cover
from detente.world.division import matrix
from detente.world.proved import SECONDS, Proved, whole
from detente.world.ties import Ties

__all__ = ["Frustration", "frustration", "undecided"]


@dataclass(frozen=True)
class Frustration(Proved):
    """The best division in two blocs, 0 and 1.

    Separate components of the network may be turned round without effect.
    """

    seconds: float = SECONDS

    @cached_property
    def either(self) -> tuple[str, ...]:
        """Actors that stand in one bloc in some of the best divisions, and in the other in others.

        It is empty if the index is not proved.
        """
        return tuple(self.ties.actors[k] for k in np.flatnonzero(self._undecided[0]))

    @property
    def settled(self) -> bool:
        """Whether `either` lists all such actors: every pair was decided in the time allowed."""
        return self._undecided[1]

    @cached_property
    def _undecided(self) -> tuple[Bools, bool]:
        if not self.exact:
            return np.zeros(self.ties.n, dtype=bool), False
        return undecided(self)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as plain data."""
        return {
            **super().as_dict(), "either": list(self.either), "settled": self.settled,
            "sides": [[self.ties.actors[k] for k in np.flatnonzero(self.blocs == s)]
                      for s in (0, 1)],
        }


def frustration(ties: Ties, seconds: float = SECONDS) -> Frustration:
    """Return the frustration index of a network in two blocs.

    Every tie counts once, whatever its value. The cost grows with the number of bad cycles; the
    networks of all states take less than a second. If the time ends first, the index is that of
    the best division found, and not proved.

    Parameters
    ----------
    ties
        The network.
    seconds
        Longest time of the search, and again of that for equally good divisions.

    Examples
    --------
    >>> from detente.world.ties import make_ties
    >>> found = frustration(make_ties("abc", {("a", "b"): -1, ("a", "c"): -1, ("b", "c"): -1}))
    >>> found.index, found.certificate
    (1, "exact: counted 1, the program's bound is 1")
    """
    found = smallest_cover(ties.n, ties.edges, ties.signs, seconds=seconds)
    return Frustration(ties, *whole(found), seconds)


def undecided(found: Frustration) -> tuple[Bools, bool]:
    """Return which actors of the largest component stand in either bloc, and if all are known.

    Several divisions may break as few ties. The largest group whose members stand alike in all of
    them is the fixed part (of two as large, the one with more ties); the other actors stand with
    one or the other bloc of it. Every pair is proved, see `detente.world.equal`, unless the time
    of ``found`` ends first; then more actors may stand in either bloc.

    Examples
    --------
    Enemies a and b have one friend in common, c:

    >>> from detente.world.ties import make_ties
    >>> ties = make_ties("abc", {("a", "b"): -1, ("a", "c"): 1, ("b", "c"): 1})
    >>> int(undecided(frustration(ties))[0].sum())  # nothing is fixed but one actor
    2
    """
    from detente.world.equal import witnesses
    from detente.world.landscape import energy

    ties = found.ties
    out = np.zeros(ties.n, dtype=bool)
    if not ties.m:
        return out, True
    part = np.array(ties.components()[0])
    w = matrix(ties.n, ties.edges, ties.signs.astype(float))[np.ix_(part, part)]
    sides = np.where(found.blocs[part] == found.blocs[part[-1]], 1, -1).astype(np.int64)
    best, proved = witnesses(w, sides[None], energy(w, sides), found.seconds)
    alike: dict[bytes, list[int]] = {}
    for k in range(len(part)):
        alike.setdefault((best[:, k] * best[0, k]).tobytes(), []).append(k)
    degree, name = np.abs(w).sum(axis=1), [ties.actors[k] for k in part]
    fixed = min(alike.values(), key=lambda group: (
        -len(group), -float(degree[group].sum()), sorted(name[k] for k in group)))
    out[np.delete(part, fixed)] = True
    return out, proved
