"""One stage of the search of `detente.world.dolls`, compiled.

Weights are whole numbers, so that no sum has an error.
"""

# mypy: disable-error-code="no-untyped-def,misc"
from __future__ import annotations

import numpy as np

from detente.kernel_cache import njit

__all__ = ["stage"]


@njit(nogil=True)
def _place(w, blocs, k, most):
    """Put actor k into the bloc that suits it best, and return the weight that this breaks."""
    n = len(w)
    inside = np.zeros(n + 1, dtype=np.int64)
    count, friendly = 0, 0
    for u in range(k + 1, n):
        inside[blocs[u]] += w[k, u]
        count = max(count, blocs[u] + 1)
        friendly += max(w[k, u], 0)
    here = 0 if count >= most else count
    for b in range(count):
        if inside[b] > inside[here]:
            here = b
    blocs[k] = here
    return friendly - inside[here]


@njit(nogil=True)
def _join(w, later, number, b, by, inside, friendly, bears, count, most):
    """Let an actor count in bloc b for the later ones it has ties with; by = -1 undoes it.

    ``w`` is the actor's row. Entry u of ``bears`` is the weight that actor u breaks at least with
    the actors that have a bloc. Returned is by how much the sum of ``bears`` changes.
    """
    change = 0
    for e in range(number):
        u = later[e]
        inside[b, u] += by * w[u]
        if w[u] > 0:
            friendly[u] += by * w[u]
        top = inside[0, u]
        for c in range(1, count):
            if inside[c, u] > top:
                top = inside[c, u]
        if top < 0 and count < most:
            top = 0  # a bloc of its own
        change += friendly[u] - top - bears[u]
        bears[u] = friendly[u] - top
    return change


@njit(nogil=True)
def _choices(inside, d, count, most, order):
    """Fill the blocs that actor d may join, the one that breaks least first; return their number.

    A bloc without members has 0 inside.
    """
    number = count + 1 if count < most else count
    for b in range(number):
        at = b
        while at > 0 and inside[order[d, at - 1], d] < inside[b, d]:
            order[d, at] = order[d, at - 1]
            at -= 1
        order[d, at] = b
    return number


@njit(nogil=True)
def stage(w, later, number, k, most, least, blocs, limit):
    """Find the best division of the actors from k on.

    Parameters
    ----------
    w : ndarray of int (n, n)
        Symmetric weights with a zero diagonal.
    later, number : ndarray of int (n, n), (n,)
        The later actors with which each has a tie, and how many they are.
    k : int
    most : int
        Greatest number of blocs.
    least : ndarray of int (n + 1,)
        Entry j is the least weight that the actors from j on break among themselves, known from
        k + 1 on. Entry k is filled.
    blocs : ndarray of int (n,)
        A best division of the actors from k + 1 on. Changed to one from k on.
    limit : int
        Number of choices after which the search ends.

    Returns
    -------
    int
        Number of choices, or -1 if the search ended at the limit. Entry k of ``least`` is then the
        weight that the division found breaks.
    """
    n = len(w)
    found = least[k + 1] + _place(w, blocs, k, most)
    if found == least[k + 1]:  # the actors from k + 1 on break this much anyway
        least[k] = found
        return 0
    inside, friendly = np.zeros((n + 1, n), dtype=np.int64), np.zeros(n, dtype=np.int64)
    bears, order = np.zeros(n, dtype=np.int64), np.zeros((n, n + 1), dtype=np.int64)
    chosen, best = np.full(n, -1, dtype=np.int64), blocs.copy()
    options, at = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    count, broken = np.zeros(n + 1, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
    choices = ahead = 0  # ``ahead``: the sum of ``bears`` of the actors after d
    d = k
    options[d] = 1
    while d >= k and found > least[k + 1]:
        if chosen[d] >= 0:
            b = chosen[d]
            chosen[d] = -1
            ahead += _join(w[d], later[d], number[d], b, -1, inside, friendly, bears,
                           max(count[d], b + 1), most)
        if at[d] >= options[d]:
            ahead += bears[d]
            d -= 1
            continue
        b = order[d, at[d]]
        at[d] += 1
        now = broken[d] + friendly[d] - inside[b, d]
        if now + least[d + 1] >= found:
            at[d] = options[d]  # the other blocs break more
            continue
        if choices >= limit:
            least[k], blocs[:] = found, best
            return -1
        choices += 1
        chosen[d] = b
        held = max(count[d], b + 1)
        ahead += _join(w[d], later[d], number[d], b, 1, inside, friendly, bears, held, most)
        if now + least[d + 1] + ahead >= found:
            continue
        if d == n - 1:
            found = now
            best[k:] = chosen[k:]
            continue
        d += 1
        ahead -= bears[d]
        count[d], broken[d], at[d] = held, now, 0
        options[d] = _choices(inside, d, held, most, order)
    least[k], blocs[:] = found, best
    return choices
