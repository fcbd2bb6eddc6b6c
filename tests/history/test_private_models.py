"""Model files with private information: derivatives, the case of equal types, rows that fail."""

import numpy as np
import pandas as pd
import pytest

from detente.cases.modelfile import reads_model
from detente.errors import SolveError
from detente.history.modelfiles.posterior import Posterior
from tests.history.test_modelfiles import TREE, UTILITIES, at, brute, table, written

NUMBERS = """
    precision: {link: log, terms: [cap]}
    war.win_chance: {link: logit, intercept: false, terms: {cap: strength, nuclear: deterrence}}
    delay_cost: {link: log, terms: {cap: strength}}
    habits.attack: {link: log, terms: [nuclear]}
    ladder.force.risk: {link: logit}
    actors.target.private.war_cost.between.1: {link: log, terms: [nuclear]}
    actors.challenger.private.war_cost.chance_high: {link: logit, terms: [cap]}
"""
PRIVATE = TREE.replace(
    "target: {role: principal}",
    "target: {role: principal, private: {war_cost: {between: [0.1, 0.4], types: 3}}}").replace(
    "challenger: {role: principal}", "challenger: {role: principal, private: "
    "{war_cost: {low: 0.1, high: 0.4, chance_high: 0.3}}}")


@pytest.fixture(scope="module")
def model():
    found = reads_model(written(NUMBERS, UTILITIES, PRIVATE))
    assert found.private and found.compiled.tree.n_types == (2, 3)
    return found


def test_probabilities_are_those_of_the_solver(model):
    posterior, theta = at(model, table(8, model.endings))
    found = model.game.chances(*posterior.parts(theta))
    loglik, _ = posterior.rows(theta)
    for s in range(8):
        want = brute(model, posterior, theta, s)
        # Both stop at residuals below 1e-10 per probability of choice, and no row is near a fold.
        assert found[s] == pytest.approx(want, abs=1e-8)
        assert np.exp(loglik[s]) == pytest.approx(want[posterior.seen[s]], rel=1e-6)


@pytest.mark.parametrize("seed", range(2))
def test_the_gradient_is_that_of_central_differences(model, seed):
    posterior, theta = at(model, table(5, model.endings, seed), seed)
    loglik, slopes = posterior.rows(theta)
    assert np.isfinite(loglik).all()
    scores = model.indices.scores(slopes, posterior.design)
    for k in range(len(theta)):
        def level(h, k=k):
            return posterior.rows(theta + h * np.eye(len(theta))[k])[0]
        # Richardson's extrapolation: truncation h^4, the solver's 1e-10 / h.
        slope = (8 * (level(2e-3) - level(-2e-3)) - (level(4e-3) - level(-4e-3))) / 24e-3
        assert scores[:, k] == pytest.approx(slope, rel=1e-5, abs=1e-7)


def test_types_that_are_equal_give_backward_induction():
    """Types with the same further cost, 0, know nothing that matters: the public game is exact."""
    numbers = """
        precision: {link: log, terms: [cap]}
        war.win_chance: {link: logit, terms: [cap, nuclear]}
        habits.attack: {link: log, terms: [nuclear]}
    """
    same = TREE.replace("target: {role: principal}", "target: {role: principal, private: "
                        "{war_cost: {between: [0, 0], types: 3}}}")
    private = reads_model(written(numbers, UTILITIES, same))
    public = reads_model(written(numbers, UTILITIES))
    assert private.private and not public.private
    rows = table(16, public.endings)
    one, theta = at(private, rows)
    other = Posterior(public, one.design, one.seen)
    # The batch stops at residuals of 1e-10; backward induction is exact.
    assert private.game.chances(*one.parts(theta)) == pytest.approx(
        public.game.chances(*other.parts(theta)), abs=1e-9)
    assert one.value(theta)[0] == pytest.approx(other.value(theta)[0], rel=1e-8)
    assert one.scores(theta) == pytest.approx(other.scores(theta), rel=1e-6, abs=1e-7)
    found, want = private.fit(rows, starts=1), public.fit(rows, starts=1)
    assert found.converged and want.converged
    # Both searches end where no derivative per standard deviation exceeds 1e-3 sqrt(16).
    assert found.level == pytest.approx(want.level, abs=1e-4)
    assert found.value / private.sd == pytest.approx(want.value / public.sd, abs=0.01)


def test_a_row_does_not_depend_on_the_others(model):
    """To rounding: rows are solved side by side, and each one's arithmetic is its own."""
    posterior, theta = at(model, table(40, model.endings))
    loglik, slopes = posterior.rows(theta)
    part = Posterior(model, posterior.design[17:19], posterior.seen[17:19])
    alone = part.rows(theta)
    assert alone[0] == pytest.approx(loglik[17:19], rel=1e-12)
    assert alone[1] == pytest.approx(slopes[:, 17:19], rel=1e-9, abs=1e-12)


def test_numbers_that_are_extreme_are_refused_in_a_forecast_and_skipped_in_a_search(model):
    posterior, theta = at(model, table(4, model.endings))
    theta[model.coefficients.index("precision")] = 150.0  # lambda of e^150
    loglik, slopes = posterior.rows(theta)
    assert np.isnan(loglik).all() and np.isnan(slopes).all()
    with pytest.raises(SolveError, match="row 0 could not be certified"):
        model.game.chances(*posterior.parts(theta))


def test_without_rows_there_is_nothing_to_solve(model):
    estimate = model.fit(table(0, model.endings), starts=1)
    assert estimate.value == pytest.approx(model.mean, abs=1e-9)
    assert estimate.forecast(pd.DataFrame({"cap": [], "nuclear": []})).shape == (0, 5)
