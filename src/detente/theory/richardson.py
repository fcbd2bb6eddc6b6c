"""15. Arms races as a process (Richardson 1960).

Story
    Each side arms in proportion to the other's arms, less the effect of its own burden, plus a
    constant grievance. Does the race converge or diverge?
Equations
    ``x' = a y - m x + g,  y' = b x - n y + h`` with reactions a, b, fatigue m, n and grievances
    g, h. It is stable iff ``m n > a b`` (given m + n > 0), at::

        x* = (n g + a h)/(m n - a b),    y* = (m h + b g)/(m n - a b)
Source
    [richardson-1960].
Solver
    The model is not a game, because it has no choices. The path from (0, 0) is integrated until it
    has converged or clearly diverged. The certificate states the remaining speed.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import SolveError
from detente.theory._tools import curves
from detente.theory.base import EXACT, Model, ModelSolution, Parameter, need

if TYPE_CHECKING:
    from detente.render.section import Chart

__all__ = ["MODEL", "race"]

SETTLED = 1e-8
"""Speed, per unit of arms, below which a path has converged."""


def race(a: float, b: float, m: float, n: float, g: float, h: float) -> dict[str, float]:
    """Return stability, the larger eigenvalue, and the equilibrium if it is stable.

    Raises
    ------
    InputError
        Unless ``a, b, m, n >= 0``, ``m + n > 0`` and ``m n != a b``.

    Examples
    --------
    >>> {k: round(v, 8) for k, v in race(0.9, 1, 1, 1, 0.2, 0.3).items()}
    {'determinant': 0.1, 'stable': 1.0, 'eigenvalue': -0.0513167, 'x': 4.7, 'y': 5.0}
    """
    need(min(a, b, m, n) >= 0, "a, b, m, n >= 0", a=a, b=b, m=m, n=n)
    need(m + n > 0, "m + n > 0", m=m, n=n)
    need(True, "finite g, h", g=g, h=h)
    determinant = m * n - a * b
    need(abs(determinant) > 1e-12, "m n != a b", a=a, b=b, m=m, n=n)
    # -det / (half the trace plus the root) is (-(m + n) + root) / 2 without cancellation
    eigenvalue = -2 * determinant / (m + n + sqrt((m - n) ** 2 + 4 * a * b))
    found = {"determinant": determinant, "stable": float(determinant > 0),
             "eigenvalue": eigenvalue}
    if determinant > 0:
        found |= {"x": (n * g + a * h) / determinant, "y": (m * h + b * g) / determinant}
    return found


def _path(v: Mapping[str, float], horizon: float) -> tuple[np.ndarray, np.ndarray]:
    from scipy.integrate import solve_ivp

    A = np.array([[-v["m"], v["a"]], [v["b"], -v["n"]]])
    push = np.array([v["g"], v["h"]])
    done = solve_ivp(lambda _, z: A @ z + push, (0, horizon), [0.0, 0.0], method="LSODA",
                     rtol=1e-10, atol=1e-12)
    return np.asarray(done.t), np.asarray(done.y)


def _integrate(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    slow = abs(race(**v)["eigenvalue"])
    _, z = _path(v, 30 / slow)
    last = z[:, -1]
    A = np.array([[-v["m"], v["a"]], [v["b"], -v["n"]]])
    left = float(np.abs(A @ last + np.array([v["g"], v["h"]])).max()) / max(np.abs(last).max(), 1.0)
    if not np.isfinite(left):
        raise SolveError("the integrated path leaves the range of double precision")
    settles = left < SETTLED
    runs_away = left > slow / 10
    values = {"stable": float(settles)}
    if settles:
        values |= {"x": float(last[0]), "y": float(last[1])}
    return ModelSolution(values, {
        "certified": bool(settles or runs_away), "residual": left,
        "note": "integrated path; the residual is the remaining speed per unit of arms"})


def _chart(v: Mapping[str, float]) -> Chart:
    t, z = _path(v, 6 / abs(race(**v)["eigenvalue"]))
    return curves(
        "Arms over time",
        "Arms of both sides over time from 0. They converge if the race is stable and diverge "
        "otherwise.", "time", "arms",
        {"side x": (list(t), list(z[0])), "side y": (list(t), list(z[1]))})


MODEL = Model(
    "richardson-1960", "15", "Arms races as a process", "Richardson (1960), Arms and Insecurity",
    "an arms race converges iff m n > a b (fatigue outweighs reaction)",
    (Parameter("a", 0.9, "x's reaction to y", "a >= 0"),
     Parameter("b", 1.0, "y's reaction to x", "b >= 0"),
     Parameter("m", 1.0, "x's fatigue", "m >= 0, m + n > 0"),
     Parameter("n", 1.0, "y's fatigue", "n >= 0, m + n > 0"),
     Parameter("g", 0.2, "x's grievance", "finite"),
     Parameter("h", 0.3, "y's grievance", "finite")),
    race, _integrate, _chart, grid=2, lam=0.0, accuracy=1e-9, rate=EXACT)
