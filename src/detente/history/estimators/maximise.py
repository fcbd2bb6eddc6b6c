"""Maximise a likelihood of linear indices by exact scores and Newton steps; identification."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from detente.arrays import Floats
from detente.history.estimators.design import Design
from detente.history.estimators.dual import STEP, Array
from detente.history.estimators.results import inverse

__all__ = [
    "Maximum",
    "curvature",
    "loose_by_score",
    "maximise",
    "proper",
    "scores",
    "search",
    "several",
    "unidentified",
]

LogDensity = Callable[[Array], Array]
"""Function from (K, n) indices to (n,) log densities. It must accept dual numbers."""

DIFFERENCE = 1e-4
"""Step of the central differences of exact scores. The relative error is about its square, 1e-8."""

RANK = 1e-9
"""An eigenvalue of the scaled information below this share of the largest counts as 0."""

FLAT = 1e-12
"""The search ends if the scaled gradient per row is below this."""

GRADIENT = 1e-7
"""Largest scaled gradient at a maximum."""


@dataclass(frozen=True)
class Maximum:
    """Final point of the search.

    Attributes
    ----------
    theta
        (p,) parameters.
    loglik
        (n,) log density of each observation.
    score
        (n, p) derivatives of ``loglik``.
    hessian
        (p, p) second derivatives of the sum.
    gradient
        Largest scaled derivative of the sum.
    iterations
        Number of steps of the search.
    """

    theta: Floats
    loglik: Floats
    score: Floats
    hessian: Floats
    gradient: float
    iterations: int


def scores(density: LogDensity, eta: Floats) -> tuple[Floats, Floats]:
    """Return log densities (n,) and their exact derivatives by the indices, (K, n)."""
    slopes = np.empty_like(eta)
    value = np.real(density(eta))
    for k in range(len(eta)):
        dual = eta.astype(complex)
        dual[k] += 1j * STEP
        slopes[k] = np.imag(density(dual)) / STEP
    return np.asarray(value, dtype=float), slopes


def curvature(density: LogDensity, eta: Floats, active: list[int]) -> Floats:
    """Return second derivatives by the active indices, (K, K, n); 0 elsewhere."""
    K, n = eta.shape
    out = np.zeros((K, K, n))
    for rank, l in enumerate(active):
        up, down = eta.copy(), eta.copy()
        up[l] += DIFFERENCE
        down[l] -= DIFFERENCE
        for k in active[: rank + 1]:
            for point, sign in ((up, 1.0), (down, -1.0)):
                dual = point.astype(complex)
                dual[k] += 1j * STEP
                out[k, l] += sign * np.imag(density(dual)) / (STEP * 2.0 * DIFFERENCE)
        out[l] = out[:, l]
    return out


def _collect(design: Design, slopes: Floats) -> Floats:
    return np.concatenate([x * g[:, None] for x, g in zip(design.X, slopes, strict=True)], axis=1)


def _hessian(design: Design, curve: Floats) -> Floats:
    out = np.zeros((len(design.names),) * 2)
    for k, a in enumerate(design.slices):
        for l, b in enumerate(design.slices):
            out[a, b] = design.X[k].T @ (curve[k, l][:, None] * design.X[l])
    return out


def _scale(design: Design) -> Floats:
    """Return the root mean square of each column, which scales its parameter."""
    x = np.concatenate(design.X, axis=1)
    rms = np.sqrt((x * x).mean(axis=0))
    return np.where(rms > 0, rms, 1.0)


def maximise(
    density: LogDensity, design: Design, start: Floats | None = None, max_steps: int = 500
) -> Maximum:
    """Maximise the summed log density over the parameters.

    Parameters
    ----------
    density
        Log density of each observation given its indices.
    design
        The indices as linear functions of the parameters.
    start
        (p,) starting values; zeros by default.
    """
    scale = _scale(design)
    active = [k for k, x in enumerate(design.X) if x.shape[1]]

    def value(z: Floats) -> float:
        total = float(np.sum(density(design.eta(z / scale)).real))
        return -total if np.isfinite(total) else np.inf

    def gradient(z: Floats) -> Floats:
        _, slopes = scores(density, design.eta(z / scale))
        return np.asarray(-_collect(design, slopes).sum(axis=0) / scale)

    def hessian(z: Floats) -> Floats:
        curve = curvature(density, design.eta(z / scale), active)
        return -_hessian(design, curve) / np.outer(scale, scale)

    z = np.zeros(len(scale)) if start is None else np.asarray(start, dtype=float) * scale
    steps = 0
    enough = FLAT * max(1.0, design.n)
    if len(z) and start is not None:  # from a near start a few Newton steps are enough
        z, steps = _newton(z, value, gradient, hessian, enough)
    if len(z) and (start is None or np.abs(gradient(z)).max() > enough):
        found = minimize(
            value, z, jac=gradient, hess=hessian, method="trust-exact",
            options={"gtol": 1e3 * enough, "maxiter": max_steps},
        )
        z, more = _newton(found.x, value, gradient, hessian, enough)
        steps += int(found.nit) + more
    theta = z / scale
    eta = design.eta(theta)
    loglik, slopes = scores(density, eta)
    score = _collect(design, slopes)
    curve = _hessian(design, curvature(density, eta, active))
    largest = float(np.max(np.abs(score.sum(axis=0) / scale), initial=0.0))
    return Maximum(theta, loglik, score, curve, largest, steps)


def search(
    density: LogDensity, design: Design, begins: Sequence[Floats | None]
) -> tuple[Maximum, list[float]]:
    """Return the best of the maxima that several searches find, and the levels of all of them.

    Parameters
    ----------
    begins
        The starting values. None is the default start. A search from a later start is short, and
        is finished only if it leads to the best point.
    """
    found = [maximise(density, design, begins[0])]
    found += [maximise(density, design, start, 100) for start in begins[1:]]
    best = max(found, key=lambda m: float(m.loglik.sum()))
    if best.gradient > GRADIENT * max(1.0, design.n):
        best = maximise(density, design, best.theta)
        found.append(best)
    peaks: list[float] = []
    for one in sorted(found, key=lambda m: -float(m.loglik.sum())):
        level = float(one.loglik.sum())
        new = one.gradient < 1e-6 * design.n and all(abs(level - p) > 1e-4 for p in peaks)
        if new and (one is best or inverse(-one.hessian)[1]):
            peaks.append(level)
    return best, peaks


def proper(maximum: Maximum, design: Design) -> bool:
    """Return whether the gradient is 0 and the Hessian negative definite."""
    return maximum.gradient <= GRADIENT * max(1.0, design.n) and inverse(-maximum.hessian)[1]


def several(peaks: Sequence[float]) -> list[str]:
    """Return a warning if there are several local maxima."""
    if len(peaks) < 2:
        return []
    return ["several local maxima, at log-likelihoods " + ", ".join(f"{p:.4f}" for p in peaks)]


def _newton(
    z: Floats,
    value: Callable[[Floats], float],
    gradient: Callable[[Floats], Floats],
    hessian: Callable[[Floats], Floats],
    enough: float,
) -> tuple[Floats, int]:
    """Take Newton steps as long as they reduce the gradient, until it is small enough."""
    g = gradient(z)
    for step in range(8):
        if np.abs(g).max() <= enough:
            return z, step
        try:
            trial = z - np.linalg.solve(hessian(z), g)
        except np.linalg.LinAlgError:
            return z, step
        if value(trial) > value(z) + 1e-9 * abs(value(z)):
            return z, step
        g_trial = gradient(trial)
        if np.abs(g_trial).max() >= np.abs(g).max():
            return z, step
        z, g = trial, g_trial
    return z, 8


def unidentified(
    probabilities: Callable[[Array], Array], design: Design, seed: int = 0
) -> list[list[str]]:
    """Return the groups of parameters that are not identified.

    The expected information over all outcomes is computed at an arbitrary point of the parameter
    space. A direction in which it is zero changes no probability.

    Parameters
    ----------
    probabilities
        Function from (K, n) indices to the (J, n) probabilities of the outcomes.
    design
        The indices.
    seed
        Seed of the arbitrary point.
    """
    scale = _scale(design)
    if not len(scale):
        return []
    point = np.random.default_rng(seed).normal(size=len(scale)) * 0.3 / scale
    eta = design.eta(point)
    p = np.real(probabilities(eta))
    slopes = np.empty((len(eta), *p.shape))
    for k in range(len(eta)):
        dual = eta.astype(complex)
        dual[k] += 1j * STEP
        slopes[k] = np.imag(probabilities(dual)) / STEP
    root = np.concatenate(
        [_collect(design, slopes[:, j] / np.sqrt(p[j])) / scale for j in range(len(p))]
    )
    return _groups(root, design.names)


def loose_by_score(density: LogDensity, design: Design, near: Floats) -> list[list[str]]:
    """Return the groups for a continuous outcome, from the scores of the observations.

    Parameters
    ----------
    density
        Log densities.
    design
        The indices.
    near
        (p,) point at which the density is regular.
    """
    scale = _scale(design)
    point = near + np.random.default_rng(0).normal(size=len(scale)) * 0.1 / scale
    _, slopes = scores(density, design.eta(point))
    return _groups(_collect(design, slopes) / scale, design.names)


def _groups(root: Floats, labels: list[str]) -> list[list[str]]:
    """Return the groups of linearly dependent columns."""
    _, s, vt = np.linalg.svd(root, full_matrices=False)
    null = vt[s**2 <= RANK * s[0] ** 2]
    if not len(null):
        return []
    groups: list[list[str]] = []
    names = np.array(labels)
    linked = np.abs(null.T @ null) > 1e-6
    left = [i for i in range(len(names)) if linked[i, i]]
    while left:
        group, grow = set[int](), {left[0]}
        while grow:
            group |= grow
            grow = {int(j) for i in grow for j in np.flatnonzero(linked[i])} - group
        groups.append([str(names[i]) for i in sorted(group)])
        left = [i for i in left if i not in group]
    return groups
