"""The best division of a signed network, proved by a search that leaves no division out.

A Russian doll search [verfaillie-1996]: the best division of the last actor is found, then of the
last two, and so on to all. Each search gives the actors their blocs one after the other. It turns
back where the ties broken so far, the fewest that each later actor can break with those before it,
and the fewest that the later actors break among themselves, which an earlier search has proved,
add up to as many as the best division found breaks.

The cost does not depend on a linear bound, which is low in dense networks: 40 actors with random
ties in two blocs take less than a second. So do the states of a year.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from detente.arrays import Floats, Ints

__all__ = ["Searched", "searched"]

FIRST = 0.25
"""Part of the choices in which the actors with the heaviest ties come first. If they do not
suffice, each actor is followed by the one with the heaviest ties to those before it."""
FINE = 2.0**40
"""Sum of all weights after they have been scaled to whole numbers, if they are not whole."""


@dataclass(frozen=True)
class Searched:
    """The best division that the search found, and the bound that it proves.

    Attributes
    ----------
    blocs : ndarray of int (n,)
    bound : float
        No division breaks less.
    complete : bool
        Whether the search came to its end, so that the division is a best one.
    """

    blocs: Ints
    bound: float
    complete: bool


def searched(
    w: Floats, *, many: bool = False, choices: int = 1_000_000, until: float = float("inf")
) -> Searched:
    """Return a best division of a network with weights.

    Parameters
    ----------
    w : (n, n)
        Symmetric weights with a zero diagonal, positive between friends.
    many
        Whether any number of blocs is allowed; otherwise two (of which one may be empty).
    choices
        Number of choices of a bloc after which the search ends. A million take about .3 s.
    until
        Time of the monotonic clock at which no further actor is added.

    Examples
    --------
    >>> found = searched(np.array([[0, -1, -1.0], [-1, 0, -2], [-1, -2, 0]]))
    >>> found.bound, found.complete
    (1.0, True)
    """
    rounded, scale, error = _whole(w)
    heavy = np.argsort(-np.abs(rounded).sum(axis=0), kind="stable")
    blocs, bound, left = _stages(rounded, heavy, many, int(FIRST * choices), until)
    if left < 0:
        other, more, left = _stages(rounded, _grown(rounded), many,
                                    choices - int(FIRST * choices), until)
        if left >= 0 or more > bound:
            blocs, bound = other, more
    return Searched(blocs, max(0.0, bound / scale - error), left >= 0)


def _stages(
    w: Ints, order: Ints, many: bool, choices: int, until: float
) -> tuple[Ints, int, int]:
    """Return the division, the bound, and the choices that are left, -1 if they did not suffice."""
    from detente.world.dolls_kernels import stage

    n = len(w)
    turned = np.ascontiguousarray(w[np.ix_(order, order)])
    ties = np.triu(turned, 1) != 0
    later, number = np.argsort(~ties, axis=1, kind="stable"), ties.sum(axis=1)
    least, blocs = np.zeros(n + 1, dtype=np.int64), np.zeros(n, dtype=np.int64)
    bound = 0
    for k in reversed(range(n)):
        if time.monotonic() >= until:
            choices = -1
        # without choices the first of the actors that are left joins as it likes best
        used = int(stage(turned, later, number, k, n if many else 2, least, blocs,
                         max(choices, 0)))
        choices = -1 if used < 0 else choices - used
        if choices >= 0:
            bound = int(least[k])
    out = np.empty(n, dtype=np.int64)
    out[order] = blocs
    return out, bound, choices


def _grown(w: Ints) -> Ints:
    """Return an order in which each actor is the one with the heaviest ties to those before it."""
    size = np.abs(w).astype(float)
    score = size.sum(axis=0) / (1.0 + size.sum())  # less than 1: it decides between equal ones
    out = np.empty(len(w), dtype=np.int64)
    for k in range(len(w)):
        out[k] = v = int(np.argmax(score))
        score += size[v]
        score[v] = -np.inf
    return out


def _whole(w: Floats) -> tuple[Ints, float, float]:
    """Return whole weights, their scale, and by how much a sum of some may be wrong because of it.

    Examples
    --------
    >>> _whole(np.array([[0, 2.0], [2, 0]]))[0].tolist()
    [[0, 2], [2, 0]]
    >>> _, scale, error = _whole(np.array([[0, -0.1], [-0.1, 0]]))
    >>> float(error * scale)  # half a unit per tie
    0.5
    """
    total = float(np.abs(w).sum()) / 2
    if total < FINE and (w == np.round(w)).all():
        return w.astype(np.int64), 1.0, 0.0
    scale = FINE / total
    return np.round(w * scale).astype(np.int64), scale, np.count_nonzero(w) / (4 * scale)
