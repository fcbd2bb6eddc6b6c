"""Predictive CFR+ in the floored game, on the sequence form of a public tree.

Every player keeps a regret for each (sequence, type). One update of player i is one pass up its own
sequences: the value of a sequence is the sum over its cells of payoff times the public probability
that the others play towards the cell, plus the values of the menus below it. It neither enumerates
type profiles nor visits the others' nodes.

The mix is ``(1 - epsilon) * d + epsilon * w`` with w the menu weights and d proportional to
``w * max(regret + prediction, 0)``. Because of the weights, a move that is listed twice changes
neither the limit nor any iteration. The prediction is the last regret (Farina, Kroer & Sandholm
2021). Averages are weighted by the square of the iteration.

Tables over sequences have a row for four types, ``(rows, 4)``: a player with seven types has two
rows for each of its sequences, one after the other, and the players' rows follow each other. Types
beyond a player's own have prior and payoff 0. Rows are the short vectors of
`detente.equilibrium.kernels.vectors`. They need 40 to 60 % of the time of loops over types that all
players' tables have in common (caucasus-2025, with 7, 10, 1 and 1 types; cuba-1962, with 2 and 2).
"""

# mypy: disable-error-code="call-arg,var-annotated,no-untyped-def,misc"
from __future__ import annotations

from typing import Any

import numpy as np

from detente.equilibrium.kernels.vectors import (
    add,
    divide,
    fill,
    fma,
    maximum,
    mul,
    store,
    sub,
    total,
)
from detente.equilibrium.kernels.vectors import load as row
from detente.kernel_cache import njit

__all__ = ["BLOCKS", "CELL", "COLUMNS", "HEAD", "MENU", "MENUS", "OTHER", "PAY", "ROW", "SEQ",
           "SEQS", "TYPES", "average", "current", "enter", "forward", "gaps", "iterate", "regrets"]

SEQS, MENUS, SEQ, MENU, CELL, PAY, OTHER, BLOCKS, ROW, HEAD, COLUMNS = range(11)
"""Columns of ``meta``, a row per player: numbers of sequences and menus; first ones of its
sequences, menus, cells and rows of payoffs; the other player's number of types if payoffs depend on
it, or 0; rows of each sequence; first row of its sequences, and of its priors.
"""

TYPES = 4
"""Types in a row."""
WIDE = (0,) * TYPES
ZERO, ONE = np.uint64(0), np.uint64(1)
"""Indices are unsigned: signed ones cost a test at every access."""
FOUR = np.uint64(TYPES)
TINY = 1e-290
"""Weight of the menu weights in a mix: it decides only if no move has a regret."""

compiled: Any = njit(nogil=True, error_model="numpy", fastmath={"contract"})


@compiled
def _worth(i, meta, ends, X, px, v, odds):
    """Set v to the values of player i's cells against the others' strategies."""
    cells, others, payoff = ends
    view = i if X.shape[0] > 1 else ZERO
    types, cell, pay, blocks = meta[i, OTHER], meta[i, CELL], meta[i, PAY], meta[i, BLOCKS]
    to = meta[i, ROW]
    for s in range(meta[i, SEQ] + i, meta[i, SEQ] + i + meta[i, SEQS]):
        start, stop = cells[s], cells[s + ONE]
        if types == 0:
            for k in range(start, stop):
                p = 1.0
                for j in range(others.shape[1]):
                    p *= X[view, others[cell + k, j]]
                odds[k] = p
            for b in range(blocks):
                e = fill(0.0, WIDE)
                for k in range(start, stop):
                    e = fma(fill(odds[k], WIDE), row(payoff, pay + k * blocks + b, ZERO, WIDE), e)
                store(v, to + b, ZERO, e)
        else:
            for b in range(blocks):
                e = fill(0.0, WIDE)
                for k in range(start, stop):
                    there = others[cell + k, ZERO]
                    for u in range(types):
                        e = fma(fill(px[there + u // FOUR, u % FOUR], WIDE),
                                row(payoff, pay + (k * types + u) * blocks + b, ZERO, WIDE), e)
                store(v, to + b, ZERO, e)
        to += blocks


@compiled
def _plan(i, epsilon, meta, menus, weight, prior, now, summed, by):
    """Pass down: player i's realisation plan x, its public sums X, and the running average."""
    first, count, parent, fixed = menus
    d, x, X, px = now
    begin, blocks, seq, at = meta[i, MENU], meta[i, BLOCKS], meta[i, SEQ], meta[i, ROW]
    heads = np.uint64(prior.shape[0] // X.shape[0])
    share = fill(by, WIDE)
    for g in range(begin, begin + meta[i, MENUS]):
        up = at + (parent[g] - seq) * blocks
        keep = fill(1.0 if fixed[g] else 1.0 - epsilon, WIDE)
        floor = 0.0 if fixed[g] else epsilon
        to = at + (first[g] - seq) * blocks
        for s in range(first[g], first[g] + count[g]):
            w = fill(floor * weight[s], WIDE)
            for b in range(blocks):
                e = mul(row(x, up + b, ZERO, WIDE), fma(keep, row(d, to + b, ZERO, WIDE), w))
                store(x, to + b, ZERO, e)
                store(summed, to + b, ZERO, fma(share, e, row(summed, to + b, ZERO, WIDE)))
            for k in range(X.shape[0]):
                head = np.uint64(k) * heads + meta[i, HEAD]
                a = fill(0.0, WIDE)
                for b in range(blocks):
                    a = fma(row(prior, head + b, ZERO, WIDE), row(x, to + b, ZERO, WIDE), a)
                X[k, s] = total(a)
            to += blocks
    if px.shape[0] > 1:
        head = meta[i, HEAD]
        if X.shape[0] > 1:
            head += (ONE - i) * heads
        for s in range(meta[i, SEQS]):
            for b in range(blocks):
                to = at + s * blocks + b
                store(px, to, ZERO, mul(row(prior, head + b, ZERO, WIDE), row(x, to, ZERO, WIDE)))


@compiled
def forward(epsilon, meta, menus, weight, prior, now, summed, by):
    """Fill every player's plan and its public sums; sequence 0 has probability 1."""
    _, x, X, _ = now
    for j in range(meta.shape[0]):
        i = np.uint64(j)
        for b in range(meta[i, BLOCKS]):
            store(x, meta[i, ROW] + b, ZERO, fill(1.0, WIDE))
        for k in range(X.shape[0]):
            X[k, meta[i, SEQ]] = 1.0
        _plan(i, epsilon, meta, menus, weight, prior, now, summed, by)


@compiled
def _learn(i, epsilon, meta, menus, ends, weight, now, v, z, odds):
    """Pass up: player i's values under the current mixes, then its regrets and new mixes."""
    first, count, parent, fixed = menus
    d, _, X, px = now
    blocks, seq, at = meta[i, BLOCKS], meta[i, SEQ], meta[i, ROW]
    zero, keep, floor = fill(0.0, WIDE), fill(1.0 - epsilon, WIDE), fill(epsilon, WIDE)
    _worth(i, meta, ends, X, px, v, odds)
    last = meta[i, MENU] + meta[i, MENUS] - ONE
    for back in range(meta[i, MENUS]):
        g = last - back
        begin, n = first[g], count[g]
        for b in range(blocks):
            up = at + (parent[g] - seq) * blocks + b
            to = at + (begin - seq) * blocks + b
            mean = fill(0.0, WIDE)
            base = fill(0.0, WIDE)
            for c in range(n):
                e = row(v, to + c * blocks, ZERO, WIDE)
                mean = fma(row(d, to + c * blocks, ZERO, WIDE), e, mean)
                base = fma(fill(weight[begin + c], WIDE), e, base)
            if fixed[g]:
                store(v, up, ZERO, add(row(v, up, ZERO, WIDE), mean))
            else:
                store(v, up, ZERO,
                      add(row(v, up, ZERO, WIDE), fma(keep, mean, mul(floor, base))))
                mass = fill(0.0, WIDE)
                for c in range(n):
                    w = fill(weight[begin + c], WIDE)
                    r = sub(row(v, to + c * blocks, ZERO, WIDE), mean)
                    y = maximum(add(row(z, to + c * blocks, ZERO, WIDE), r), zero)
                    store(z, to + c * blocks, ZERO, y)
                    y = mul(w, add(maximum(add(y, r), zero), fill(TINY, WIDE)))
                    store(d, to + c * blocks, ZERO, y)
                    mass = add(mass, y)
                norm = divide(fill(1.0, WIDE), mass)
                for c in range(n):
                    store(d, to + c * blocks, ZERO,
                          mul(row(d, to + c * blocks, ZERO, WIDE), norm))


@compiled
def iterate(steps, begin, epsilon, meta, menus, ends, weight, prior, now, summed, v, z, odds):
    """Run iterations ``begin .. begin + steps - 1``, players in turn; average into ``summed``."""
    for n in range(begin, begin + steps):
        by = float(n) * float(n)
        for j in range(meta.shape[0]):
            i = np.uint64(j)
            _learn(i, epsilon, meta, menus, ends, weight, now, v, z, odds)
            _plan(i, epsilon, meta, menus, weight, prior, now, summed, by)


@compiled
def gaps(epsilon, meta, menus, ends, weight, prior, now, v, best, odds):
    """Return each player's gain from its best reply within the floor; the sum is NashConv."""
    first, count, parent, fixed = menus
    d, _, X, px = now
    heads = np.uint64(prior.shape[0] // X.shape[0])
    gain = np.zeros(meta.shape[0])
    for j in range(meta.shape[0]):
        i = np.uint64(j)
        blocks, seq, at = meta[i, BLOCKS], meta[i, SEQ], meta[i, ROW]
        _worth(i, meta, ends, X, px, v, odds)
        for s in range(at, at + meta[i, SEQS] * blocks):
            store(best, s, ZERO, row(v, s, ZERO, WIDE))
        last = meta[i, MENU] + meta[i, MENUS] - ONE
        for back in range(meta[i, MENUS]):
            g = last - back
            keep = fill(1.0 if fixed[g] else 1.0 - epsilon, WIDE)
            floor = 0.0 if fixed[g] else epsilon
            for b in range(blocks):
                up = at + (parent[g] - seq) * blocks + b
                to = at + (first[g] - seq) * blocks + b
                top = row(best, to, ZERO, WIDE)
                luck = fill(0.0, WIDE)
                base = fill(0.0, WIDE)
                value = row(v, up, ZERO, WIDE)
                for c in range(count[g]):
                    w = fill(floor * weight[first[g] + c], WIDE)
                    mix = row(d, to + c * blocks, ZERO, WIDE)
                    e = row(best, to + c * blocks, ZERO, WIDE)
                    value = fma(fma(keep, mix, w), row(v, to + c * blocks, ZERO, WIDE), value)
                    luck = fma(mix, e, luck)
                    base = fma(w, e, base)
                    top = maximum(top, e)
                store(v, up, ZERO, value)
                above = luck if fixed[g] else fma(keep, top, base)
                store(best, up, ZERO, add(row(best, up, ZERO, WIDE), above))
        head = meta[i, HEAD]
        if X.shape[0] > 1:
            head += i * heads
        for b in range(blocks):
            gain[j] += total(mul(row(prior, head + b, ZERO, WIDE), sub(
                row(best, at + b, ZERO, WIDE), row(v, at + b, ZERO, WIDE))))
    return gain


@compiled
def enter(sigma, chance, epsilon, meta, menus, weight, d):
    """Set d to the part of the mixes ``sigma`` above the floor."""
    first, count, _, fixed = menus
    for j in range(meta.shape[0]):
        i = np.uint64(j)
        blocks, seq, at = meta[i, BLOCKS], meta[i, SEQ], meta[i, ROW]
        for b in range(blocks):
            store(d, at + b, ZERO, fill(1.0, WIDE))
        for g in range(meta[i, MENU], meta[i, MENU] + meta[i, MENUS]):
            for b in range(blocks):
                to = at + (first[g] - seq) * blocks + b
                mass = fill(0.0, WIDE)
                for c in range(count[g]):
                    k = to + c * blocks
                    if fixed[g]:
                        store(d, k, ZERO, row(chance, k, ZERO, WIDE))
                    else:
                        w = fill(epsilon * weight[first[g] + c], WIDE)
                        e = maximum(sub(row(sigma, k, ZERO, WIDE), w), fill(0.0, WIDE))
                        store(d, k, ZERO, e)
                        mass = add(mass, e)
                if not fixed[g]:
                    norm = divide(fill(1.0, WIDE), maximum(mass, fill(1e-300, WIDE)))
                    for c in range(count[g]):
                        k = to + c * blocks
                        store(d, k, ZERO, mul(row(d, k, ZERO, WIDE), norm))


@compiled
def regrets(sigma, size, reach, meta, menus, weight, z):
    """Set z to ``size`` times the mixes ``sigma``, times the reach of each menu."""
    first, count, _, _ = menus
    for j in range(meta.shape[0]):
        i = np.uint64(j)
        blocks, seq, at = meta[i, BLOCKS], meta[i, SEQ], meta[i, ROW]
        for b in range(blocks):
            store(z, at + b, ZERO, fill(0.0, WIDE))
        for g in range(meta[i, MENU], meta[i, MENU] + meta[i, MENUS]):
            to = at + (first[g] - seq) * blocks
            for s in range(first[g], first[g] + count[g]):
                scale = fill(size * reach[g] / (weight[s] if weight[s] > 0.0 else 1.0), WIDE)
                for b in range(blocks):
                    store(z, to + b, ZERO, mul(scale, row(sigma, to + b, ZERO, WIDE)))
                to += blocks


@compiled
def average(meta, menus, summed, x, sigma):
    """Set ``sigma`` to the averaged mixes, or to the current ones if there is no average."""
    first, count, _, _ = menus
    for j in range(meta.shape[0]):
        i = np.uint64(j)
        blocks, seq, at = meta[i, BLOCKS], meta[i, SEQ], meta[i, ROW]
        for b in range(blocks):
            store(sigma, at + b, ZERO, fill(1.0, WIDE))
        for g in range(meta[i, MENU], meta[i, MENU] + meta[i, MENUS]):
            for b in range(blocks):
                to = at + (first[g] - seq) * blocks + b
                for t in range(TYPES):
                    above = 0.0
                    now = 0.0
                    for c in range(count[g]):
                        above += summed[to + c * blocks, t]
                        now += x[to + c * blocks, t]
                    for c in range(count[g]):
                        k = to + c * blocks
                        sigma[k, t] = summed[k, t] / above if above > 0.0 else x[k, t] / now


@compiled
def current(epsilon, meta, menus, weight, d, sigma):
    """Set ``sigma`` to the current mixes, floor included."""
    first, count, _, fixed = menus
    for j in range(meta.shape[0]):
        i = np.uint64(j)
        blocks, seq, at = meta[i, BLOCKS], meta[i, SEQ], meta[i, ROW]
        for b in range(blocks):
            store(sigma, at + b, ZERO, fill(1.0, WIDE))
        for g in range(meta[i, MENU], meta[i, MENU] + meta[i, MENUS]):
            keep = fill(1.0 if fixed[g] else 1.0 - epsilon, WIDE)
            floor = 0.0 if fixed[g] else epsilon
            to = at + (first[g] - seq) * blocks
            for s in range(first[g], first[g] + count[g]):
                w = fill(floor * weight[s], WIDE)
                for b in range(blocks):
                    store(sigma, to + b, ZERO, fma(keep, row(d, to + b, ZERO, WIDE), w))
                to += blocks
