"""Public odds of every move under given strategies, for many variants at once, by Bayes' rule."""

# mypy: disable-error-code="call-arg,var-annotated,no-untyped-def,misc"
from __future__ import annotations

import numpy as np

from detente.equilibrium.kernels.lanes import LANES, WIDE
from detente.equilibrium.kernels.vectors import add, divide, fill, load, mul, store
from detente.game.tree import CHANCE, JOINT, TERMINAL
from detente.kernel_cache import njit

__all__ = ["agrees", "profile_odds", "public_odds"]

O = np.uint64(0)
_compiled = njit(nogil=True, error_model="numpy")
_inlined = njit(nogil=True, error_model="numpy", forceinline=True)


@_inlined
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
        certain = certain and odds[c, k] > 1e-300  # one over it is finite
    if certain:
        once = divide(fill(1.0, WIDE), total)
        for t in range(g.types[i]):
            at = np.uint64(c * g.widest + t)
            store(w.belief, at, O, mul(load(w.belief, at, O, WIDE), once))
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
def public_odds(g, w, prior_at, only, odds):
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


@_inlined
def profile_odds(g, a, c, but, odds):
    """Odds of the profile that leads from joint node ``a`` to ``c``, one participant left out."""
    p = fill(1.0, WIDE)
    for r in range(g.seat_from[a], g.seat_from[a + 1]):
        if r != but:
            own = (c - g.first[a]) // g.seats[r, 4] % g.seats[r, 1]
            p = mul(p, load(odds, np.uint64(g.seats[r, 2] + own), O, WIDE))
    return p


@_compiled
def agrees(prior, base, count, own, types):
    """Return whether a player's priors, at ``base``, are the analyst's, its own types aside."""
    for x in range(count):
        if own <= x < own + types:
            continue
        for k in range(LANES):
            if prior[base + x, k] != prior[x, k]:
                return False
    return True
