"""Actors that are friend and enemy of one another at once, and actors between two enemies.

An actor stands between two enemies if it has a friendly tie with each of two actors that have a
hostile tie with one another. A pair that is friend and enemy at once counts as enemies only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detente.world.ties import Ties

__all__ = ["Between", "at_once", "between_by_year", "counts", "standing_between", "stands_between"]


@dataclass(frozen=True)
class Between:
    """One actor between two enemies.

    Attributes
    ----------
    actor : str
    enemies : tuple of str
        The two.
    ties : tuple of int
        Positions of the actor's tie with each of the two, and of their tie.
    """

    actor: str
    enemies: tuple[str, str]
    ties: tuple[int, int, int]

    def as_dict(self, network: Ties) -> dict[str, Any]:
        """Return the case with what each of its three ties rests on."""
        first, second, enmity = self.ties
        return {"actor": self.actor, "enemies": list(self.enemies),
                "friendly": [list(network.evidence[first]), list(network.evidence[second])],
                "hostile": list(network.evidence[enmity])}


def at_once(ties: Ties) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the pairs that are friend and enemy at once, and what their tie rests on.

    Examples
    --------
    >>> from detente.world.ties import make_ties
    >>> at_once(make_ties("abc", {("a", "b"): -1, ("b", "c"): -1}, both=[("b", "c")]))
    [('b', 'c', ())]
    """
    return [(ties.actors[int(i)], ties.actors[int(j)], ties.evidence[e])
            for e, (i, j) in enumerate(ties.edges) if ties.both[e]]


def standing_between(ties: Ties) -> list[Between]:
    """Return every actor between two enemies with the two, those with most pairs first.

    Examples
    --------
    >>> from detente.world.ties import make_ties
    >>> middle = make_ties("abc", {("a", "b"): 1, ("a", "c"): 1, ("b", "c"): -1})
    >>> [(x.actor, x.enemies) for x in standing_between(middle)]
    [('a', ('b', 'c'))]
    """
    at = np.full((ties.n, ties.n), -1, dtype=np.int64)
    i, j = ties.edges.T
    at[i, j] = at[j, i] = np.arange(ties.m)
    friendly = (at >= 0) & (np.append(ties.signs, 0)[at] > 0)
    found = []
    for e in np.flatnonzero(ties.signs < 0):
        x, y = map(int, ties.edges[e])
        for k in np.flatnonzero(friendly[x] & friendly[y]):
            found.append(Between(ties.actors[k], (ties.actors[x], ties.actors[y]),
                                 (int(at[k, x]), int(at[k, y]), int(e))))
    most = counts(found)
    return sorted(found, key=lambda b: (-most[b.actor], b.actor, b.enemies))


def counts(found: Iterable[Between]) -> dict[str, int]:
    """Return the number of pairs of enemies between which each actor stands, the most first."""
    out: dict[str, int] = {}
    for b in found:
        out[b.actor] = out.get(b.actor, 0) + 1
    return dict(sorted(out.items(), key=lambda x: (-x[1], x[0])))


def stands_between(ties: Ties, actor: str, first: str, second: str) -> bool:
    """Return whether an actor has friendly ties with two actors that are enemies.

    Raises
    ------
    InputError
        No actor has one of the names.

    Examples
    --------
    >>> from detente.world.ties import make_ties
    >>> middle = make_ties("abc", {("a", "b"): 1, ("a", "c"): 1, ("b", "c"): -1})
    >>> stands_between(middle, "a", "b", "c"), stands_between(middle, "b", "a", "c")
    (True, False)
    """
    one, two = ties.between(actor, first), ties.between(actor, second)
    enmity = ties.between(first, second)
    if one is None or two is None or enmity is None:
        return False
    return bool(ties.values[one] > 0 and ties.values[two] > 0 and ties.values[enmity] < 0)


def between_by_year(
    years: Iterable[int], definition: str = "force+rivalry", folder: Path | None = None
) -> Iterator[tuple[int, Ties, list[Between]]]:
    """Yield year, ties and the actors between two enemies, from the registered data.

    Raises
    ------
    InputError
        A year is outside the data, or the data has not been downloaded.
    """
    from detente.world.fromdata import from_history

    for year in years:
        ties = from_history(year, definition, folder)
        yield year, ties, standing_between(ties)
