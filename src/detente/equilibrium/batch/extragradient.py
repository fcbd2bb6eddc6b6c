"""Extragradient steps on all players' public odds, for LANES variants at once.

If one player's reply to the other feeds back strongly (bluff and call), the sweep of `anderson` has
large negative eigenvalues, and the accelerator may not converge. On both players' odds together
these are rotations, which an extragradient step damps (Korpelevich 1976, Matekon 13:35-49). F is
the difference between the replies and the odds. The step evaluates F at x + a F(x) and moves from x
by a times that value. A rotation of size w shrinks by the factor 1 - (a w)^2 + (a w)^4 in the
square; looking half as far ahead would make it grow by 1 + (a w)^4 / 4. Each variant has its own
step a. The accelerator finishes the iteration, and then needs only a few sweeps.
"""

# mypy: disable-error-code="call-arg,var-annotated,no-untyped-def,misc"
from __future__ import annotations

import numpy as np

from detente.equilibrium.batch.anderson import LEAST, respond
from detente.equilibrium.batch.kernels import ONE, ZERO
from detente.equilibrium.kernels.lanes import LANES, WIDE, kernel
from detente.equilibrium.kernels.vectors import fill, fma, maximum, store, sub
from detente.equilibrium.kernels.vectors import load as row

__all__ = ["extragradient"]

SAFE = 0.7
"""Largest product of step and local Lipschitz constant at which a step is kept."""
TRIES = 8
"""Largest number of times that one step is shortened."""
TWO = np.uint64(2)


@kernel
def _put(plan, s, x, start, stop):
    for y in range(start, stop):
        store(s.odds, plan.odds_row[y], ZERO, row(x, y, ZERO, WIDE))


@kernel
def _replies(plan, s, lam, x, out):
    """Let every player respond to the odds ``x`` of all the others; ``out`` receives its odds."""
    _put(plan, s, x, ZERO, np.uint64(len(x)))
    for i in range(len(plan.back_from) - 1):
        respond(plan, s, lam, i)
        for y in range(plan.odds_from[i], plan.odds_from[i + 1]):
            store(out, y, ZERO, row(s.odds, plan.odds_row[y], ZERO, WIDE))
        _put(plan, s, x, plan.odds_from[i], plan.odds_from[i + 1])


@kernel
def extragradient(plan, s, m, lam, tol, most, live):
    """Iterate from ``m.state`` for at most ``most`` double steps; store the result there.

    The first player's odds are its reply to the others'. A variant that is not ``live``, or moves
    less than ``tol``, does not change.
    """
    d = np.uint64(len(m.whole))
    first = plan.odds_from[1]
    for y in range(first, d):
        store(m.whole, y, ZERO, row(m.state, y - first, ZERO, WIDE))
    _put(plan, s, m.whole, first, d)
    respond(plan, s, lam, 0)
    for y in range(first):
        store(m.whole, y, ZERO, row(s.odds, plan.odds_row[y], ZERO, WIDE))
    lane = np.zeros((3, LANES))
    step = np.full(LANES, 0.5)
    length = np.empty(LANES)
    steep = np.zeros(LANES)
    going = live.copy()
    least = fill(LEAST, WIDE)
    zero = fill(0.0, WIDE)
    for _ in range(most):
        _replies(plan, s, lam, m.whole, m.pull)
        largest = zero
        squares = zero
        for y in range(d):
            e = sub(row(m.pull, y, ZERO, WIDE), row(m.whole, y, ZERO, WIDE))
            store(m.pull, y, ZERO, e)
            largest = maximum(largest, maximum(e, sub(zero, e)))
            squares = fma(e, e, squares)
        store(lane, ZERO, ZERO, largest)
        store(lane, ONE, ZERO, squares)
        left = 0
        for k in range(LANES):
            if lane[0, k] <= tol:
                going[k] = False
            left += going[k]
            length[k] = np.sqrt(lane[1, k])
        if left == 0:
            break
        for _ in range(TRIES):
            for k in range(LANES):
                lane[2, k] = step[k]
            by = row(lane, TWO, ZERO, WIDE)
            for y in range(d):
                store(m.ahead, y, ZERO, fma(by, row(m.pull, y, ZERO, WIDE),
                                           row(m.whole, y, ZERO, WIDE)))
            _replies(plan, s, lam, m.ahead, m.push)
            squares = zero
            for y in range(d):
                e = sub(row(m.push, y, ZERO, WIDE), row(m.ahead, y, ZERO, WIDE))
                store(m.push, y, ZERO, e)
                e = sub(row(m.pull, y, ZERO, WIDE), e)
                squares = fma(e, e, squares)
            store(lane, ONE, ZERO, squares)
            again = False
            for k in range(LANES):
                if going[k]:
                    steep[k] = np.sqrt(lane[1, k]) / (step[k] * length[k])
                    if step[k] * steep[k] > SAFE and step[k] > 1e-4:
                        step[k] = 0.5 / steep[k]
                        again = True
            if not again:
                break
        for k in range(LANES):
            lane[2, k] = step[k] if going[k] else 0.0
            if going[k]:
                step[k] = min(1.0, 1.1 * step[k], 0.6 / max(steep[k], 1e-300))
        full = row(lane, TWO, ZERO, WIDE)
        for y in range(d):
            moved = fma(full, row(m.push, y, ZERO, WIDE), row(m.whole, y, ZERO, WIDE))
            store(m.whole, y, ZERO, maximum(moved, least))
    for y in range(first, d):
        store(m.state, y - first, ZERO, row(m.whole, y, ZERO, WIDE))
