"""Comparison of models: statsmodels' multinomial logit, Vuong, Clarke, scores, profiles."""

import numpy as np
import pytest

from detente.errors import InputError
from detente.history.estimators.fit_tree import fit_tree
from detente.history.estimators.multinomial import fit_multinomial
from detente.history.estimators.nonnested import clarke, vuong
from detente.history.estimators.profiles import profile, profile_chart
from detente.history.estimators.trees import TREES
from detente.history.estimators.worth import scores_of, worth

from .conftest import WAR
from .test_trees import simulated

COVARIATES = "s_wt_re1 + revis1 + regime1 + balanc + regime2"


def test_multinomial_logit_is_statsmodels(load):
    discrete = pytest.importorskip("statsmodels.discrete.discrete_model")
    strategic = fit_tree("egame12", WAR, load("war1800"))
    ours = fit_multinomial(COVARIATES, strategic.frame, strategic.counts, strategic.endings)
    theirs = discrete.MNLogit(
        strategic.counts.argmax(axis=1), np.asarray(_matrix(strategic.frame))
    ).fit(disp=0, tol=1e-12)
    assert abs(ours.loglik - theirs.llf) < 1e-7
    assert np.allclose(ours.params, theirs.params.T.ravel(), atol=1e-5)
    assert np.allclose(ours.se, theirs.bse.T.ravel(), atol=1e-5)


def _matrix(frame):
    formulaic = pytest.importorskip("formulaic")
    return formulaic.model_matrix(COVARIATES, frame)


def test_vuong_and_clarke(load):
    war = load("war1800").dropna()
    one = fit_tree("egame12", WAR, war)
    two = fit_tree("egame12", "esc+war ~ balanc | 0 | 1 | regime2", war)
    there, back = vuong(one, two), vuong(two, one)
    assert np.isclose(there.statistic, -back.statistic) and np.isclose(there.p_value, back.p_value)
    gap = one.loglik_obs - two.loglik_obs
    plain = vuong(one, two, correct=False)
    assert np.isclose(plain.statistic, np.sqrt(282) * gap.mean() / gap.std())
    count = clarke(one, two, correct=False)
    assert count.statistic == (gap > 0).sum() and count.n == 282
    # The penalty of Schwarz for the larger model, spread over the rows.
    assert there.statistic < plain.statistic
    assert vuong(one, one).better == 0
    with pytest.raises(InputError, match="same outcomes"):
        vuong(one, fit_tree("egame12", WAR, war.head(200)))


def test_a_strategic_model_against_the_logit_of_its_covariates(load, capsys, monkeypatch):
    """As R would: Vuong's deviate by hand from statsmodels' logit, with Schwarz's penalty."""
    import json

    from detente.cli import main

    load("war1800")
    monkeypatch.setenv("DETENTE_DATA_CACHE", str(load.folder))
    asked = ["fit", "egame12", "--data", "war1800", "--formula", WAR, "--against-logit"]
    assert main([*asked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["against_logit"]
    assert found["covariates"] == COVARIATES
    discrete = pytest.importorskip("statsmodels.discrete.discrete_model")
    strategic = fit_tree("egame12", WAR, load("war1800"))
    theirs = discrete.MNLogit(
        strategic.counts.argmax(axis=1), np.asarray(_matrix(strategic.frame))
    ).fit(disp=0, tol=1e-12)
    assert found["logit"]["loglik"] == pytest.approx(theirs.llf, abs=1e-7)
    n, more = 282, len(strategic.params) - theirs.params.size
    each = theirs.model.loglikeobs(theirs.params).sum(axis=1)  # they give a column an ending
    gap = strategic.loglik_obs - each - more * np.log(n) / (2 * n)
    by_hand = np.sqrt(n) * gap.mean() / gap.std()
    vuongs, clarkes = found["tests"]
    assert vuongs["statistic"] == pytest.approx(by_hand, abs=1e-5)
    assert clarkes["statistic"] == (gap > 0).sum() and clarkes["n"] == n
    assert main(asked) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "against multinomial logit of s_wt_re1" in printed
    assert "Vuong's test: z 1.37" in printed and "Clarke's test: the strategic model" in printed


def test_offers_have_no_logit_to_stand_against(load):
    from detente.history.estimators.nonnested import against_logit
    from detente.history.estimators.ultimatum import fit_ultimatum

    fitted = fit_ultimatum("offer + accept ~ x1 | x2", load("data-ult"), max_offer=15)
    with pytest.raises(InputError, match="no discrete outcomes"):
        against_logit(fitted, ["x1", "x2"])


def test_scores():
    p, counts = np.array([[0.7, 0.2, 0.1]]), np.array([[2.0, 1.0, 0.0]])
    log, brier = scores_of(p, counts)
    assert np.isclose(log, (2 * np.log(0.7) + np.log(0.2)) / 3)
    assert np.isclose(brier, (2 * (0.09 + 0.04 + 0.01) + (0.49 + 0.64 + 0.01)) / 3)


def test_the_true_model_is_worth_something():
    """Data played by a strategic tree: its forecasts beat base rates, out of sample."""
    table = simulated(1500, seed=4)
    table["y"] = table.y.astype(str)
    found = worth(
        lambda t: fit_tree("egame12", "y ~ 0 + x | 0 | 1 | z", t), table, "x + z",
        folds=4, repeats=1,
    ).set_index(["rival", "score"])
    assert found.loc[("base rates", "log"), "gain"] > 0
    assert found.loc[("base rates", "brier"), "gain"] > 0
    assert (found.low <= found.gain).all() and (found.gain <= found.high).all()
    assert set(found.failed) == {0}
    # The logit has more parameters and nearly the same fit: no large difference either way.
    assert abs(found.loc[("multinomial logit", "log"), "gain"]) < 0.02


def test_profiles_hold_their_intervals():
    """Delta-method limits against parameters drawn from their distribution."""
    result = fit_tree("egame12", "y ~ 0 + x | 0 | 1 | z", simulated(2000))
    table = profile(result, "z", [-1.0, 0.0, 1.0])
    tree = TREES["egame12"]
    draws = np.random.default_rng(1).multivariate_normal(result.params, result.cov, 4000)
    x = float(result.frame.x.mean())
    p = np.stack([
        tree.density(tree.utilities, "probit", False)(
            np.stack([draws[:, 0] * x, 0 * draws[:, 0], draws[:, 1], draws[:, 2] + draws[:, 3] * z])
        ).T
        for z in (-1.0, 0.0, 1.0)
    ], axis=1)
    low, high = np.quantile(p, [0.025, 0.975], axis=0)
    for j, name in enumerate(result.endings):
        part = table[table.outcome == name]
        # Simulated quantiles of 4,000 draws are good to some 5 % of the interval's width.
        width = (high - low)[:, j].max()
        assert np.abs(part.low.to_numpy() - low[:, j]).max() < 0.1 * width
        assert np.abs(part.high.to_numpy() - high[:, j]).max() < 0.1 * width
    spec = profile_chart(table).to_dict()
    assert spec["layer"] and "predicted probability" in str(spec)
    with pytest.raises(InputError, match="no column"):
        profile(result, "w")


def test_sections_render(load):
    from detente.history.polarity import polarity
    from detente.history.sections import (
        fit_section,
        polarity_section,
        profile_section,
        rates_section,
    )

    for name in ("icb-system", "cow-nmc", "cow-majors"):
        load(name)
    result = fit_tree("egame12", WAR, load("war1800"))
    rates = rates_section(["icb-war"], load.folder)
    assert rates.tables[0].rows[0][4:6] == (103, 486)
    assert any("not a rate among all" in n for n in rates.notes)
    assert "0.462" in polarity_section(polarity("majors", load.folder), 2016).lead
    assert fit_section(result).certified
    assert profile_section(profile(result, "balanc")).charts[0].to_svg().startswith("<svg")


@pytest.mark.slow
@pytest.mark.parametrize("folds", [10])
def test_worth_on_war1800_is_reported(load, folds):
    found = worth(lambda t: fit_tree("egame12", WAR, t), load("war1800"), COVARIATES, folds=folds,
                  repeats=5)
    base = found[(found.rival == "base rates") & (found.score == "log")]
    # In sample the model gains (306.1 - 286.1) / 282; out of sample it can not gain more.
    assert float(base.gain.iloc[0]) < 0.075
