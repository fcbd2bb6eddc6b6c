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
from tests.support.program import outputs

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


def own(event, given="", cluster=""):
    return Question("", "", "own", given, event, "", "", cluster)


def test_rows_without_a_cluster_are_left_out_and_counted():
    """They joined the last cluster. The truth is the answer over the other rows alone."""
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"y": rng.integers(0, 2, 80), "id": np.repeat(np.arange(20), 4)})
    some = table.astype({"id": "Int64"})
    some.loc[rng.choice(80, 30, replace=False), "id"] = pd.NA
    rate, alone = ask(own("y = 1", "", "id"), some), ask(own("y = 1", "", "id"), some.dropna())
    assert rate.left_out == {"the cluster is missing": 30} and rate.missing == 30
    for field in ("hits", "n", "low", "high", "clusters", "clustered"):
        assert getattr(rate, field) == getattr(alone, field)
    assert rate.as_dict()["left_out"] == {"the cluster is missing": 30}
    text = table.assign(id=[None if i % 2 else f"a{i % 6}" for i in range(80)])
    assert ask(own("y = 1", "", "id"), text).left_out == {"the cluster is missing": 40}
    floats = table.assign(id=np.where(np.arange(80) % 2, np.nan, np.arange(80) % 6))
    assert ask(own("y = 1", "", "id"), floats).left_out == {"the cluster is missing": 40}


def test_one_cluster_gives_no_clustered_interval():
    """The variance between clusters cannot be estimated from one."""
    table = pd.DataFrame({"y": [0, 1, 1, 0], "id": [3, 3, 3, 3]})
    rate = ask(own("y = 1", "", "id"), table)
    assert rate.clusters == 1 and rate.clustered is None and "one cluster" in str(rate)


@pytest.mark.parametrize(
    "event, told",
    [
        ("x", "it holds 2, 4"), ("x / 2", "it holds 0.5, 2"), ("s", "it holds 'a', 'b'"),
        ("'true'", "it holds 'true'"), ("d", "not a truth value"), ("-y", "it holds -1"),
        ("NULL", "missing in every row"), ("x + y", "not a truth value"),
        ("x = 1, y", "not one plain value"), ("[y]", "not one plain value"), ("data", "not one"),
        ("count(*) > 2", "gives 1 values for 4 rows"), ("unnest([true, false])", "gives"),
        ("y = 1; SELECT 1", "cannot read"), ("", "cannot read the question"),
        ("y = 1) OR (true", "gives|not one|not a truth|"),
    ],
)
def test_an_event_that_is_no_truth_value_is_refused(event, told):
    table = pd.DataFrame({"x": [4, 2, 1, 1], "y": [1, 0, 1, 0], "s": list("abab"),
                          "d": pd.to_datetime(["1914-07-28"] * 4)})
    if event == "y = 1) OR (true":  # brackets that pair off are a condition like another
        assert ask(own(event), table).hits == 4
        return
    for words in ({"event": event}, {"event": "y = 1", "given": event or "("}):
        with pytest.raises(InputError, match=told) as wrong:
            ask(own(**words), table)
        assert wrong.value.expected


def test_columns_of_0_and_1_and_truth_values_are_events():
    table = pd.DataFrame({"a": [1, 0, 1], "b": [True, False, True], "c": [1.0, 0.0, np.nan],
                          "e": pd.array([True, None, False], dtype="boolean")})
    assert [(r.hits, r.n, r.missing) for r in (ask(own(c), table) for c in "abce")] == [
        (2, 3, 0), (2, 3, 0), (1, 2, 1), (1, 2, 1)]
    assert ask(own("a = 1 -- a comment"), table).hits == 2


def test_conditions_on_missing_values_are_unknown():
    """The three-valued logic of SQL, by hand: NOT and OR of unknown, and a test for missing."""
    table = pd.DataFrame({"x": [1.0, 2.0, np.nan, 2.0], "y": [1.0, np.nan, 0.0, 0.0]})
    rate = ask(own("y = 1", "NOT (x = 1)"), table)
    assert (rate.hits, rate.n) == (0, 1)
    assert rate.left_out == {"the condition is unknown": 1, "the event is unknown": 1}
    assert ask(own("y = 1 OR x = 2"), table).left_out == {"the event is unknown": 1}
    assert ask(own("y IS NULL"), table).missing == 0
    assert ask(own("x > 1"), table).n == 3  # a missing value is not above every number


def test_counts_of_observations_are_checked():
    table = pd.DataFrame({"n": [3, 2], "k": [1, 3], "s": ["a", "b"]})
    for weight, event in (("n", "k"), ("n", "s"), ("-n", "k"), ("s", "k")):
        with pytest.raises(InputError, match=r"is more than|not a number of observations"):
            ask(Question("", "", "own", "", event, "", "", "", weight), table)


def test_the_command_states_rows_left_out_and_refuses_events(load):
    """As a user runs it."""
    import json

    load("icb-system")

    def run(*words):
        return outputs("data", "rates", *words, DETENTE_DATA_CACHE=str(load.folder))

    table = load("icb-system")
    known = table[table.viol.notna() & table.pcid.notna()]
    ran = run("--data", "icb-system", "--event", "viol = 4", "--cluster", "pcid", "--json")
    (rate,) = json.loads(ran.stdout)
    assert (rate["hits"], rate["n"]) == (int((known.viol == 4).sum()), len(known))
    assert rate["clusters"] == known.pcid.nunique()
    assert rate["left_out"] == {"the event is unknown": 1, "the cluster is missing": 1}
    ran = run("--data", "icb-system", "--event", "viol = 4", "--cluster", "pcid")
    assert ran.returncode == 0 and "1 rows left out: the cluster is missing" in ran.stdout
    for words, told in (
        (("--data", "icb-system", "--event", "viol"), "not a truth value: it holds 2, 3, 4"),
        (("--data", "icb-system", "--event", "crisname"), "not a truth value"),
        (("icb-war", "--given", "viol = 4"), "names are given with it"),
    ):
        ran = run(*words)
        assert ran.returncode == 2 and told in ran.stderr and not ran.stdout, ran
        assert "Traceback" not in ran.stderr


def test_the_major_powers_are_carried_forward(load):
    load("cow-nmc"), load("cow-majors")
    table = polarity("majors", load.folder)
    assert table.year.max() == 2022 and (table[table.year >= 2016].states == 7).all()
    assert "carried forward to 2022" in table.attrs["note"]
