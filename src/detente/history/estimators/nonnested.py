"""Tests between non-nested models: Vuong's and Clarke's.

Sources: [vuong-1989]; [clarke-2007].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import binomtest, norm

from detente.errors import InputError
from detente.history.estimators.formula import columns_in, part, quoted
from detente.history.estimators.multinomial import fit_multinomial
from detente.history.estimators.results import FitResult
from detente.history.needs import need

__all__ = ["AgainstLogit", "NonNested", "against_logit", "clarke", "vuong"]


@dataclass(frozen=True)
class NonNested:
    """Result of a test.

    Attributes
    ----------
    test
        ``vuong`` or ``clarke``.
    statistic
        A normal deviate (Vuong) or a count of rows (Clarke). A large value favours the first.
    p_value
        Two-sided.
    better
        1 or 2 at the 5 % level; 0 if neither.
    n
        Number of rows compared.
    """

    test: str
    statistic: float
    p_value: float
    better: int
    n: int

    def __str__(self) -> str:
        verdict = ("neither is better at the 5 % level", "the first is better",
                   "the second is better")[self.better]
        what = (f"z {self.statistic:.2f}" if self.test == "vuong"
                else f"the first is better in {self.statistic:.0f} of {self.n} rows")
        return f"{self.test.capitalize()}'s test: {what}, p {self.p_value:.3f}: {verdict}"


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
            expected="fits to the same rows; first drop the rows that either fit drops",
        )
    n = len(first.loglik_obs)
    gap = first.loglik_obs - second.loglik_obs
    if correct:  # Schwarz's penalty, spread over the observations
        gap = gap - (len(first.params) - len(second.params)) * np.log(n) / (2.0 * n)
    return np.asarray(gap)


def vuong(first: FitResult, second: FitResult, *, correct: bool = True) -> NonNested:
    """Test whether two models are equally close to the true distribution [vuong-1989].

    Parameters
    ----------
    first, second
        Fits of the same outcomes in the same rows.
    correct
        Whether to subtract Schwarz's penalty for parameters [clarke-2007].

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
    """Test the same by the number of rows to which the first model gives the higher likelihood.

    Under the null hypothesis the count is binomial with probability one half [clarke-2007].
    """
    gap = _difference(first, second, correct)
    wins = int((gap > 0).sum())
    p = float(binomtest(wins, len(gap), 0.5).pvalue)
    return NonNested("clarke", float(wins), p, (1 if 2 * wins > len(gap) else 2) if p < 0.05 else 0,
                     len(gap))


@dataclass(frozen=True)
class AgainstLogit:
    """Comparison of a strategic model with the multinomial logit of the same covariates.

    Attributes
    ----------
    covariates
        Covariates of the logit, the same for every outcome.
    logit
        Fit of the logit to the same rows.
    tests
        Vuong's and Clarke's tests with Schwarz's penalty. The first model is the strategic one.
    """

    covariates: str
    logit: FitResult
    tests: tuple[NonNested, NonNested]

    def __str__(self) -> str:
        lines = [
            f"against {self.logit.model} of {self.covariates}: log-likelihood "
            f"{self.logit.loglik:.5f}, {len(self.logit.params)} parameters, AIC "
            f"{self.logit.aic:.2f}, BIC {self.logit.bic:.2f}",
            *(str(test).replace("the first", "the strategic model").replace(
                "the second", "the logit") for test in self.tests),
            *(f"warning: the logit: {w}" for w in self.logit.warnings),
        ]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison, ready for JSON."""
        return {
            "covariates": self.covariates, "logit": self.logit.as_dict(),
            "tests": [{"test": t.test, "statistic": t.statistic, "p_value": t.p_value,
                       "better": t.better, "n": t.n} for t in self.tests],
        }


def same_covariates(parts: Sequence[str]) -> str:
    """Return one right-hand side with every term of several, without repetition.

    Examples
    --------
    >>> same_covariates(["0 + sqrt(x) + z", "0", "z + w"])
    'sqrt(x) + z + w'
    """
    formulaic = need("formulaic")
    terms: dict[str, None] = {}
    names = list(dict.fromkeys(c for text in parts for c in columns_in(text)))
    for text in parts:
        one = part(text or "0", names)
        own = {neutral: quoted(c) for c, neutral in one.columns.items()}
        for term in formulaic.Formula(one.text):
            for neutral, name in own.items():
                term = str(term).replace(neutral, name)
            terms[str(term)] = None
    terms.pop("1", None)
    return " + ".join(terms) or "1"


def against_logit(result: FitResult, parts: Sequence[str]) -> AgainstLogit:
    """Compare a strategic fit with a multinomial logit of the same covariates.

    Parameters
    ----------
    result
        The strategic fit.
    parts
        Right-hand sides of its utilities.

    Raises
    ------
    InputError
        The data are not counts of outcomes.
    """
    if result.counts is None:
        raise InputError(f"{result.model} has no discrete outcomes to compare",
                         expected="a model of discrete outcomes, not of offers")
    covariates = same_covariates(parts)
    logit = fit_multinomial(covariates, result.frame, result.counts, result.endings)
    return AgainstLogit(covariates, logit, (vuong(result, logit), clarke(result, logit)))
