"""Certificates for many variants at once, measured from the strategies alone.

The conditions are those of `detente.equilibrium.certificates.public`, in compiled code with the
variant innermost, on the original tree. The solver's tables, shortcuts and arithmetic are not used,
so a fault there is detected here. The two share only the loading, adding, multiplying and comparing
of short vectors; exponentials here are those of the mathematical library.
"""

# mypy: disable-error-code="call-arg,var-annotated,no-untyped-def,misc"
from __future__ import annotations

import math

import numpy as np

from detente.equilibrium.certificates.batch_odds import agrees, profile_odds, public_odds
from detente.equilibrium.certificates.batch_structure import (
    BatchChecks,
    Structure,
    Working,
    structure,
    verdict,
    working,
)
from detente.equilibrium.kernels.lanes import LANES, WIDE
from detente.equilibrium.kernels.vectors import (
    add,
    divide,
    fill,
    fma,
    load,
    maximum,
    mul,
    store,
    sub,
    where_positive,
    worse,
)
from detente.game.tree import JOINT, TERMINAL, TYPE_CHANCE
from detente.kernel_cache import njit

__all__ = ["BatchChecks", "Structure", "Working", "examine", "observe_odds", "structure",
           "verdict", "working"]

O = np.uint64(0)
RESIDUAL, EXCESS, REGRET, UNSOUND, BOUND = (np.uint64(x) for x in range(5))
"""Rows of the worst errors so far; the last is the bound of a regret at the node at hand."""
_compiled = njit(nogil=True, error_model="numpy")
_inlined = njit(nogil=True, error_model="numpy", forceinline=True)
"""For what is done at every node: a call would hand over the numbers behind every array."""


@_inlined
def _simultaneous(g, w, a, i, odds):
    """Compute the value of a joint node to player i, or of each of its choices if it takes part.

    Returns player i's line in ``g.seats``, -1 if it has none.
    """
    mine = -1
    for r in range(g.seat_from[a], g.seat_from[a + 1]):
        if g.seats[r, 0] == i:
            mine = r
    begin, rows = a, 1
    if mine >= 0:
        begin, rows = g.seats[mine, 2], g.seats[mine, 1]
    for x in range(begin * g.widest, (begin + rows) * g.widest):
        store(w.value, np.uint64(x), O, fill(0.0, WIDE))
    for c in range(g.first[a], g.first[a] + g.size[a]):
        p = profile_odds(g, a, c, mine, odds)
        to = begin
        if mine >= 0:
            to += (c - g.first[a]) // g.seats[mine, 4] % g.seats[mine, 1]
        for t in range(g.types[i]):
            at = np.uint64(to * g.widest + t)
            below = load(w.value, np.uint64(c * g.widest + t), O, WIDE)
            store(w.value, at, O, fma(p, below, load(w.value, at, O, WIDE)))
    return mine


@_compiled
def _endings(g, w, i):
    """Set player i's values at the terminal nodes."""
    start = 0
    for j in range(i):
        start += g.types[j] * len(g.leaves)
    for z in range(len(g.leaves)):
        for t in range(g.types[i]):
            store(w.value, np.uint64(g.leaves[z] * g.widest + t), O,
                  load(w.payoff, np.uint64(start + z * g.types[i] + t), O, WIDE))


@_inlined
def _expected(g, w, a, i, odds):
    """Values of node ``a`` to player i if another player, or chance, moves."""
    mine = g.mover[a] == TYPE_CHANCE - i
    for t in range(g.types[i]):
        total = fill(0.0, WIDE)
        for c in range(g.first[a], g.first[a] + g.size[a]):
            if mine:
                p = load(w.chance, np.uint64(g.type_row[c] * g.widest + t), O, WIDE)
            else:
                p = load(odds, np.uint64(c), O, WIDE)
            total = fma(p, load(w.value, np.uint64(c * g.widest + t), O, WIDE), total)
        store(w.value, np.uint64(a * g.widest + t), O, total)


@_inlined
def _bounds(w, first, size, lam, worst):
    """Store log of the least weight above 0 of a menu over lambda, which bounds a regret."""
    least = fill(1.0, WIDE)
    for c in range(first, first + size):
        weight = load(w.weight, np.uint64(c), O, WIDE)
        smaller = sub(fill(0.0, WIDE), maximum(sub(fill(0.0, WIDE), weight),
                                               sub(fill(0.0, WIDE), least)))
        least = where_positive(weight, smaller, least)
    store(worst, BOUND, O, least)
    for k in range(LANES):
        worst[BOUND, k] = math.log(worst[BOUND, k]) / lam


@_inlined
def _choice(g, w, a, first, size, t, lam, epsilon, power, worst):
    """Check the choice of one type at node ``a`` between ``size`` moves; keep the worst errors."""
    zero = fill(0.0, WIDE)
    floor = fill(epsilon, WIDE)
    best = fill(-np.inf, WIDE)
    worth, sums, mean = zero, zero, zero
    unsound = load(worst, UNSOUND, O, WIDE)
    for c in range(first, first + size):
        at = np.uint64(c * g.widest + t)
        p = load(w.pi, at, O, WIDE)
        v = load(w.value, at, O, WIDE)
        weight = load(w.weight, np.uint64(c), O, WIDE)
        worth = fma(p, v, worth)
        sums = add(sums, p)
        mean = fma(weight, v, mean)
        unsound = worse(unsound, sub(mul(floor, weight), p))
        best = where_positive(weight, maximum(best, v), best)
    apart = sub(sums, fill(1.0, WIDE))
    store(worst, UNSOUND, O, worse(unsound, maximum(apart, sub(zero, apart))))
    gain = sub(fma(floor, mean, mul(fill(1.0 - epsilon, WIDE), best)), worth)
    store(worst, REGRET, O, worse(load(worst, REGRET, O, WIDE), gain))
    store(w.value, np.uint64(a * g.widest + t), O, worth)
    if lam > 0.0:
        above = add(sub(best, worth), load(worst, BOUND, O, WIDE))
        store(worst, EXCESS, O, worse(load(worst, EXCESS, O, WIDE), above))
    if lam < 0.0:
        return
    total = zero
    for c in range(first, first + size):
        x = np.uint64(c - first)
        v = load(w.value, np.uint64(c * g.widest + t), O, WIDE)
        store(power, x, O, mul(fill(lam, WIDE), sub(v, best)))
        for k in range(LANES):
            power[x, k] = math.exp(power[x, k])
        e = mul(load(w.weight, np.uint64(c), O, WIDE), load(power, x, O, WIDE))
        store(power, x, O, e)
        total = add(total, e)
    residual = load(worst, RESIDUAL, O, WIDE)
    for c in range(first, first + size):
        p = load(w.pi, np.uint64(c * g.widest + t), O, WIDE)
        apart = sub(divide(load(power, np.uint64(c - first), O, WIDE), total), p)
        residual = worse(residual, maximum(apart, sub(zero, apart)))
    store(worst, RESIDUAL, O, residual)


@_compiled
def _judge(g, w, i, odds, lam, epsilon, power, worst):
    """Values of player i under the strategies; check every choice of its types on the way."""
    _endings(g, w, i)
    for a in range(len(g.mover) - 1, -1, -1):
        if g.mover[a] == i:
            if lam > 0.0:
                _bounds(w, g.first[a], g.size[a], lam, worst)
            for t in range(g.types[i]):
                _choice(g, w, a, g.first[a], g.size[a], t, lam, epsilon, power, worst)
        elif g.mover[a] == JOINT:
            r = _simultaneous(g, w, a, i, odds)
            if r >= 0 and lam > 0.0:
                _bounds(w, g.seats[r, 2], g.seats[r, 1], lam, worst)
            for t in range(g.types[i] if r >= 0 else 0):
                _choice(g, w, a, g.seats[r, 2], g.seats[r, 1], t, lam, epsilon, power, worst)
        elif g.mover[a] != TERMINAL:
            _expected(g, w, a, i, odds)


@_compiled
def _best_reply(g, w, i, odds, epsilon):
    """Values of player i's best strategy within the floor."""
    _endings(g, w, i)
    for a in range(len(g.mover) - 1, -1, -1):
        if g.mover[a] == i:
            _floored_best(g, w, a, i, g.first[a], g.size[a], epsilon)
        elif g.mover[a] == JOINT:
            r = _simultaneous(g, w, a, i, odds)
            if r >= 0:
                _floored_best(g, w, a, i, g.seats[r, 2], g.seats[r, 1], epsilon)
        elif g.mover[a] != TERMINAL:
            _expected(g, w, a, i, odds)


@_inlined
def _floored_best(g, w, a, i, first, size, epsilon):
    """Values of node ``a`` if every type takes its best move, within the floor."""
    out = np.empty(LANES)
    best = np.empty(LANES)
    for t in range(g.types[i]):
        for k in range(LANES):
            best[k] = -np.inf
            out[k] = 0.0
        for c in range(first, first + size):
            for k in range(LANES):
                v = w.value[c * g.widest + t, k]
                out[k] += w.weight[c, k] * v
                if w.weight[c, k] > 0.0:
                    best[k] = max(best[k], v)
        for k in range(LANES):
            w.value[a * g.widest + t, k] = (1.0 - epsilon) * best[k] + epsilon * out[k]


@_compiled
def _bring(w, widest, payoff, weight, type_prob, prior, which):
    """Copy the numbers of the variants ``which``."""
    for x in range(len(payoff)):
        for k in range(LANES):
            w.payoff[x, k] = payoff[x, which[k]]
    for x in range(len(weight)):
        for k in range(LANES):
            w.weight[x, k] = weight[x, which[k]]
    width = len(type_prob) // max(1, len(w.chance) // widest)
    for x in range(len(type_prob)):
        for k in range(LANES):
            w.chance[x // width * widest + x % width, k] = type_prob[x, which[k]]
    for x in range(len(prior)):
        for k in range(LANES):
            w.prior[x, k] = prior[x, which[k]]


@_compiled
def _store_odds(g, w, which, last, keep):
    """Add the odds of simultaneous profiles; copy all odds to ``keep`` if it has rows."""
    for a in range(len(g.mover)):
        if g.mover[a] == JOINT:
            for c in range(g.first[a], g.first[a] + g.size[a]):
                store(w.odds, np.uint64(c), O, profile_odds(g, a, c, -1, w.odds))
    if len(keep):
        for c in range(len(g.mover)):
            for k in range(last):
                keep[c, which[k]] = w.odds[c, k]


@_compiled
def observe_odds(g, w, weight, type_prob, prior, which, last, keep):
    """Store in ``keep`` (n, S) the public odds of every move under the strategies in ``w.pi``.

    The arguments are those of `examine`, which stores the same odds and judges the strategies.
    """
    _bring(w, g.widest, prior[:0], weight, type_prob, prior, which)
    for k in range(LANES):
        w.odds[0, k] = 1.0
    public_odds(g, w, 0, -1, w.odds)
    _store_odds(g, w, which, last, keep)


@_compiled
def examine(
    g, w, payoff, weight, type_prob, prior, share, lam, epsilon, which, last, gains, found, keep
):
    """Examine the strategies in ``w.pi`` of variants ``which`` (the first ``last`` lanes).

    ``prior`` holds the analyst's priors and then, if priors are unlike, those of each player;
    ``lam`` is -1 for the deliberate reading; ``gains`` asks for NashConv; ``keep`` receives the
    public odds of every move, (n, S), if it has rows.
    """
    n = len(g.mover)
    players = len(g.types)
    all_types = 0
    for i in range(players):
        all_types += g.types[i]
    unlike = len(prior) > all_types
    _bring(w, g.widest, payoff, weight, type_prob, prior, which)
    power = np.empty((g.size.max(), LANES))
    worst = np.zeros((5, LANES))
    conv = np.zeros(LANES)
    for k in range(LANES):
        w.odds[0, k] = 1.0
        worst[EXCESS, k] = -np.inf
    start = 0
    held = -2  # whose priors the odds are of; the analyst's are -1
    for i in range(players + 1):  # the last turn leaves the odds that the analyst sees
        base = (i + 1) * all_types if unlike and i < players else 0
        seen = i if base and not agrees(w.prior, base, all_types, start, g.types[i]) else -1
        if seen != held:
            public_odds(g, w, base if seen >= 0 else 0, seen, w.odds)
            held = seen
        if i == players:
            break
        _judge(g, w, i, w.odds, lam, epsilon, power, worst)
        if gains:
            for t in range(g.types[i]):
                for k in range(LANES):
                    conv[k] -= w.prior[base + start + t, k] * w.value[t, k]
            _best_reply(g, w, i, w.odds, epsilon)
            for t in range(g.types[i]):
                for k in range(LANES):
                    conv[k] += w.prior[base + start + t, k] * w.value[t, k]
        start += g.types[i]
    _store_odds(g, w, which, last, keep)
    for k in range(last):
        v = which[k]
        found.residual[v] = worst[RESIDUAL, k] if lam >= 0.0 else np.nan
        found.excess[v] = worst[EXCESS, k] if lam > 0.0 else np.nan
        found.regret[v] = worst[REGRET, k]
        found.unsound[v] = worst[UNSOUND, k]
        found.nash_conv[v] = conv[k] if gains else np.nan
        for x in range(found.outcomes.shape[1]):
            found.outcomes[v, x] = 0.0
    for a in range(n):
        if g.mover[a] != TERMINAL:
            for c in range(g.first[a], g.first[a] + g.size[a]):
                for k in range(LANES):
                    w.odds[c, k] *= w.odds[a, k]
    divided = np.zeros(LANES)
    with_share = np.zeros(LANES)
    for z in range(len(g.leaves)):
        for k in range(last):
            p = w.odds[g.leaves[z], k]
            found.outcomes[which[k], g.outcome[z]] += p
            if len(share) and not math.isnan(share[z]):
                divided[k] += p * share[z]
                with_share[k] += p
    for k in range(last):
        found.share[which[k]] = divided[k] / with_share[k] if with_share[k] > 0 else np.nan
