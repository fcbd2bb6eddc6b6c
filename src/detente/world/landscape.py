"""The landscape of alignments in two blocs: energies, minima and basins.

Meaning
    Each actor would rather stand with those to whom it is drawn, and the more so the larger they
    are. The energy of an alignment adds up what all actors bear.
Units
    Energy in size squared times propensity.
Source
    [axelrod-bennett-1993]: actor i bears ``F_i = sum_j s_j p_ij d_ij``, with d = 1 if i and j stand
    on different sides and 0 otherwise, and the energy is ``E = sum_i s_i F_i``. Each pair counts
    twice, as ``s_i s_j (p_ij + p_ji)``.
Direction
    If propensities are symmetric, the energy falls by ``2 s_i`` times what actor i gains when it
    changes sides. If they are ordered (p_ij is not p_ji), a change in an actor's own interest may
    raise the energy, so a minimum is a statement about pairs, not about each actor.
Region
    Two blocs. Before 1945 the states formed more; see `detente.world.blocs`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import Floats, Ints
from detente.errors import InputError
from detente.world.division import grouped, joined, matrix
from detente.world.proved import SECONDS
from detente.world.ties import Ties

__all__ = [
    "KEPT", "MOST", "Lowest", "Minimum", "energy", "frustrations", "lowest", "minima",
    "number_of_minima", "parts", "tolerance", "weights", "weights_of",
]

MOST = 24
"""Largest number of actors whose alignments are all counted: 2^23 of them."""
KEPT = 4096
"""Largest number of minima, or of equally good best alignments, that are kept."""


def weights(sizes: Floats, propensities: Floats) -> Floats:
    """Return the energy of each pair if it is divided, ``s_i s_j (p_ij + p_ji)``, (n, n).

    Parameters
    ----------
    sizes : (n,)
    propensities : (n, n)
        Row i: what actor i wants; positive towards friends. The diagonal does not count.

    Examples
    --------
    >>> weights(np.array([1.0, 2.0]), np.array([[0, 1], [-2, 0]])).tolist()
    [[0.0, -2.0], [-2.0, 0.0]]
    """
    out: Floats = np.outer(sizes, sizes) * (propensities + propensities.T)
    np.fill_diagonal(out, 0.0)
    return out


def weights_of(ties: Ties, values: Floats | None = None, sizes: Floats | None = None) -> Floats:
    """Return the weights of a network, whose propensities are symmetric, (n, n).

    Parameters
    ----------
    values : (m,)
        Values of the ties; those at the centre if not given.
    sizes : (n,)
        Sizes; those at the centre if not given.
    """
    drawn = ties.values if values is None else values
    return weights(ties.sizes if sizes is None else sizes, matrix(ties.n, ties.edges, drawn))


def energy(w: Floats, sides: Floats | Ints) -> float:
    """Return the energy of an alignment: the sum of the weights of divided pairs.

    Parameters
    ----------
    w : (n, n)
    sides : (n,)
        1 or -1.

    Examples
    --------
    >>> energy(np.array([[0, -4.0], [-4, 0]]), np.array([1, -1]))
    -4.0
    """
    apart = np.not_equal.outer(sides, sides)
    return float(w[apart].sum() / 2)


def frustrations(sizes: Floats, propensities: Floats, sides: Floats | Ints) -> Floats:
    """Return what each actor bears, ``F_i = sum_j s_j p_ij d_ij``, (n,).

    Examples
    --------
    >>> p = np.array([[0, 1.0], [1, 0]])
    >>> frustrations(np.array([1.0, 3.0]), p, np.array([1, -1])).tolist()
    [3.0, 1.0]
    """
    apart = np.not_equal.outer(sides, sides)
    out: Floats = np.where(apart, propensities, 0.0) @ sizes
    return out


def tolerance(w: Floats) -> float:
    """Return the difference of energies that counts as none: 1e-9 of the sum of all weights.

    Rounding of the enumeration is below 1e-12 of it. A tie that matters is far above.
    """
    return 1e-9 * float(np.abs(w).sum()) / 2


def parts(w: Floats) -> list[list[int]]:
    """Return the actors of each connected part of the network, largest part first.

    Only parts with a tie are listed: nothing is known of an actor without one.
    """
    return [g for g in grouped(joined(len(w), np.argwhere(w))) if len(g) > 1]


@dataclass(frozen=True)
class Minimum:
    """An alignment that no single change of sides improves.

    Attributes
    ----------
    sides : ndarray of int (n,)
        1 or -1; the last actor has 1.
    energy : float
    basin : float
        Share of all alignments from which best single changes end here. Of equally good changes
        that of the first actor is made. nan if basins were not asked for.
    """

    sides: Ints
    energy: float
    basin: float


def _sides(codes: Ints, n: int) -> Ints:
    """Return the sides of alignments from their codes, (k, n)."""
    bits = (codes[:, None] >> np.arange(n)) & 1
    bits[:, n - 1] = 0
    return np.asarray(1 - 2 * bits, dtype=np.int64)


def minima(w: Floats, *, basins: bool = True) -> tuple[Minimum, ...]:
    """Return all local minima, the lowest first: every alignment is counted.

    Time for 20 actors: 0.1 s with basins and 0.02 s without; for 24: 2.5 s (40 MB) and 0.3 s.

    Parameters
    ----------
    w : (n, n)
        Symmetric weights of a connected network of at most `MOST` actors.

    Raises
    ------
    InputError
        There are more actors, or more than `KEPT` minima.

    Examples
    --------
    >>> enemies = -np.array([[0, 1.0, 2], [1, 0, 3], [2, 3, 0]])
    >>> [(m.sides.tolist(), m.energy, m.basin) for m in minima(enemies)]
    [([-1, -1, 1], -5.0, 1.0)]
    """
    from detente.world.landscape_kernels import best_moves, follow_moves, local

    n = len(w)
    _few_enough(n)
    tol = tolerance(w)
    codes, values = np.empty(KEPT, dtype=np.int64), np.empty(KEPT)
    count = int(local(w, tol, codes, values))
    if count > KEPT:
        raise InputError(f"the landscape has {count:,} minima, because ties are equal",
                         expected=f"at most {KEPT:,} minima",
                         remedy="use ties of different values, or sizes")
    codes, values = codes[:count], values[:count]
    share = np.full(count, np.nan)
    if basins:
        ends = follow_moves(best_moves(w, tol), n)
        share = np.bincount(ends, minlength=1)[codes] / len(ends)
    order = np.lexsort((codes, values))
    sides = _sides(codes, n)
    return tuple(Minimum(sides[k], float(values[k]), float(share[k])) for k in order)


def number_of_minima(w: Floats) -> int:
    """Return the number of local minima of a connected network of at most `MOST` actors.

    Examples
    --------
    >>> number_of_minima(-np.array([[0, 1.0, 1], [1, 0, 1], [1, 1, 0]]))
    3
    """
    from detente.world.landscape_kernels import local

    _few_enough(len(w))
    return int(local(w, tolerance(w), np.empty(0, dtype=np.int64), np.empty(0)))


def _few_enough(n: int) -> None:
    if n > MOST:
        raise InputError(f"{n} actors have too many alignments to count",
                         expected=f"at most {MOST} connected actors",
                         remedy="use the certified best alignment instead")


@dataclass(frozen=True)
class Lowest:
    """The best alignments of a connected network.

    Attributes
    ----------
    sides : ndarray of int (k, n)
        The best alignments that were found; the last actor of each stands on side 1. Of more than
        `KEPT` only a few are kept: two actors stand alike in all of these only if they do in every
        best alignment.
    count : int
        Their number, as far as known. It may be above k if ties are equal.
    energy : float
        Their energy, counted from the sides.
    bound : float
        No alignment has a lower energy.
    proof : str
        ``all counted``, or the program that gave the bound: ``linear`` or ``integer``. A program
        finds one best alignment. Alignments that single changes without cost reach from it are
        added, and with ``pairs`` alignments that show which pairs are open; others may be equally
        good.
    slack : float
        Tolerance of the bound.
    paired : bool
        With ``pairs``, whether every pair was decided in the time allowed.
    """

    sides: Ints
    count: int
    energy: float
    bound: float
    proof: str

    slack: float = 0.0
    paired: bool = True

    @property
    def exact(self) -> bool:
        """Whether the energy is the least, and every pair that was asked for is decided."""
        return self.paired and self.bound >= self.energy - self.slack

    @property
    def counted(self) -> bool:
        """Whether all best alignments are known."""
        return self.proof == "all counted" and self.count == len(self.sides)


def lowest(w: Floats, *, pairs: bool = False, seconds: float = SECONDS) -> Lowest:
    """Return the best alignments of a connected network of any size.

    Up to `MOST` actors every alignment is counted. Beyond, a program over bad cycles or a search
    gives one best alignment with a bound: the energy is the weight that the division breaks, less
    the weight of all hostile ties (see `detente.world.cover`).

    Parameters
    ----------
    w : (n, n)
    pairs
        Beyond `MOST` actors, also find best alignments until any two actors that are not always on
        the same or always on different sides are so among those found
        (see `detente.world.equal`).
    seconds
        Longest time of the program, and again of those for the pairs.

    Examples
    --------
    >>> found = lowest(-np.array([[0, 1.0, 1], [1, 0, 1], [1, 1, 0]]))
    >>> found.energy, found.count  # two against one, in three ways
    (-2.0, 3)
    """
    n = len(w)
    if n <= MOST:
        from detente.world.landscape_kernels import best, telling

        tol, codes = tolerance(w), np.empty(max(KEPT, n), dtype=np.int64)
        least, count = best(w, tol, codes)
        kept = int(count if count <= KEPT else telling(w, tol, least, codes))
        return Lowest(_sides(codes[:kept], n), int(count), float(least), float(least),
                      "all counted")
    from detente.world.equal import one_best, witnesses

    sides, bound, slack, proof = one_best(w, seconds)
    least = energy(w, sides)
    level, paired = _level(w, sides), True
    if pairs:
        paired = bound >= least - slack
        if paired:  # alignments as good as one that is not proved to be best say nothing
            level, paired = witnesses(w, level, least, seconds)
    return Lowest(level, len(level), least, bound, proof, slack, paired)


def _level(w: Floats, sides: Ints, most: int = 512) -> Ints:
    """Return the alignments that single changes without cost reach, at most ``most`` of them."""
    tol = tolerance(w)
    found = {sides.tobytes(): sides}
    queue = [sides]
    while queue and len(found) < most:
        x = queue.pop()
        for k in np.flatnonzero(np.abs(w @ x) <= tol):
            y = x.copy()
            y[k] = -y[k]
            y *= y[-1]
            if y.tobytes() not in found:
                found[y.tobytes()] = y
                queue.append(y)
    return np.array(list(found.values())[:most])
