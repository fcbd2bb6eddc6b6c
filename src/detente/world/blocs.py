"""Blocs of a signed network when their number is free.

The index counts the ties that the best division breaks. It is at most the frustration index in
two blocs. The difference says how much of the frustration comes from forcing three or more camps
into two [davis-1967] [doreian-mrvar-2015].
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.arrays import Ints
from detente.world.cover import smallest_cover
from detente.world.division import joined, relabelled
from detente.world.proved import SECONDS, Proved, whole
from detente.world.ties import Ties

__all__ = ["Blocs", "best_blocs"]


class Blocs(Proved):
    """The best division in any number of blocs.

    An actor without a kept friendly tie is alone in its bloc.
    """

    @property
    def groups(self) -> list[tuple[str, ...]]:
        """The blocs of two or more actors, the largest first."""
        held = [tuple(self.ties.actors[k] for k in np.flatnonzero(self.blocs == b))
                for b in range(int(self.blocs.max(initial=-1)) + 1)]
        return sorted((g for g in held if len(g) > 1), key=lambda g: (-len(g), g))

    @property
    def alone(self) -> tuple[str, ...]:
        """The actors that are alone in their bloc."""
        grouped = {a for g in self.groups for a in g}
        return tuple(a for a in self.ties.actors if a not in grouped)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as plain data."""
        return {**super().as_dict(), "blocs": [list(g) for g in self.groups],
                "alone": list(self.alone)}


def best_blocs(ties: Ties, seconds: float = SECONDS) -> Blocs:
    """Return the division in any number of blocs that breaks the fewest ties.

    Parameters
    ----------
    ties
        The network.
    seconds
        Longest time of the search; if it ends first, the count is not proved.

    Examples
    --------
    >>> from detente.world.ties import make_ties
    >>> all_enemies = make_ties("abc", {("a", "b"): -1, ("a", "c"): -1, ("b", "c"): -1})
    >>> best_blocs(all_enemies).index, best_blocs(all_enemies).alone
    (0, ('a', 'b', 'c'))
    """
    found = smallest_cover(ties.n, ties.edges, ties.signs, many=True, seconds=seconds)
    blocs, index, bound, proof, cycles = whole(found)
    return Blocs(ties, _split(ties, blocs), index, bound, proof, cycles)


def _split(ties: Ties, blocs: Ints) -> Ints:
    """Return the blocs in pieces that friendly ties hold together; no tie more is broken."""
    i, j = ties.edges.T if ties.m else np.empty((2, 0), dtype=np.int64)
    kept = (ties.signs > 0) & (blocs[i] == blocs[j])
    return relabelled(joined(ties.n, ties.edges[kept]))
