"""Predictive CFR+ in the floored game, on the sequence form of a public tree.

Every player keeps a regret for each (sequence, type). One update of player i is one pass up its own
sequences: the value of a sequence is the sum over its cells of payoff times the public probability
that the others play towards the cell, plus the values of the menus below it. No walk over type
profiles, and no visit to the others' nodes.

The mix is ``(1 - epsilon) * d + epsilon * w`` with w the menu weights and d proportional to
``w * max(regret + prediction, 0)``; the weights make the algorithm, and not only its limit,
indifferent to a move listed twice. The prediction is the last regret (Farina, Kroer & Sandholm
2021); averages are weighted by the square of the iteration.

Arrays are flat: player i's value for sequence s and type t is at ``meta[i, AT] + s * T_i + t``, its
sequences stand at ``meta[i, SEQ] + s`` in arrays over all players' sequences.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["AT", "CELL", "COLUMNS", "MENU", "MENUS", "OTHER", "PAY", "SEQ", "SEQS", "TYPES",
           "forward", "gaps", "iterate"]

TYPES, SEQS, MENUS, SEQ, MENU, AT, CELL, PAY, OTHER, COLUMNS = range(10)
"""Columns of ``meta``: counts of types, sequences and menus; where the player's sequences, menus,
values, cells and payoffs begin; the other player's number of types if payoffs depend on it, or 0."""


@njit(cache=True, nogil=True, error_model="numpy")
def _collect(i, s, meta, cells, cell_last, payoff, X, px, v):  # type: ignore[no-untyped-def]  # noqa: E501
    """Add to v what the cells of player i's sequence s are worth, given how the others play."""
    types = meta[i, TYPES]
    players = cell_last.shape[1]
    other = meta[i, OTHER]
    at = meta[i, AT] + s * types
    begin = meta[i, SEQ] + i + s
    for k in range(cells[begin], cells[begin + 1]):
        row = meta[i, CELL] + k
        pay = meta[i, PAY] + k * types * max(other, 1)
        if other == 0:
            p = 1.0
            for j in range(players):
                if j != i:
                    p *= X[cell_last[row, j]]
            for t in range(types):
                v[at + t] += p * payoff[pay + t]
        else:
            j = 1 - i
            o = meta[j, AT] + (cell_last[row, j] - meta[j, SEQ]) * other
            for t in range(types):
                a = 0.0
                for u in range(other):
                    a += px[o + u] * payoff[pay + t * other + u]
                v[at + t] += a


@njit(cache=True, nogil=True, error_model="numpy")
def _plan(i, epsilon, meta, first, count, parent, fixed, weight, prior, d, x, X, px, total, by):  # type: ignore[no-untyped-def]  # noqa: E501
    """Pass down: realisation plans x from the mixes, their public sums X, and the average."""
    types, seq, at = meta[i, TYPES], meta[i, SEQ], meta[i, AT]
    rows = X.shape[0]
    for g in range(meta[i, MENU], meta[i, MENU] + meta[i, MENUS]):
        up = at + parent[g] * types
        for s in range(first[g], first[g] + count[g]):
            here = at + s * types
            floor = 0.0
            keep = 1.0
            if not fixed[g]:
                floor = epsilon * weight[seq + s]
                keep = 1.0 - epsilon
            for t in range(types):
                y = x[up + t] * (keep * d[here + t] + floor)
                x[here + t] = y
                total[here + t] += by * y
            for k in range(rows):
                a = 0.0
                for t in range(types):
                    a += prior[k, i, t] * x[here + t]
                X[k, seq + s] = a
            if px.shape[0] > 1:
                k = min(1 - i, rows - 1)
                for t in range(types):
                    px[here + t] = prior[k, i, t] * x[here + t]


@njit(cache=True, nogil=True, error_model="numpy")
def forward(epsilon, meta, first, count, parent, fixed, weight, prior, d, x, X, px, total, by):  # type: ignore[no-untyped-def]  # noqa: E501
    """Fill every player's plans and their public sums; sequence 0 has probability 1."""
    for i in range(meta.shape[0]):
        types = meta[i, TYPES]
        for t in range(types):
            x[meta[i, AT] + t] = 1.0
            if px.shape[0] > 1:
                px[meta[i, AT] + t] = prior[min(1 - i, X.shape[0] - 1), i, t]
        for k in range(X.shape[0]):
            X[k, meta[i, SEQ]] = 1.0
        _plan(i, epsilon, meta, first, count, parent, fixed, weight, prior, d, x, X, px, total, by)


@njit(cache=True, nogil=True, error_model="numpy")
def _learn(i, epsilon, meta, first, count, parent, fixed, cells, cell_last, payoff, weight, X, px, v, z, d):  # type: ignore[no-untyped-def]  # noqa: E501
    """Pass up: player i's values under the current mixes, then its regrets and new mixes."""
    types, seq, at = meta[i, TYPES], meta[i, SEQ], meta[i, AT]
    mean = np.empty(types)
    base = np.empty(types)
    mass = np.empty(types)
    v[at : at + meta[i, SEQS] * types] = 0.0
    for g in range(meta[i, MENU] + meta[i, MENUS] - 1, meta[i, MENU] - 1, -1):
        up = at + parent[g] * types
        mean[:] = 0.0
        base[:] = 0.0
        for s in range(first[g], first[g] + count[g]):
            _collect(i, s, meta, cells, cell_last, payoff, X, px, v)
            here = at + s * types
            w = weight[seq + s]
            for t in range(types):
                mean[t] += d[here + t] * v[here + t]
                base[t] += w * v[here + t]
        if fixed[g]:
            for t in range(types):
                v[up + t] += mean[t]
            continue
        mass[:] = 0.0
        for t in range(types):
            v[up + t] += (1.0 - epsilon) * mean[t] + epsilon * base[t]
        for s in range(first[g], first[g] + count[g]):
            here = at + s * types
            w = weight[seq + s]
            for t in range(types):
                r = v[here + t] - mean[t]
                a = max(z[here + t] + r, 0.0)
                z[here + t] = a
                b = w * max(a + r, 0.0)
                d[here + t] = b
                mass[t] += b
        for s in range(first[g], first[g] + count[g]):
            here = at + s * types
            w = weight[seq + s]
            for t in range(types):
                if mass[t] > 0.0:
                    d[here + t] /= mass[t]
                else:
                    d[here + t] = w


@njit(cache=True, nogil=True, error_model="numpy")
def iterate(steps, begin, epsilon, meta, first, count, parent, fixed, cells, cell_last, payoff, weight, prior, z, d, x, X, px, total, v):  # type: ignore[no-untyped-def]  # noqa: E501
    """Run iterations ``begin .. begin + steps - 1``, players in turn; average into ``total``."""
    unlike = X.shape[0] > 1
    for n in range(begin, begin + steps):
        by = float(n) * float(n)
        for i in range(meta.shape[0]):
            row = X[i] if unlike else X[0]
            _learn(i, epsilon, meta, first, count, parent, fixed, cells, cell_last, payoff, weight,
                   row, px, v, z, d)
            _plan(i, epsilon, meta, first, count, parent, fixed, weight, prior, d, x, X, px,
                  total, by)


@njit(cache=True, nogil=True, error_model="numpy")
def gaps(epsilon, meta, first, count, parent, fixed, cells, cell_last, payoff, weight, prior, d, X, px, v, best):  # type: ignore[no-untyped-def]  # noqa: E501
    """Return each player's gain from its best reply within the floor; the sum is NashConv."""
    players = meta.shape[0]
    gain = np.zeros(players)
    for i in range(players):
        row = X[i] if X.shape[0] > 1 else X[0]
        types, seq, at = meta[i, TYPES], meta[i, SEQ], meta[i, AT]
        v[at : at + meta[i, SEQS] * types] = 0.0
        best[at : at + meta[i, SEQS] * types] = 0.0
        for g in range(meta[i, MENU] + meta[i, MENUS] - 1, meta[i, MENU] - 1, -1):
            up = at + parent[g] * types
            for s in range(first[g], first[g] + count[g]):
                here = at + s * types
                for t in range(types):
                    best[here + t] -= v[here + t]
                _collect(i, s, meta, cells, cell_last, payoff, row, px, v)
                for t in range(types):
                    best[here + t] += v[here + t]
            for t in range(types):
                top = -np.inf
                mean = 0.0
                base = 0.0
                worth = 0.0
                for s in range(first[g], first[g] + count[g]):
                    here = at + s * types + t
                    w = weight[seq + s]
                    mean += d[here] * v[here]
                    worth += w * v[here]
                    base += w * best[here]
                    top = max(top, best[here])
                if fixed[g]:
                    v[up + t] += mean
                    a = 0.0
                    for s in range(first[g], first[g] + count[g]):
                        a += d[at + s * types + t] * best[at + s * types + t]
                    best[up + t] += a
                else:
                    v[up + t] += (1.0 - epsilon) * mean + epsilon * worth
                    best[up + t] += (1.0 - epsilon) * top + epsilon * base
        own = min(i, X.shape[0] - 1)
        for t in range(types):
            gain[i] += prior[own, i, t] * (best[at + t] - v[at + t])
    return gain
