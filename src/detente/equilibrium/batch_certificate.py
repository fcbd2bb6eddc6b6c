"""Certificates for many variants at once, measured from the strategies alone.

The same conditions as `detente.equilibrium.certificate`, worked out again in compiled code with the
variant innermost, on the tree as it was given: none of the solver's tables, shortcuts or arithmetic
is used, so that a fault there shows here.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.equilibrium.batch_math import LANES
from detente.game.tree import CHANCE, TERMINAL, TYPE_CHANCE, PublicTree

__all__ = ["Structure", "Verdict", "Working", "examine", "structure", "verdict", "working"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_compiled = njit(cache=True, nogil=True, error_model="numpy")


class Structure(NamedTuple):
    """The integer arrays of a tree, as they stand in it."""

    mover: Ints
    first: Ints
    size: Ints
    own: Ints
    type_row: Ints
    leaves: Ints
    outcome: Ints
    types: Ints
    informs: Ints
    """The player whose type the move into each node tells of, or -1."""


class Working(NamedTuple):
    """Arrays of one thread, (node, type, variant) or (node, variant)."""

    pi: Floats
    value: Floats
    belief: Floats
    odds: Floats
    weight: Floats
    chance: Floats
    payoff: Floats
    prior: Floats
    share: Floats


class Verdict(NamedTuple):
    """What was found for each variant, (S,) or (S, outcomes)."""

    residual: Floats
    excess: Floats
    """Largest regret above its bound (at most 0 where every bound holds)."""
    regret: Floats
    """Largest gain from one other move, within the floor."""
    unsound: Floats
    """Largest fault of a mix: not summing to one, negative, not a number, or below its floor."""
    nash_conv: Floats
    outcomes: Floats
    share: Floats


def structure(game: PublicTree) -> Structure:
    """Return the integer arrays of ``game``."""

    def ints(x: object) -> Ints:
        return np.ascontiguousarray(np.asarray(x, dtype=np.int64))

    by = np.where(game.parent >= 0, game.mover[game.parent], CHANCE)
    informs = np.where(by >= 0, by, np.where(by <= TYPE_CHANCE, TYPE_CHANCE - by, -1))
    return Structure(
        ints(game.mover), ints(game.first), ints(game.count), ints(game.own), ints(game.type_row),
        ints(game.leaves), ints(game.outcome), ints(game.n_types), ints(informs),
    )


def working(game: PublicTree) -> Working:
    """Return working arrays for ``game``."""
    n, m, widest = game.n_nodes, len(game.leaves), max(game.n_types)
    views = game.n_players + 1 if game.observer_prior is not None else 1

    def zeros(*shape: int) -> Floats:
        return np.zeros((*shape, LANES))

    return Working(
        zeros(n, widest), zeros(n, widest), zeros(n, widest), zeros(n), zeros(n),
        zeros(len(game.type_prob), game.type_prob.shape[1]), zeros(sum(game.n_types) * m),
        zeros(views * sum(game.n_types)), zeros(m),
    )


def verdict(size: int, outcomes: int) -> Verdict:
    """Return empty results for ``size`` variants."""
    a, b, c, d, e, f = np.full((6, size), np.nan)
    return Verdict(a, b, c, d, e, np.zeros((size, outcomes)), f)


@_compiled
def _public_odds(g, w, prior_at, only, odds):  # type: ignore[no-untyped-def]
    """Odds of every move seen with one set of priors, by Bayes' rule from the strategies.

    ``only`` is left out (a player's own information); -1 leaves nobody out.
    """
    z = np.empty(LANES)
    for a in range(len(g.mover)):
        m = g.mover[a]
        if m == TERMINAL:
            continue
        for c in range(g.first[a], g.first[a] + g.size[a]):
            if m == CHANCE:
                for k in range(LANES):
                    odds[c, k] = w.weight[c, k]
                continue
            i = g.informs[c]
            if i == only:
                continue
            start = prior_at
            for j in range(i):
                start += g.types[j]
            for k in range(LANES):
                z[k] = 0.0
            for t in range(g.types[i]):
                for k in range(LANES):
                    before = w.prior[start + t, k] if g.own[a] < 0 else w.belief[g.own[a], t, k]
                    likely = w.pi[c, t, k] if m >= 0 else w.chance[g.type_row[c], t, k]
                    w.belief[c, t, k] = before * likely
                    z[k] += before * likely
            for k in range(LANES):
                odds[c, k] = z[k]
            for t in range(g.types[i]):
                for k in range(LANES):
                    if z[k] > 0.0:
                        w.belief[c, t, k] /= z[k]
                    elif g.own[a] < 0:
                        w.belief[c, t, k] = w.prior[start + t, k]
                    else:
                        w.belief[c, t, k] = w.belief[g.own[a], t, k]


@_compiled
def _endings(g, w, i):  # type: ignore[no-untyped-def]
    """Set player i's values at the endings."""
    start = 0
    for j in range(i):
        start += g.types[j] * len(g.leaves)
    for z in range(len(g.leaves)):
        for t in range(g.types[i]):
            for k in range(LANES):
                w.value[g.leaves[z], t, k] = w.payoff[start + z * g.types[i] + t, k]


@_compiled
def _expected(g, w, a, t, i, odds, out):  # type: ignore[no-untyped-def]
    """Value of node ``a`` to type t of player i where somebody else, or chance, moves."""
    for k in range(LANES):
        out[k] = 0.0
    for c in range(g.first[a], g.first[a] + g.size[a]):
        if g.mover[a] == TYPE_CHANCE - i:
            for k in range(LANES):
                out[k] += w.chance[g.type_row[c], t, k] * w.value[c, t, k]
        else:
            for k in range(LANES):
                out[k] += odds[c, k] * w.value[c, t, k]


@njit(inline="always", error_model="numpy")  # type: ignore[untyped-decorator]
def _worse(old, new):  # type: ignore[no-untyped-def]
    """Return the larger, and not-a-number for good once it occurs."""
    return new if old == old and not new <= old else old


@_compiled
def _judge(g, w, i, odds, lam, epsilon, residual, excess, regret, unsound):  # type: ignore[no-untyped-def]
    """Values of player i under the strategies; check every choice of its types on the way."""
    out = np.empty(LANES)
    best = np.empty(LANES)
    total = np.empty(LANES)
    sums = np.empty(LANES)
    mean = np.empty(LANES)
    least = np.empty(LANES)
    _endings(g, w, i)
    for a in range(len(g.mover) - 1, -1, -1):
        if g.mover[a] == TERMINAL:
            continue
        for t in range(g.types[i]):
            if g.mover[a] != i:
                _expected(g, w, a, t, i, odds, out)
                for k in range(LANES):
                    w.value[a, t, k] = out[k]
                continue
            for k in range(LANES):
                best[k] = -np.inf
                least[k] = 1.0
                out[k] = sums[k] = total[k] = mean[k] = 0.0
            for c in range(g.first[a], g.first[a] + g.size[a]):
                for k in range(LANES):
                    p = w.pi[c, t, k]
                    v = w.value[c, t, k]
                    weight = w.weight[c, k]
                    out[k] += p * v
                    sums[k] += p
                    mean[k] += weight * v
                    low = epsilon * weight - p
                    unsound[k] = _worse(unsound[k], low)
                    if weight > 0.0:
                        best[k] = max(best[k], v)
                        least[k] = min(least[k], weight)
            for k in range(LANES):
                fault = abs(sums[k] - 1.0)
                unsound[k] = _worse(unsound[k], fault)
                w.value[a, t, k] = out[k]
                gain = (1.0 - epsilon) * best[k] + epsilon * mean[k] - out[k]
                regret[k] = _worse(regret[k], gain)
            if lam < 0.0:
                continue
            for k in range(LANES):
                if lam > 0.0:
                    over = best[k] - out[k] + math.log(least[k]) / lam
                    excess[k] = _worse(excess[k], over)
            for c in range(g.first[a], g.first[a] + g.size[a]):
                for k in range(LANES):
                    total[k] += w.weight[c, k] * math.exp(lam * (w.value[c, t, k] - best[k]))
            for c in range(g.first[a], g.first[a] + g.size[a]):
                for k in range(LANES):
                    e = w.weight[c, k] * math.exp(lam * (w.value[c, t, k] - best[k]))
                    apart = abs(e / total[k] - w.pi[c, t, k])
                    residual[k] = _worse(residual[k], apart)


@_compiled
def _best_reply(g, w, i, odds, epsilon):  # type: ignore[no-untyped-def]
    """Values of player i's best strategy within the floor."""
    out = np.empty(LANES)
    best = np.empty(LANES)
    _endings(g, w, i)
    for a in range(len(g.mover) - 1, -1, -1):
        if g.mover[a] == TERMINAL:
            continue
        for t in range(g.types[i]):
            if g.mover[a] == i:
                for k in range(LANES):
                    best[k] = -np.inf
                    out[k] = 0.0
                for c in range(g.first[a], g.first[a] + g.size[a]):
                    for k in range(LANES):
                        out[k] += w.weight[c, k] * w.value[c, t, k]
                        if w.weight[c, k] > 0.0:
                            best[k] = max(best[k], w.value[c, t, k])
                for k in range(LANES):
                    out[k] = (1.0 - epsilon) * best[k] + epsilon * out[k]
            else:
                _expected(g, w, a, t, i, odds, out)
            for k in range(LANES):
                w.value[a, t, k] = out[k]


@_compiled
def _bring(w, payoff, weight, type_prob, prior, share, which):  # type: ignore[no-untyped-def]
    """Copy the numbers of the variants ``which``."""
    for x in range(len(payoff)):
        for k in range(LANES):
            w.payoff[x, k] = payoff[x, which[k]]
    for x in range(len(weight)):
        for k in range(LANES):
            w.weight[x, k] = weight[x, which[k]]
    width = w.chance.shape[1]
    for x in range(len(type_prob)):
        for k in range(LANES):
            w.chance[x // width, x % width, k] = type_prob[x, which[k]]
    for x in range(len(prior)):
        for k in range(LANES):
            w.prior[x, k] = prior[x, which[k]]


@_compiled
def examine(  # type: ignore[no-untyped-def]
    g, w, payoff, weight, type_prob, prior, share, lam, epsilon, which, last, gains, found, keep
):
    """Examine the strategies in ``w.pi`` of variants ``which`` (the first ``last`` lanes).

    ``prior`` holds the analyst's priors and then, where beliefs are unlike, those of each player;
    ``lam`` is -1 for the deliberate reading; ``gains`` asks for NashConv; ``keep`` receives the
    public odds of every move, (n, S), where it has rows.
    """
    n = len(g.mover)
    players = len(g.types)
    all_types = 0
    for i in range(players):
        all_types += g.types[i]
    unlike = len(prior) > all_types
    _bring(w, payoff, weight, type_prob, prior, share, which)
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
                    conv[k] -= w.prior[base + start + t, k] * w.value[0, t, k]
            _best_reply(g, w, i, w.odds, epsilon)
            for t in range(g.types[i]):
                for k in range(LANES):
                    conv[k] += w.prior[base + start + t, k] * w.value[0, t, k]
        start += g.types[i]
    if unlike:
        _public_odds(g, w, 0, -1, w.odds)
    for k in range(last):
        v = which[k]
        found.residual[v] = residual[k] if lam >= 0.0 else np.nan
        found.excess[v] = excess[k] if lam > 0.0 else np.nan
        found.regret[v] = regret[k]
        found.unsound[v] = unsound[k]
        found.nash_conv[v] = conv[k] if gains else np.nan
        for x in range(found.outcomes.shape[1]):
            found.outcomes[v, x] = 0.0
    if len(keep):
        for c in range(n):
            for k in range(last):
                keep[c, which[k]] = w.odds[c, k]
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
