"""Choose between models neither of which contains the other: Vuong's and Clarke's tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest, norm

from detente.errors import InputError
from detente.history.estimators.results import FitResult

__all__ = ["NonNested", "clarke", "vuong"]


@dataclass(frozen=True)
class NonNested:
    """What a test found.

    Attributes
    ----------
    test
        ``vuong`` or ``clarke``.
    statistic
        A normal deviate (Vuong) or a count of observations (Clarke); large favours the first.
    p_value
        Two-sided.
    better
        1 or 2 at the 5 % level, 0 where neither.
    n
        Observations compared.
    """

    test: str
    statistic: float
    p_value: float
    better: int
    n: int


def _difference(first: FitResult, second: FitResult, correct: bool) -> np.ndarray:
    if first.counts is None or second.counts is None:
        same = first.counts is None and second.counts is None
        same = same and list(first.frame.index) == list(second.frame.index)
    else:
        same = first.counts.shape == second.counts.shape and bool(
            (first.counts == second.counts).all()
        )
    if not same:
        raise InputError(
            "the two models do not explain the same outcomes in the same rows",
            expected="fits of one table, after dropping rows either of them drops",
        )
    n = len(first.loglik_obs)
    gap = first.loglik_obs - second.loglik_obs
    if correct:  # Schwarz's penalty, spread over the observations
        gap = gap - (len(first.params) - len(second.params)) * np.log(n) / (2.0 * n)
    return np.asarray(gap)


def vuong(first: FitResult, second: FitResult, *, correct: bool = True) -> NonNested:
    """Test whether two models are equally far from the truth (Vuong 1989).

    Parameters
    ----------
    first, second
        Fits of the same outcomes in the same rows.
    correct
        Subtract Schwarz's penalty for parameters (Clarke 2007).

    Raises
    ------
    InputError
        The outcomes differ.
    """
    gap = _difference(first, second, correct)
    spread = float(gap.std())
    z = float(np.sqrt(len(gap)) * gap.mean() / spread) if spread > 0 else 0.0
    p = float(2.0 * norm.sf(abs(z)))
    return NonNested("vuong", z, p, (1 if z > 0 else 2) if p < 0.05 else 0, len(gap))


def clarke(first: FitResult, second: FitResult, *, correct: bool = True) -> NonNested:
    """Test the same by counting which model gives more observations the higher likelihood.

    Clarke (2007): under the null the count is binomial with probability one half.
    """
    gap = _difference(first, second, correct)
    wins = int((gap > 0).sum())
    p = float(binomtest(wins, len(gap), 0.5).pvalue)
    return NonNested("clarke", float(wins), p, (1 if 2 * wins > len(gap) else 2) if p < 0.05 else 0,
                     len(gap))
