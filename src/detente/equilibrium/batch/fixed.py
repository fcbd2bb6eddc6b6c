"""The variants of a chunk, from a solved neighbour or annealed, LANES at a time.

If the accelerator does not converge, from the neighbour or during annealing, extragradient steps
come first. A few variants that do not converge from the neighbour are left to be solved one by one.

Lanes are independent: a variant's result depends neither on the other variants of its block nor on
the number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.equilibrium.batch.anderson import DEPTH, SHORT, accelerate, proper
from detente.equilibrium.batch.extragradient import extragradient
from detente.equilibrium.batch.kernels import load, once
from detente.equilibrium.kernels.lanes import LANES, kernel

if TYPE_CHECKING:
    from detente.equilibrium.batch.anderson import Memory
    from detente.equilibrium.batch.kernels import Space
    from detente.equilibrium.batch.layout import Layout
    from detente.equilibrium.batch.work import Flat

__all__ = ["ANNEALED", "STARTED", "solve_chunk"]

LOOSE = 1e-3
"""Tolerance below the requested lambda."""
ROUNDS = ((30, LANES - 3, SHORT), (40, LANES - 3, DEPTH), (60, LANES + 1, DEPTH))
"""Most sweeps of the accelerator from the neighbour and of its continuations; the variants of a
block that must converge before the others are left to new blocks; the steps kept."""
LEAST = 2
"""Variants that are worth a continuation. Of 256 samples of caucasus-2025, continuations leave one
to Newton's method in place of 28, and the samples take two thirds of the processor time."""
FEW = 12
"""Variants that are worth extragradient steps; fewer are left to Newton's method."""
CALM = 1e-4
"""Tolerance of extragradient steps before the accelerator starts."""
STEPS = 400
"""Most extragradient steps."""
STARTED, ANNEALED = 1, 2
"""Codes of the method that found a variant."""


@kernel
def _pack(pending, count, at, which, live):  # type: ignore[no-untyped-def]
    """Take the next LANES pending variants; unused lanes repeat the last one."""
    for k in range(LANES):
        live[k] = at + k < count
        which[k] = pending[min(at + k, count - 1)]


@kernel
def _neutral(plan, s, m):  # type: ignore[no-untyped-def]
    """Set the state to the menu weights (equal odds at chances that depend on a type)."""
    for x in range(len(plan.state_weight)):
        for k in range(LANES):
            m.state[x, k] = s.weight[plan.state_weight[x], k]
    proper(plan.menu_from, m.state, np.ones((1, LANES)))


@kernel
def _anneal(plan, s, m, lam, tol, live, done, result, which):  # type: ignore[no-untyped-def]
    """Follow each variant from lambda 0, with its own steps in lambda."""
    n = plan.sizes[4]
    d = len(m.state)
    safe = np.zeros(LANES)
    trial = np.full(LANES, min(8.0, lam))
    at_lam = np.empty((1, LANES))
    growth = np.full(LANES, 1.7)
    limit = np.empty(LANES)
    going = live.copy()
    _neutral(plan, s, m)
    for x in range(d):
        for k in range(LANES):
            result[x, which[k]] = m.state[x, k]
    wanted = 0
    for k in range(LANES):
        wanted += live[k]
    for turn in range(24):
        left = 0
        for k in range(LANES):
            at_lam[0, k] = trial[k]
            limit[k] = tol if trial[k] >= lam else LOOSE
            left += going[k]
        if left == 0 or (turn > 8 and left < min(FEW, wanted)):
            break
        most = 40
        once(plan.once, n, s.value, s.strategy, s.odds, s.weight, at_lam)
        accelerate(plan, s, m, at_lam, limit, most, LANES + 1, SHORT, going, done)
        for k in range(LANES):
            if not going[k]:
                continue
            if done[k] > 0:
                safe[k] = trial[k]
                for x in range(d):
                    result[x, which[k]] = m.state[x, k]
                if safe[k] >= lam:
                    going[k] = False
                trial[k] = min(lam, max(safe[k] * growth[k], safe[k] + 0.5))
            else:
                growth[k] = 1.0 + 0.5 * (growth[k] - 1.0)
                trial[k] = 0.5 * (safe[k] + trial[k])
                if trial[k] - safe[k] < 0.05:
                    going[k] = False
            for x in range(d):
                m.state[x, k] = result[x, which[k]]
    for k in range(LANES):
        done[k] = 1 if safe[k] >= lam else 0


@kernel
def _settle(  # type: ignore[no-untyped-def]
    plan, s, m, payoff, weight, type_prob, prior, start, lam, tol, pending, count, result, how,
    word, stop
):
    """Solve the first ``count`` pending variants, from ``start`` if it has columns.

    Otherwise from ``result``, which receives the states found. Returns the number not solved.
    """
    which = np.empty(LANES, dtype=np.int64)
    live = np.empty(LANES, dtype=np.bool_)
    done = np.zeros(LANES, dtype=np.int64)
    at_lam = np.full((1, LANES), lam)
    limit = np.full(LANES, tol)
    left = 0
    for at in range(0, count, LANES):
        if stop[0]:
            return left
        _pack(pending, count, at, which, live)
        load(plan, s, payoff, weight, type_prob, prior, which)
        once(plan.once, plan.sizes[4], s.value, s.strategy, s.odds, s.weight, at_lam)
        for x in range(len(m.state)):
            for k in range(LANES):
                m.state[x, k] = (start[x, which[k]] if start.shape[1] > 0
                                 else result[x, which[k]])
        extragradient(plan, s, m, at_lam, CALM, STEPS, live)
        accelerate(plan, s, m, at_lam, limit, 50, LANES + 1, DEPTH, live, done)
        for k in range(LANES):
            if live[k] and done[k]:
                how[which[k]] = word
                for x in range(len(m.state)):
                    result[x, which[k]] = m.state[x, k]
        for k in range(LANES):
            if live[k] and not done[k]:
                pending[left] = which[k]
                left += 1
    return left


@kernel
def _blocks(  # type: ignore[no-untyped-def]
    plan, s, m, payoff, weight, type_prob, prior, start, lam, tol, most, enough, depth, pending,
    count, result, how, stop
):
    """Iterate on the first ``count`` pending variants from their columns of ``start``.

    ``result`` receives the last states. Returns the number that have not converged; these come
    first in ``pending`` then.
    """
    which = np.empty(LANES, dtype=np.int64)
    live = np.empty(LANES, dtype=np.bool_)
    done = np.zeros(LANES, dtype=np.int64)
    limit = np.full(LANES, tol)
    at_lam = np.full((1, LANES), lam)
    left = 0
    for at in range(0, count, LANES):
        if stop[0]:
            return left
        _pack(pending, count, at, which, live)
        load(plan, s, payoff, weight, type_prob, prior, which)
        once(plan.once, plan.sizes[4], s.value, s.strategy, s.odds, s.weight, at_lam)
        for x in range(len(m.state)):
            for k in range(LANES):
                m.state[x, k] = start[x, which[k]]
        accelerate(plan, s, m, at_lam, limit, most, enough, depth, live, done)
        for k in range(LANES):
            if live[k]:
                for x in range(len(m.state)):
                    result[x, which[k]] = m.state[x, k]
                if done[k]:
                    how[which[k]] = STARTED
                else:
                    pending[left] = which[k]
                    left += 1
    return left


@kernel
def _annealed(  # type: ignore[no-untyped-def]
    plan, s, m, payoff, weight, type_prob, prior, lam, tol, pending, count, result, how, stop
):
    """Anneal the first ``count`` pending variants; return the number not solved, first in it."""
    which = np.empty(LANES, dtype=np.int64)
    live = np.empty(LANES, dtype=np.bool_)
    done = np.zeros(LANES, dtype=np.int64)
    left = 0
    for at in range(0, count, LANES):
        if stop[0]:
            return left
        _pack(pending, count, at, which, live)
        load(plan, s, payoff, weight, type_prob, prior, which)
        _anneal(plan, s, m, lam, tol, live, done, result, which)
        for k in range(LANES):
            if live[k]:
                how[which[k]] = ANNEALED if done[k] else 0
        for k in range(LANES):
            if live[k] and not done[k]:
                pending[left] = which[k]
                left += 1
    return left


def solve_chunk(
    plan: Layout, s: Space, m: Memory, flat: Flat, start: Floats, lam: float, tol: float,
    stop: NDArray[np.uint8],
) -> tuple[Floats, NDArray[np.int8]]:
    """Solve the variants of one chunk: from ``start`` if it has columns, else annealed.

    ``start`` has no columns or one per variant. Variants with numbers that are not finite are left
    out, and so are the last ones if fewer than FEW do not converge from ``start``.

    Returns
    -------
    state : (d, S) float array
    how : (S,) int array
        STARTED, ANNEALED or 0 (not found).
    """
    result = np.ones((len(plan.state_row), flat.size))
    how = np.zeros(flat.size, dtype=np.int8)
    pending = np.flatnonzero(flat.finite)
    count = len(pending)
    begin = plan, s, m, flat.payoff, flat.weight, flat.type_prob, flat.seen
    if start.shape[1]:
        at = start
        for most, enough, depth in ROUNDS:
            count = _blocks(*begin, at, lam, tol, most, enough, depth, pending, count, result, how,
                            stop)
            if count < LEAST:
                return result, how
            at = result
        if count < FEW:
            return result, how
        count = _settle(*begin, start, lam, tol, pending, count, result, how, STARTED, stop)
    if count:
        count = _annealed(*begin, lam, tol, pending, count, result, how, stop)
    if count:
        _settle(*begin, start[:, :0], lam, tol, pending, count, result, how, ANNEALED, stop)
    return result, how
