"""A ridge of the ultimatum likelihood: acceptance that does not depend on the offer.

Let s2 grow without bound, with R2 = -a s2 and R1 = m - s2 (1 + e^a). The probability of acceptance
tends to the constant 1 / (1 + e^-a), and A(y) of `detente.history.estimators.ultimatum` tends to
(Q - m) / s1 - y (1 + e^a) / s1. Offers then follow a logistic distribution whose place and scale
are free, and their likelihood is concave. The limit therefore has an exact maximum. If it is higher
than every point that a search found, the likelihood has no finite maximum there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

from detente.arrays import Floats
from detente.history.estimators.design import Design
from detente.history.estimators.finite import Direction
from detente.history.estimators.parameters import Parameter

__all__ = ["Ridge", "constant_acceptance", "limit_loglik"]

R1, R2, S1, S2 = (Parameter(index, "const") for index in ("R1", "R2", "log s1", "log s2"))
"""The coefficients that must be free on the ridge."""

SLACK = 1e-9
"""The limit counts as higher if it is so by this share of the log-likelihood: rounding errors."""


@dataclass(frozen=True)
class Ridge(Direction):
    """The direction of the ridge.

    Attributes
    ----------
    accepted : float or None
        The constant probability of acceptance; None if the answers are not fitted.
    """

    accepted: float | None = None

    def words(self, design: Design) -> str:
        """Return the finding in words."""
        moving = [str(one) for one, _ in self.coefficients(design) if one != S2]
        flat = "" if self.accepted is None else (
            f", and the probability of acceptance is {100 * self.accepted:.3g} % for every offer")
        return (
            "no finite maximum (a ridge): the likelihood keeps rising as s2 grows without bound "
            f"and {' and '.join(moving)} move in proportion. In the limit offers do not depend on "
            f"R2{flat}, so this data cannot measure the reservation values; fix s2, or fit offers "
            "and answers by separate regressions"
        )


def limit_loglik(
    y: Floats, Z: Floats, lowest: NDArray[np.bool_], highest: NDArray[np.bool_],
    answer: Floats | None,
) -> float:
    """Return the greatest log-likelihood of the limit.

    Parameters
    ----------
    y : (n,) array
        Offers.
    Z : (n, k) array
        Regressors of the place of the offers.
    lowest, highest : (n,) bool arrays
        Offers at an end of the range, which are censored there.
    answer : (n,) array or None
        1 if the offer was accepted and 0 if it was refused; None omits the answers.

    Examples
    --------
    Three of four offers are accepted, and the offers alone are a logistic sample:

    >>> y, none = np.array([20.0, 40.0, 45.0, 60.0]), np.zeros(4, dtype=bool)
    >>> both = limit_loglik(y, np.ones((4, 1)), none, none, np.array([1.0, 0.0, 1.0, 1.0]))
    >>> alone = limit_loglik(y, np.ones((4, 1)), none, none, None)
    >>> bool(abs(both - alone - 3 * np.log(0.75) - np.log(0.25)) < 1e-9)
    True
    """
    unit = float(y.std()) or 1.0
    t = (y - y.mean()) / unit
    inside = ~(lowest | highest)

    def negative(theta: Floats) -> float:
        A = Z @ theta[1:] - np.exp(theta[0]) * t
        value = np.where(
            lowest, -np.logaddexp(0.0, A),
            np.where(highest, -np.logaddexp(0.0, -A),
                     -A + theta[0] - np.log(unit) - 2.0 * np.logaddexp(0.0, -A)))
        return -float(value.sum())

    start = np.zeros(1 + Z.shape[1])
    start[0] = np.log(np.pi / np.sqrt(3.0))
    offers = -float(minimize(negative, start, method="BFGS").fun) if inside.any() else -np.inf
    if answer is None:
        return offers
    share = float(answer.mean())
    n = len(answer)
    return offers + sum(n * p * float(np.log(p)) for p in (share, 1.0 - share) if p > 0)


def constant_acceptance(
    design: Design, loglik: float, y: Floats, lowest: NDArray[np.bool_],
    highest: NDArray[np.bool_], answer: Floats | None,
) -> Ridge | None:
    """Return the ridge if the likelihood is higher in its limit than at a point, else None.

    Parameters
    ----------
    design
        The design of the estimates.
    loglik
        Log-likelihood of the best point that a search found.
    y, lowest, highest, answer
        As in `limit_loglik`.
    """
    known = design.parameters
    if any(one not in known for one in (R1, R2, S1, S2)):
        return None
    share = 0.5 if answer is None else float(answer.mean())
    if not 0.0 < share < 1.0:  # every answer is the same, which is separation
        return None
    regressors = np.concatenate([design.X[0], design.X[1]], axis=1)
    size = np.sqrt((regressors * regressors).mean(axis=0))
    limit = limit_loglik(y, regressors / np.where(size > 0, size, 1.0), lowest, highest, answer)
    if not limit > loglik + SLACK * abs(loglik):
        return None
    a = float(logit(share))
    theta = np.zeros(len(known))
    theta[known.index(R1)] = -(1.0 + np.exp(a))
    theta[known.index(R2)] = 0.0 if answer is None else -a
    theta[known.index(S2)] = 1.0
    return Ridge(theta, np.ones(design.n, dtype=bool), "", (),
                 None if answer is None else float(expit(a)))
