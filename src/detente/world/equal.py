"""Equally good alignments of a network that is too large to count them all.

`detente.world.cover` gives one best alignment. If ties are equal there may be
others, and the one that is found depends on the order of the actors. Actors that stand alike by
arithmetic alone become one (`detente.world.merged`). If few are left, all alignments are counted.
Otherwise it is sought again for two actors that stand alike in all alignments found, with
the two joined the other way. If that is as good, another best alignment is found; if it is worse,
they stand so in every best alignment. At most two solutions per actor decide all pairs.
"""

from __future__ import annotations

import time

import numpy as np

from detente.arrays import Floats, Ints
from detente.world.cover import TIGHT, smallest_cover
from detente.world.dolls import searched
from detente.world.merged import merged
from detente.world.proved import SECONDS

__all__ = ["one_best", "witnesses"]

SAME = 1e-9
"""Part of the sum of all weights by which equal energies may differ; see `landscape.tolerance`."""
FEW = 20
"""Most actors whose alignments are all counted here, which takes about as long as one program."""


def one_best(w: Floats, seconds: float = SECONDS) -> tuple[Ints, float, float, str]:
    """Return a best alignment, the bound of its energy, the bound's tolerance, and its proof.

    If the time ends first, the alignment is the best one found, and its energy is above the bound.

    Examples
    --------
    >>> sides, bound, slack, proof = one_best(np.array([[0, -2.0], [-2, 0]]))
    >>> sides.tolist(), bound, slack < 1e-5
    ([-1, 1], -2.0, True)
    """
    found = merged(w, _tolerance(w))
    small, bound, slack, proof = _program(found.w, seconds)
    sides = found.expanded(small)
    return sides, bound + _energy(w, sides) - _energy(found.w, small), slack, proof


def _program(w: Floats, seconds: float) -> tuple[Ints, float, float, str]:
    """Return what `one_best` does, for actors of which none become one."""
    i, j = np.nonzero(np.triu(w))
    values = w[i, j]
    if not len(values):
        return np.ones(len(w), dtype=np.int64), 0.0, 0.0, "linear"
    # the program's tolerances are absolute, so weights have a mean of 1
    scale = float(np.abs(values).mean())
    found = smallest_cover(len(w), np.column_stack([i, j]), np.where(values > 0, 1, -1),
                           np.abs(values) / scale, seconds=seconds)
    sides = np.where(found.blocs == found.blocs[-1], 1, -1).astype(np.int64)
    hostile = float(-values[values < 0].sum())
    return (sides, found.bound * scale - hostile, scale * TIGHT * max(1.0, found.broken),
            found.proof)


def _searched(w: Floats, seconds: float) -> tuple[Ints, float, float]:
    """Return a best alignment, its bound and the bound's tolerance, mostly without a program."""
    found = searched(w, until=time.monotonic() + seconds)
    if not found.complete:
        return _program(w, seconds)[:3]
    hostile = float(-w[w < 0].sum()) / 2
    sides = np.where(found.blocs == found.blocs[-1], 1, -1).astype(np.int64)
    return sides, found.bound - hostile, TIGHT * float(np.abs(w).sum()) / w.size


def witnesses(
    w: Floats, sides: Ints, least: float, seconds: float = SECONDS
) -> tuple[Ints, bool]:
    """Return best alignments that show every pair which is not the same in all best ones.

    Parameters
    ----------
    w : (n, n)
        Symmetric weights of a connected network.
    sides : (k, n)
        Best alignments.
    least : float
        Their energy.
    seconds : float
        Longest time of all programs together.

    Returns
    -------
    found : ndarray of int (K, n)
        Best alignments. Two actors stand alike in all of them only if they do in every best
        alignment.
    proved : bool
        Whether that holds. It is false if the time ended first.

    Examples
    --------
    A chain a - b - c of friends, and d, drawn equally to the enemies a and e:

    >>> w = np.zeros((5, 5))
    >>> for i, j, v in ((0, 1, 1), (1, 2, 1), (0, 4, -3), (0, 3, 1), (3, 4, 1)):
    ...     w[i, j] = w[j, i] = v
    >>> witnesses(w, np.array([[-1, -1, -1, -1, 1]]), -2.0)[0].tolist()
    [[-1, -1, -1, -1, 1], [-1, -1, -1, 1, 1]]
    """
    found = merged(w, _tolerance(w))
    if len(found.w) <= FEW:
        return found.expanded(_counted(found.w, _tolerance(w))), True
    small = sides[:, found.first]
    constant = _energy(w, sides[0]) - _energy(found.w, small[0])
    made, proved = _compared(found.w, small, least - constant, _tolerance(w), seconds)
    return found.expanded(made), proved


def _counted(w: Floats, tol: float) -> Ints:
    """Return best alignments that show every pair which is not alike in all, by counting."""
    from detente.world.landscape_kernels import best, telling

    n, codes = len(w), np.empty(len(w), dtype=np.int64)
    least, _ = best(w, tol, codes)
    kept = int(telling(w, tol, least, codes))
    return np.asarray(1 - 2 * ((codes[:kept, None] >> np.arange(n)) & 1), dtype=np.int64)


def _compared(
    w: Floats, sides: Ints, least: float, tol: float, seconds: float
) -> tuple[Ints, bool]:
    """Return the same by programs, one or more for each actor."""
    held = list(sides)
    same = list(range(len(w)))  # the first actor with which each one's relation is proved
    until = time.monotonic() + seconds
    while True:
        pair = _unproved(np.array(held), same)
        if pair is None:
            return np.array(held), True
        first, other = pair
        other_way = -int(held[0][first] * held[0][other])
        left = until - time.monotonic()
        if left <= 0:
            return np.array(held), False
        made, energy, gap, slack = _tied(w, first, other, other_way, left)
        if energy <= least + max(tol, slack * 1e-3):
            held.append(made)
        elif gap <= slack or energy - gap > least + slack:
            old, new = same[other], same[first]
            same = [new if x == old else x for x in same]
        else:  # the time ended, and the bound leaves room for an alignment as good
            return np.array(held), False


def _unproved(held: Ints, same: list[int]) -> tuple[int, int] | None:
    """Return two actors that stand alike in all alignments found, without a proof."""
    seen: dict[bytes, int] = {}
    for k in range(held.shape[1]):
        column = (held[:, k] * held[0, k]).tobytes()
        first = seen.setdefault(column, k)
        if same[first] != same[k]:
            return first, k
    return None


def _tied(
    w: Floats, first: int, other: int, sign: int, seconds: float
) -> tuple[Ints, float, float, float]:
    """Return the best alignment with ``other`` on the side of ``first``, or opposite to it.

    The other values are its energy, by how much the program's bound is lower, and the tolerance
    of the bound.
    """
    small = w.copy()
    small[first] += sign * w[other]
    small[:, first] += sign * w[:, other]
    small[first, first] = 0.0
    keep = np.delete(np.arange(len(w)), other)
    small = small[np.ix_(keep, keep)]
    small[np.abs(small) <= 1e-12 * np.abs(w).max()] = 0.0
    made, bound, slack = _searched(small, seconds)
    sides = np.zeros(len(w), dtype=np.int64)
    sides[keep] = made
    sides[other] = sign * sides[first]
    sides *= sides[-1]
    return sides, _energy(w, sides), _energy(small, made) - bound, slack


def _tolerance(w: Floats) -> float:
    return SAME * float(np.abs(w).sum()) / 2


def _energy(w: Floats, sides: Ints) -> float:
    return float(w[np.not_equal.outer(sides, sides)].sum() / 2)
