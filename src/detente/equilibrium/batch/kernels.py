"""Sweeps over a tree for several variants at once, the variant innermost.

One sweep takes the players in turn. Given the public odds q of everyone else's moves, a player's
values follow backward,

    own choice:   pi[c, t] = w_c exp(lambda V[c, t]) / sum,   V[n, t] = sum_c pi[c, t] V[c, t]
    public odds:  V[n, t] = sum_c q[c] V[c, t]

and its own public odds forward by Bayes' rule, q[c] = sum_t b[own(n), t] pi[c, t]. The next player
sees the new odds at once. With two players the sweep is a map of *one* player's odds alone, which
are the unknown of the fixed point.

Every table is (rows, LANES). A row is one number of LANES variants: the short vectors of
`detente.equilibrium.kernels.vectors` keep the sums of a node in registers.
"""

# mypy: disable-error-code="call-arg,var-annotated,no-untyped-def,misc"
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.batch.layout import CHOICE, GIVEN, Layout
from detente.equilibrium.kernels.lanes import LANES, WIDE, kernel
from detente.equilibrium.kernels.vectors import (
    add,
    divide,
    exp,
    fill,
    fma,
    maximum,
    mul,
    store,
    sub,
)
from detente.equilibrium.kernels.vectors import load as row

__all__ = ["Space", "backward", "forward", "load", "once", "space"]

ZERO, ONE = np.uint64(0), np.uint64(1)
"""Indices are unsigned: signed ones cost a test at every access."""


class Space(NamedTuple):
    """Working arrays of one thread; the last axis is the variant."""

    value: Floats
    strategy: Floats
    odds: Floats
    belief: Floats
    weight: Floats


def space(plan: Layout) -> Space:
    """Return working arrays for ``plan``."""
    values, strategies, odds, beliefs, n, _ = (int(x) for x in plan.sizes)
    return Space(
        value=np.zeros((values, LANES)), strategy=np.zeros((strategies, LANES)),
        odds=np.ones((odds, LANES)), belief=np.zeros((beliefs, LANES)),
        weight=np.zeros((n, LANES)),
    )


@kernel
def _gather(to, source, pairs, which):
    """Copy rows of a chunk for the variants ``which``; ``pairs`` are (row to, row from)."""
    begin = which[0]
    together = begin % LANES == 0
    for k in range(LANES):
        together = together and which[k] == begin + k
    block = np.uint64(begin // LANES)
    for x in range(len(pairs)):
        a = np.uint64(pairs[x, 0])
        b = np.uint64(pairs[x, 1])
        if together:
            store(to, a, ZERO, row(source, b, block, WIDE))
        else:
            for k in range(LANES):
                to[a, np.uint64(k)] = source[b, np.uint64(which[k])]


@kernel
def _copy(to, source, pairs):
    for x in range(len(pairs)):
        store(to, np.uint64(pairs[x, 0]), ZERO, row(source, np.uint64(pairs[x, 1]), ZERO, WIDE))


@kernel
def load(plan, s, payoff, weight, type_prob, prior, which):
    """Copy the numbers of the variants ``which`` (LANES of them)."""
    _gather(s.value, payoff, plan.take_payoff, which)
    _gather(s.belief, prior, plan.take_prior, which)
    _gather(s.weight, weight, plan.take_weight, which)
    _copy(s.odds, s.weight, plan.chance)
    _gather(s.strategy, type_prob, plan.given, which)
    _copy(s.odds, s.strategy, plan.given_odds)


@kernel
def _choose(v, p, weight, lam, types, to, below, count, first, mix):
    """Logit choice of every type at one node: strategies and values."""
    precision = row(lam, ZERO, ZERO, WIDE)
    for t in range(types):
        best = row(v, below + t, ZERO, WIDE)
        for c in range(ONE, count):
            best = maximum(best, row(v, below + c * types + t, ZERO, WIDE))
        total = fill(0.0, WIDE)
        mean = fill(0.0, WIDE)
        for c in range(count):
            worth = row(v, below + c * types + t, ZERO, WIDE)
            e = mul(row(weight, first + c, ZERO, WIDE), exp(mul(precision, sub(worth, best))))
            store(p, mix + c * types + t, ZERO, e)
            total = add(total, e)
            mean = fma(e, worth, mean)
        norm = divide(fill(1.0, WIDE), total)
        for c in range(count):
            at = mix + c * types + t
            store(p, at, ZERO, mul(row(p, at, ZERO, WIDE), norm))
        store(v, to + t, ZERO, mul(mean, norm))


@kernel
def backward(lines, start, stop, v, p, q, weight, lam):
    """Evaluate the lines of ``Layout.back`` or ``Layout.once`` from ``start`` to ``stop``."""
    for x in range(start, stop):
        kind = lines[x, 0]
        types = lines[x, 1]
        to = lines[x, 2]
        below = lines[x, 3]
        count = lines[x, 4]
        if kind == CHOICE:
            _choose(v, p, weight, lam, types, to, below, count, lines[x, 5], lines[x, 6])
        elif kind == GIVEN:
            mix = lines[x, 6]
            for t in range(types):
                total = mul(row(p, mix + t, ZERO, WIDE), row(v, below + t, ZERO, WIDE))
                for c in range(ONE, count):
                    total = fma(row(p, mix + c * types + t, ZERO, WIDE),
                                row(v, below + c * types + t, ZERO, WIDE), total)
                store(v, to + t, ZERO, total)
        else:
            odds = lines[x, 7]
            for t in range(types):
                total = mul(row(q, odds, ZERO, WIDE), row(v, below + t, ZERO, WIDE))
                for c in range(ONE, count):
                    total = fma(row(q, odds + c, ZERO, WIDE),
                                row(v, below + c * types + t, ZERO, WIDE), total)
                store(v, to + t, ZERO, total)


@kernel
def once(lines, n, v, p, q, weight, lam):
    """Compute everything that is the same in every sweep."""
    views = len(q) // n
    for x in range(len(lines)):
        backward(lines, x, x + 1, v, p, q, weight, lam)
        if lines[x, 8]:
            for c in range(lines[x, 4]):
                for view in range(views):
                    store(q, np.uint64(lines[x, 5] + c + view * n), ZERO,
                          row(p, np.uint64(lines[x, 6] + c), ZERO, WIDE))


@kernel
def forward(lines, after, start, stop, p, q, b):
    """Compute the public odds of each move and the beliefs after it (Bayes' rule)."""
    for x in range(start, stop):
        types = lines[x, 0]
        now = lines[x, 1]
        for c in range(lines[x, 2]):
            mix = lines[x, 3] + c * types
            new = after[lines[x, 5] + c]
            total = fill(0.0, WIDE)
            for t in range(types):
                total = fma(row(b, now + t, ZERO, WIDE), row(p, mix + t, ZERO, WIDE), total)
            store(q, lines[x, 4] + c, ZERO, total)
            if new >= 0:
                to = np.uint64(new)
                norm = divide(fill(1.0, WIDE), maximum(total, fill(1e-300, WIDE)))
                for t in range(types):
                    share = mul(row(b, now + t, ZERO, WIDE), row(p, mix + t, ZERO, WIDE))
                    store(b, to + t, ZERO, mul(share, norm))
