"""Two null models for the balance of a signed network. They may disagree, so both are printed.

``shuffled``: the ties stay, and the signs are dealt out again. Friends then no longer come in
treaty groups, so that almost every real network looks balanced.

``rewired``: the friendly ties stay, and the hostile ties are exchanged between pairs, so that each
actor keeps its number of enemies [maslov-sneppen-2002]. This asks whether enmities avoid friends
more than the numbers of enemies alone would make them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.arrays import Floats, Ints
from detente.defaults import SEED
from detente.world.cover import smallest_cover
from detente.world.division import matrix
from detente.world.landscape import energy, lowest
from detente.world.merged import Merged, merged
from detente.world.ties import Ties

__all__ = ["DRAWS", "RARE", "Null", "disagree", "least_broken", "nulls", "rewired", "shuffled"]

DRAWS = 100
"""Draws from each null model."""
RARE = 0.05
"""Share of draws at or below the index, from which the network counts as more balanced."""
SMALL = 16
"""Most actors of a random network whose divisions are all counted: 2^15 of them."""
TRIED = 3
"""Random networks without a proof after which the others of their kind get a brief search."""
SWAPS = 20
"""Attempts to exchange, per hostile tie."""

Tell = Callable[[int, int, str], None]

WORDS = {
    "shuffled": "signs shuffled over the ties",
    "rewired": "enmities rewired, their numbers kept",
}


@dataclass(frozen=True)
class Null:
    """The index in random networks.

    Attributes
    ----------
    name, words : str
    index : int
        The index of the real network.
    values : ndarray (draws,)
        The index of each random network. In large dense networks the search stops early, and the
        value is that of the best division found.
    bounds : ndarray (draws,)
        The lower bound of each, equal to the value if that is proved.
    """

    name: str
    words: str
    index: int
    values: Floats
    bounds: Floats

    @property
    def mean(self) -> float:
        """Mean over the draws."""
        return float(self.values.mean())

    @property
    def sd(self) -> float:
        """Standard deviation over the draws."""
        return float(self.values.std(ddof=1))

    @property
    def at_or_below(self) -> float:
        """Share of random networks whose lower bound is at or below the real network's index."""
        return float((self.bounds <= self.index).mean())

    @property
    def proved(self) -> float:
        """Share of random networks with a proved index."""
        return float((self.bounds >= self.values).mean())

    @property
    def balanced(self) -> bool:
        """Whether at most `RARE` of the random networks are as balanced as the real one."""
        return self.at_or_below <= RARE

    def as_dict(self) -> dict[str, Any]:
        """Return the result as plain data."""
        return {"name": self.name, "words": self.words, "draws": len(self.values),
                "mean": self.mean, "sd": self.sd, "at_or_below": self.at_or_below,
                "proved": self.proved, "balanced": self.balanced}


def nulls(
    ties: Ties, index: int, draws: int = DRAWS, seed: int = SEED, tell: Tell | None = None
) -> tuple[Null, Null]:
    """Return the index of a network against both null models.

    Parameters
    ----------
    ties
        The network.
    index
        Its own index in two blocs.
    draws
        Random networks of each kind, at least 2.
    seed
        Seed of both.
    tell
        Called with the random networks done, their number and a word for the work.

    Examples
    --------
    >>> from detente.world.ties import make_ties
    >>> square = make_ties("abcd", {("a", "b"): 1, ("b", "c"): -1, ("c", "d"): 1, ("a", "d"): -1})
    >>> first, second = nulls(square, 0, draws=20)
    >>> first.mean, second.mean
    (0.0, 0.0)
    """
    rng = np.random.default_rng(seed)
    found: list[Null] = []
    for name, draw in (("shuffled", shuffled), ("rewired", rewired)):
        rows: list[tuple[float, float]] = []
        known: dict[bytes, tuple[float, float]] = {}  # if few exchanges are possible, some repeat
        for _ in range(draws):
            if tell is not None:
                tell(len(found) * draws + len(rows), 2 * draws, "drawing random networks")
            unproved = sum(bound < broken for bound, broken in rows)
            n, edges, signs = draw(ties, rng)
            key = edges.tobytes() + signs.tobytes()
            if key not in known:
                known[key] = least_broken(n, edges, signs, brief=unproved >= TRIED)
            rows.append(known[key])
        ends = np.array(rows)
        found.append(Null(name, WORDS[name], index, ends[:, 1], ends[:, 0]))
    return found[0], found[1]


def least_broken(
    n: int, edges: Ints, signs: Ints, *, brief: bool = False
) -> tuple[float, float]:
    """Return the bound and the count of the ties that the best two blocs found break.

    They are equal in networks of at most `SMALL` actors: every division is counted there, which
    takes a millisecond. Larger networks are first made smaller, see `detente.world.merged`.
    ``brief`` is that of `detente.world.cover.smallest_cover`.

    Examples
    --------
    >>> least_broken(3, np.array([[0, 1], [0, 2], [1, 2]]), np.array([-1, -1, -1]))
    (1.0, 1.0)
    """
    if not n:
        return 0.0, 0.0
    # the energy of a division is the weight of its divided ties: broken friends, less kept enemies
    w, hostile = matrix(n, edges, signs.astype(float)), float((signs < 0).sum())
    if n > SMALL:  # fewer actors are left if those that stand alike become one
        found = merged(w)
        if len(found.w) > SMALL:
            return _by_program(found, w, hostile, brief)
        sides = found.expanded(lowest(found.w).sides[0] if len(found.w) > 1 else np.ones(1, int))
        least = energy(w, sides)
    else:
        least = lowest(w).energy
    broken = float(round(least + hostile))
    return broken, broken


def _by_program(found: Merged, w: Floats, hostile: float, brief: bool) -> tuple[float, float]:
    """Return the same for a network whose actors have become groups."""
    i, j = np.nonzero(np.triu(found.w))
    values = found.w[i, j]
    made = smallest_cover(len(found.w), np.column_stack([i, j]), np.where(values > 0, 1, -1),
                          np.abs(values), quick=True, brief=brief)
    sides = found.expanded(np.where(made.blocs == 0, 1, -1))
    broken = float(round(energy(w, sides) + hostile))
    return float(round(made.bound)) + broken - made.broken, broken


def disagree(pair: tuple[Null, Null]) -> bool:
    """Return whether the two null models lead to different answers."""
    return pair[0].balanced != pair[1].balanced


def shuffled(ties: Ties, rng: np.random.Generator) -> tuple[int, Ints, Ints]:
    """Return actors, ties and signs with the signs dealt out again."""
    return ties.n, ties.edges, rng.permutation(ties.signs)


def rewired(ties: Ties, rng: np.random.Generator) -> tuple[int, Ints, Ints]:
    """Return actors, ties and signs with hostile ties exchanged between pairs.

    Two hostile ties a-b and c-d become a-d and c-b, unless that makes a pair that has a tie
    already or joins an actor to itself.
    """
    hostile = [(int(i), int(j)) for i, j in ties.edges[ties.signs < 0]]
    friendly = ties.edges[ties.signs > 0]
    taken = {(int(i), int(j)) for i, j in ties.edges}
    h = len(hostile)
    for x, y, turn in zip(*rng.integers(0, max(h, 1), (2, SWAPS * h)),
                          rng.integers(0, 2, SWAPS * h), strict=True):
        (a, b), (c, d) = hostile[x], hostile[y]
        if turn:
            c, d = d, c
        first, second = (min(a, d), max(a, d)), (min(b, c), max(b, c))
        if len({a, b, c, d}) < 4 or first in taken or second in taken:
            continue
        taken -= {hostile[x], hostile[y]}
        taken |= {first, second}
        hostile[x], hostile[y] = first, second
    edges = np.concatenate([friendly, np.array(sorted(hostile), dtype=np.int64).reshape(-1, 2)])
    signs = np.repeat([1, -1], [len(friendly), h]).astype(np.int64)
    return ties.n, edges, signs
