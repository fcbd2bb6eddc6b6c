"""Newton's method for an extensive game's agent logit equilibria, compiled.

Newton's method at one precision, or in the hyperplane orthogonal to the tangent of a branch. There
lambda is one more unknown, and the bordered system is regular at a fold, too. Each method has two
versions: compiled with its own elimination, and interpreted with LAPACK for large systems.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

import numpy as np

from detente.equilibrium.general.kernels import jacobian, residual, slope, sweep
from detente.kernel_cache import njit

__all__ = [
    "COMPILED", "correct", "correct_large", "interpreted", "newton", "newton_large", "tangent",
    "tangent_large", "weights",
]

COMPILED = 256
"""Up to this many unknowns everything is compiled; above it LAPACK solves the linear systems."""


@njit()
def solve_dense(matrix: Any, right: Any) -> int:  # pragma: no cover - compiled
    """Solve in place (both arguments are overwritten); return the determinant's sign."""
    n, columns = right.shape
    sign = 1
    for k in range(n):
        best, at = abs(matrix[k, k]), k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > best:
                best, at = abs(matrix[i, k]), i
        if not best > 1e-300 or not best < 1e300:
            return 0
        if matrix[at, k] < 0.0:
            sign = -sign
        if at != k:
            sign = -sign
            for j in range(k, n):
                held = matrix[k, j]
                matrix[k, j] = matrix[at, j]
                matrix[at, j] = held
            for j in range(columns):
                held = right[k, j]
                right[k, j] = right[at, j]
                right[at, j] = held
        inverse = 1.0 / matrix[k, k]
        for i in range(k + 1, n):
            f = matrix[i, k]
            if f == 0.0:
                continue
            f *= inverse
            for j in range(k + 1, n):
                matrix[i, j] -= f * matrix[k, j]
            for j in range(columns):
                right[i, j] -= f * right[k, j]
    for k in range(n - 1, -1, -1):
        for j in range(columns):
            total = right[k, j]
            for i in range(k + 1, n):
                total -= matrix[k, i] * right[i, j]
            right[k, j] = total / matrix[k, k]
    return sign


def _solve_lapack(matrix: Any, right: Any) -> int:
    """Do the same as `solve_dense`, for large systems."""
    from scipy.linalg import lu_factor, lu_solve

    if not np.isfinite(matrix).all():
        return 0
    lu, pivots = lu_factor(matrix, check_finite=False)
    diagonal = np.diagonal(lu)
    if not diagonal.all():
        return 0
    right[:] = lu_solve((lu, pivots), right, check_finite=False)
    if not np.isfinite(right).all():
        return 0
    swaps = np.count_nonzero(pivots != np.arange(len(pivots)))
    return -1 if (swaps + np.count_nonzero(diagonal < 0)) % 2 else 1


@njit()
def weights(a: Any, y: Any, prob: Any) -> Any:  # pragma: no cover - compiled
    """Return p (1 - p) of each unknown's move, plus a small constant."""
    out = np.empty(y.shape[0])
    for h in range(a.set_player.shape[0]):
        if a.set_player[h] >= 0:
            first, row = a.set_first[h], a.row[h] - 1
            for j in range(1, a.set_first[h + 1] - first):
                p = prob[first + j]
                out[row + j] = p * (1.0 - p) + 1e-4
    return out


def _newton(a: Any, y: Any, lam: float, most: int) -> Any:  # pragma: no cover - compiled
    """Newton's method at one precision; return (converged, y, weighted size of its first step).

    Converged means that the last correction has the size of rounding errors, or is tiny and no
    longer falls.
    """
    size = y.shape[0]
    y = y.copy()
    matrix = np.empty((size, size))
    right = np.empty((size, 1))
    last, moved = np.inf, 0.0
    for it in range(most):
        _, prob, _, belief, value, worth = sweep(a, y)
        r = residual(a, y, lam, worth)
        jacobian(a, lam, prob, belief, value, worth, matrix)
        for k in range(size):
            right[k, 0] = -r[k]
        if solve_dense(matrix, right) == 0:
            return False, y, moved
        w = weights(a, y, prob)
        step, weighted = 0.0, 0.0
        for k in range(size):
            d = abs(right[k, 0])
            step = max(step, d / (1.0 + abs(y[k])))
            weighted = max(weighted, d * (np.sqrt(w[k]) + 0.05))
            y[k] += right[k, 0]
        if not np.isfinite(step):
            return False, y, moved
        if it == 0:
            moved = weighted
        if step < 1e-14 or (step < 1e-10 and step > 0.25 * last):
            return True, y, moved
        if it > 3 and step > 2.0 * last and step > 1e-3:
            return False, y, moved
        last = step
    return last < 1e-10, y, moved


newton = njit()(_newton)


def _tangent(
    a: Any, y: Any, lam: float, row: Any, row_lam: float, goal: float, matrix: Any, right: Any
) -> Any:
    """Solve the bordered system; column 0 is Newton's correction, column 1 the tangent.

    The last equation is row . (dy, dlambda) = goal for the correction and 1 for the tangent.
    Returns the sign of the determinant and the behaviour.
    """
    size = y.shape[0]
    _, prob, _, belief, value, worth = sweep(a, y)
    r = residual(a, y, lam, worth)
    jacobian(a, lam, prob, belief, value, worth, matrix)
    rate = slope(a, worth)
    for k in range(size):
        matrix[k, size] = rate[k]
        matrix[size, k] = row[k]
        right[k, 0] = -r[k]
        right[k, 1] = 0.0
    matrix[size, size] = row_lam
    right[size, 0] = goal
    right[size, 1] = 1.0
    return solve_dense(matrix, right), prob


tangent = njit()(_tangent)


def _correct(
    a: Any, y: Any, lam: float, w: Any, w_lam: float, row: Any, row_lam: float,
    matrix: Any, right: Any, tolerance: float,
) -> Any:
    """Newton's method in the hyperplane orthogonal to the tangent; y is changed in place.

    It ends with a correction of weighted size below ``tolerance``.

    Returns
    -------
    sign of the determinant (0 for failure), lambda, weighted size of the first correction
    """
    size = y.shape[0]
    moved, last = 0.0, np.inf
    for it in range(8):
        sign, _ = tangent(a, y, lam, row, row_lam, 0.0, matrix, right)
        if sign == 0:
            return 0, lam, moved
        step = abs(right[size, 0]) * np.sqrt(w_lam)
        for k in range(size):
            step = max(step, abs(right[k, 0]) * (np.sqrt(w[k]) + 0.05))
        if not np.isfinite(step) or step > 1.0 or (it > 0 and step > 0.5 * last):
            return 0, lam, moved
        for k in range(size):
            y[k] += right[k, 0]
        lam += right[size, 0]
        if it == 0:
            moved = step
        last = step
        if step < tolerance:
            return sign, lam, moved
    return 0, lam, moved


correct = njit()(_correct)


def interpreted(function: Any, **others: Any) -> Any:
    """Return the same function uncompiled, with some of the functions it calls replaced."""
    names = {**function.__globals__, **others}
    return FunctionType(function.__code__, names, function.__name__, function.__defaults__)


newton_large = interpreted(_newton, solve_dense=_solve_lapack)
"""`newton` for more unknowns than `COMPILED`."""
tangent_large = interpreted(_tangent, solve_dense=_solve_lapack)
"""`tangent` for more unknowns than `COMPILED`."""
correct_large = interpreted(_correct, tangent=tangent_large)
"""`correct` for more unknowns than `COMPILED`."""
