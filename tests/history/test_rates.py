"""Base rates against the published counts; Wilson's interval against statsmodels."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import InputError
from detente.history.polarity import concentration, polarity
from detente.history.questions import QUESTIONS
from detente.history.rates import Question, answer, ask, wilson

COUNTS = {
    "icb-war": (103, 486), "icb-war-violent-trigger": (70, 230),
    "icb-war-military-trigger": (6, 75), "icb-war-verbal-trigger": (17, 102),
    "mid-war": (95, 2174), "mid-war-reciprocated": (95, 1120),
    "mid-threat-target-yields": (17, 63), "mid-threat-initiator-yields": (2, 63),
    "sanctions-concession": (144, 633), "sanctions-back-down": (140, 489),
}
SHARES = {"icb-agreement": 39.3, "icb-unilateral": 39.9, "icb-imposed": 7.2, "icb-faded": 6.4}


@pytest.mark.parametrize("name", COUNTS)
def test_counts(load, name):
    load(QUESTIONS[name].data)
    rate = answer(name, load.folder)
    assert (rate.hits, rate.n) == COUNTS[name]


@pytest.mark.parametrize("name", SHARES)
def test_shares(load, name):
    load("icb-system")
    rate = answer(name, load.folder)
    assert rate.n == 486 and round(100 * rate.share, 1) == SHARES[name]


def test_the_interval_of_war(load):
    load("icb-system")
    rate = answer("icb-war", load.folder)
    assert (round(100 * rate.low, 1), round(100 * rate.high, 1)) == (17.8, 25.0)
    assert rate.clustered[0] < rate.low and rate.clustered[1] > rate.high
    assert rate.citation and "not a rate among all" in rate.question.warning


DISPUTES = [name for name, q in QUESTIONS.items() if q.parties]


@pytest.mark.parametrize("name", DISPUTES)
def test_disputes_are_clustered_by_their_states(load, name):
    """The variance of a ratio over clusters, computed by statsmodels' clustered regression."""
    regression = pytest.importorskip("statsmodels.api")
    table, states = load("gml-disputes"), load("gml-participants")
    rate = answer(name, load.folder)
    assert (rate.hits, rate.n) == COUNTS[name]
    asked = {"mid-war": table.hostlev.notna(), "mid-war-reciprocated": table.recip == 1}
    rows = table[asked.get(name, table.hostlev == 2).astype(bool)]
    ending = {"mid-threat-target-yields": 4, "mid-threat-initiator-yields": 3}
    y = (rows.outcome.eq(ending[name]) if name in ending else rows.hostlev.eq(5)).fillna(False)
    first = states[states.orig == 1]
    low = first.groupby(["dispnum", "sidea"]).ccode.min().unstack()
    pairs = [tuple(sorted(low.loc[d])) for d in rows.dispnum]
    fit = regression.OLS(y.to_numpy(float), np.ones(len(rows))).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(pd.Series(pairs))[0]})
    g = len(set(pairs))
    assert rate.clusters == g < rate.n
    # statsmodels corrects by (n - 1)/(n - 1) g/(g - 1) for a constant alone, as is done here
    p = rate.share
    size = min(rate.n, p * (1 - p) / float(fit.bse[0]) ** 2)
    assert rate.clustered == pytest.approx(wilson(p * size, size), abs=1e-9)


def test_disputes_of_unknown_states_are_said_to_depend(load, tmp_path):
    import shutil

    load("gml-disputes")
    for file in load.folder.glob("*gml_mid_disps*"):
        shutil.copy(file, tmp_path)
    rate = answer("mid-war", tmp_path)
    assert rate.clustered is None and (rate.hits, rate.n) == COUNTS["mid-war"]
    assert "too narrow" in rate.question.warning and "gml-participants" in rate.question.warning


def test_a_misspelt_column_is_answered_with_the_nearest():
    with pytest.raises(InputError) as wrong:
        ask(Question("", "", "own", "", "violl = 1", "", ""), pd.DataFrame({"viol": [1]}))
    assert wrong.value.nearest == "viol"


@given(st.integers(1, 400), st.integers(0, 400))
def test_wilson_agrees_with_statsmodels(n, hits):
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    hits = min(hits, n)
    low, high = wilson(hits, n)
    other = proportion.proportion_confint(hits, n, method="wilson")
    assert np.allclose((low, high), other, atol=1e-12)
    assert 0 <= low <= hits / n + 1e-15 and hits / n - 1e-15 <= high <= 1


def test_duplicated_rows_do_not_narrow_a_clustered_interval():
    """Ten copies of every row, clustered by the row copied, say what one copy of each says."""
    rng = np.random.default_rng(3)
    once = pd.DataFrame({"y": rng.integers(0, 2, 60), "id": np.arange(60)})
    q = Question("", "", "own", "", "y = 1", "", "", "id")
    one, many = ask(q, once), ask(q, pd.concat([once] * 10))
    assert many.n == 600 and many.clusters == 60
    assert np.allclose(many.clustered, one.clustered, atol=1e-12)
    assert many.high - many.low < 0.5 * (many.clustered[1] - many.clustered[0])


def test_missing_values_are_left_out_and_counted():
    table = pd.DataFrame({"x": [1, 1, None, 0], "y": [1, None, 1, 1]}, dtype="Int64")
    rate = ask(Question("", "", "own", "x = 1", "y = 1", "", ""), table)
    assert (rate.hits, rate.n, rate.missing) == (1, 1, 2)


@pytest.mark.parametrize("event", ["z = 1", "y = = 1", "read_csv('/etc/passwd')"])
def test_a_bad_condition_is_one_message(event):
    with pytest.raises(InputError, match="cannot read the question"):
        ask(Question("", "", "own", "", event, "", ""), pd.DataFrame({"y": [1]}))


PUBLISHED = {1816: 0.330, 1913: 0.238, 1946: 0.452, 1970: 0.322, 1992: 0.278, 2016: 0.462}


def test_concentration_of_the_major_powers(load):
    load("cow-nmc"), load("cow-majors")
    table = polarity("majors", load.folder).set_index("year")
    for year, value in PUBLISHED.items():
        assert round(float(table.concentration[year]), 3) == value
    assert table.loc[1816:2016].shape[0] == 201
    assert (table.sum_before[1816:1900] < 1).all() and "renormalised" in table.attrs["note"]


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=9), st.floats(0.1, 10))
def test_concentration_ignores_scale_and_lies_in_the_unit_interval(shares, scale):
    s = np.array(shares)
    c = concentration(s)
    assert -1e-12 <= c <= 1 + 1e-12
    assert np.isclose(c, concentration(scale * s), atol=1e-7)  # sqrt of a rounding error near 0
