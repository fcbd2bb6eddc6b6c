"""From the states of a chunk to strategies, and from strategies to certificates."""

from __future__ import annotations

import numpy as np

from detente.equilibrium.batch.anderson import sweep
from detente.equilibrium.batch.kernels import load, once
from detente.equilibrium.certificates.batch import examine, observe_odds
from detente.equilibrium.kernels.lanes import LANES, kernel

__all__ = ["finish_chunk", "recover_chunk"]


@kernel
def _respond(  # type: ignore[no-untyped-def]
    plan, s, g, w, payoff, weight, type_prob, views, state, lam, which,
):
    """Store in ``w.pi`` the strategies behind ``state`` of the variants ``which``."""
    n = plan.sizes[4]
    at_lam = np.full((1, LANES), lam)
    load(plan, s, payoff, weight, type_prob, views, which)
    once(plan.once, n, s.value, s.strategy, s.odds, s.weight, at_lam)
    for x in range(len(plan.state_row)):
        for k in range(LANES):
            s.odds[plan.state_row[x], k] = state[x, which[k]]
    sweep(plan, s, at_lam)
    for c in range(n):
        i = plan.edge_player[c]
        if i >= 0:
            for t in range(g.types[i]):
                for k in range(LANES):
                    w.pi[c * g.widest + t, k] = s.strategy[plan.edge_row[c] + t, k]


@kernel
def finish_chunk(  # type: ignore[no-untyped-def]
    plan, s, g, w, payoff, weight, type_prob, prior, views, share, state, lam, gains, found, odds,
    stop,
):
    """Recover the strategies behind ``state`` (rows, S) and examine them.

    ``views`` are the priors the sweeps use, ``prior`` those plus the analyst's; ``odds`` (n, S)
    receives the public odds if it has rows.
    """
    size = state.shape[1]
    which = np.empty(LANES, dtype=np.int64)
    for at in range(0, size, LANES):
        if stop[0]:
            return
        for k in range(LANES):
            which[k] = min(at + k, size - 1)
        _respond(plan, s, g, w, payoff, weight, type_prob, views, state, lam, which)
        examine(g, w, payoff, weight, type_prob, prior, share, lam, 0.0, which,
                min(LANES, size - at), gains, found, odds)


@kernel
def recover_chunk(  # type: ignore[no-untyped-def]
    plan, s, g, w, payoff, weight, type_prob, prior, views, state, lam, rows, pi, odds, stop,
):
    """Recover the strategies behind ``state`` (rows, S) without examining them again.

    ``pi`` (len(rows), T, S) receives the strategies of some rows; ``odds`` (n, S) the public odds
    if it has rows. The other arguments are those of `finish_chunk`.
    """
    size = state.shape[1]
    which = np.empty(LANES, dtype=np.int64)
    for at in range(0, size, LANES):
        if stop[0]:
            return
        for k in range(LANES):
            which[k] = min(at + k, size - 1)
        last = min(LANES, size - at)
        _respond(plan, s, g, w, payoff, weight, type_prob, views, state, lam, which)
        if len(odds):
            observe_odds(g, w, weight, type_prob, prior, which, last, odds)
        for x in range(len(rows)):
            for t in range(pi.shape[1]):
                for k in range(last):
                    pi[x, t, at + k] = w.pi[rows[x] * g.widest + t, k]
