"""The ultimatum game without a finite maximum: acceptance that does not depend on the offer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from detente.history.estimators.ridge import limit_loglik
from detente.history.estimators.ultimatum import fit_ultimatum


def unrelated(n: int = 80) -> pd.DataFrame:
    """Offers with a long upper tail, and answers that do not depend on them.

    In the game an offer gains acceptance ever less as it rises, so a finite s2 thins the upper
    tail of the offers. Quantiles of a lognormal distribution have the opposite skew.
    """
    k = np.arange(n)
    offer = 25.0 * np.exp(0.5 * stats.norm.ppf((k + 0.5) / n))
    return pd.DataFrame({"offer": offer, "accept": (k % 4 != 0).astype(int)})


def test_the_limit_is_two_separate_fits() -> None:
    """scipy fits the offers, and the answers are a binomial sample with p = 0.75."""
    table = unrelated()
    y, answer = table.offer.to_numpy(), table.accept.to_numpy(float)
    none = np.zeros(len(y), dtype=bool)
    offers = float(stats.logistic.logpdf(y, *stats.logistic.fit(y)).sum())
    answers = 60 * np.log(0.75) + 20 * np.log(0.25)
    found = limit_loglik(y, np.ones((len(y), 1)), none, none, answer)
    assert found == pytest.approx(offers + answers, abs=1e-3)


def test_a_ridge_is_named_and_no_number_is_given() -> None:
    table = unrelated()
    fit = fit_ultimatum("offer + accept ~ 1 | 1", table, max_offer=100)
    assert not fit.converged
    said = " ".join(fit.warnings)
    assert "a ridge" in said and "75 % for every offer" in said and "did not converge" not in said
    limits = {str(one): limit for one, limit in fit.extra["limits"].items()}
    assert limits == {"R1:const": -np.inf, "R2:const": -np.inf, "log s2:const": np.inf}
    # Independent of the test of the limit: with s2 held, more of it is always better.
    held = [fit_ultimatum("offer + accept ~ 1 | 1", table, max_offer=100, fixed={"s2": s2}).loglik
            for s2 in (50.0, 500.0, 5000.0)]
    assert held[0] < held[1] < held[2]
    assert fit_ultimatum("offer + accept ~ 1 | 1", table, max_offer=100,
                         fixed={"s2": 20.0}).converged


def test_offers_of_the_game_have_a_finite_maximum() -> None:
    """Drawn from the game itself, with s2 = 5, by inverting the distribution of the offers."""
    rng = np.random.default_rng(1)
    Q, R1, R2, s1, s2, n = 100.0, 10.0, 30.0, 8.0, 5.0, 400
    grid = np.linspace(0.0, Q, 100_001)
    cdf = 1.0 / (1.0 + np.exp((Q - grid - R1 - s2 * (1.0 + np.exp((grid - R2) / s2))) / s1))
    offer = np.interp(rng.uniform(size=n), cdf, grid)
    accept = rng.uniform(size=n) < 1.0 / (1.0 + np.exp(-(offer - R2) / s2))
    table = pd.DataFrame({"offer": offer, "accept": accept.astype(int)})
    fit = fit_ultimatum("offer + accept ~ 1 | 1", table, max_offer=Q)
    assert fit.converged
    assert (abs(fit.params - [R1, R2, np.log(s1), np.log(s2)]) < 4 * fit.se).all()
