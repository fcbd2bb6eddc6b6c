"""Forecasters: closed forms on small tables, and the study's scores on the published ones."""

import numpy as np
import pytest

from detente.backtest.forecaster import codes, design
from detente.backtest.registry import find, lineup
from detente.backtest.run import backtest
from detente.errors import InputError
from detente.history.outcomes.known import SOURCES
from detente.history.outcomes.tables import crises

REFERENCE = {  # log scores of the study: table, scheme, forecaster, score, tolerance
    ("mid", "kfold"): {"base": (-1.0833, 1e-4), "time": (-0.9800, 1e-4),
                       "recent": (-0.9824, 1e-4), "boosting": (-0.9283, 0.01),
                       "logit": (-0.9460, 3e-3)},
    ("mid", "forward"): {"base": (-1.0552, 1e-4), "time": (-0.9380, 1e-4),
                         "recent": (-0.9502, 1e-4), "boosting": (-0.9217, 0.01),
                         "logit": (-0.9301, 3e-3)},
    ("icb", "forward"): {"base": (-1.6157, 1e-4), "recent": (-1.5931, 2e-3),
                         "time": (-1.5802, 3e-3), "logit": (-1.5299, 0.01)},
}
"""Base rates, recent and time on `mid` agree to 1e-4. The definitions of all features of the study
are not published, so logit agrees to 3e-3 on `mid` and 0.01 on `icb`, and boosting to 0.01. On
`icb` time is that of the study to 1e-4 with C = 0.05, while `mid` needs 0.03, so 3e-3 here. Two
kinds of scores are left out: boosting on `icb` differs by 0.04, and the folds of `icb` depend on
its pairs, of which the study counts one more."""


def test_base_rates_by_hand(toy):
    counts = np.bincount(codes(toy), minlength=3)
    p = find("base").fit(toy, seed=0).forecast(toy)
    assert p == pytest.approx(np.tile((counts + 0.5) / (len(toy) + 1.5), (len(toy), 1)))


def test_recent_uses_the_decade_or_the_last_20_years(toy):
    old = toy.with_rows(toy.rows[toy.rows["year"] < 1940])
    fitted = find("recent").fit(old, seed=0)
    new = toy.with_rows(toy.rows[toy.rows["year"] >= 1940])
    last = old.rows["year"].max()
    base = find("base").fit(old, seed=0).forecast(old)[0]

    def by_hand(inside):  # ten cases of the base rates stand beside those of the time
        counts = np.bincount(codes(old)[inside], minlength=3) + 10 * base
        return counts / counts.sum()

    late = by_hand((old.rows["year"] > last - 20).to_numpy())
    assert fitted.forecast(new) == pytest.approx(np.tile(late, (len(new), 1)))
    decade = old.with_rows(old.rows[old.rows["year"] // 10 == 191])
    inside = by_hand((old.rows["year"] // 10 == 191).to_numpy())
    assert fitted.forecast(decade) == pytest.approx(np.tile(inside, (len(decade), 1)))


def test_the_ridge_logit_is_at_its_optimum(toy):
    """Stationarity of sum log p - b^2 / (2 C) in each coefficient; 1e-2 of a gradient of ~100."""
    pytest.importorskip("sklearn")
    from detente.backtest.models.logit import INVERSE

    fitted = find("logit").fit(toy, seed=0)
    gap = np.eye(3)[codes(toy)] - fitted.forecast(toy)
    slope = design(toy).T @ gap
    b = np.array([[fitted.params[f"{e}: {f}"] for e in toy.endings] for f in toy.features])
    assert slope == pytest.approx(b / INVERSE, abs=0.05)
    assert fitted.trouble is None


def test_the_pool_is_the_mean(toy):
    one, two = (find(n).fit(toy, seed=0).forecast(toy) for n in ("base", "recent"))
    pool = find("pool:base+recent").fit(toy, seed=0).forecast(toy)
    assert pool == pytest.approx((one + two) / 2)


def test_a_forecast_sees_no_ending(toy, monkeypatch):
    """The table to forecast has no column of endings, so a forecaster cannot read it."""
    from detente.backtest.models.base import Base

    def fit(self, table, *, seed):
        from detente.backtest.forecaster import Fit
        return Fit(lambda rows: codes(rows))

    monkeypatch.setattr(Base, "fit", fit)
    with pytest.raises(KeyError, match="ending"):
        backtest(toy, ["base"], scheme="kfold")


@pytest.mark.parametrize(("name", "words"), [
    ("lojit", "did you mean 'logit'"), ("pool:base", "two different forecasters"),
    ("logit:3", "takes no argument"), ("pool:base+nix", "no forecaster is called 'nix'"),
])
def test_wrong_names(name, words):
    with pytest.raises(InputError, match=words):
        find(name)


def test_a_game_brings_its_theory():
    assert lineup(["game:tight"]) == ["base", "recent", "time", "theory:tight", "game:tight"]


SLOW = ("logit", "boosting")
"""Forecasters that take a minute over the origins of a table."""


@pytest.mark.parametrize(("table", "scheme", "slow"), [
    *((*key, False) for key in REFERENCE),
    *(pytest.param(*key, True, marks=pytest.mark.slow)
      for key, scores in REFERENCE.items() if set(SLOW) & set(scores)),
])
def test_scores_of_the_study(load, table, scheme, slow):
    pytest.importorskip("sklearn")
    for name in (*SOURCES, "gml-disputes", "gml-participants", "icb-actor"):
        load(name)
    wanted = {name: score for name, score in REFERENCE[table, scheme].items()
              if (name in SLOW) == slow}
    found = backtest(crises(table, load.folder, filled=False), list(wanted), scheme=scheme)
    scores = found.leaderboard.set_index("model")["log_score"]
    for name, (score, tolerance) in wanted.items():
        assert scores[name] == pytest.approx(score, abs=tolerance), name
    assert found.run["scored"] == {"mid": {"kfold": 2105, "forward": 1860},
                                   "icb": {"forward": 355}}[table][scheme]


@pytest.mark.parametrize("name", ["time", "logit", "boosting", "pool:logit+boosting"])
def test_one_ending_in_training_is_a_trouble_and_no_crash(toy, name):
    pytest.importorskip("sklearn")
    war = toy.with_rows(toy.rows[toy.rows["ending"] == "war"])
    fitted = find(name).fit(war, seed=0)
    p = fitted.forecast(toy)
    assert p.shape == (len(toy), 3) and (p > 0).all() and p.sum(axis=1) == pytest.approx(1)
    assert (p.argmax(axis=1) == 2).all() and "one ending only" in fitted.trouble
