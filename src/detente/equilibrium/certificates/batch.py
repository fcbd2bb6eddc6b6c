"""Certificates for many variants at once, measured from the strategies alone.

The conditions are those of `detente.equilibrium.certificates.public`, in compiled code with the
variant innermost, on the original tree. The solver's tables, shortcuts and arithmetic are not used,
so a fault there is detected here. The two share only the loading, adding and multiplying of short
vectors.
"""

# mypy: disable-error-code="call-arg,var-annotated,no-untyped-def,misc"
from __future__ import annotations

import math

import numpy as np

from detente.equilibrium.certificates.batch_structure import (
    BatchChecks,
    Structure,
    Working,
    structure,
    verdict,
    working,
)
from detente.equilibrium.kernels.lanes import LANES, WIDE
from detente.equilibrium.kernels.vectors import add, divide, fill, fma, load, mul, store
from detente.game.tree import CHANCE, JOINT, TERMINAL, TYPE_CHANCE
from detente.kernel_cache import njit

__all__ = ["BatchChecks", "Structure", "Working", "examine", "observe_odds", "structure",
           "verdict", "working"]

O = np.uint64(0)
_compiled = njit(nogil=True, error_model="numpy")


@_compiled
def _learn(g, w, own, start, i, c, chance, odds):
    """Odds of the move or choice ``c`` of player i, and the belief after it (Bayes' rule).

    ``own`` is the row of the belief before it, -1 for the prior at ``start``; ``chance`` the row of
    its chance by type, -1 if the player's mix decides.
    """
    total = fill(0.0, WIDE)
    for t in range(g.types[i]):
        if own < 0:
            before = load(w.prior, np.uint64(start + t), O, WIDE)
        else:
            before = load(w.belief, np.uint64(own * g.widest + t), O, WIDE)
        if chance < 0:
            likely = load(w.pi, np.uint64(c * g.widest + t), O, WIDE)
        else:
            likely = load(w.chance, np.uint64(chance * g.widest + t), O, WIDE)
        joint = mul(before, likely)
        store(w.belief, np.uint64(c * g.widest + t), O, joint)
        total = add(total, joint)
    store(odds, np.uint64(c), O, total)
    certain = True
    for k in range(LANES):
        certain = certain and odds[c, k] > 0.0
    if certain:
        for t in range(g.types[i]):
            at = np.uint64(c * g.widest + t)
            store(w.belief, at, O, divide(load(w.belief, at, O, WIDE), total))
        return
    # After a move of probability zero beliefs do not change.
    for t in range(g.types[i]):
        for k in range(LANES):
            if odds[c, k] > 0.0:
                w.belief[c * g.widest + t, k] /= odds[c, k]
            elif own < 0:
                w.belief[c * g.widest + t, k] = w.prior[start + t, k]
            else:
                w.belief[c * g.widest + t, k] = w.belief[own * g.widest + t, k]


@_compiled
def _public_odds(g, w, prior_at, only, odds):
    """Odds of every move and choice seen with one set of priors, by Bayes' rule.

    ``only`` is left out (a player's own information); -1 leaves no player out.
    """
    start = np.full(len(g.types), prior_at)
    for i in range(1, len(g.types)):
        start[i] = start[i - 1] + g.types[i - 1]
    for a in range(len(g.mover)):
        m = g.mover[a]
        if m == TERMINAL:
            continue
        if m == JOINT:
            for r in range(g.seat_from[a], g.seat_from[a + 1]):
                i = g.seats[r, 0]
                if i != only:
                    for c in range(g.seats[r, 2], g.seats[r, 2] + g.seats[r, 1]):
                        _learn(g, w, g.seats[r, 3], start[i], i, c, -1, odds)
            continue
        for c in range(g.first[a], g.first[a] + g.size[a]):
            if m == CHANCE:
                store(odds, np.uint64(c), O, load(w.weight, np.uint64(c), O, WIDE))
                continue
            i = g.informs[c]
            if i != only:
                _learn(g, w, g.own[a], start[i], i, c, -1 if m >= 0 else g.type_row[c], odds)


@_compiled
def _profile_odds(g, a, c, but, odds):
    """Odds of the profile that leads from joint node ``a`` to ``c``, one participant left out."""
    p = fill(1.0, WIDE)
    for r in range(g.seat_from[a], g.seat_from[a + 1]):
        if r != but:
            own = (c - g.first[a]) // g.seats[r, 4] % g.seats[r, 1]
            p = mul(p, load(odds, np.uint64(g.seats[r, 2] + own), O, WIDE))
    return p


@_compiled
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
        p = _profile_odds(g, a, c, mine, odds)
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


@_compiled
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


@njit(inline="always", error_model="numpy")  # type: ignore[untyped-decorator]
def _worse(old, new):
    """Return the larger number, NaN if either is NaN."""
    return new if old == old and not new <= old else old


@_compiled
def _choice(g, w, a, first, size, t, lam, epsilon, power, residual, excess, regret, unsound):
    """Check the choice of one type at node ``a`` between ``size`` moves; keep the worst error."""
    best = np.full(LANES, -np.inf)
    least = np.ones(LANES)
    worth = np.zeros(LANES)
    total = np.zeros(LANES)
    sums = np.zeros(LANES)
    mean = np.zeros(LANES)
    for c in range(first, first + size):
        at = c * g.widest + t
        for k in range(LANES):
            p = w.pi[at, k]
            v = w.value[at, k]
            weight = w.weight[c, k]
            worth[k] += p * v
            sums[k] += p
            mean[k] += weight * v
            unsound[k] = _worse(unsound[k], epsilon * weight - p)
            if weight > 0.0:
                best[k] = max(best[k], v)
                least[k] = min(least[k], weight)
    for k in range(LANES):
        unsound[k] = _worse(unsound[k], abs(sums[k] - 1.0))
        gain = (1.0 - epsilon) * best[k] + epsilon * mean[k] - worth[k]
        regret[k] = _worse(regret[k], gain)
        w.value[a * g.widest + t, k] = worth[k]
        if lam > 0.0:
            excess[k] = _worse(excess[k], best[k] - worth[k] + math.log(least[k]) / lam)
    if lam < 0.0:
        return
    for c in range(first, first + size):
        x = c - first
        for k in range(LANES):
            e = w.weight[c, k] * math.exp(lam * (w.value[c * g.widest + t, k] - best[k]))
            power[x, k] = e
            total[k] += e
    for c in range(first, first + size):
        x = c - first
        for k in range(LANES):
            apart = abs(power[x, k] / total[k] - w.pi[c * g.widest + t, k])
            residual[k] = _worse(residual[k], apart)


@_compiled
def _judge(g, w, i, odds, lam, epsilon, residual, excess, regret, unsound):
    """Values of player i under the strategies; check every choice of its types on the way."""
    power = np.empty((g.size.max(), LANES))
    _endings(g, w, i)
    for a in range(len(g.mover) - 1, -1, -1):
        if g.mover[a] == i:
            for t in range(g.types[i]):
                _choice(g, w, a, g.first[a], g.size[a], t, lam, epsilon, power, residual, excess,
                        regret, unsound)
        elif g.mover[a] == JOINT:
            r = _simultaneous(g, w, a, i, odds)
            for t in range(g.types[i] if r >= 0 else 0):
                _choice(g, w, a, g.seats[r, 2], g.seats[r, 1], t, lam, epsilon, power, residual,
                        excess, regret, unsound)
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


@_compiled
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
                store(w.odds, np.uint64(c), O, _profile_odds(g, a, c, -1, w.odds))
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
    _public_odds(g, w, 0, -1, w.odds)
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
    residual = np.zeros(LANES)
    excess = np.full(LANES, -np.inf)
    regret = np.zeros(LANES)
    unsound = np.zeros(LANES)
    conv = np.zeros(LANES)
    for k in range(LANES):
        w.odds[0, k] = 1.0
    if not unlike:
        _public_odds(g, w, 0, -1, w.odds)
    start = 0
    for i in range(players):
        base = (i + 1) * all_types if unlike else 0
        if unlike:
            _public_odds(g, w, base, i, w.odds)
        _judge(g, w, i, w.odds, lam, epsilon, residual, excess, regret, unsound)
        if gains:
            for t in range(g.types[i]):
                for k in range(LANES):
                    conv[k] -= w.prior[base + start + t, k] * w.value[t, k]
            _best_reply(g, w, i, w.odds, epsilon)
            for t in range(g.types[i]):
                for k in range(LANES):
                    conv[k] += w.prior[base + start + t, k] * w.value[t, k]
        start += g.types[i]
    if unlike:
        _public_odds(g, w, 0, -1, w.odds)
    _store_odds(g, w, which, last, keep)
    for k in range(last):
        v = which[k]
        found.residual[v] = residual[k] if lam >= 0.0 else np.nan
        found.excess[v] = excess[k] if lam > 0.0 else np.nan
        found.regret[v] = regret[k]
        found.unsound[v] = unsound[k]
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
