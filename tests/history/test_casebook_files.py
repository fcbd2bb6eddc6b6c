"""The shipped casebook: every crisis loads by its name, has its reasons, and solves."""

import io
import json

import numpy as np
import pandas as pd
import pytest

import detente as dt
from detente.backtest.models.logit import INVERSE
from detente.casebook import scoring
from detente.casebook.covariates import ENDINGS
from detente.casebook.facts import facts, named
from detente.casebook.reference import base, logit
from detente.casebook.templates import model, templates
from detente.cases.names import casebook
from tests.support.program import outputs

NAMES = list(named())


def draws(name):
    return casebook()[name].with_suffix(".draws.csv").read_text(encoding="utf-8")


def test_every_coded_crisis_has_a_file_and_every_template_is_used():
    assert list(casebook()) == sorted(NAMES)
    assert {facts(name).template for name in NAMES} == set(templates())


@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_a_source_and_a_reason_and_lies_in_its_draws(name):
    crisis, held = dt.load(name), pd.read_csv(io.StringIO(draws(name)))
    assert crisis.ended == ""
    numbers = dt.compile(crisis).graph.rules.numbers
    written = {p: q for p, q in numbers.items() if not p.startswith("habits.")
               and not p.endswith("stake_weight")}
    assert set(held.columns) <= set(written)
    for path, number in written.items():
        assert number.because, path
        assert number.source == ("estimate" if path in held.columns else "rules"), path
    for path in held.columns:
        low, high = np.quantile(held[path], [0.05, 0.95])
        # The ends are rounded outwards to three digits, and the draws to five.
        assert numbers[path].low == pytest.approx(low, rel=0.011)
        assert numbers[path].high == pytest.approx(high, rel=0.011)
        assert numbers[path].low <= low * (1 + 1e-4)
        assert numbers[path].high >= high * (1 - 1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_the_centre_is_a_checked_fallible_solution(name):
    assert dt.solve(dt.compile(dt.load(name))).certificate.certified


@pytest.mark.parametrize("name", NAMES)
def test_draws_are_solved_and_checked_in_both_readings(name):
    first = "".join(draws(name).splitlines(keepends=True)[:9])
    found = scoring.solved(dt.load(name), facts(name), first)
    assert found.checked == (8, 8) and found.draws == 8
    for one in (found.fallible, found.deliberate):
        assert tuple(one) == ENDINGS
        assert sum(one.values()) == pytest.approx(1.0, abs=1e-8)  # the certificate's own slack


def test_a_single_draw_is_the_solution_of_the_file_with_these_numbers():
    name = "book-memel-1939"
    crisis, text = dt.load(name), "".join(draws(name).splitlines(keepends=True)[:2])
    compiled, held = dt.compile(crisis), pd.read_csv(io.StringIO(text))
    theta = compiled.centre.copy()
    for path in held.columns:
        theta[compiled.paths.index(path)] = held[path].iloc[0]
    alone = dt.solve(compiled.game(theta), lam=float(held["precision"].iloc[0]))
    found = scoring.solved(crisis, facts(name), text).fallible
    words = {"war": "war", "settlement": "settlement", "status quo": "stalemate",
             "germany concedes": "challenger backs down", "lithuania concedes": "target yields"}
    for outcome, p in alone.outcomes().items():
        assert found[words[str(outcome)]] == pytest.approx(p, abs=1e-7)  # two certified solvers


def test_a_template_reproduces_shares_without_covariates():
    """With a free level for each ending a game of one template can fit shares nearly exactly."""
    rng = np.random.default_rng(1)
    of = model("limited-aims-claim")
    table = pd.DataFrame(0.0, index=range(200), columns=list(of.covariates))
    table["ending"] = rng.choice(ENDINGS, size=200, p=[0.3, 0.2, 0.2, 0.1, 0.2])
    found = of.fit(table, seed=0, starts=1).forecast(table)[0]
    shares = table["ending"].value_counts(normalize=True)
    for ending, p in zip(of.endings, found, strict=True):
        # Habits differ from shares, and the priors pull towards their centres.
        assert p == pytest.approx(shares[ending], abs=0.1)


def test_the_logit_has_the_shares_as_its_mean_and_the_base_rates_sum_to_one():
    """Intercepts are free, so the first-order condition equates mean forecast and shares."""
    rng = np.random.default_rng(2)
    x, ended = rng.normal(size=(300, 3)), list(rng.choice(ENDINGS, size=300))
    found = logit(x, ended, x).mean(axis=0)
    shares = [ended.count(ending) / 300 for ending in ENDINGS]
    assert found == pytest.approx(shares, abs=1e-5)  # the optimiser's tolerance
    assert base(ended).sum() == pytest.approx(1.0, abs=1e-12)


def test_the_logit_is_the_one_of_the_backtest():
    """Another program, scikit-learn, has the same maximum; both stop within their tolerance."""
    linear = pytest.importorskip("sklearn.linear_model")
    rng = np.random.default_rng(3)
    x, ended = rng.normal(size=(200, 4)), rng.integers(5, size=200)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    other = linear.LogisticRegression(C=INVERSE, max_iter=1000, tol=1e-8).fit(x, ended)
    found = logit(x, [ENDINGS[k] for k in ended], x)
    assert found == pytest.approx(other.predict_proba(x), abs=1e-5)


def test_the_interval_of_a_constant_is_the_constant():
    values = pd.Series(dict.fromkeys(NAMES, -1.5))
    assert scoring.bootstrap(values, scoring.pairs()) == (-1.5, -1.5)


def test_the_list_of_the_casebook_names_no_ending():
    ran = outputs("cases", "--book", "--json")
    listed = json.loads(ran.stdout)
    assert [one["name"] for one in listed] == NAMES
    assert all("ending" not in one and "ended" not in one for one in listed)


def test_the_board_in_the_docs_gives_the_kept_forecasts():
    """The base rate of each crisis in the table is the one kept beside the crises."""
    folder = next(iter(casebook().values())).parents[1]
    held = json.loads((folder / "references.json").read_text(encoding="utf-8"))
    assert list(held) == NAMES
    for one in held.values():
        for forecast in one.values():
            assert sum(forecast.values()) == pytest.approx(1.0, abs=5e-6)  # six digits are kept
