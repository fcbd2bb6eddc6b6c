"""16. Balance as a process (Marvel, Kleinberg, Kleinberg & Strogatz 2011).

Story
    Each pair of states moves closer if the two feel alike about the others, and apart if not. Do
    the states end in two blocs, and which?
Equations
    ``X' = X X`` for the symmetric matrix X of ties, with ``X(t) = X0 (I - X0 t)^-1``. Let l1 be
    the largest eigenvalue of X0, positive and single, with the unit vector v. The ties grow
    without bound at ``t* = 1 / l1``, and there ``X / |X|`` is ``v v'``: friends within the blocs
    of the positive and the negative elements of v, enemies between them.
Source
    [marvel-2011], after the process of [kulakowski-2005].
Solver
    The model is not a game, because it has no choices. The equation is integrated on a slowed
    clock until the ties are large. The certificate states the distance from two blocs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.theory._tools import curves
from detente.theory.base import EXACT, Model, ModelSolution, Parameter, need

if TYPE_CHECKING:
    from detente.render.section import Chart

__all__ = ["MODEL", "balance", "ties_at"]

LARGE = 1e12
"""Size of the ties, relative to the first ones, at which the integration ends."""
APART = 1e-6
"""Least distance between the two largest eigenvalues, relative to the largest."""
SETTLED = 1e-9
"""Distance from two blocs below which the process has ended."""
PAIRS = ((0, 1), (0, 2), (1, 2))
DOMAIN = "xAB, xAC, xBC not all 0, and not of one size with one or three below 0"


def matrix(xAB: float, xAC: float, xBC: float) -> np.ndarray[Any, Any]:
    """Return the ties of three states as a symmetric matrix."""
    return np.array([[0, xAB, xAC], [xAB, 0, xBC], [xAC, xBC, 0]], dtype=float)


def ties_at(first: np.ndarray[Any, Any], t: float) -> np.ndarray[Any, Any]:
    """Return ``X0 (I - X0 t)^-1``, for t below ``1 / l1``.

    Examples
    --------
    >>> float(ties_at(matrix(1, 0, 0), 0.5)[0, 1].round(12))  # x / (1 - x^2 t^2)
    1.333333333333
    """
    made: np.ndarray[Any, Any] = first @ np.linalg.inv(np.eye(len(first)) - first * t)
    return made


def balance(xAB: float, xAC: float, xBC: float) -> dict[str, float]:
    """Return the largest eigenvalue, the time of the two blocs, and the last ties over their norm.

    Raises
    ------
    InputError
        Ties are not finite, all are 0, or the largest eigenvalue is not single.

    Examples
    --------
    >>> {k: round(v, 8) for k, v in balance(1, 1, 1).items()}
    {'eigenvalue': 2.0, 'time': 0.5, 'AB': 0.33333333, 'AC': 0.33333333, 'BC': 0.33333333}
    """
    need(True, DOMAIN, xAB=xAB, xAC=xAC, xBC=xBC)
    need(max(map(abs, (xAB, xAC, xBC))) > 0, DOMAIN, xAB=xAB, xAC=xAC, xBC=xBC)
    values, vectors = np.linalg.eigh(matrix(xAB, xAC, xBC))
    need(values[2] - values[1] > APART * values[2], DOMAIN, xAB=xAB, xAC=xAC, xBC=xBC)
    v = vectors[:, 2]
    return {"eigenvalue": float(values[2]), "time": float(1 / values[2])} | {
        "ABC"[i] + "ABC"[j]: float(v[i] * v[j]) for i, j in PAIRS}


def _integrate(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    """Integrate with the clock ds = (1 + |X|) dt, in which the ties grow exponentially."""
    from scipy.integrate import solve_ivp

    first = matrix(**v)
    size = float(np.linalg.norm(first))

    def speed(_: float, z: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        X = z[:9].reshape(3, 3)
        rates: np.ndarray[Any, Any] = np.append((X @ X).ravel(), 1.0) / (1 + np.linalg.norm(X))
        return rates

    def left(_: float, z: np.ndarray[Any, Any]) -> float:
        return float(np.log(LARGE) - np.log(np.linalg.norm(z[:9])))

    left.terminal = True  # type: ignore[attr-defined]
    done = solve_ivp(speed, (0, 1000), np.append((first / size).ravel(), 0.0), method="DOP853",
                     rtol=1e-12, atol=1e-14, events=left)
    X = done.y[:9, -1].reshape(3, 3)
    last = X / np.linalg.norm(X)
    residual = float(np.abs(last @ last - last).max())  # a projection: two blocs
    values = {"time": float(done.y[9, -1]) / size} | {
        "ABC"[i] + "ABC"[j]: float(last[i, j]) for i, j in PAIRS}
    return ModelSolution(values, {
        "certified": residual < SETTLED, "residual": residual,
        "note": "integrated path; the residual is the distance from two blocs"})


def _chart(v: Mapping[str, float]) -> Chart:
    end, first = balance(**v)["time"], matrix(**v)
    times = np.linspace(0, 0.9 * end, 60)
    paths = [ties_at(first, float(t)) for t in times]
    return curves(
        "Ties over time", "The three ties over nine tenths of the time to the two blocs. They grow "
        "without bound at its end.", "time", "tie (above 0: friendly)",
        {"ABC"[i] + "ABC"[j]: (list(times), [float(X[i, j]) for X in paths]) for i, j in PAIRS})


MODEL = Model(
    "marvel-2011", "16", "Balance as a process",
    "Marvel, Kleinberg, Kleinberg & Strogatz (2011), PNAS 108:1771-1776",
    "ties that follow the others' ties end in two blocs after the time 1 / l1",
    (Parameter("xAB", 0.5, "tie of A and B", DOMAIN),
     Parameter("xAC", 0.3, "tie of A and C", DOMAIN),
     Parameter("xBC", -0.2, "tie of B and C", DOMAIN)),
    balance, _integrate, _chart, grid=2, lam=0.0, accuracy=1e-9, rate=EXACT)
