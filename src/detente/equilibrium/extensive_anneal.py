"""Extensive games too large for dense linear algebra: anneal by Newton's method with GMRES.

Lambda rises in steps; each solution is predicted along the tangent and corrected by Newton's
method, whose linear systems GMRES solves with products by the Jacobian, one tangent sweep each.
Where that fails, extragradient steps on the fixed-point map come first: they damp the rotations
(bluff and
call) that plain iteration amplifies, the step bounded by an estimate of the Lipschitz constant.
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

FIRST = 0.5
"""The first precision, in one over the stake."""


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


def _operator(a: Any, y: Floats, lam: float) -> tuple[Any, Floats, Floats]:
    """Return the Jacobian as an operator, R, and what the moves are worth."""
    from scipy.sparse.linalg import LinearOperator

    _, prob, _, belief, value, worth = sweep(a, y)

    def times(d: Floats) -> Floats:
        direction = np.ascontiguousarray(d).ravel()
        return np.asarray(product(a, lam, direction, prob, belief, value, worth))

    operator = LinearOperator((len(y), len(y)), matvec=times, dtype=np.float64)
    return operator, residual(a, y, lam, worth), worth


def polish(a: Any, y: Floats, lam: float, tolerance: float = 1e-12) -> Floats | None:
    """Newton's method with GMRES at one precision; None where it does not converge."""
    from scipy.sparse.linalg import gmres

    y = y.copy()
    best, since = np.inf, 0
    for _ in range(30):
        operator, r, _ = _operator(a, y, lam)
        norm = float(np.abs(r).max(initial=0.0))
        if norm < tolerance * (1 + float(np.abs(y).max(initial=0.0))):
            return y
        since = 0 if norm < 0.5 * best else since + 1
        best = min(best, norm)
        if not norm < 100 * best or since > 3:
            break
        # Solved no further than Newton's own error: quadratic convergence needs no more.
        step, _ = gmres(operator, -r, rtol=min(0.03, max(norm, 1e-10)), restart=60, maxiter=4)
        largest = float(np.abs(step).max(initial=0.0))
        y += step * min(1.0, 5.0 / largest if largest > 0 else 1.0)
    return y if best < max(1e-9, tolerance) else None


def anneal(a: Any, game: ExtensiveGame, lam: float) -> tuple[Floats, str]:
    """Raise lambda from 0: predict along the tangent, correct, and take shorter steps if need be.

    Where Newton's method fails from the prediction, extragradient steps prepare its start.

    Returns
    -------
    y, note
        The log-odds, polished where that succeeded, and what went wrong otherwise.
    """
    from scipy.sparse.linalg import gmres

    from detente.equilibrium.extensive_kernels import slope

    none = np.zeros(len(a.chance))
    y = residual(a, np.zeros(int(a.row[-1])), 0.0, none)  # the menus' weights
    at, ratio = 0.0, 2.0
    while at < lam:
        ahead = min(lam, max(at * ratio, FIRST / game.stake))
        operator, _, worth = _operator(a, y, at)
        rate, _ = gmres(operator, -slope(a, worth), rtol=1e-3, restart=60, maxiter=2)
        tolerance = 1e-12 if ahead == lam else 1e-6
        there = polish(a, y + (ahead - at) * rate, ahead, tolerance)
        if there is None and ratio < 1.2:
            there = polish(a, _extragradient(a, y, ahead, 1e-3), ahead, tolerance)
        if there is not None:
            y, at, ratio = there, ahead, min(2.0 if ahead * game.stake < 8 else 1.4, ratio**1.3)
        elif ratio < 1.01:
            return _extragradient(a, y, lam, 1e-8), f"annealing was lost at lambda {at:.6g}"
        else:
            ratio = ratio**0.4
    return y, ""


def _extragradient(a: Any, y: Floats, lam: float, tolerance: float) -> Floats:
    step = 0.5
    for _ in range(400):
        f = residual(a, y, lam, sweep(a, y)[5])
        if float(np.abs(f).max(initial=0.0)) < tolerance:
            break
        half = y + step * f
        g = residual(a, half, lam, sweep(a, half)[5])
        moved = step * float(np.linalg.norm(f))
        lipschitz = float(np.linalg.norm(g - f)) / moved if moved > 0 else 0.0
        if lipschitz * step > 0.9:
            step = 0.7 / lipschitz
            continue
        y = y + step * g
        step = min(1.0, 1.1 * step, 0.7 / max(lipschitz, 1e-12))
    return y
