"""The statistical ultimatum game: an offer in [0, Q], then acceptance or refusal.

Source: [ramsay-signorino-2009].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.errors import InputError
from detente.history.estimators.columns import left_columns, rows_text
from detente.history.estimators.design import Design, build, split
from detente.history.estimators.dual import Array, logistic
from detente.history.estimators.finite import Choice, Direction, choice_rows, unbounded
from detente.history.estimators.maximise import (
    LogDensity,
    Maximum,
    loose_by_score,
    search,
    several,
)
from detente.history.estimators.results import FitResult
from detente.history.estimators.ridge import constant_acceptance
from detente.history.estimators.trouble import covariance, diagnose

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
    fixed: Mapping[str, float] | None = None,
    starts: int = 0,
    seed: int = 0,
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
    fixed
        Indices with a fixed value: ``R1``, ``R2``, ``log s1``, ``log s2``; or the scales ``s1`` and
        ``s2`` themselves.
    starts, seed
        Number of further searches from random points.
    cluster, robust
        Covariance, as in `fit_tree`.

    Raises
    ------
    InputError
        An offer is outside [0, Q], or an option is invalid.
    """
    if not 0 < max_offer < np.inf:
        raise InputError(f"the greatest offer is {max_offer:g}", expected="a number above 0")
    if outcome not in ("both", "offer"):
        raise InputError(f"unknown outcome {outcome!r}", expected="both or offer")
    left, parts = split(formula, 2, ("R1", "R2"))
    wanted = 2 if outcome == "both" else 1
    if len(left_columns(left)) < wanted:
        raise InputError(f"the outcome {left!r} lacks the answer", expected="offer + accept")
    design = build(
        left if outcome == "both" else f"`{left_columns(left)[0]}`",
        {"R1": parts[0], "R2": parts[1], "log s1": "1", "log s2": "1"}, data, _logs(fixed),
        [cluster] if cluster else [],
    )
    columns = [str(c) for c in design.left.columns]
    y = design.numbers(columns[0])
    Q = float(max_offer)
    outside = (y < -EDGE * Q) | (y > Q * (1.0 + EDGE))
    if outside.any():
        raise InputError(
            f"the offer {columns[0]!r} runs from {y.min():g} to {y.max():g}; it is outside the "
            f"range in {rows_text(design.frame, outside)}",
            expected=f"offers between 0 and {Q:g} (the greatest offer)",
        )
    answer = np.ones(len(y)) if outcome == "offer" else design.numbers(columns[1])
    wrong = ~np.isin(answer, (0.0, 1.0))
    if wrong.any():
        raise InputError(
            f"the answer {columns[1]!r} holds a value other than 0 and 1 in "
            + rows_text(design.frame, wrong),
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

    start, begins = _starts(density, design, y, Q, starts, seed)
    best, peaks = search(density, design, begins)
    # A point at which the likelihood is flat would hide identified parameters.
    loose = min((loose_by_score(density, design, near) for near in (start, begins[0], best.theta)),
                key=len)
    answered = answer if outcome == "both" else None
    infinite = [] if loose else _infinite(density, design, best, y, lowest, highest, answered)
    if not infinite and not loose:
        ridge = constant_acceptance(design, float(best.loglik.sum()), y, lowest, highest, answered)
        infinite = [] if ridge is None else [ridge]
    cov, definite, limits = covariance(best.hessian, design, infinite)
    words, sound = diagnose(best, design, loose, definite, infinite)
    words += several(peaks)

    def predictor(theta: Array, table: pd.DataFrame | None) -> Array:
        xs = design.X if table is None else design.again(table)
        pairs = zip(xs, design.slices, design.offset, strict=True)
        R1, R2, l1, l2 = (o + x @ theta[s] for x, s, o in pairs)
        s1, s2 = np.exp(l1), np.exp(l2)
        return _expected(Q, R1, R2, s1, s2)

    result = FitResult(
        "ultimatum (logistic errors)", design.parameters, best.theta, cov, "inverse Hessian",
        best.loglik, best.score, best.hessian, ("expected offer", "probability of acceptance"),
        None, design.n, design.dropped, sound, tuple(words), design.frame, predictor,
        {"formula": formula, "max_offer": Q, "peaks": peaks, "limits": limits},
    )
    return result.robust(cluster) if cluster or robust else result


def _starts(
    density: LogDensity, design: Design, y: Floats, Q: float, more: int, seed: int
) -> tuple[Floats, list[Floats]]:
    """Return the plain start, and the starts of the search.

    The likelihood has regions in which it is flat, such as that of offers which do not depend on
    the responder. The searches therefore begin at the best points of a grid of constants, one for
    each level of R2, and random ones if asked for.
    """
    size = float(max(y.std(), 0.01 * Q))
    constant = [np.linalg.lstsq(x, np.ones(design.n), rcond=None)[0] if x.shape[1] else np.zeros(0)
                for x in design.X]

    def at(values: Sequence[float]) -> Floats:
        return np.concatenate([v * c for v, c in zip(values, constant, strict=True)])

    scored = []
    logs = [float(np.log(v * Q)) for v in (0.05, 0.2, 0.5)]
    for R2 in (0.0, 0.3, 0.6, 0.9):
        inner: list[tuple[float, int, Floats]] = []
        for R1, l1, l2 in product((-0.5, 0.0, 0.5), logs, logs):
            theta = at((R1 * Q, R2 * Q, l1, l2))
            with np.errstate(all="ignore"):
                value = float(np.real(density(design.eta(theta))).sum())
            inner.append((-value if np.isfinite(value) else np.inf, len(inner), theta))
        scored.append(min(inner))
    plain = at((0.0, 0.0, float(np.log(size)), float(np.log(size))))
    begins = [theta for _, _, theta in sorted(scored)[:3]] + [plain]
    rng = np.random.default_rng(seed)
    rms = np.sqrt(np.concatenate([(x * x).mean(axis=0) for x in design.X]))
    begins += [begins[0] + rng.normal(size=len(rms)) / np.where(rms > 0, rms, 1.0)
               for _ in range(more)]
    return plain, begins


def _infinite(
    density: LogDensity, design: Design, best: Maximum, y: Floats,
    lowest: NDArray[np.bool_], highest: NDArray[np.bool_], answer: Floats | None,
) -> list[Direction]:
    """Return the directions without a finite maximum.

    Offers inside the range hold R1 in place; those at an end push it outwards. Answers are a binary
    choice with the index (y - R2) / s2.
    """
    zeros = np.zeros(design.n)
    inside = ~(lowest | highest)
    sets = [choice_rows([Choice(
        "the proposer", lambda eta: -eta[0], (0,), np.where(highest | inside, 1.0, 0.0),
        np.where(lowest | inside, 1.0, 0.0), ("the greatest offer", "the least offer"),
    )], design, best.theta)]
    if answer is not None:
        sets.append(choice_rows([Choice(
            "the responder", lambda eta: (y - eta[1]) * np.exp(-eta[3]), (1, 3),
            zeros + (answer == 1.0), zeros + (answer == 0.0), ("accept", "refuse"),
        )], design, best.theta))
    return unbounded(sets, design, best.theta,
                     lambda theta: float(np.real(density(design.eta(theta))).sum()), best.score)


def _logs(fixed: Mapping[str, float] | None) -> dict[str, float]:
    """Return fixed indices with the scales s1 and s2 as logs."""
    out: dict[str, float] = {}
    for name, value in (fixed or {}).items():
        if name not in ("s1", "s2"):
            out[name] = value
        elif value > 0:
            out[f"log {name}"] = float(np.log(value))
        else:
            raise InputError(f"{name} is held at {value:g}", expected="a scale above 0")
    return out


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
