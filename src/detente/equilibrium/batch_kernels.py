"""Sweeps over a tree for several variants at once, the variant innermost.

One sweep takes the players in turn. Given the public odds q of everyone else's moves, a player's
values follow backward,

    own choice:   pi[c, t] = w_c exp(lambda V[c, t]) / sum,   V[n, t] = sum_c pi[c, t] V[c, t]
    public odds:  V[n, t] = sum_c q[c] V[c, t]

and its own public odds forward by Bayes' rule, q[c] = sum_t b[own(n), t] pi[c, t]. The next player
sees the new odds at once. With two players the sweep is a map of *one* player's odds alone, which
are the unknown of the fixed point.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.equilibrium.batch_math import LANES, fast_exp, kernel
from detente.equilibrium.batch_plan import CHOICE, GIVEN, Layout

__all__ = ["Space", "backward", "forward", "load", "once", "space"]

Floats = NDArray[np.float64]


class Space(NamedTuple):
    """Working arrays of one thread; the last axis is the variant."""

    value: Floats
    strategy: Floats
    odds: Floats
    belief: Floats
    weight: Floats
    scratch: Floats


def space(plan: Layout) -> Space:
    """Return working arrays for ``plan``."""
    values, strategies, odds, beliefs, n, _ = (int(x) for x in plan.sizes)
    return Space(
        value=np.zeros((values, LANES)), strategy=np.zeros((strategies, LANES)),
        odds=np.ones((odds, LANES)), belief=np.zeros((beliefs, LANES)),
        weight=np.zeros((n, LANES)), scratch=np.zeros((4, LANES)),
    )


@kernel
def _gather(to, source, pairs, which):  # type: ignore[no-untyped-def]
    """Copy rows of a chunk for the variants ``which``; ``pairs`` are (row to, row from)."""
    for x in range(len(pairs)):
        a = pairs[x, 0]
        b = pairs[x, 1]
        for k in range(LANES):
            to[a, k] = source[b, which[k]]


@kernel
def _take(to, source, rows, which):  # type: ignore[no-untyped-def]
    """Copy every row of a chunk to the row named, if any."""
    for x in range(len(rows)):
        a = rows[x]
        if a >= 0:
            for k in range(LANES):
                to[a, k] = source[x, which[k]]


@kernel
def _copy(to, source, pairs):  # type: ignore[no-untyped-def]
    for x in range(len(pairs)):
        a = pairs[x, 0]
        b = pairs[x, 1]
        for k in range(LANES):
            to[a, k] = source[b, k]


@kernel
def load(plan, s, payoff, weight, type_prob, prior, which):  # type: ignore[no-untyped-def]
    """Bring in the numbers of the variants ``which`` (LANES of them)."""
    _take(s.value, payoff, plan.take_payoff, which)
    _take(s.belief, prior, plan.take_prior, which)
    _gather(s.weight, weight, plan.take_weight, which)
    _copy(s.odds, s.weight, plan.chance)
    _gather(s.strategy, type_prob, plan.given, which)
    _copy(s.odds, s.strategy, plan.given_odds)


@kernel
def _choose(v, p, weight, lam, t_i, to, below, count, first, row, scratch):  # type: ignore[no-untyped-def]
    """Logit choice of every type at one node: strategies and values."""
    best = scratch[0]
    total = scratch[1]
    for t in range(t_i):
        for k in range(LANES):
            best[k] = v[below + t, k]
        for c in range(1, count):
            for k in range(LANES):
                best[k] = max(best[k], v[below + c * t_i + t, k])
        for k in range(LANES):
            total[k] = 0.0
        for c in range(count):
            for k in range(LANES):
                e = weight[first + c, k] * fast_exp(
                    lam[k] * (v[below + c * t_i + t, k] - best[k]))
                p[row + c * t_i + t, k] = e
                total[k] += e
        for k in range(LANES):
            total[k] = 1.0 / total[k]
            best[k] = 0.0
        for c in range(count):
            for k in range(LANES):
                e = p[row + c * t_i + t, k] * total[k]
                p[row + c * t_i + t, k] = e
                best[k] += e * v[below + c * t_i + t, k]
        for k in range(LANES):
            v[to + t, k] = best[k]


@kernel
def expect(v, q, t_i, to, below, count, first, kind, scratch):  # type: ignore[no-untyped-def]
    """Values where the odds are public, or (kind GIVEN) those of each type."""
    if count == 2 and kind != GIVEN:
        for t in range(t_i):
            for k in range(LANES):
                v[to + t, k] = (q[first, k] * v[below + t, k]
                                + q[first + 1, k] * v[below + t_i + t, k])
        return
    total = scratch[0]
    step = t_i if kind == GIVEN else 1
    shift = 1 if kind == GIVEN else 0
    for t in range(t_i):
        for k in range(LANES):
            total[k] = 0.0
        for c in range(count):
            at = first + c * step + shift * t
            for k in range(LANES):
                total[k] += q[at, k] * v[below + c * t_i + t, k]
        for k in range(LANES):
            v[to + t, k] = total[k]


@kernel
def backward(lines, start, stop, v, p, q, weight, lam, scratch):  # type: ignore[no-untyped-def]
    """Evaluate the lines of ``Layout.back`` or ``Layout.once`` from ``start`` to ``stop``."""
    for x in range(start, stop):
        kind = lines[x, 0]
        t_i = lines[x, 1]
        to = lines[x, 2]
        below = lines[x, 3]
        count = lines[x, 4]
        if kind == CHOICE:
            _choose(v, p, weight, lam, t_i, to, below, count, lines[x, 5], lines[x, 6], scratch)
        elif kind == GIVEN:
            expect(v, p, t_i, to, below, count, lines[x, 6], kind, scratch)
        else:
            expect(v, q, t_i, to, below, count, lines[x, 7], kind, scratch)


@kernel
def once(lines, n, v, p, q, weight, lam, scratch):  # type: ignore[no-untyped-def]
    """Work out everything that stays the same from sweep to sweep."""
    for x in range(len(lines)):
        backward(lines, x, x + 1, v, p, q, weight, lam, scratch)
        if lines[x, 8]:
            for c in range(lines[x, 4]):
                for row in range(lines[x, 5] + c, len(q), n):
                    for k in range(LANES):
                        q[row, k] = p[lines[x, 6] + c, k]


@kernel
def forward(lines, after, start, stop, p, q, b, scratch):  # type: ignore[no-untyped-def]
    """Make strategies public: the odds of each move, and what it reveals (Bayes' rule)."""
    total = scratch[0]
    for x in range(start, stop):
        t_i = lines[x, 0]
        now = lines[x, 1]
        for c in range(lines[x, 2]):
            row = lines[x, 3] + c * t_i
            odds = lines[x, 4] + c
            new = after[lines[x, 5] + c]
            for k in range(LANES):
                total[k] = 0.0
            if new < 0:
                for t in range(t_i):
                    for k in range(LANES):
                        total[k] += b[now + t, k] * p[row + t, k]
                for k in range(LANES):
                    q[odds, k] = total[k]
            else:
                for t in range(t_i):
                    for k in range(LANES):
                        e = b[now + t, k] * p[row + t, k]
                        b[new + t, k] = e
                        total[k] += e
                for k in range(LANES):
                    q[odds, k] = total[k]
                    total[k] = 1.0 / max(total[k], 1e-300)
                for t in range(t_i):
                    for k in range(LANES):
                        b[new + t, k] *= total[k]
