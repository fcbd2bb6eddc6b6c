"""The statistical ultimatum game: an offer in [0, Q], then acceptance or refusal.

Source: [ramsay-signorino-2009].
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from detente.arrays import Floats
from detente.errors import InputError
from detente.history.estimators.design import build, split
from detente.history.estimators.dual import Array, logistic
from detente.history.estimators.maximise import loose_by_score, maximise
from detente.history.estimators.results import FitResult, inverse
from detente.history.estimators.trouble import diagnose

__all__ = ["accept_probability", "fit_ultimatum", "offer_cdf"]


EDGE = 1e-8
"""Offers within this share of the scale from an end count as offers at that end."""

ROOM = 500.0
"""Upper bound of exponents, above which the density underflows to 0."""


def _softplus(z: Array) -> Array:
    """Return log(1 + e^z), with derivative."""
    value = np.logaddexp(0.0, np.real(z))
    if np.iscomplexobj(z):
        value = value + 1j * logistic(np.real(z)) * np.imag(z)
    return np.asarray(value)


def _bounded(z: Array) -> Array:
    return np.where(np.real(z) > ROOM, ROOM, z)


def _advantage(y: Floats, Q: float, R1: Array, R2: Array, s1: Array, s2: Array) -> Array:
    """Return A(y): the offer cdf is 1 / (1 + e^A)."""
    return (Q - y - R1 - s2 * (1.0 + np.exp(_bounded((y - R2) / s2)))) / s1


def accept_probability(y: Floats, R2: Array, s2: Array) -> Array:
    """Return the probability that an offer is accepted.

    Examples
    --------
    An offer equal to the reservation value is accepted with probability one half:

    >>> float(accept_probability(np.array([3.0]), np.array([3.0]), np.array([1.0]))[0])
    0.5
    """
    return logistic((y - R2) / s2)


def offer_cdf(y: Floats, Q: float, R1: Array, R2: Array, s1: Array, s2: Array) -> Array:
    """Return the probability that the offer is at most ``y``, for 0 <= y < Q."""
    return logistic(-_advantage(y, Q, R1, R2, s1, s2))


def fit_ultimatum(
    formula: str,
    data: pd.DataFrame,
    *,
    max_offer: float,
    outcome: str = "both",
    cluster: str | None = None,
    robust: bool = False,
) -> FitResult:
    """Estimate the ultimatum game by maximum likelihood.

    Parameters
    ----------
    formula
        ``offer + accept ~ R1 | R2``: the reservation values of the proposer and of the responder.
    data
        One row per observation.
    max_offer
        Q, the amount to be divided.
    outcome
        ``both``, or ``offer`` to omit the answers from the likelihood.
    cluster, robust
        Covariance, as in `fit_tree`.

    Raises
    ------
    InputError
        An offer is outside [0, Q], or an option is invalid.
    """
    if outcome not in ("both", "offer"):
        raise InputError(f"unknown outcome {outcome!r}", expected="both or offer")
    left, parts = split(formula, 2, ("R1", "R2"))
    wanted = 2 if outcome == "both" else 1
    if len(left.split("+")) < wanted:
        raise InputError(f"the outcome {left!r} lacks the answer", expected="offer + accept")
    design = build(
        left, {"R1": parts[0], "R2": parts[1], "log s1": "1", "log s2": "1"}, data, None,
        [cluster] if cluster else [],
    )
    y = design.left.iloc[:, 0].to_numpy(dtype=float)
    Q = float(max_offer)
    if y.min() < -EDGE * Q or y.max() > Q * (1.0 + EDGE):
        raise InputError(
            f"offers run from {y.min():g} to {y.max():g}", expected=f"offers between 0 and {Q:g}"
        )
    answer = np.ones(len(y)) if outcome == "offer" else design.left.iloc[:, 1].to_numpy(dtype=float)
    if not np.isin(answer, (0.0, 1.0)).all():
        raise InputError("the answers hold a value other than 0 and 1",
                         expected="0 (refused) or 1 (accepted) in every row")
    lowest, highest = y <= EDGE * Q, y >= Q * (1.0 - EDGE)

    def density(eta: Array) -> Array:
        R1, R2 = eta[0], eta[1]
        s1, s2 = np.exp(eta[2]), np.exp(eta[3])
        x = _bounded((y - R2) / s2)
        A = _advantage(y, Q, R1, R2, s1, s2)
        inside = -A + _softplus(x) - eta[2] - 2.0 * _softplus(-A)
        value = np.where(lowest, -_softplus(A), np.where(highest, -_softplus(-A), inside))
        if outcome == "both":
            value = value - np.where(answer == 1.0, _softplus(-x), _softplus(x))
        return value

    spread = float(np.log(max(y.std(), 0.01 * Q)))
    start = np.zeros(len(design.names))
    start[design.slices[2]] = start[design.slices[3]] = spread
    best = maximise(density, design, start)
    loose = loose_by_score(density, design, start)
    cov, definite = inverse(-best.hessian)
    words, sound = diagnose(best, design, loose, definite, limit=np.inf)

    def predictor(theta: Array, table: pd.DataFrame | None) -> Array:
        xs = design.X if table is None else design.again(table)
        R1, R2, l1, l2 = (x @ theta[s] for x, s in zip(xs, design.slices, strict=True))
        s1, s2 = np.exp(l1), np.exp(l2)
        return _expected(Q, R1, R2, s1, s2)

    result = FitResult(
        "ultimatum (logistic errors)", design.names, best.theta, cov, "inverse Hessian",
        best.loglik, best.score, best.hessian, ("expected offer", "probability of acceptance"),
        None, design.n, design.dropped, sound, tuple(words), design.frame, predictor,
        {"formula": formula, "max_offer": Q},
    )
    return result.robust(cluster) if cluster or robust else result


def _expected(Q: float, R1: Array, R2: Array, s1: Array, s2: Array) -> Array:
    """Return the expected offer and probability of acceptance, (n, 2), by Gauss-Legendre."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    y = 0.5 * Q * (nodes + 1.0)
    w = 0.5 * Q * weights
    total = np.zeros((len(R1), 2), dtype=np.result_type(R1, s1))
    # E f(y) = f(Q) - integral of f'(y) G(y) needs no density and no masses at the ends.
    total[:, 0] = Q
    total[:, 1] = logistic((Q - R2) / s2)
    for point, weight in zip(y, w, strict=True):
        at = np.full(len(R1), point)
        G = offer_cdf(at, Q, R1, R2, s1, s2)
        a = logistic((at - R2) / s2)
        total[:, 0] -= weight * G
        total[:, 1] -= weight * G * a * (1.0 - a) / s2
    return total
