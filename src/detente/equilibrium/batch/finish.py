"""From the states of a chunk to strategies, and from strategies to certificates."""

from __future__ import annotations

import numpy as np

from detente.equilibrium.batch.anderson import sweep
from detente.equilibrium.batch.kernels import load, once
from detente.equilibrium.certificates.batch import examine
from detente.equilibrium.kernels.lanes import LANES, kernel

__all__ = ["finish_chunk"]


@kernel
def finish_chunk(  # type: ignore[no-untyped-def]
    plan, s, g, w, payoff, weight, type_prob, prior, views, share, state, lam, gains, found, odds,
    pi, stop,
):
    """Recover the strategies behind ``state`` (rows, S) and examine them.

    ``views`` are the priors the sweeps use, ``prior`` those plus the analyst's; ``odds`` (n, S)
    and ``pi`` (n, T, S) receive public odds and strategies if they have rows.
    """
    size = state.shape[1]
    n = plan.sizes[4]
    which = np.empty(LANES, dtype=np.int64)
    at_lam = np.full((1, LANES), lam)
    epsilon = 0.0
    for at in range(0, size, LANES):
        if stop[0]:
            return
        for k in range(LANES):
            which[k] = min(at + k, size - 1)
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
        last = min(LANES, size - at)
        examine(g, w, payoff, weight, type_prob, prior, share, lam, epsilon, which, last, gains,
                found, odds)
        for c in range(len(pi)):
            for t in range(pi.shape[1]):
                for k in range(last):
                    pi[c, t, at + k] = w.pi[c * g.widest + t, k]
