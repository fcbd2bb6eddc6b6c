"""Enumeration of all alignments in two blocs, and descent from one alignment.

With sides x_i = 1 or -1 and symmetric weights W the energy is the sum of W_ij over the pairs on
different sides. If i changes sides it changes by ``x_i f_i`` with ``f_i = sum_j W_ij x_j``. A
Gray code visits all alignments by single changes, so each costs one pass over a row of W and no
alignment has to be kept. The fields f are computed again every 2^10 alignments, which keeps their
rounding errors below 10^3 roundings of the largest weight.
"""

# mypy: disable-error-code="no-untyped-def,misc"
from __future__ import annotations

import numpy as np

from detente.kernel_cache import njit

__all__ = ["best", "best_moves", "descend", "energies", "follow_moves", "local", "merge",
           "telling"]

BLOCK = 10
"""Bits of a block of alignments between two exact computations of the fields."""


@njit(nogil=True)
def _begin(w, code, x, f):
    """Set sides and fields of an alignment, and return its energy."""
    n = len(x)
    for i in range(n):
        x[i] = -1.0 if i < n - 1 and (code >> i) & 1 else 1.0
    energy = 0.0
    for i in range(n):
        f[i] = 0.0
        for j in range(n):
            f[i] += w[i, j] * x[j]
            if j < i and x[i] != x[j]:
                energy += w[i, j]
    return energy


@njit(nogil=True)
def _change(w, k, x, f):
    """Let k change sides; return the change of the energy."""
    n = len(x)
    change = x[k] * f[k]
    by = -2.0 * x[k]
    x[k] = -x[k]
    for j in range(n):
        f[j] += by * w[k, j]
    return change


@njit(nogil=True)
def _low_bit(k):
    b = 0
    while not (k >> b) & 1:
        b += 1
    return b


@njit(nogil=True)
def local(w, tol, states, values):
    """Find all alignments that no single change of sides improves by more than ``tol``.

    Parameters
    ----------
    w : (n, n)
        Symmetric weights with a zero diagonal.
    states, values : (cap,)
        Filled with the codes and energies of the first minima found. Bit i of a code tells whether
        actor i is on the other side than actor n - 1.

    Returns
    -------
    int
        Number of minima, which may be above the cap.
    """
    n = len(w)
    x, f = np.empty(n), np.empty(n)
    bits = min(BLOCK, n - 1)
    count = 0
    for block in range(1 << (n - 1 - bits)):
        code = block << bits
        energy = _begin(w, code, x, f)
        for step in range(1 << bits):
            if step:
                k = _low_bit(step)
                energy += _change(w, k, x, f)
                code ^= 1 << k
            least = True
            for i in range(n):
                if x[i] * f[i] < -tol:
                    least = False
                    break
            if least:
                if count < len(states):
                    states[count], values[count] = code, energy
                count += 1
    return count


@njit(nogil=True)
def best(w, tol, states):
    """Find the least energy, and the alignments within ``tol`` of it.

    Returns
    -------
    energy : float
    count : int
        Number of alignments; the first of them are in ``states``.
    """
    n = len(w)
    x, f = np.empty(n), np.empty(n)
    bits = min(BLOCK, n - 1)
    count, least = 0, np.inf
    for block in range(1 << (n - 1 - bits)):
        code = block << bits
        energy = _begin(w, code, x, f)
        for step in range(1 << bits):
            if step:
                k = _low_bit(step)
                energy += _change(w, k, x, f)
                code ^= 1 << k
            if energy < least - tol:
                least, count = energy, 0
            if energy <= least + tol:
                if count < len(states):
                    states[count] = code
                count += 1
    return least, count


@njit(nogil=True)
def telling(w, tol, least, states):
    """Fill ``states`` with best alignments that show which pairs are not alike in all of them.

    Two actors are alike if they are always on one side, or always on different sides. The actors
    that are alike so far form groups; a best alignment that divides a group is kept. There are at
    most n groups, so at most n alignments.

    Parameters
    ----------
    least : float
        The least energy, from `best`.
    states : (n,)
        Filled with the codes.

    Returns
    -------
    int
        Number of alignments kept.
    """
    n = len(w)
    x, f = np.empty(n), np.empty(n)
    first, group = np.empty(n), np.zeros(n, dtype=np.int64)
    bits = min(BLOCK, n - 1)
    kept, groups = 0, 1
    for block in range(1 << (n - 1 - bits)):
        code = block << bits
        energy = _begin(w, code, x, f)
        for step in range(1 << bits):
            if step:
                k = _low_bit(step)
                energy += _change(w, k, x, f)
                code ^= 1 << k
            if energy > least + tol:
                continue
            if not kept:
                first[:] = x
            before = groups
            for g in range(before):
                same = 0.0
                divided = False
                for i in range(n):
                    if group[i] != g:
                        continue
                    if same == 0.0:
                        same = first[i] * x[i]
                    elif first[i] * x[i] != same:
                        group[i] = groups
                        divided = True
                if divided:
                    groups += 1
            if groups > before or not kept:
                states[kept] = code
                kept += 1
    return kept


@njit(nogil=True)
def energies(w):
    """Return the energy of every alignment, (2^(n - 1),), by its code."""
    n = len(w)
    x, f = np.empty(n), np.empty(n)
    out = np.empty(1 << (n - 1))
    for code in range(len(out)):
        out[code] = _begin(w, code, x, f)
    return out


@njit(nogil=True)
def best_moves(w, tol):
    """Return the actor whose change lowers the energy most, per alignment; -1 at a minimum.

    Of equal changes the actor that comes first is taken.
    """
    n = len(w)
    x, f = np.empty(n), np.empty(n)
    bits = min(BLOCK, n - 1)
    out = np.empty(1 << (n - 1), dtype=np.int8)
    for block in range(1 << (n - 1 - bits)):
        code = block << bits
        _begin(w, code, x, f)
        for step in range(1 << bits):
            if step:
                k = _low_bit(step)
                _change(w, k, x, f)
                code ^= 1 << k
            who, gain = -1, -tol
            for i in range(n):
                d = x[i] * f[i]
                if d < gain - (tol if who >= 0 else 0.0):
                    who, gain = i, d
            out[code] = who
    return out


@njit(nogil=True)
def follow_moves(moves, n):
    """Return the minimum in which the best moves from each alignment end, by its code."""
    size = len(moves)
    end = np.full(size, -1, dtype=np.int32)
    for start in range(size):
        code = start
        while end[code] < 0 and moves[code] >= 0:
            k = moves[code]
            code ^= (size - 1) if k == n - 1 else (1 << k)
        there = end[code] if end[code] >= 0 else code
        end[code] = there
        code = start
        while end[code] < 0:
            end[code] = there
            k = moves[code]
            code ^= (size - 1) if k == n - 1 else (1 << k)
    return end


@njit(nogil=True)
def _needed(w, i, j, s):
    """Return the absolute weight of a tie above which it decides how two actors stand."""
    one, two, differ = 0.0, 0.0, 0.0
    for k in range(len(w)):
        if k != i and k != j:
            one += abs(w[i, k])
            two += abs(w[j, k])
            differ += abs(w[i, k] - s * w[j, k])
    return min(one, two, differ / 2)


@njit(nogil=True)
def merge(w, tol, group, turn):
    """Join actors that stand alike in every best alignment; see `detente.world.merged`.

    Parameters
    ----------
    w : (n, n)
        Symmetric weights, changed: the row of a joined actor is 0.
    group, turn : (n,)
        The actors' own indices, and 1. Changed: the actor with which each is joined, and whether
        it stands on its side, 1, or on the other, -1.
    """
    n = len(w)
    joined = True
    while joined:
        joined = False
        for i in range(n):
            for j in range(i + 1, n):
                value = w[i, j]
                if value == 0.0:
                    continue
                s = 1 if value > 0.0 else -1
                if abs(value) - _needed(w, i, j, s) <= tol:
                    continue
                for k in range(n):
                    w[i, k] += s * w[j, k]
                    w[j, k] = 0.0
                for k in range(n):
                    w[k, i] = w[i, k]
                    w[k, j] = 0.0
                w[i, i] = 0.0
                for k in range(n):
                    if group[k] == j:
                        group[k] = i
                        turn[k] *= s
                joined = True


@njit(nogil=True)
def descend(w, x, fixed, tol, seed):
    """Let actors change sides, one at a time, until no change lowers the energy. Changes ``x``.

    Parameters
    ----------
    x : (n,)
        Sides, 1 or -1; 0 for an actor that is absent.
    fixed : (n,) bool
        Actors that do not move.
    seed : int
        -1: the change that lowers the energy most comes first, of equal ones that of the first
        actor. Otherwise a random one of all changes that lower it.

    Returns
    -------
    int
        Number of changes.
    """
    n = len(x)
    if seed >= 0:
        np.random.seed(seed)
    f = np.zeros(n)
    for i in range(n):
        for j in range(n):
            f[i] += w[i, j] * x[j]
    changes = 0
    while True:
        who, gain, open_ = -1, -tol, 0
        for i in range(n):
            if fixed[i] or x[i] == 0.0:
                continue
            d = x[i] * f[i]
            if d >= -tol:
                continue
            open_ += 1
            if seed >= 0:
                if np.random.randint(open_) == 0:
                    who = i
            elif d < gain - (tol if who >= 0 else 0.0):
                who, gain = i, d
        if who < 0:
            return changes
        _change(w, who, x, f)
        changes += 1
