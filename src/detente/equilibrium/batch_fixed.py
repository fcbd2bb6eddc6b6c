"""The fixed point of the sweep, for many variants at once: Anderson acceleration, annealed.

The state q (public odds of all players but the first) is where values are linear, so the
accelerator works on q itself: an affine combination of distributions still sums to one. Each
variant has its own history and its own coefficients; lanes never mix, so a variant's result does
not depend on its neighbours, nor on how many threads there are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.equilibrium.batch_kernels import backward, forward, load, once
from detente.equilibrium.batch_math import LANES, kernel
from detente.equilibrium.batch_plan import Layout

__all__ = ["ANNEALED", "STARTED", "Memory", "memory", "put", "solve_chunk"]

Floats = NDArray[np.float64]
DEPTH = 8
"""Earlier steps the accelerator keeps."""
LEAST = 1e-15
"""Public odds in the state are kept above this."""
LOOSE = 1e-3
"""Tolerance on the way up to lambda."""
FEW = 6
"""Fewer variants than this are not worth a block of lanes; they are solved one by one."""
STARTED, ANNEALED = 1, 2
"""How a variant was reached."""


class Memory(NamedTuple):
    """What the accelerator remembers, for one thread; the last axis is the variant."""

    state: Floats
    before: Floats
    step: Floats
    step_before: Floats
    moved: Floats
    changed: Floats
    gram: Floats
    right: Floats
    scale: Floats
    factor: Floats


def memory(plan: Layout) -> Memory:
    """Return the accelerator's arrays for ``plan``."""
    d = len(plan.state_row)

    def zeros(*shape: int) -> Floats:
        return np.zeros((*shape, LANES))

    return Memory(
        state=zeros(d), before=zeros(d), step=zeros(d), step_before=zeros(d),
        moved=zeros(DEPTH, d), changed=zeros(DEPTH, d), gram=zeros(DEPTH, DEPTH),
        right=zeros(DEPTH), scale=zeros(DEPTH), factor=zeros(DEPTH, DEPTH),
    )


@kernel
def put(rows, state, q):  # type: ignore[no-untyped-def]
    """Write the state into the public odds."""
    for x in range(len(rows)):
        for k in range(LANES):
            q[rows[x], k] = state[x, k]


@kernel
def sweep(plan, s, lam):  # type: ignore[no-untyped-def]
    """Let every player in turn respond to the public odds, and make its own odds public."""
    for i in range(len(plan.back_from) - 1):
        backward(plan.back, np.int64(plan.back_from[i]), np.int64(plan.back_from[i + 1]), s.value,
                 s.strategy, s.odds, s.weight, lam, s.scratch)
        forward(plan.fore, plan.after, plan.fore_from[i], plan.fore_from[i + 1], s.strategy,
                s.odds, s.belief, s.scratch)


@kernel
def _proper(menus, state, total, move):  # type: ignore[no-untyped-def]
    """Clip the state to positive odds that sum to one over each menu, where ``move`` is 1."""
    for g in range(len(menus) - 1):
        for k in range(LANES):
            total[k] = 0.0
        for x in range(menus[g], menus[g + 1]):
            for k in range(LANES):
                e = max(state[x, k], LEAST)
                state[x, k] = e
                total[k] += e
        for k in range(LANES):
            total[k] = 1.0 / total[k] if move[k] > 0.0 else 1.0
        for x in range(menus[g], menus[g + 1]):
            for k in range(LANES):
                state[x, k] *= total[k]


@kernel
def _products(changed, other, step, g, r):  # type: ignore[no-untyped-def]
    for k in range(LANES):
        g[k] = 0.0
        r[k] = 0.0
    for x in range(len(step)):
        for k in range(LANES):
            g[k] += changed[x, k] * other[x, k]
            r[k] += other[x, k] * step[x, k]


@kernel
def _remember(m, slot, kept):  # type: ignore[no-untyped-def]
    """Store the last move of the state and what it changed; update the products."""
    moved = m.moved[slot]
    changed = m.changed[slot]
    for x in range(len(m.state)):
        for k in range(LANES):
            e = m.step[x, k] - m.step_before[x, k]
            changed[x, k] = e
            moved[x, k] = m.state[x, k] - m.before[x, k] + e
    for j in range(kept):
        _products(changed, m.changed[j], m.step, m.gram[slot, j], m.right[j])
        for k in range(LANES):
            m.gram[j, slot, k] = m.gram[slot, j, k]


@kernel
def _coefficients(gram, right, scale, kept, a):  # type: ignore[no-untyped-def]
    """Least-squares weights of the stored steps, by a scaled Cholesky factorisation in ``a``."""
    for i in range(kept):
        for k in range(LANES):
            e = gram[i, i, k]
            scale[i, k] = 1.0 / np.sqrt(e) if e > 1e-60 else 0.0
    for i in range(kept):
        for j in range(i + 1):
            for k in range(LANES):
                a[i, j, k] = gram[i, j, k] * scale[i, k] * scale[j, k]
        for k in range(LANES):
            a[i, i, k] = 1.0 + 1e-13
            right[i, k] *= scale[i, k]
    for i in range(kept):
        for j in range(i + 1):
            for h in range(j):
                for k in range(LANES):
                    a[i, j, k] -= a[i, h, k] * a[j, h, k]
            if i == j:
                for k in range(LANES):
                    # A step that repeats earlier ones is left out.
                    e = a[i, i, k]
                    a[i, i, k] = 1.0 / np.sqrt(e) if e > 1e-12 else 0.0
            else:
                for k in range(LANES):
                    a[i, j, k] *= a[j, j, k]
    for i in range(kept):
        for h in range(i):
            for k in range(LANES):
                right[i, k] -= a[i, h, k] * right[h, k]
        for k in range(LANES):
            right[i, k] *= a[i, i, k]
    for i in range(kept - 1, -1, -1):
        for h in range(i + 1, kept):
            for k in range(LANES):
                right[i, k] -= a[h, i, k] * right[h, k]
        for k in range(LANES):
            right[i, k] *= a[i, i, k]
    for i in range(kept):
        for k in range(LANES):
            right[i, k] *= scale[i, k]


@kernel
def _advance(m, kept, move):  # type: ignore[no-untyped-def]
    """Take the accelerated step, in the lanes where ``move`` is 1."""
    d = len(m.state)
    for x in range(d):
        for k in range(LANES):
            m.before[x, k] = m.state[x, k]
            m.step_before[x, k] = m.step[x, k]
            m.state[x, k] += m.step[x, k] * move[k]
    for j in range(kept):
        moved = m.moved[j]
        r = m.right[j]
        for k in range(LANES):
            r[k] *= move[k]
        for x in range(d):
            for k in range(LANES):
                m.state[x, k] -= r[k] * moved[x, k]


@kernel
def _measure(rows, q, m, largest):  # type: ignore[no-untyped-def]
    """Store how the sweep moved the state, and by how much at most."""
    for k in range(LANES):
        largest[k] = 0.0
    for x in range(len(rows)):
        for k in range(LANES):
            e = q[rows[x], k] - m.state[x, k]
            m.step[x, k] = e
            largest[k] = max(largest[k], abs(e))


@kernel
def accelerate(plan, s, m, lam, tol, most, enough, live, done):  # type: ignore[no-untyped-def]
    """Iterate from ``m.state`` until every live variant moves less than its ``tol``.

    ``done[k]`` is set to the number of sweeps used, 0 where ``most`` did not suffice (or where
    ``enough`` other variants had finished first). A finished variant's state stays put.
    """
    largest = s.scratch[2]
    move = s.scratch[3]
    wanted = 0
    for k in range(LANES):
        done[k] = 0
        wanted += live[k]
    finished = 0
    for it in range(most):
        put(plan.state_row, m.state, s.odds)
        sweep(plan, s, lam)
        _measure(plan.state_row, s.odds, m, largest)
        for k in range(LANES):
            if done[k] == 0 and largest[k] <= tol[k]:
                done[k] = it + 1
                finished += live[k]
            move[k] = 0.0 if done[k] else 1.0
        if finished >= wanted or (finished >= enough and it >= 12) or it == most - 1:
            break
        kept = min(it, DEPTH)
        if it > 0:
            _remember(m, (it - 1) % DEPTH, kept)
            _coefficients(m.gram, m.right, m.scale, kept, m.factor)
        _advance(m, kept, move)
        _proper(plan.menu_from, m.state, s.scratch[0], move)


@kernel
def _pack(pending, count, at, which, live):  # type: ignore[no-untyped-def]
    """Take the next LANES pending variants; lanes left over repeat the last one, idle."""
    for k in range(LANES):
        live[k] = at + k < count
        which[k] = pending[min(at + k, count - 1)]


@kernel
def _neutral(plan, s, m):  # type: ignore[no-untyped-def]
    """Set the state to the menu weights (equal odds at chances that depend on a type)."""
    for x in range(len(plan.state_weight)):
        for k in range(LANES):
            m.state[x, k] = s.weight[plan.state_weight[x], k]
    _proper(plan.menu_from, m.state, s.scratch[0], np.ones(LANES))


@kernel
def _anneal(plan, s, m, lam, tol, live, done, result, which):  # type: ignore[no-untyped-def]
    """Follow each variant from lambda 0, with its own steps in lambda."""
    n = plan.sizes[4]
    d = len(m.state)
    safe = np.zeros(LANES)
    trial = np.full(LANES, min(8.0, lam))
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
            limit[k] = tol if trial[k] >= lam else LOOSE
            left += going[k]
        if left == 0 or (turn > 8 and left < min(FEW, wanted)):
            break
        most = 40
        once(plan.once, n, s.value, s.strategy, s.odds, s.weight, trial, s.scratch)
        accelerate(plan, s, m, trial, limit, most, LANES + 1, going, done)
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
def solve_chunk(  # type: ignore[no-untyped-def]
    plan, s, m, payoff, weight, type_prob, prior, start, lam, tol, able, result, how, stop
):
    """Solve the variants of one chunk: from ``start`` where it has a column, else annealed.

    Variants that are not ``able`` are left out. ``result`` (state, variants) receives the states,
    ``how`` STARTED, ANNEALED or 0 (not found).
    """
    size = result.shape[1]
    n = plan.sizes[4]
    d = len(m.state)
    pending = np.empty(size, dtype=np.int64)
    count = 0
    for v in range(size):
        how[v] = 0
        if able[v]:
            pending[count] = v
            count += 1
        for x in range(d):
            result[x, v] = 1.0
    which = np.empty(LANES, dtype=np.int64)
    live = np.empty(LANES, dtype=np.bool_)
    done = np.zeros(LANES, dtype=np.int64)
    limit = np.full(LANES, tol)
    at_lam = np.full(LANES, lam)
    rounds = 2 if start.shape[1] > 0 else 0
    for turn in range(rounds):
        left = 0
        for at in range(0, count, LANES):
            if stop[0]:
                return
            _pack(pending, count, at, which, live)
            load(plan, s, payoff, weight, type_prob, prior, which)
            once(plan.once, n, s.value, s.strategy, s.odds, s.weight, at_lam, s.scratch)
            for x in range(d):
                for k in range(LANES):
                    m.state[x, k] = start[x, 0] if turn == 0 else result[x, which[k]]
            # The slowest of a block are put together with the slowest of the others.
            accelerate(plan, s, m, at_lam, limit, 30 if turn == 0 else 50,
                       LANES - 3 if turn == 0 else LANES + 1, live, done)
            for k in range(LANES):
                if live[k]:
                    for x in range(d):
                        result[x, which[k]] = m.state[x, k]
                    if done[k]:
                        how[which[k]] = STARTED
            for k in range(LANES):
                if live[k] and not done[k]:
                    pending[left] = which[k]
                    left += 1
        count = left
    if rounds > 0 and count < FEW:
        return
    for at in range(0, count, LANES):
        if stop[0]:
            return
        _pack(pending, count, at, which, live)
        load(plan, s, payoff, weight, type_prob, prior, which)
        _anneal(plan, s, m, lam, tol, live, done, result, which)
        for k in range(LANES):
            if live[k]:
                how[which[k]] = ANNEALED if done[k] else 0
