"""Extensive games too large for dense linear algebra: anneal, then Newton with GMRES.

Extragradient steps on the fixed-point map damp the rotations (bluff and call) that plain iteration
amplifies. The step is bounded by a running estimate of the map's Lipschitz constant. Newton's
method then solves its linear systems by GMRES, with products by the Jacobian from one tangent sweep
each.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from detente.equilibrium.extensive_kernels import residual, sweep
from detente.game.extensive import ExtensiveGame

__all__ = ["anneal", "polish", "product"]

Floats = NDArray[np.float64]

LADDER = (2.0, 7.0, 14.0, 20.0, 28.0, 40.0)
"""Precisions, in one over the stake, at which the annealing rests; above, by half as much again."""


@njit(cache=True)
def product(
    a: Any, lam: float, dy: Any, prob: Any, belief: Any, value: Any, worth: Any
) -> Any:  # pragma: no cover - compiled
    """Multiply dR/dy by a direction, in one sweep down and one up, (U,)."""
    n, players = a.payoff.shape
    sets = a.set_player.shape[0]
    d_log = np.zeros(a.chance.shape[0])
    for h in range(sets):
        if a.set_player[h] >= 0:
            first, row = a.set_first[h], a.row[h] - 1
            mean = 0.0
            for m in range(first + 1, a.set_first[h + 1]):
                mean += prob[m] * dy[row + m - first]
            d_log[first] = -mean
            for m in range(first + 1, a.set_first[h + 1]):
                d_log[m] = dy[row + m - first] - mean
    d_reach = np.zeros(n)
    d_value = np.zeros((n, players))
    d_mass = np.zeros(sets)
    for k in range(n):
        if k > 0:
            d_reach[k] = d_reach[a.parent[k]] + d_log[a.move[k]]
        if belief[k] > 0.0:
            d_mass[a.infoset[k]] += belief[k] * d_reach[k]
    d_worth = np.zeros(a.chance.shape[0])
    for k in range(n - 1, 0, -1):
        up, m = a.parent[k], a.move[k]
        p = prob[m]
        for i in range(players):
            d_value[up, i] += p * (d_value[k, i] + d_log[m] * value[k, i])
        h = a.infoset[up]
        who = a.set_player[h]
        if who >= 0 and belief[up] > 0.0:
            d_worth[m] += belief[up] * (
                d_value[k, who] + (d_reach[up] - d_mass[h]) * (value[k, who] - worth[m])
            )
    out = np.empty(a.row[-1])
    for h in range(sets):
        if a.set_player[h] >= 0:
            first, row = a.set_first[h], a.row[h] - 1
            for j in range(1, a.set_first[h + 1] - first):
                out[row + j] = lam * (d_worth[first + j] - d_worth[first]) - dy[row + j]
    return out


def polish(a: Any, y: Floats, lam: float, tolerance: float = 1e-11) -> Floats | None:
    """Newton's method with GMRES at one precision; None where it does not converge."""
    from scipy.sparse.linalg import LinearOperator, gmres

    size = len(y)
    y = y.copy()
    last = np.inf
    for _ in range(25):
        _, prob, _, belief, value, worth = sweep(a, y)
        r = residual(a, y, lam, worth)
        norm = float(np.abs(r).max(initial=0.0))
        if not np.isfinite(norm) or norm > 10 * last:
            return None
        if norm < tolerance * (1 + float(np.abs(y).max(initial=0.0))):
            return y
        last = min(last, norm)

        def times(d: Floats, state: Any = (prob, belief, value, worth)) -> Floats:
            return np.asarray(product(a, lam, np.ascontiguousarray(d).ravel(), *state))

        operator = LinearOperator((size, size), matvec=times, dtype=np.float64)
        step, _ = gmres(operator, -r, rtol=min(1e-4, 1e-2 * norm), restart=80, maxiter=5)
        # A damped step where the full one would throw the log-odds about.
        largest = float(np.abs(step).max(initial=0.0))
        y += step * min(1.0, 3.0 / largest if largest > 0 else 1.0)
    return None


def anneal(a: Any, game: ExtensiveGame, lam: float) -> tuple[Floats, str]:
    """Raise lambda from 0, resting at a ladder of precisions.

    Returns
    -------
    y, note
        The log-odds, polished where that succeeded, and what went wrong otherwise.
    """
    target = lam * game.stake
    ladder = [x for x in LADDER if x < target]
    while target > 40 and ladder[-1] * 1.5 < target:
        ladder.append(ladder[-1] * 1.5)
    y = np.zeros(int(a.row[-1]))
    before = 0.0
    for rest in [*ladder, target]:
        here = rest / game.stake
        y = _extragradient(a, y, here, 1e-3 if rest < target else 1e-5)
        polished = polish(a, y, here)
        if polished is not None:
            y = polished
        before = here
    return y, "" if polish(a, y, before) is not None else "Newton's method did not converge"


def _extragradient(a: Any, y: Floats, lam: float, tolerance: float) -> Floats:
    step = 0.5
    for _ in range(3000):
        f = residual(a, y, lam, sweep(a, y)[5])
        size = float(np.abs(f).max(initial=0.0))
        if size < tolerance:
            break
        half = y + step * f
        g = residual(a, half, lam, sweep(a, half)[5])
        change = float(np.linalg.norm(g - f))
        moved = step * float(np.linalg.norm(f))
        lipschitz = change / moved if moved > 0 else 0.0
        if lipschitz * step > 0.9:
            step = 0.7 / lipschitz
            continue
        y = y + step * g
        step = min(1.0, 1.1 * step, 0.7 / max(lipschitz, 1e-12))
    return y
