"""Diagnosis of estimates: identification, separation and convergence, as warnings in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.arrays import Floats
from detente.history.estimators.design import Design
from detente.history.estimators.finite import Direction
from detente.history.estimators.maximise import GRADIENT, Maximum
from detente.history.estimators.parameters import Parameter
from detente.history.estimators.results import inverse

__all__ = ["covariance", "diagnose"]


def covariance(
    hessian: Floats, design: Design, infinite: Sequence[Direction]
) -> tuple[Floats, bool, dict[Parameter, float]]:
    """Return the inverse information, whether it exists, and the coefficients without a maximum.

    Coefficients that have no finite maximum have no standard error. The other coefficients' errors
    are for the limit, in which the first ones do not vary. The third value gives plus or minus
    infinity for each coefficient without a maximum.
    """
    limits = {one: float(np.copysign(np.inf, v))
              for direction in infinite for one, v in direction.coefficients(design)}
    kept = np.array([one not in limits for one in design.parameters], dtype=bool)
    cov = np.full_like(hessian, np.nan)
    part, definite = inverse(-hessian[np.ix_(kept, kept)])
    cov[np.ix_(kept, kept)] = part
    return cov, definite, limits


def diagnose(
    maximum: Maximum,
    design: Design,
    loose: Sequence[Sequence[str]],
    definite: bool,
    infinite: Sequence[Direction] = (),
) -> tuple[list[str], bool]:
    """Return warnings, and whether the maximum can be trusted.

    The size of a coefficient is no evidence: a finite maximum may be large, and a search may stop
    early at a small one.

    Parameters
    ----------
    maximum
        Final point of the search.
    loose
        Groups of parameters that are not identified.
    definite
        Whether the Hessian is negative definite.
    infinite
        Directions in which the likelihood has no finite maximum.
    """
    words = [
        "not identified: " + ", ".join(group) + " can be changed together without changing any "
        "probability; leave one of them out" if len(group) > 1
        else f"not identified: {group[0]} changes no probability; leave it out"
        for group in loose
    ]
    words += [direction.words(design) for direction in infinite]
    separated = bool(infinite)
    if not definite and not loose and not separated:
        words.append(
            "the Hessian is not negative definite at the estimate, so that it is not a proper "
            "maximum and has no standard errors"
        )
    steep = maximum.gradient > GRADIENT * max(1.0, design.n)
    if steep and not separated:
        words.append("the search did not converge: the gradient at its end is "
                     f"{maximum.gradient:.1e}")
    return words, not (words and (steep or separated or not definite or loose))
