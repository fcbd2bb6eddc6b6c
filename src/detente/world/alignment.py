"""Who stands with whom, over the ranges of a ties file.

Each draw of the file's values and sizes has its best alignment in two blocs (the least energy of
its landscape). Two actors are counted as together if they are on one side in every best alignment
of the draw, and as apart if they are on different sides in every one. Otherwise, or if no chain of
ties joins them, the draw leaves them open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.arrays import Bools, Floats
from detente.intervals import wilson
from detente.world.landscape import (
    KEPT,
    MOST,
    Minimum,
    lowest,
    minima,
    number_of_minima,
    parts,
    weights_of,
)
from detente.world.proved import SECONDS
from detente.world.ties import Ties

__all__ = ["Alignment", "Share", "align", "poles_of"]

AFTER = 1.0
"""Longest time of a draw's program, in seconds, after a draw that is not proved: the result is then
not proved, whatever the others give."""
COUNTED = 20
"""Largest part whose minima are counted in every draw; larger ones at the centre only."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Share:
    """A share of the draws with its 95 % interval (Wilson)."""

    share: float
    low: float
    high: float

    @classmethod
    def of(cls, hits: int, n: int) -> Share:
        """Return the share of ``hits`` among ``n`` draws."""
        return cls(hits / n, *wilson(hits, n))


@dataclass(frozen=True)
class Alignment:
    """Best alignments over draws, and the landscape at the centre.

    Attributes
    ----------
    ties : Ties
        The network at the centre of its ranges.
    together, apart : ndarray of bool (S, n, n)
        Whether two actors are together, or apart, in every best alignment of a draw.
    several : ndarray of bool (S,) or None
        Whether the draw has other minima than its best alignments; None if a part of the network
        has more than `COUNTED` actors, so that minima are not counted in every draw.
    exact : bool
        Whether every best alignment is proved.
    samples, seed : int
        Number of draws asked for and their seed. If nothing has a range, S is 1.
    centre : tuple of tuple of Minimum
        Minima at the centre of the ranges, by part of the network; a part with too many actors or
        minima has only a best alignment, with a basin that is nan.
    groups : tuple of tuple of int
        The actors of each part.
    proof : str
        The check of the best alignments in words.
    """

    ties: Ties
    together: Bools
    apart: Bools
    several: Bools | None
    exact: bool
    samples: int
    seed: int
    centre: tuple[tuple[Minimum, ...], ...]
    groups: tuple[tuple[int, ...], ...]
    proof: str

    @property
    def draws(self) -> int:
        """Number of different draws, S."""
        return len(self.together)

    def aligned(self, a: str, b: str) -> Floats:
        """Return 1 in each draw in which two actors are together, else 0, (S,).

        Raises
        ------
        InputError
            No actor has this name.
        """
        return np.asarray(self.together[:, self.ties.index(a), self.ties.index(b)], dtype=float)

    def with_pole(self, actor: str, pole: str) -> Share:
        """Return the share of draws in which an actor stands with a pole."""
        return Share.of(int(self.aligned(actor, pole).sum()), self.draws)

    def against(self, a: str, b: str) -> Share:
        """Return the share of draws in which two actors are apart."""
        i, j = self.ties.index(a), self.ties.index(b)
        return Share.of(int(self.apart[:, i, j].sum()), self.draws)

    def open(self, a: str, b: str) -> Share:
        """Return the share of draws that leave two actors open."""
        i, j = self.ties.index(a), self.ties.index(b)
        known = self.together[:, i, j] | self.apart[:, i, j]
        return Share.of(int((~known).sum()), self.draws)

    @property
    def others(self) -> Share | None:
        """The share of draws with other minima than the best alignments; None if not counted."""
        return None if self.several is None else Share.of(int(self.several.sum()), self.draws)


def poles_of(ties: Ties, apart: Floats | None = None) -> tuple[str, str]:
    """Return the two poles: the largest actor that has a tie, and the largest one hostile to it.

    Poles only name the blocs, so an enemy that stands on the other side in most draws comes before
    a larger one that does not. ``apart``, (n, n), has the share of draws in which two stand apart.

    Equal sizes are ordered by the strength of an actor's ties, then by the order of the file. If
    nothing is hostile to the largest actor, the second pole is the next in size.

    Examples
    --------
    >>> from detente.world.ties import make_ties
    >>> poles_of(make_ties("abc", {("a", "b"): 1, ("a", "c"): -1}, sizes={"a": 3, "b": 2}))
    ('a', 'c')
    """
    size = ties.sizes
    strength = np.zeros(ties.n)
    for (i, j), value in zip(ties.edges, ties.values, strict=True):
        strength[[i, j]] += abs(value)
    order = sorted(range(ties.n), key=lambda k: (strength[k] == 0, -size[k], -strength[k], k))
    first = ties.actors[order[0]]
    hostile = {name for name, e in ties.of(first) if ties.values[e] < 0}
    rest = [ties.actors[k] for k in order[1:]]
    enemies = [a for a in rest if a in hostile] or rest[:1] or [first]
    if apart is None:
        return first, enemies[0]
    across = apart[order[0]]
    return first, next((a for a in enemies if across[ties.index(a)] > 0.5), enemies[0])


def align(
    ties: Ties, values: Floats, sizes: Floats, *, samples: int, seed: int,
    seconds: float = SECONDS, tell: Tell | None = None,
) -> Alignment:
    """Return the best alignments over draws.

    Parameters
    ----------
    ties
        The network at the centre of its ranges.
    values : (S, m)
        Drawn values of its ties.
    sizes : (S, n)
        Drawn sizes.
    samples, seed
        How they were drawn, for the result.
    seconds
        Longest time of a program, for networks above `detente.world.landscape.MOST` actors.
    tell
        Called with the number of draws done and their total.

    Examples
    --------
    >>> from detente.world.ties import make_ties
    >>> ties = make_ties("abc", {("a", "b"): 0.5, ("b", "c"): -0.5})
    >>> found = align(ties, np.array([[0.5, -0.5], [0.2, 0.1]]), np.ones((2, 3)), samples=2, seed=0)
    >>> found.aligned("a", "b").tolist(), found.aligned("a", "c").tolist()
    ([1.0, 1.0], [0.0, 1.0])
    """
    if (values == values[:1]).all() and (sizes == sizes[:1]).all():
        values, sizes = values[:1], sizes[:1]
    s, n = len(values), ties.n
    together, apart = np.zeros((s, n, n), dtype=bool), np.zeros((s, n, n), dtype=bool)
    several, exact, all_counted = np.zeros(s, dtype=bool), True, True
    proofs: set[str] = set()
    # ties that all have ranges have no equally good alignments, except in draws of probability 0
    equal = s == 1 or bool((values == values[:1]).all(axis=0).any())
    for k in range(s):
        w = weights_of(ties, values[k], sizes[k])
        for group in parts(w):
            inside = np.ix_(group, group)
            found = lowest(w[inside], pairs=equal,
                           seconds=seconds if exact else min(seconds, AFTER))
            exact &= found.exact
            proofs.add(found.proof)
            products = found.sides.T @ found.sides  # k if always together, -k if always apart
            count = len(found.sides)
            together[k][inside] = products == count
            apart[k][inside] = products == -count
            if len(group) <= COUNTED:
                several[k] |= number_of_minima(w[inside]) > found.count
            else:
                all_counted = False
        if tell is not None:
            tell(k + 1, s)
    w = weights_of(ties)
    groups = parts(w)
    centre = []
    for group in groups:
        part = w[np.ix_(group, group)]
        if len(group) <= MOST and number_of_minima(part) <= KEPT:
            centre.append(minima(part))
        else:
            found = lowest(part, seconds=seconds if exact else min(seconds, AFTER))
            centre.append((Minimum(found.sides[0], found.energy, float("nan")),))
    return Alignment(
        ties, together, apart, several if all_counted else None, exact, samples, seed,
        tuple(centre), tuple(map(tuple, groups)), _words(proofs, exact))


def _words(proofs: set[str], exact: bool) -> str:
    if not exact:
        return "not every best alignment is proved"
    if proofs <= {"all counted"}:
        return "exact: every alignment was counted"
    by = "program or search" if "search" in proofs else "integer program"
    return (f"exact: each best alignment meets the bound of its {by}, and equally good ones were "
            "sought for each pair")
