"""Constrained maximum likelihood of the signalling game.

The likelihood is maximised over the parameters and logit p_R of every game, subject to the
constraint that each p_R is an equilibrium of its game. A constraint contains only its own p_R.
Given the parameters, each game therefore takes the equilibrium with the highest likelihood of its
observations, and all its equilibria are computed. The outer search is over the parameters only and
uses the exact derivatives of the equilibria. Source: [su-judd-2012].
"""

from __future__ import annotations

import numpy as np

from detente.arrays import Floats
from detente.history.estimators.design import Design
from detente.history.estimators.dual import STEP, Array, logistic
from detente.history.estimators.maximise import Maximum
from detente.history.estimators.results import inverse
from detente.history.estimators.signalling import best_reply, challenge, endings, equilibria

__all__ = ["constrained"]


MAX_STEPS = 100

FLAT = 1e-9
"""The search ends if each scaled derivative per row is below this."""


class _Point:
    """Likelihood and derivatives at one (theta, logit p_R)."""

    def __init__(self, design: Design, counts: Floats, theta: Floats, logit: Floats) -> None:
        self.theta, self.logit = theta, logit
        eta = design.eta(theta)
        self.eta = eta

        def both(e: Array, l: Array) -> tuple[Array, Array]:
            p = logistic(l)
            p_c, firm = challenge(e, p)
            rows = (np.log(endings(p_c, p, firm)) * counts.T).sum(axis=0)
            return rows, best_reply(e, p) - p

        rows, gap = both(eta, logit)
        self.rows, self.gap = rows, gap
        l_rows, l_gap = both(eta.astype(complex), logit + 1j * STEP)
        by_l, self.gap_l = np.imag(l_rows) / STEP, np.imag(l_gap) / STEP
        self.multiplier = by_l / self.gap_l
        score, self.gap_theta = [], []
        for k, x in enumerate(design.X):
            nudged = eta.astype(complex)
            nudged[k] += 1j * STEP
            k_rows, k_gap = both(nudged, logit)
            by_eta, gap_eta = np.imag(k_rows) / STEP, np.imag(k_gap) / STEP
            score.append(x * (by_eta - self.multiplier * gap_eta)[:, None])
            self.gap_theta.append(x * gap_eta[:, None])
        self.score = np.concatenate(score, axis=1)
        self.jacobian = np.concatenate(self.gap_theta, axis=1)

    @property
    def loglik(self) -> float:
        return float(self.rows.sum())


def _settle(design: Design, counts: Floats, theta: Floats, logit: Floats) -> _Point:
    """Return the point at the equilibria near ``logit``, by Newton's method in each row."""
    eta = design.eta(theta).astype(complex)
    last = np.inf
    for _ in range(30):
        p = logistic(logit + 1j * STEP)
        gap = best_reply(eta, p) - p
        worst = float(np.abs(np.real(gap)).max())
        if worst < 1e-15 or (worst < 1e-11 and worst >= last):
            break
        last = worst
        logit = logit - np.clip(np.real(gap) * STEP / np.imag(gap), -0.5, 0.5)
    return _Point(design, counts, theta, logit)


def _best_equilibria(design: Design, counts: Floats, theta: Floats) -> Floats:
    """Return logit p_R of the equilibrium with the highest likelihood in each game."""
    eta = design.eta(theta)
    roots = equilibria(eta)
    chosen = np.empty(len(roots))
    for k, found in enumerate(roots):
        inside = np.clip(found, 1e-12, 1.0 - 1e-12)
        if len(inside) > 1:
            own = np.repeat(eta[:, [k]], len(inside), axis=1)
            p_c, firm = challenge(own, inside)
            inside = inside[[int(np.argmax(counts[k] @ np.log(endings(p_c, inside, firm))))]]
        chosen[k] = inside[0] if len(inside) else np.nan
    return np.asarray(np.log(chosen / (1.0 - chosen)))


def constrained(
    design: Design, counts: Floats, theta: Floats, p_r: Floats
) -> tuple[Maximum, Floats, Floats, list[str]]:
    """Maximise the likelihood subject to equilibrium.

    Parameters
    ----------
    design, counts
        The indices and the (n, 4) counts of the outcomes.
    theta, p_r
        Starting values: parameters, and p_R of each game.

    Returns
    -------
    Maximum, p_R, covariance, warnings
    """
    rms = np.sqrt(np.concatenate([(x * x).mean(axis=0) for x in design.X]))
    scale = np.where(rms > 0, rms, 1.0)
    point = _settle(design, counts, theta, np.log(p_r / (1.0 - p_r)))
    radius, steps = 0.5, 0
    curve = _curvature(design, counts, point, scale)
    while steps < MAX_STEPS and radius > 1e-9:
        g = point.score.sum(axis=0) / scale
        if np.abs(g).max() < FLAT * design.n:
            break
        steps += 1
        move, gain = _trust(curve, g, radius)
        where = point.theta + move / scale
        trial = _settle(design, counts, where, _best_equilibria(design, counts, where))
        won = trial.loglik - point.loglik
        if not np.isfinite(won) or np.abs(trial.gap).max() > 1e-9 or won <= 1e-12 * gain:
            radius = 0.25 * min(radius, float(np.linalg.norm(move)))
            continue
        radius = 2.0 * radius if won > 0.7 * gain else 0.5 * radius if won < 0.25 * gain else radius
        point = trial
        curve = _curvature(design, counts, point, scale)
    g = point.score.sum(axis=0) / scale
    information = curve * np.outer(scale, scale)
    cov, _ = inverse(information)
    words = []
    if np.abs(point.gap).max() > 1e-9:
        words.append("the estimate violates an equilibrium condition by "
                     f"{np.abs(point.gap).max():.1e}")
    best = Maximum(
        point.theta, point.rows, point.score, -information, float(np.abs(g).max()), steps
    )
    return best, logistic(point.logit), cov, words


def _trust(curve: Floats, g: Floats, radius: float) -> tuple[Floats, float]:
    """Return the step with the largest gain within the radius, and the predicted gain.

    ``curve`` is minus the Hessian. Bisection finds the multiplier of the radius.
    """
    values, vectors = np.linalg.eigh(curve)
    along = vectors.T @ g
    low = max(0.0, -float(values[0]) + 1e-10 * float(np.abs(values).max()))

    def step(shift: float) -> Floats:
        return np.asarray(along / (values + shift))

    if np.linalg.norm(step(low)) > radius:
        high = low + float(np.linalg.norm(along)) / radius + 1.0
        for _ in range(100):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if np.linalg.norm(step(middle)) > radius else (low, middle)
        low = high
    z = step(low)
    return vectors @ z, float(along @ z - 0.5 * z @ (values * z))


def _curvature(design: Design, counts: Floats, point: _Point, scale: Floats) -> Floats:
    """Return minus the scaled second derivatives of the likelihood along the constraints.

    Computed by central differences of the reduced gradient along the equilibria. The error is of
    the order of the squared step.
    """
    size = 1e-4
    out = np.empty((len(scale), len(scale)))
    for j in range(len(scale)):
        ends = []
        for sign in (1.0, -1.0):
            theta = point.theta.copy()
            theta[j] += sign * size / scale[j]
            follow = -point.jacobian[:, j] / point.gap_l * sign * size / scale[j]
            moved = _settle(design, counts, theta, point.logit + follow)
            ends.append(moved.score.sum(axis=0) / scale)
        out[j] = -(ends[0] - ends[1]) / (2.0 * size)
    return 0.5 * (out + out.T)
