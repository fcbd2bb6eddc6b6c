"""Predictive CFR+ in the floored game, on the sequence form of a public tree.

Every player keeps a regret for each (sequence, type). One update of player i is one pass up its own
sequences: the value of a sequence is the sum over its cells of payoff times the public probability
that the others play towards the cell, plus the values of the menus below it. It neither enumerates
type profiles nor visits the others' nodes.

The mix is ``(1 - epsilon) * d + epsilon * w`` with w the menu weights and d proportional to
``w * max(regret + prediction, 0)``. Because of the weights, a move that is listed twice changes
neither the limit nor any iteration. The prediction is the last regret (Farina, Kroer & Sandholm
2021). Averages are weighted by the square of the iteration.

Arrays over sequences hold all players' sequences one after the other, ``(K, W)`` with W the number
of types rounded up to whole vectors; columns beyond a player's types have prior and payoff 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.kernel_cache import njit

__all__ = ["CELL", "COLUMNS", "MENU", "MENUS", "OTHER", "PAY", "SEQ", "SEQS", "forward", "gaps",
           "iterate"]

SEQS, MENUS, SEQ, MENU, CELL, PAY, OTHER, COLUMNS = range(8)
"""Columns of ``meta``, a row per player: numbers of sequences and menus; first rows of its
sequences, menus, cells and payoffs; the other player's number of types if payoffs depend on it, or
0.
"""

ZERO, ONE = np.uint64(0), np.uint64(1)
"""Indices are unsigned: signed ones cost a test at every access."""

compiled: Any = njit(
    nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz", "arcp"}
)


@compiled  # type: ignore[untyped-decorator]
def _worth(i: Any, meta: Any, ends: Any, X: Any, px: Any, v: Any) -> None:
    """Set v to the values of player i's cells against the others' strategies."""
    cells, others, payoff = ends
    T = v.shape[1]
    row = i if X.shape[0] > 1 else ZERO
    types, cell, pay = meta[i, OTHER], meta[i, CELL], meta[i, PAY]
    for s in range(meta[i, SEQ], meta[i, SEQ] + meta[i, SEQS]):
        for t in range(T):
            v[s, t] = 0.0
        for k in range(cells[s + i], cells[s + i + ONE]):
            if types == 0:
                p = 1.0
                for j in range(others.shape[1]):
                    p *= X[row, others[cell + k, j]]
                for t in range(T):
                    v[s, t] += p * payoff[pay + k, t]
            else:
                there = others[cell + k, 0]
                for u in range(types):
                    p = px[there, u]
                    for t in range(T):
                        v[s, t] += p * payoff[pay + k * types + u, t]


@compiled  # type: ignore[untyped-decorator]
def _plan(i: Any, epsilon: Any, meta: Any, menus: Any, weight: Any, prior: Any, now: Any,
          total: Any, by: Any) -> None:
    """Pass down: player i's realisation plan x, its public sums X, and the running average."""
    first, count, parent, fixed = menus
    d, x, X, px = now
    T = x.shape[1]
    begin = meta[i, MENU]
    for g in range(begin, begin + meta[i, MENUS]):
        up = parent[g]
        keep = 1.0 if fixed[g] else 1.0 - epsilon
        floor = 0.0 if fixed[g] else epsilon
        for s in range(first[g], first[g] + count[g]):
            w = floor * weight[s]
            for t in range(T):
                x[s, t] = x[up, t] * (keep * d[s, t] + w)
            for t in range(T):
                total[s, t] += by * x[s, t]
            for k in range(X.shape[0]):
                a = 0.0
                for t in range(T):
                    a += prior[k, i, t] * x[s, t]
                X[k, s] = a
    if px.shape[0] > 1:
        row = ONE - i if X.shape[0] > 1 else ZERO
        for s in range(meta[i, SEQ], meta[i, SEQ] + meta[i, SEQS]):
            for t in range(T):
                px[s, t] = prior[row, i, t] * x[s, t]


@compiled  # type: ignore[untyped-decorator]
def forward(epsilon: Any, meta: Any, menus: Any, weight: Any, prior: Any, now: Any, total: Any,
            by: Any) -> None:
    """Fill every player's plan and its public sums; sequence 0 has probability 1."""
    _, x, X, _ = now
    for j in range(meta.shape[0]):
        i = np.uint64(j)
        for t in range(x.shape[1]):
            x[meta[i, SEQ], t] = 1.0
        for k in range(X.shape[0]):
            X[k, meta[i, SEQ]] = 1.0
        _plan(i, epsilon, meta, menus, weight, prior, now, total, by)


@compiled  # type: ignore[untyped-decorator]
def _learn(i: Any, epsilon: Any, meta: Any, menus: Any, ends: Any, weight: Any, now: Any, v: Any,
           z: Any, scratch: Any) -> None:
    """Pass up: player i's values under the current mixes, then its regrets and new mixes."""
    first, count, parent, fixed = menus
    d, _, X, px = now
    T = v.shape[1]
    mean, base, mass, none = scratch[0], scratch[1], scratch[2], scratch[3]
    _worth(i, meta, ends, X, px, v)
    last = meta[i, MENU] + meta[i, MENUS] - ONE
    for back in range(meta[i, MENUS]):
        g = last - back
        up, a, b = parent[g], first[g], first[g] + count[g]
        for t in range(T):
            mean[t] = 0.0
            base[t] = 0.0
            mass[t] = 0.0
        for s in range(a, b):
            w = weight[s]
            for t in range(T):
                mean[t] += d[s, t] * v[s, t]
                base[t] += w * v[s, t]
        if fixed[g]:
            for t in range(T):
                v[up, t] += mean[t]
            continue
        for t in range(T):
            v[up, t] += (1.0 - epsilon) * mean[t] + epsilon * base[t]
        for s in range(a, b):
            w = weight[s]
            for t in range(T):
                r = v[s, t] - mean[t]
                y = max(z[s, t] + r, 0.0)
                z[s, t] = y
                y = w * max(y + r, 0.0)
                d[s, t] = y
                mass[t] += y
        for t in range(T):
            empty = mass[t] <= 0.0
            none[t] = 1.0 if empty else 0.0
            mass[t] = 1.0 / (1.0 if empty else mass[t])
        for s in range(a, b):
            w = weight[s]
            for t in range(T):
                d[s, t] = d[s, t] * mass[t] + none[t] * w


@compiled  # type: ignore[untyped-decorator]
def iterate(steps: Any, begin: Any, epsilon: Any, meta: Any, menus: Any, ends: Any, weight: Any,
            prior: Any, now: Any, total: Any, v: Any, z: Any) -> None:
    """Run iterations ``begin .. begin + steps - 1``, players in turn; average into ``total``."""
    scratch = np.empty((4, v.shape[1]))
    for n in range(begin, begin + steps):
        by = float(n) * float(n)
        for j in range(meta.shape[0]):
            i = np.uint64(j)
            _learn(i, epsilon, meta, menus, ends, weight, now, v, z, scratch)
            _plan(i, epsilon, meta, menus, weight, prior, now, total, by)


@compiled  # type: ignore[untyped-decorator]
def gaps(epsilon: Any, meta: Any, menus: Any, ends: Any, weight: Any, prior: Any, now: Any, v: Any,
         best: Any) -> Any:
    """Return each player's gain from its best reply within the floor; the sum is NashConv."""
    first, count, parent, fixed = menus
    d, _, X, px = now
    players = meta.shape[0]
    gain = np.zeros(players)
    for j in range(players):
        i = np.uint64(j)
        row = i if X.shape[0] > 1 else ZERO
        root = meta[i, SEQ]
        _worth(i, meta, ends, X, px, v)
        for s in range(root, root + meta[i, SEQS]):
            for t in range(v.shape[1]):
                best[s, t] = v[s, t]
        last = meta[i, MENU] + meta[i, MENUS] - ONE
        for back in range(meta[i, MENUS]):
            g = last - back
            keep = 1.0 if fixed[g] else 1.0 - epsilon
            floor = 0.0 if fixed[g] else epsilon
            for t in range(v.shape[1]):
                top, luck, base = -np.inf, 0.0, 0.0
                for s in range(first[g], first[g] + count[g]):
                    w = floor * weight[s]
                    v[parent[g], t] += (keep * d[s, t] + w) * v[s, t]
                    luck += d[s, t] * best[s, t]
                    base += w * best[s, t]
                    top = max(top, best[s, t])
                best[parent[g], t] += luck if fixed[g] else keep * top + base
        for t in range(v.shape[1]):
            gain[j] += prior[row, i, t] * (best[root, t] - v[root, t])
    return gain
