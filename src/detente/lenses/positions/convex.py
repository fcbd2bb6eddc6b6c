"""Nash and Kalai-Smorodinsky solutions on the convex hull of given agreements.

Sources: [nash-1950a]; [kalai-1977]; [kalai-smorodinsky-1975].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from detente.arrays import Floats
from detente.errors import InputError

__all__ = ["Agreement", "kalai_smorodinsky_point", "nash_point"]


@dataclass(frozen=True)
class Agreement:
    """A point of the bargaining set.

    Attributes
    ----------
    utility : (N,)
        Utility of each party.
    weights : (M,)
        Lottery over the given agreements that yields the point.
    gap : float
        Upper bound on the distance of the objective from its optimum (duality gap).
    """

    utility: Floats
    weights: Floats
    gap: float


def nash_point(
    utilities: ArrayLike, disagreement: ArrayLike, power: ArrayLike | None = None
) -> Agreement:
    """Return the (asymmetric) Nash solution: the agreement with the greatest product of gains.

    Parameters
    ----------
    utilities : (M, N)
        Utility of each of N parties under each of M agreements. Lotteries over them are allowed.
    disagreement : (N,)
        Utility of each party without agreement.
    power : (N,), optional
        Exponents; equal by default.

    Raises
    ------
    InputError
        No agreement is better than disagreement for all.

    Notes
    -----
    The asymmetric form is that of [kalai-1977]. The logarithm of the product is concave. SLSQP
    maximises it over lotteries. The largest directional gain toward a single agreement bounds the
    distance from the optimum and is reported as ``gap``.

    Examples
    --------
    The first party's utility is twice as large for the same share:

    >>> nash_point([[2, 0], [0, 1]], [0, 0]).utility.round(6).tolist()
    [1.0, 0.5]
    """
    from scipy import optimize

    minimize: Any = optimize.minimize  # its stubs know neither bounds with constraints nor SLSQP

    u, d = np.asarray(utilities, dtype=float), np.asarray(disagreement, dtype=float)
    w = np.ones(len(d)) if power is None else np.asarray(power, dtype=float)
    w = w / w.sum()
    start, margin = _inside(u, d)
    if margin <= 1e-12:
        raise InputError("no agreement is better than disagreement for everyone",
                         expected="an agreement from which every party gains")
    scale = u.max(axis=0) - d

    def loss(p: Floats) -> float:
        return -float(w @ np.log(np.maximum((p @ u - d) / scale, 1e-300)))

    def slope(p: Floats) -> Floats:
        gain = np.maximum(p @ u - d, 1e-300)
        return np.asarray(-(u @ (w / gain)))

    found = minimize(
        loss,
        start,
        jac=slope,
        method="SLSQP",
        bounds=[(0, 1)] * len(u),
        constraints={"type": "eq", "fun": lambda p: p.sum() - 1, "jac": lambda p: np.ones(len(p))},
        options={"maxiter": 500, "ftol": 1e-15},
    )
    p = np.maximum(found.x, 0)
    p /= p.sum()
    gap = float((-slope(p)).max() - (-slope(p)) @ p)
    return Agreement(p @ u, p, gap)


def kalai_smorodinsky_point(utilities: ArrayLike, disagreement: ArrayLike) -> Agreement:
    """Return the Kalai-Smorodinsky solution: each party gets the same share of its ideal gain.

    A party's ideal is its best agreement among those that leave no party worse off than
    disagreement. A linear programme finds the solution. Source: [kalai-smorodinsky-1975].

    Parameters
    ----------
    utilities, disagreement
        As for :func:`nash_point`.

    Raises
    ------
    InputError
        No agreement is better than disagreement for all.

    Examples
    --------
    >>> kalai_smorodinsky_point([[2, 0], [0, 1]], [0, 0]).utility.round(6).tolist()
    [1.0, 0.5]
    >>> kalai_smorodinsky_point([[1, 0], [1, 0.5], [0, 1]], [0, 0]).utility.round(6).tolist()
    [0.666667, 0.666667]
    """
    from scipy import optimize

    linprog: Any = optimize.linprog

    u, d = np.asarray(utilities, dtype=float), np.asarray(disagreement, dtype=float)
    if _inside(u, d)[1] <= 1e-12:
        raise InputError("no agreement is better than disagreement for everyone",
                         expected="an agreement from which every party gains")
    m, n = u.shape
    one = np.ones((1, m))
    ideal = np.empty(n)
    for i in range(n):
        best = linprog(-u[:, i], A_ub=-u.T, b_ub=-d, A_eq=one, b_eq=[1.0])
        ideal[i] = -best.fun
    # maximise t such that every gain is at least t times the ideal gain
    a = np.column_stack([-u.T, ideal - d])
    found = linprog(
        np.append(np.zeros(m), -1.0),
        A_ub=a,
        b_ub=-d,
        A_eq=np.append(one, [[0.0]], axis=1),
        b_eq=[1.0],
        bounds=[(0, None)] * (m + 1),
    )
    p = found.x[:m]
    share = (p @ u - d) / (ideal - d)
    return Agreement(p @ u, p, float(abs(-found.fun - share.min())))


def _inside(u: Floats, d: Floats) -> tuple[Floats, float]:
    """Return a lottery from which all gain, and the least gain."""
    from scipy import optimize

    linprog: Any = optimize.linprog

    if u.ndim != 2 or d.shape != (u.shape[1],):
        raise InputError(
            f"utilities of shape {u.shape} and disagreement of shape {d.shape}",
            expected="(agreements, parties) and (parties,)",
        )
    m = len(u)
    found = linprog(
        np.append(np.zeros(m), -1.0),
        A_ub=np.column_stack([-u.T, np.ones(u.shape[1])]),
        b_ub=-d,
        A_eq=np.append(np.ones((1, m)), [[0.0]], axis=1),
        b_eq=[1.0],
        bounds=[(0, None)] * m + [(None, None)],
    )
    return found.x[:m], float(found.x[m])
