"""The fixed point of the sweep for LANES variants at once, by Anderson acceleration.

Values are linear in the state q (public odds of all players but the first), so the accelerator
works on q itself: an affine combination of distributions still sums to one. With steps f = G(q) -
q, the next state is q + f less the combination of the last few moves that cancels f best (Anderson
1965, Journal of the ACM 12:547-560; Walker & Ni 2011, SIAM Journal on Numerical Analysis
49:1715-1735). Each variant has its own history and its own coefficients.
"""

# mypy: disable-error-code="call-arg,var-annotated,no-untyped-def,misc"
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.batch.kernels import ONE, ZERO, backward, forward
from detente.equilibrium.batch.layout import Layout
from detente.equilibrium.kernels.lanes import LANES, WIDE, kernel
from detente.equilibrium.kernels.vectors import add, divide, fill, fma, maximum, mul, store, sub
from detente.equilibrium.kernels.vectors import load as row

__all__ = ["DEPTH", "LEAST", "SHORT", "Memory", "accelerate", "memory", "proper", "respond",
           "sweep"]

DEPTH = np.uint64(16)
"""Most earlier steps that the accelerator can keep."""
SHORT = np.uint64(8)
"""Steps it keeps from a solved neighbour. Most variants need no more; for the rest twice as many
leave a quarter as many unsolved (cuba-1962, precisions 5 to 45: 8 of 512 in place of 35)."""
LEAST = 1e-15
"""Lower bound of the public odds in the state."""
PATIENCE = 12
"""Least number of sweeps before a block is split."""


class Memory(NamedTuple):
    """The stored steps of the accelerator, for one thread; (rows, LANES)."""

    state: Floats
    before: Floats
    step: Floats
    step_before: Floats
    moved: Floats
    changed: Floats
    gram: Floats
    right: Floats
    factor: Floats
    lower: Floats
    inverse: Floats
    lane: Floats
    whole: Floats
    """Public odds of all players, for extragradient steps, and the replies' differences."""
    pull: Floats
    ahead: Floats
    push: Floats


def memory(plan: Layout) -> Memory:
    """Return the accelerator's arrays for ``plan``."""
    d, m, whole = len(plan.state_row), int(DEPTH), len(plan.odds_row)

    def zeros(rows: int) -> Floats:
        return np.zeros((rows, LANES))

    return Memory(
        state=zeros(d), before=zeros(d), step=zeros(d), step_before=zeros(d), moved=zeros(m * d),
        changed=zeros(m * d), gram=zeros(m * m), right=zeros(m), factor=zeros(m * m),
        lower=zeros(m * m), inverse=zeros(m), lane=zeros(2),
        whole=zeros(whole), pull=zeros(whole), ahead=zeros(whole), push=zeros(whole),
    )


@kernel
def respond(plan, s, lam, i):
    """Let the player in place ``i`` respond to the public odds, and make its own odds public."""
    backward(plan.back, plan.back_from[i], plan.back_from[i + 1], s.value, s.strategy, s.odds,
             s.weight, lam)
    forward(plan.fore, plan.after, plan.fore_from[i], plan.fore_from[i + 1], s.strategy, s.odds,
            s.belief)


@kernel
def sweep(plan, s, lam):
    """Let every player respond in turn."""
    for i in range(len(plan.back_from) - 1):
        respond(plan, s, lam, i)


@kernel
def proper(menus, state, move):
    """Clip the state to positive odds that sum to one over each menu, where ``move`` is 1."""
    least = fill(LEAST, WIDE)
    go = row(move, ZERO, ZERO, WIDE)
    stay = sub(fill(1.0, WIDE), go)
    for g in range(len(menus) - 1):
        total = fill(0.0, WIDE)
        for x in range(menus[g], menus[g + 1]):
            total = add(total, maximum(row(state, x, ZERO, WIDE), least))
        # Finished variants are not changed.
        norm = fma(go, divide(fill(1.0, WIDE), total), stay)
        for x in range(menus[g], menus[g + 1]):
            store(state, x, ZERO, mul(maximum(row(state, x, ZERO, WIDE), least), norm))


@kernel
def _measure(rows, q, m):
    """Store the change of the state by the sweep, and its largest entry in ``m.lane``."""
    largest = fill(0.0, WIDE)
    for y in range(len(rows)):
        x = np.uint64(y)
        e = sub(row(q, rows[y], ZERO, WIDE), row(m.state, x, ZERO, WIDE))
        store(m.step, x, ZERO, e)
        largest = maximum(largest, maximum(e, sub(fill(0.0, WIDE), e)))
    store(m.lane, ZERO, ZERO, largest)


@kernel
def _remember(m, d, slot, kept):
    """Store the last step of the state and the change of f; update the products."""
    base = slot * d
    for x in range(d):
        e = sub(row(m.step, x, ZERO, WIDE), row(m.step_before, x, ZERO, WIDE))
        go = sub(row(m.state, x, ZERO, WIDE), row(m.before, x, ZERO, WIDE))
        store(m.changed, base + x, ZERO, e)
        store(m.moved, base + x, ZERO, add(go, e))
    for j in range(kept):
        other = j * d
        g = fill(0.0, WIDE)
        r = fill(0.0, WIDE)
        for x in range(d):
            e = row(m.changed, other + x, ZERO, WIDE)
            g = fma(row(m.changed, base + x, ZERO, WIDE), e, g)
            r = fma(row(m.step, x, ZERO, WIDE), e, r)
        store(m.gram, slot * DEPTH + j, ZERO, g)
        store(m.gram, j * DEPTH + slot, ZERO, g)
        store(m.right, j, ZERO, r)


@kernel
def _coefficients(m, kept):
    """Least-squares weights of the stored steps, by L D L^T of the products; into ``m.right``."""
    for j in range(kept):
        for i in range(j, kept):
            a = row(m.gram, i * DEPTH + j, ZERO, WIDE)
            if i == j:
                a = mul(a, fill(1.0 + 1e-13, WIDE))
            for h in range(j):
                a = sub(a, mul(row(m.factor, i * DEPTH + h, ZERO, WIDE),
                               row(m.lower, j * DEPTH + h, ZERO, WIDE)))
            store(m.factor, i * DEPTH + j, ZERO, a)
        at = j * DEPTH + j
        for k in range(LANES):
            # A step that repeats earlier ones is left out.
            e = m.factor[at, k]
            m.inverse[j, k] = 1.0 / e if e > 1e-12 * m.gram[at, k] and e > 1e-290 else 0.0
        pivot = row(m.inverse, j, ZERO, WIDE)
        for i in range(j + ONE, kept):
            store(m.lower, i * DEPTH + j, ZERO,
                  mul(row(m.factor, i * DEPTH + j, ZERO, WIDE), pivot))
    for i in range(kept):
        r = row(m.right, i, ZERO, WIDE)
        for h in range(i):
            r = sub(r, mul(row(m.lower, i * DEPTH + h, ZERO, WIDE), row(m.right, h, ZERO, WIDE)))
        store(m.right, i, ZERO, r)
    for back in range(kept):
        i = kept - ONE - back
        r = mul(row(m.right, i, ZERO, WIDE), row(m.inverse, i, ZERO, WIDE))
        for h in range(i + ONE, kept):
            r = sub(r, mul(row(m.lower, h * DEPTH + i, ZERO, WIDE), row(m.right, h, ZERO, WIDE)))
        store(m.right, i, ZERO, r)


@kernel
def _advance(m, d, kept):
    """Take the accelerated step, in the lanes where the second row of ``m.lane`` is 1."""
    move = row(m.lane, ONE, ZERO, WIDE)
    for j in range(kept):
        store(m.right, j, ZERO, mul(row(m.right, j, ZERO, WIDE), move))
    for x in range(d):
        now = row(m.state, x, ZERO, WIDE)
        e = row(m.step, x, ZERO, WIDE)
        store(m.before, x, ZERO, now)
        store(m.step_before, x, ZERO, e)
        now = fma(e, move, now)
        for j in range(kept):
            now = sub(now, mul(row(m.right, j, ZERO, WIDE), row(m.moved, j * d + x, ZERO, WIDE)))
        store(m.state, x, ZERO, now)


@kernel
def accelerate(plan, s, m, lam, tol, most, enough, depth, live, done):
    """Iterate from ``m.state`` until every live variant moves less than its ``tol``.

    ``done[k]`` is set to the number of sweeps used. It is 0 if ``most`` did not suffice, or if
    ``enough`` other variants finished first. ``depth`` earlier steps are kept. The state of a
    finished variant does not change.
    """
    d = np.uint64(len(m.state))
    wanted = 0
    for k in range(LANES):
        done[k] = 0
        wanted += live[k]
    finished = 0
    for it in range(most):
        for y in range(d):
            store(s.odds, plan.state_row[y], ZERO, row(m.state, y, ZERO, WIDE))
        sweep(plan, s, lam)
        _measure(plan.state_row, s.odds, m)
        for k in range(LANES):
            if done[k] == 0 and m.lane[0, k] <= tol[k]:
                done[k] = it + 1
                finished += live[k]
            m.lane[1, k] = 0.0 if done[k] else 1.0
        if finished >= wanted or (finished >= enough and it >= PATIENCE) or it == most - 1:
            break
        kept = min(np.uint64(it), depth)
        if it > 0:
            _remember(m, d, np.uint64(it - 1) % depth, kept)
            _coefficients(m, kept)
        _advance(m, d, kept)
        proper(plan.menu_from, m.state, m.lane[1:])
