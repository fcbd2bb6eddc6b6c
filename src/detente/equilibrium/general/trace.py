"""Follow the principal branch of an extensive game's agent logit equilibria, compiled.

In pseudo-arclength continuation the unknowns and lambda change together along the curve, so a fold
is a regular point. A step is predicted from the last two tangents and corrected by Newton's method
in the hyperplane orthogonal to the tangent. In the length each log-odds has the weight p(1 - p), so
that improbable moves do not determine the step, and lambda is in logs. The size of the correction
determines the next step length.

The determinant of the bordered system keeps its sign along a branch. If it changes, either a step
has jumped to another branch, and a shorter step is tried, or two branches cross (`CROSSROADS`),
which occurs in games with a symmetry.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.equilibrium.general.kernels import sweep
from detente.equilibrium.general.newton import (
    correct,
    correct_large,
    interpreted,
    newton,
    newton_large,
    tangent,
    tangent_large,
    weights,
)
from detente.kernel_cache import njit

__all__ = ["ARRIVED", "CROSSROADS", "LOST", "TIRED", "follow", "follow_large"]

ARRIVED, LOST, TIRED, CROSSROADS = 0, 1, 2, 3
"""Ends of a trace: the precision was reached; no step succeeds; too many steps; branches cross."""


@njit()
def _length(w: Any, y: Any, w_lam: float, lam: float) -> float:  # pragma: no cover - compiled
    total = w_lam * lam * lam
    for k in range(y.shape[0]):
        total += w[k] * y[k] * y[k]
    return float(np.sqrt(total))


@njit()
def _ahead(y: Any, s: float, t: Any, bend: Any) -> Any:  # pragma: no cover - compiled
    out = np.empty(y.shape[0])
    for k in range(y.shape[0]):
        out[k] = y[k] + s * t[k] + 0.5 * s * s * bend[k]
    return out


@njit()
def _hermite(
    x0: float, x1: float, d0: float, d1: float, s: float
) -> float:  # pragma: no cover - compiled
    c = s * s * (3.0 - 2.0 * s)
    return (1.0 - c) * x0 + c * x1 + s * (1 - s) * ((1 - s) * d0 - s * d1)


def _cross(
    a: Any, target: float, y0: Any, lam0: float, y1: Any, lam1: float, t0: Any, rate0: float,
    scale0: float, t1: Any, rate1: float, scale1: float,
) -> Any:
    """Solve at the precision ``target`` between two points of the branch, from their interpolant.

    Returns
    -------
    converged, solution, its distance from the interpolant
    """
    low, high = 0.0, 1.0
    d0, d1 = scale0 * rate0, scale1 * rate1
    for _ in range(60):
        middle = 0.5 * (low + high)
        if (_hermite(lam0, lam1, d0, d1, middle) - target) * (lam0 - target) > 0.0:
            low = middle
        else:
            high = middle
    guess = np.empty(y0.shape[0])
    for k in range(y0.shape[0]):
        guess[k] = _hermite(y0[k], y1[k], scale0 * t0[k], scale1 * t1[k], 0.5 * (low + high))
    return newton(a, guess, target, 30)


cross = njit()(_cross)


def _follow(
    a: Any, y_start: Any, lam_start: float, target: float, stake: float, most_steps: int,
    first_step: float, reach: float, keep: int, fineness: float, row_start: Any,
    row_lam_start: float,
) -> Any:
    """Trace from (y_start, lam_start) to the first crossing of ``target``, and on to ``reach``.

    Parameters
    ----------
    stake
        Scale of the payoffs; makes lambda a pure number.
    reach
        Precision at which to stop looking for further crossings; ``target`` for none.
    keep
        Number of crossings and path points to store.
    fineness
        Size of the correction that steps aim at, in log-odds weighted by sqrt(p (1 - p)).
    row_start, row_lam_start
        The first tangent is the one with a positive product with this.

    Returns
    -------
    status, crossings (keep, U) and their number, path lambdas and points and their number,
    folds and their number, last y, last lambda, steps
    """
    size = y_start.shape[0]
    crossings = np.zeros((keep, size))
    path_lam, path_y = np.zeros(keep), np.zeros((keep, size))
    folds = np.zeros(1000)
    found, stored, bends = 0, 0, 0
    status, steps = TIRED, 0

    y0, lam0 = y_start.copy(), lam_start
    matrix = np.zeros((size + 1, size + 1))
    right = np.zeros((size + 1, 2))
    t_y, bend_y, n_y, row = np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size)
    orientation, prob = tangent(a, y0, lam0, row_start, row_lam_start, 0.0, matrix, right)
    if orientation == 0:
        return (
            LOST, crossings, found, path_lam, path_y, stored, folds, bends, y0, lam0, steps,
        )
    for k in range(size):
        t_y[k] = right[k, 1]
    t_lam, bend_lam = right[size, 1], 0.0
    length = first_step

    while steps < most_steps:
        if stored < keep:
            path_lam[stored] = lam0
            for k in range(size):
                path_y[stored, k] = y0[k]
            stored += 1
        # The metric here, and the tangent in it; its length was measured in the last metric.
        w = weights(a, y0, prob)
        w_lam = (stake / (1.0 + stake * abs(lam0))) ** 2
        norm = _length(w, t_y, w_lam, t_lam)
        if not (norm > 0.0 and norm < np.inf):
            status = LOST
            break
        for k in range(size):
            row[k] = w[k] * t_y[k] / norm
        accepted, moved, s, lam1, n_lam = False, 0.0, 0.0, lam0, t_lam
        y1 = y0
        while length > 1e-9 and not accepted:
            s = length / norm
            y1 = _ahead(y0, s, t_y, bend_y)
            lam1 = lam0 + s * t_lam + 0.5 * s * s * bend_lam
            sign, lam1, moved = correct(
                a, y1, lam1, w, w_lam, row, w_lam * t_lam / norm, matrix, right,
                min(1e-3, 0.01 * length),
            )
            good = sign != 0
            if good:
                for k in range(size):
                    n_y[k] = right[k, 1]
                n_lam = right[size, 1]
                long = _length(w, n_y, w_lam, n_lam)
                good = long < 1.4 and lam1 > -1e-9  # the curve has turned by less than 45 degrees
                for k in range(size):
                    n_y[k] /= long
                n_lam /= long
            if good and sign != orientation:
                if length < 1e-4:
                    return (
                        CROSSROADS, crossings, found, path_lam, path_y, stored, folds, bends, y0,
                        lam0, steps,
                    )
                good = False
            if good and (lam0 - target) * (lam1 - target) <= 0.0 and found < keep:
                there, exact, off = cross(
                    a, target, y0, lam0, y1, lam1, t_y, t_lam, s, n_y, n_lam, length
                )
                good = there and (off < 0.3 or length < 1e-6)
                if good:
                    for k in range(size):
                        crossings[found, k] = exact[k]
                    found += 1
            accepted = good
            if not accepted:
                length *= 0.5
        if not accepted:
            status = LOST
            break
        steps += 1
        if t_lam * n_lam < 0.0 and bends < folds.shape[0]:
            before = t_lam / norm
            folds[bends] = _hermite(
                lam0, lam1, length * before, length * n_lam, before / (before - n_lam)
            )
            bends += 1
        for k in range(size):
            bend_y[k] = (n_y[k] - t_y[k] / norm) / length
            t_y[k] = n_y[k]
        bend_lam = (n_lam - t_lam / norm) / length
        t_lam = n_lam
        y0, lam0 = y1, lam1
        prob = sweep(a, y0)[1]
        if found > 0 and (lam0 >= reach or found == keep):
            status = ARRIVED
            break
        power = 0.5 if steps == 1 else 1.0 / 3.0
        length *= min(2.5, max(0.3, 0.9 * (fineness / max(moved, 1e-12)) ** power))
    return status, crossings, found, path_lam, path_y, stored, folds, bends, y0, lam0, steps


follow = njit()(_follow)


follow_large = interpreted(
    _follow, tangent=tangent_large, correct=correct_large,
    cross=interpreted(_cross, newton=newton_large),
)
"""`follow` for more unknowns than `extensive_newton.COMPILED`."""
