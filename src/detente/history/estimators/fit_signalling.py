"""Estimate the crisis signalling game by pseudo-likelihood or constrained maximum likelihood.

Sources: [lewis-schultz-2003]; [crisman-cox-gibilisco-2019]; [aguirregabiria-mira-2007].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from detente.arrays import Floats
from detente.errors import InputError
from detente.history.estimators.columns import rows_text
from detente.history.estimators.design import Design, build, split
from detente.history.estimators.dual import STEP, Array, logistic
from detente.history.estimators.finite import Choice, Direction, choice_rows, unbounded
from detente.history.estimators.maximise import Maximum, maximise, unidentified
from detente.history.estimators.results import FitResult, inverse
from detente.history.estimators.signalling import (
    ENDINGS,
    PAYOFFS,
    best_reply,
    challenge,
    endings,
    equilibria,
    implicit,
    resist,
)
from detente.history.estimators.trouble import diagnose

__all__ = ["fit_signalling"]


CLIP = (1e-4, 0.9999)
"""Bounds of the choice probabilities between the stages."""

TOLERANCE = 1e-7
MAX_STAGES = 500


@dataclass(frozen=True)
class _Problem:
    """Data that every method needs."""

    design: Design
    counts: Floats
    formula: str

    def likelihood(self, eta: Array, p_r: Array, p_f: Array) -> Array:
        """Return the pseudo log likelihood of each row, given plug-in probabilities."""
        rows = np.log(self.probabilities(eta, p_r, p_f)) * self.counts.T
        return np.asarray(rows.sum(axis=0))

    def probabilities(self, eta: Array, p_r: Array, p_f: Array) -> Array:
        p_c, firm = challenge(eta, p_r)
        return endings(p_c, resist(eta, p_f), firm)


def fit_signalling(
    formula: str,
    data: pd.DataFrame,
    *,
    method: str = "npl",
    first_stage: tuple[str, str] | None = None,
    first_stage_cov: Floats | None = None,
    fixed: Mapping[str, float] | None = None,
) -> FitResult:
    """Estimate the signalling game from counts of its outcomes.

    Parameters
    ----------
    formula
        ``sq + cd + sf + bd ~ S_A | V_A | C_B | W_A | W_B | a | V_B``.
    data
        One row per game. A row may count several observations.
    method
        ``pl`` pseudo-likelihood, ``npl`` nested pseudo-likelihood, ``cmle`` maximum likelihood
        constrained to equilibria.
    first_stage
        Columns with first-stage estimates of the probabilities that B resists and that A stands
        firm. By default logits on all covariates are fitted.
    first_stage_cov
        (2n, 2n) covariance of these estimates, for the standard errors of ``pl``.
    fixed
        Payoffs with a fixed value.

    Raises
    ------
    InputError
        The formula, the data or an option is invalid.
    """
    if method not in ("pl", "npl", "cmle"):
        raise InputError(f"unknown method {method!r}", expected="pl, npl or cmle")
    left, parts = split(formula, len(PAYOFFS), PAYOFFS)
    indices = dict(zip(PAYOFFS, parts, strict=True))
    design = build(left, indices, data, fixed, list(first_stage or ()))
    counts = _counts(design)
    problem = _Problem(design, counts, formula)
    if first_stage is None:
        p_r, p_f = _first_stage(problem)
    else:
        p_r, p_f = (design.numbers(c) for c in first_stage)
        for name, p in zip(first_stage, (p_r, p_f), strict=True):
            wrong = ~((p > 0) & (p < 1))
            if wrong.any():
                raise InputError(
                    f"the first-stage column {name!r} holds a value that is not a probability in "
                    + rows_text(design.frame, wrong), expected="numbers above 0 and below 1")
    p_r, p_f = np.clip(p_r, *CLIP), np.clip(p_f, *CLIP)
    loose = unidentified(lambda eta: problem.probabilities(eta, p_r, p_f), design)
    best, steps = maximise(lambda eta: problem.likelihood(eta, p_r, p_f), design), 0
    words: list[str] = []
    if method == "pl":
        cov, kind = _pl_cov(problem, best, p_r, p_f, first_stage_cov)
        if first_stage_cov is None:
            words.append("standard errors are too small, because they ignore the error of the "
                         "first stage; give its covariance")
    else:
        best, p_r, p_f, steps, change = _nested(problem, best, p_r, p_f)
        if change > TOLERANCE:
            words.append("the iteration of the stages did not converge; the last change was "
                         f"{change:.1e}")
        cov, kind = _npl_cov(problem, best, p_r, p_f)
    if method == "cmle":
        from detente.history.estimators.constrained import constrained

        best, p_r, cov, more = constrained(problem.design, problem.counts, best.theta, p_r)
        p_f = challenge(design.eta(best.theta), p_r)[1]
        kind, words = "inverse Hessian along the equilibria", more
    return _result(problem, best, p_r, p_f, cov, kind, loose, words, method, steps)


def _counts(design: Design) -> Floats:
    """Return the counts of the outcomes, (n, 4)."""
    if design.left.shape[1] != len(ENDINGS):
        raise InputError(
            f"{design.left.shape[1]} outcome columns",
            expected="4 counts: " + ", ".join(ENDINGS),
        )
    counts = np.stack([design.numbers(str(c)) for c in design.left.columns], axis=1)
    wrong = ((counts < 0) | (counts != counts.round())).any(axis=1)
    if wrong.any():
        raise InputError("an outcome column holds a value that is not a count in "
                         + rows_text(design.frame, wrong),
                         expected="whole numbers of at least 0")
    empty = counts.sum(axis=1) == 0
    if empty.any():
        raise InputError("every outcome has count 0 in " + rows_text(design.frame, empty),
                         expected="at least one observation in each row; leave these rows out")
    return counts


def _first_stage(problem: _Problem) -> tuple[Floats, Floats]:
    """Fit logits of resisting and of standing firm on all covariates."""
    design, (_, cd, sf, bd) = problem.design, problem.counts.T
    columns: dict[str, Floats] = {"const": np.ones(design.n)}
    for x, names in zip(design.X, design.columns, strict=True):
        columns |= {c: x[:, j] for j, c in enumerate(names)}
    X = np.column_stack(list(columns.values()))
    X = X[:, np.linalg.qr(X)[1].diagonal().__abs__() > 1e-9 * len(X) ** 0.5]
    fitted = []
    for yes, no in ((sf + bd, cd), (sf, bd)):
        b = np.zeros(X.shape[1])
        for _ in range(50):  # Newton on a logit with a weak ridge, so that a maximum exists
            p = logistic(X @ b)
            g = X.T @ (yes - (yes + no) * p) - 1e-3 * b
            H = X.T @ (X * ((yes + no) * p * (1 - p))[:, None]) + 1e-3 * np.eye(len(b))
            b = b + np.linalg.solve(H, g)
        fitted.append(logistic(X @ b))
    return fitted[0], fitted[1]


def _nested(
    problem: _Problem, best: Maximum, p_r: Floats, p_f: Floats
) -> tuple[Maximum, Floats, Floats, int, float]:
    """Alternate estimation and one best-response update until convergence."""
    change, stage = np.inf, 0
    while change > TOLERANCE and stage < MAX_STAGES:
        stage += 1
        eta = problem.design.eta(best.theta)
        new_r = np.clip(resist(eta, p_f), *CLIP)
        new_f = np.clip(challenge(eta, p_r)[1], *CLIP)
        moved = max(float(np.abs(new_r - p_r).max()), float(np.abs(new_f - p_f).max()))
        p_r, p_f = new_r, new_f
        held = partial(problem.likelihood, p_r=p_r, p_f=p_f)
        new = maximise(held, problem.design, best.theta)
        change = max(moved, float(np.abs(new.theta - best.theta).max()))
        best = new
    return best, p_r, p_f, stage, change


def _by_plug(problem: _Problem, eta: Floats, p_r: Floats, p_f: Floats) -> tuple[Floats, Floats]:
    """Return derivatives of each row's likelihood by its own p_R and p_F, two (n,)."""
    by_r = np.imag(problem.likelihood(eta.astype(complex), p_r + 1j * STEP, p_f)) / STEP
    by_f = np.imag(problem.likelihood(eta.astype(complex), p_r, p_f + 1j * STEP)) / STEP
    return by_r, by_f


def _pl_cov(
    problem: _Problem, best: Maximum, p_r: Floats, p_f: Floats, first: Floats | None
) -> tuple[Floats, str]:
    """Return Omega^-1 + Omega^-1 Omega_p Sigma Omega_p' Omega^-1."""
    omega_inv, _ = inverse(best.score.T @ best.score)
    if first is None:
        return omega_inv, "outer product of scores, without the error of the first stage"
    n = problem.design.n
    if np.shape(first) != (2 * n, 2 * n):
        raise InputError(
            f"a first-stage covariance of shape {np.shape(first)}", expected=f"({2 * n}, {2 * n})"
        )
    by_r, by_f = _by_plug(problem, problem.design.eta(best.theta), p_r, p_f)
    omega_p = best.score.T @ np.hstack([np.diag(by_r), np.diag(by_f)])
    middle = omega_inv @ omega_p
    return omega_inv + middle @ first @ middle.T, "outer product of scores and first stage"


def _npl_cov(
    problem: _Problem, best: Maximum, p_r: Floats, p_f: Floats
) -> tuple[Floats, str]:
    """Return the covariance at the fixed point [aguirregabiria-mira-2007].

    Psi = (B's reply to p_F, A's reply to p_R). Psi_p therefore has two diagonal blocks off the
    diagonal, and (I - Psi_p)^-1 is computed for each row separately.
    """
    design = problem.design
    eta = design.eta(best.theta)
    by_r, by_f = _by_plug(problem, eta, p_r, p_f)
    dual = eta.astype(complex)
    r_f = np.imag(resist(dual, p_f + 1j * STEP)) / STEP
    f_r = np.imag(challenge(dual, p_r + 1j * STEP)[1]) / STEP
    r_eta, f_eta = np.empty_like(eta), np.empty_like(eta)
    for k in range(len(eta)):
        nudged = eta.astype(complex)
        nudged[k] += 1j * STEP
        r_eta[k] = np.imag(resist(nudged, p_f)) / STEP
        f_eta[k] = np.imag(challenge(nudged, p_r)[1]) / STEP
    def by_theta(g: Floats) -> Floats:
        pairs = zip(design.X, g, strict=True)
        return np.concatenate([x * row[:, None] for x, row in pairs], axis=1)

    psi_r, psi_f = by_theta(r_eta), by_theta(f_eta)
    # Omega_p (I - Psi_p')^-1 Psi_theta, with (I - Psi_p')^-1 = [[1, f_r], [r_f, 1]] / (1 - r_f f_r)
    det = (1.0 - r_f * f_r)[:, None]
    S = best.score
    omega = S.T @ S
    turn_r = (psi_r + f_r[:, None] * psi_f) / det
    turn_f = (r_f[:, None] * psi_r + psi_f) / det
    extra = S.T @ (by_r[:, None] * turn_r + by_f[:, None] * turn_f)
    # A transpose turns [[1, f_r], [r_f, 1]] into the inverse of I - Psi_p: the right-hand factor.
    return _sandwich(omega, extra)


def _sandwich(omega: Floats, extra: Floats) -> tuple[Floats, str]:
    try:
        left = np.linalg.inv(omega + extra)
    except np.linalg.LinAlgError:
        return np.full_like(omega, np.nan), "nested pseudo-likelihood (singular)"
    return left @ omega @ left.T, "nested pseudo-likelihood (outer product of scores)"


def _infinite(
    problem: _Problem, best: Maximum, p_r: Floats, p_f: Floats
) -> list[Direction]:
    """Return the directions without a finite maximum, given the other side's probabilities.

    B's choice has a linear index. A's two choices, of challenging and of standing firm, depend on
    the same payoffs and are examined together.
    """
    _, cd, sf, bd = problem.counts.T

    def b_resists(eta: Array) -> Array:
        _, _, C, _, W, _, V = eta
        return np.asarray((p_f * W + (1.0 - p_f) * V - C) / p_f)

    def a_challenges(eta: Array) -> Array:
        return _log_odds(challenge(eta, p_r)[0])

    def a_firm(eta: Array) -> Array:
        return _log_odds(challenge(eta, p_r)[1])

    A, B = (0, 1, 3, 5), (2, 4, 6)
    sets = [
        choice_rows([
            Choice("A", a_challenges, A, cd + sf + bd, problem.counts[:, 0],
                   ("challenge", "status quo")),
            Choice("A", a_firm, A, sf, bd, ("stand firm", "back down")),
        ], problem.design, best.theta),
        choice_rows([Choice("B", b_resists, B, sf + bd, cd, ("resist", "concede"))],
                    problem.design, best.theta),
    ]
    return unbounded(
        sets, problem.design, best.theta,
        lambda theta: float(problem.likelihood(problem.design.eta(theta), p_r, p_f).sum()),
        best.score,
    )


def _log_odds(p: Array) -> Array:
    q = np.where(np.real(p) < 1e-300, 1e-300, np.where(np.real(p) > 1.0 - 1e-16, 1.0 - 1e-16, p))
    return np.asarray(np.log(q) - np.log(1.0 - q))


def _result(
    problem: _Problem,
    best: Maximum,
    p_r: Floats,
    p_f: Floats,
    cov: Floats,
    kind: str,
    loose: list[list[str]],
    words: list[str],
    method: str,
    steps: int,
) -> FitResult:
    design = problem.design
    definite = bool(np.isfinite(cov).all())
    infinite = [] if loose else _infinite(problem, best, p_r, p_f)
    limits = {n: float(np.copysign(np.inf, v))
              for d in infinite for n, v in d.coefficients(design)}
    if limits:
        kept = np.array([n not in limits for n in design.parameters])
        cov = np.where(np.outer(kept, kept), cov, np.nan)
    more, sound = diagnose(best, design, loose, definite, infinite)
    roots = equilibria(design.eta(best.theta))
    several = sum(len(r) > 1 for r in roots)
    if several:
        words = [*words, f"{several} of {design.n} games have several equilibria at the estimate, "
                 "so their predictions are missing"]

    def predictor(theta: Array, table: pd.DataFrame | None) -> Array:
        if table is None:
            eta = design.eta(theta)
        else:
            pairs = zip(design.again(table), design.slices, design.offset, strict=True)
            eta = np.stack([o + x @ theta[s] for x, s, o in pairs])
        found = equilibria(np.real(eta))
        own = table is None
        chosen = np.array([
            r[np.abs(r - p_r[k]).argmin()] if own and len(r) else (r[0] if len(r) == 1 else np.nan)
            for k, r in enumerate(found)
        ])
        p = implicit(eta, chosen) if np.iscomplexobj(eta) else chosen
        p_c, firm = challenge(eta, p)
        return np.where(np.isnan(chosen), np.nan, endings(p_c, p, firm)).T

    off = float(np.abs(best_reply(design.eta(best.theta), p_r) - p_r).max())
    names = {"pl": "pseudo-likelihood", "npl": "nested pseudo-likelihood",
             "cmle": "constrained maximum likelihood"}
    return FitResult(
        f"crisis signalling ({names[method]})", design.parameters, best.theta, cov, kind,
        best.loglik, best.score, best.hessian, ENDINGS, problem.counts, int(problem.counts.sum()),
        design.dropped, sound and not any("settled" in w for w in words),
        (*more, *words), design.frame, predictor,
        {"formula": problem.formula, "p_r": p_r, "p_f": p_f, "equilibria": roots, "stages": steps,
         "violation": off, "influence": "own", "limits": limits},
    )
