"""Tables of crises: the counts of the study of the published files, and each rule by hand."""

import numpy as np
import pandas as pd
import pytest

from detente.errors import InputError
from detente.history.dataset import DataSet
from detente.history.estimators.multinomial import fit_multinomial
from detente.history.outcomes.known import BEFORE, SOURCES
from detente.history.outcomes.mid import _ending
from detente.history.outcomes.table import Crises, Feature
from detente.history.outcomes.tables import crises

COUNTS = {  # rows, pairs, log-likelihood of the shares; then the endings in their order
    "mid": (2105, 531, -2275.1321, [93, 1371, 331, 215, 95]),
    "rungs": (2105, 531, None, [604, 849, 557, 95]),
    "icb": (486, 214, -759.5929, [147, 99, 86, 55, 99]),
}
"""The study counts 215 pairs of ICB. Its rules give 214 with or without the twin numbers of states,
and for each order of unknown days and of ties within a day that gives these endings."""


@pytest.fixture(scope="session")
def table(load):
    for name in (*SOURCES, "gml-disputes", "gml-participants", "icb-actor"):
        load(name)
    made = {}

    def get(name):
        if name not in made:
            made[name] = crises(name, load.folder)
        return made[name]

    return get


@pytest.mark.parametrize("name", COUNTS)
def test_counts_are_those_of_the_study(table, name):
    """A reference of the study: counts, and the log-likelihood of the shares to 4 decimals."""
    rows, pairs, likelihood, endings = COUNTS[name]
    found = table(name)
    assert len(found) == rows
    assert found.rows["pair"].nunique() == pairs
    assert list(found.counts().values()) == endings
    if likelihood is not None:
        n = np.array(endings)
        assert (n * np.log(n / n.sum())).sum() == pytest.approx(likelihood, abs=1e-4)
        assert list(found.counts().values()) == list(n)


def test_a_multinomial_logit_on_capability_is_that_of_the_study(table):
    """MNLogit of statsmodels on the log-odds of capability: -2245.5496, 8 parameters.

    It is reached with shares within 0.005 and 0.995, the nearest earlier index of a state or else
    its first later one, and the lower number as lead if two states are alike (one dispute).
    """
    found = table("mid")
    seen = np.array([found.rows["ending"] == e for e in found.endings]).T
    fitted = fit_multinomial("capability", found.rows, seen, found.endings)
    assert len(fitted.params) == 8
    assert fitted.loglik == pytest.approx(-2245.5496, abs=1e-4)


def test_aims_are_those_of_the_state_and_not_of_its_opponent(table, load):
    """The source is symmetric: each pair has a row in both orders, which must not be mixed up."""
    dyads = load("gml-directed-dyads")
    aims = dyads.drop_duplicates(["dispnum", "ccode1"]).set_index(["dispnum", "ccode1"])
    rows = table("mid").rows
    both = rows[rows["territory"] == 1].head(200)
    assert all(aims.loc[(r["crisis"], r["challenger"]), "revtype11"] == 1
               for r in both.to_dict("records"))
    one_sided = aims[(aims["revtype11"] != 1) & (aims["revtype12"] == 1)].index
    of = rows.set_index(["crisis", "challenger"])["territory"]
    here = of.index.intersection(one_sided)
    assert len(here) > 50 and (of[here] == 0).all()


@pytest.mark.parametrize(("name", "features", "before"), [("mid", 21, 17), ("icb", 24, 17)])
def test_features_say_when_they_are_known(table, name, features, before):
    found = table(name)
    assert len(found.features) == features == len(found.names())
    assert found.names("before") == [f.name for f in BEFORE]
    assert len(found.names("before")) == before
    assert not found.rows.isna().any().any()
    assert all(found.rows[f].dtype == float for f in found.features)


@pytest.mark.parametrize("name", ["mid", "icb"])
def test_a_forecast_knows_no_later_value(table, load, name):
    """Missing values stay missing on demand; all others are those of the table for users."""
    whole, marked = table(name), crises(name, load.folder, filled=False)
    gone = marked.rows.isna()
    assert 0 < gone.to_numpy().sum() < 0.01 * gone.size
    assert set(gone.columns[gone.any()]) <= {"capability", "distance", "democracy_challenger",
                                             "democracy_target"}
    features = list(whole.features)
    one, two = whole.rows[features], marked.rows[features]
    assert ((one == two) | two.isna()).all().all()
    assert (whole.rows[["year", "pair", "ending"]] == marked.rows[["year", "pair", "ending"]]
            ).all().all()
    assert any("training rows" in note for note in marked.notes)


def test_a_famous_crisis(table):
    """Cuba 1962: the Soviet missiles threaten the United States, and both have the bomb."""
    rows = table("icb").rows.set_index("crisis")
    cuba = rows.loc[196]
    assert (cuba["year"], cuba["challenger"], cuba["target"], cuba["pair"]) == (1962, 365, 2,
                                                                               "2-365")
    assert cuba["nuclear_challenger"] == cuba["nuclear_target"] == cuba["major_target"] == 1
    assert cuba["contiguous"] == 1 and cuba["rivalry"] == 1  # over the Bering Strait
    assert cuba["distance"] == pytest.approx(np.log(7820), abs=0.01)  # Washington to Moscow, km


def test_stalemates_become_the_rule(table):
    """The study prints 27 % before 1900 and 83 % at the end, which is the share from 1990 on."""
    rows = table("mid").rows
    still = rows["ending"] == "stalemate"
    assert still[rows["year"] < 1900].mean() == pytest.approx(0.27, abs=0.005)  # as printed
    assert still[rows["year"] >= 1990].mean() == pytest.approx(0.83, abs=0.005)


def test_capability_is_antisymmetric(table):
    """Log-odds of a share change sign with the sides, so features seen from both sides sum to 0."""
    rows = table("mid").rows
    one = rows.drop_duplicates(["year", "challenger", "target"])
    both = one.merge(one, left_on=["year", "challenger", "target"],
                     right_on=["year", "target", "challenger"])
    assert len(both) > 50
    assert np.allclose(both["capability_x"] + both["capability_y"], 0)
    assert (both["distance_x"] == both["distance_y"]).all()


def test_coverage_counts_every_crisis(table):
    found = table("mid").coverage()
    assert found["crises"].sum() == 2105
    assert list(found["year"]) == list(range(1816, 2011))
    assert (found.drop(columns=["year", "crises"]).sum(axis=1) == found["crises"]).all()


@pytest.mark.parametrize(("codes", "ending"), [
    ((1, 3, 5), "war"), ((9, 0, 5), "war"), ((9, 3, 4), None), ((0, 1, 4), None),
    ((4, 1, 3), "target yields"), ((3, 1, 3), "challenger backs down"), ((6, 3, 4), "settlement"),
    ((5, 1, 4), "settlement"), ((5, 3, 4), "stalemate"), ((8, 2, 4), "stalemate"),
])
def test_ending_of_a_dispute(codes, ending):
    assert _ending(*codes) == ending


def test_selected_features():
    rows = pd.DataFrame({"crisis": [1], "year": [1900], "pair": ["2-200"], "challenger": [2],
                         "target": [200], "ending": ["war"], "a": [0.0], "b": [1.0]})
    made = Crises("toy", ("peace", "war"), {
        "a": Feature("a", "", "before", ""), "b": Feature("b", "", "coded", "")}, rows)
    assert made.names("before") == ["a"]
    assert list(made.select(["a"]).rows.columns)[-1] == "a"
    assert made.counts() == {"peace": 0, "war": 1}
    with pytest.raises(InputError, match="no feature 'c'"):
        made.select(["c"])


def test_new_data_sets_have_their_rows(load):
    from detente.history.registry import get

    for name in ("democracy", "gdp", "min-distance"):
        about: DataSet = get(name)
        assert len(load(name)) == about.rows
