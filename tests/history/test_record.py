"""The rates of the record: published numbers on the real data, hand counts on small tables."""

import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from detente.errors import InputError
from detente.history.base_rates import base_rates, record_rates
from detente.history.panel import Panel, after
from detente.history.questions import QUESTIONS
from detente.history.rates import answer, answers
from detente.history.record.power_shift import auc
from detente.history.store import fetch
from tests.support.program import outputs

DOCS = Path(__file__).resolve().parents[2] / "docs"

# Value, number of observations and base rate, as the study that proposed these sentences printed
# them. The numbers are compared as they are printed.
PUBLISHED = {
    "pact-renewed": (0.165, 1118, None), "overtaking-war": (0.38, 13, 0.165),
    "allies-force": (0.076, None, 0.063), "allies-joined": (0.38, None, None),
    "allies-fought": (0.20, None, None), "allies-stayed-out": (0.39, None, None),
    "votes-order-1985": (0.565, None, None), "order-and-war": (0.0303, None, 0.0091),
    "power-shift-war": (0.634, None, None), "power-shift-force": (0.499, None, 0.648),
    "new-pole-5": (0.0, None, None),
}
DIGITS = {"order-and-war": 4, "allies-joined": 2, "allies-fought": 2, "allies-stayed-out": 2,
          "overtaking-war": 2}


@pytest.fixture(scope="module")
def found(raw, load):
    for name in {n for r in record_rates().values() for n in r.needs}:
        fetch(name, base=str(raw), folder=load.folder)
    names = list(record_rates())
    return dict(zip(names, answers(names, load.folder), strict=True))


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_numbers(found, name):
    value, n, rival = PUBLISHED[name]
    rate = found[name]
    assert round(rate.value, DIGITS.get(name, 3)) == value
    if n is not None:
        assert rate.n == n
    if rival is not None:
        assert round(rate.rival.value, max(3, DIGITS.get(name, 3))) == rival


def test_ordinary_decades_run_from_82_to_89(found):
    parts = found["votes-order-ordinary"].parts.values()
    assert (round(min(parts), 2), round(max(parts), 2)) == (0.82, 0.89)


def test_near_the_published_numbers(found):
    """Two definitions could not be reproduced: the event counts agree, the denominators do not."""
    assert found["old-pole-5"].hits == 8 and found["new-pole-10"].hits in (8, 9)
    assert found["new-pole-10"].n == 28  # 29 and 30 in print
    for name, value, rival in (("common-enemy-to-1945", 0.146, 0.024),
                               ("common-enemy-cold-war", 0.052, 0.036)):
        rate = found[name]
        assert rate.value == pytest.approx(value, abs=0.015)
        assert rate.rival.value == pytest.approx(rival, abs=0.011)


def test_every_rate_has_interval_rival_years_definition_and_warning(found):
    for name, rate in found.items():
        q = rate.question
        low, high = rate.clustered
        assert low <= rate.value <= high, name
        assert rate.rival.n and rate.rival.words and rate.rival.low <= rate.rival.value
        assert sum(rate.by_year.values()) == rate.n, name
        assert min(rate.by_year) >= 1816 and max(rate.by_year) <= 2014, name
        assert len(q.definition) > 200 and q.warning and q.sentence and q.title.endswith(":")
        assert rate.citation
        json.dumps(rate.as_dict(), allow_nan=False)


def test_a_clustered_interval_of_a_share_is_not_narrower(found):
    """Rows of a pair depend on one another: the effective number is at most the number of rows."""
    for name, rate in found.items():
        if rate.hits is not None:
            assert rate.clustered[1] - rate.clustered[0] >= rate.high - rate.low - 1e-12, name


def test_conduct_of_allies_adds_up(found):
    assert sum(found["allies-joined"].parts.values()) == pytest.approx(1, abs=1e-12)


def test_each_rate_answers_within_seconds(found, load):
    """A report names a few rates. 10 s of the processor are five times the need (0.3-2 s)."""
    began = time.process_time()
    answer("power-shift-war", load.folder)
    assert time.process_time() - began < 10


def test_the_page_of_the_record_shows_these_numbers(found, load, monkeypatch):
    spec = importlib.util.spec_from_file_location("record_page", DOCS / "record_page.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    monkeypatch.setattr("detente.history.rates.answer", lambda name, folder: found[name])
    page = made.PAGE.read_text(encoding="utf-8")
    assert made.text(page, load.folder) == page, "run python docs/record_page.py"


def test_names_need_no_data_package():
    code = ("import sys; from detente.cases.library import library;"
            "names = library().names['rate'].names(); assert 'pact-renewed' in names;"
            "print([m for m in ('pandas', 'scipy', 'duckdb', 'altair') if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_registry_holds_both_kinds_without_clashes():
    assert set(base_rates()) == set(QUESTIONS) | set(record_rates())
    assert not set(QUESTIONS) & set(record_rates())


def test_the_command_prints_the_base_rate_beside_a_rate(found, load):

    def run(*words):
        return outputs("data", "rates", *words, DETENTE_DATA_CACHE=str(load.folder))

    ran = run("allies-force", "votes-order-1985")
    assert ran.returncode == 0 and not ran.stderr
    assert "1382 of 18242, 7.6 %" in ran.stdout
    assert "beside it: relevant pairs without an alliance" in ran.stdout
    assert "correlation 0.565" in ran.stdout and "Warning:" in ran.stdout
    (rate,) = json.loads(run("votes-order-1985", "--json").stdout)
    assert rate["unit"] == "correlation" and rate["share"] is None and rate["hits"] is None
    assert rate["value"] == found["votes-order-1985"].value
    with pytest.raises(InputError) as wrong:
        answer("pact-renewd")
    assert wrong.value.nearest == "pact-renewed"


# Small tables. States 1 to 4 are members from 1816 on; the answers are counted by hand.

END = 2016


def states(*codes, until=None):
    return pd.DataFrame([
        {"ccode": c, "styear": 1816, "endyear": (until or {}).get(c, END)} for c in codes
    ])


def pacts(*spells):
    """Rows of ATOP from (state, state, first, last): a promise of defence in both directions."""
    return pd.DataFrame([
        {"ccode1": x, "ccode2": y, "year": t, "atop_defense": 1, "atop_neutral": 0}
        for a, b, first, last in spells for x, y in ((a, b), (b, a))
        for t in range(first, last + 1)
    ])


def disputes(*rows):
    """Rows of MID from (state, state, year, hostility): disputes that begin and end in a year."""
    return pd.DataFrame([
        {"dispnum": k, "ccode1": x, "ccode2": y, "year": t, "disponset": 1, "hostlev1": level,
         "hostlev2": 1}
        for k, (a, b, t, level) in enumerate(rows) for x, y in ((a, b), (b, a))
    ])


def touching(*pairs):
    return pd.DataFrame([
        {"ccode1": x, "ccode2": y, "conttype": 1, "stdate": pd.Timestamp("1816-01-01"),
         "enddate": pd.Timestamp("2016-12-31")} for a, b in pairs for x, y in ((a, b), (b, a))
    ])


def count(name, **tables):
    named = {k.replace("_", "-"): v for k, v in tables.items()}
    return record_rates()[name].count(Panel(named.__getitem__))


MAJORS = pd.DataFrame({"ccode": [9], "styear": [1816], "endyear": [1816]})


def test_renewed_pacts_by_hand():
    """Of four ended pacts one is renewed in time, one after eleven years; one state is gone."""
    found = count(
        "pact-renewed", cow_states=states(1, 2, 3, 4, until={4: 1903}),
        atop=pacts((1, 2, 1850, 1860), (1, 2, 1870, 1880), (1, 3, 1850, 1860), (1, 3, 1871, 2018),
                   (1, 4, 1890, 1900)))
    # ended: 1-2 in 1860 (again in 1870, ten years) and 1880 (never), 1-3 in 1860 (eleven years)
    assert (found.part.hits, found.part.n) == (1, 3)
    assert found.left_out == {"a state was not a member five years later": 1}
    assert found.by_year == {1860: 2, 1880: 1} and found.part.clusters == 2


def test_force_between_allies_by_hand():
    """The pair 1-2 is allied in 1900 to 1909 and fights in 1905: years 1900 to 1904 precede it."""
    found = count(
        "allies-force", cow_states=states(1, 2, 3), atop=pacts((1, 2, 1900, 1909)),
        cow_mid_directed_dyads=disputes((1, 2, 1905, 4), (1, 2, 1908, 3), (2, 3, 1950, 5)),
        cow_contiguity=touching((1, 2), (2, 3)), cow_majors=MAJORS)
    assert (found.part.hits, found.part.n) == (5, 10)
    # others: 1-2 in 194 - 10 years, 2-3 in 194; force follows 1-2 in none, 2-3 in 1945 to 1949;
    # the dispute of 1905 does not follow 1899, which precedes it by six years
    assert (found.rival.hits, found.rival.n) == (5, 184 + 194)


def test_the_common_enemy_by_hand():
    """1 and 2 each fight 3 in 1900 and conclude a pact in 1904; 1-3 and 2-3 are enemies."""
    found = count(
        "common-enemy-to-1945", cow_states=states(1, 2, 3), atop=pacts((1, 2, 1904, 2018)),
        cow_mid_directed_dyads=disputes((1, 3, 1900, 4), (2, 3, 1900, 4)),
        cow_contiguity=touching((1, 2), (2, 3), (1, 3)), cow_majors=MAJORS)
    # common enemy in 1900 to 1904, of which 1904 has the pact already; a pact follows all four
    assert (found.part.hits, found.part.n) == (4, 4)
    assert found.left_out["the two are enemies"] == 10  # two pairs in five years
    assert found.left_out["the pair has a defence pact"] == 1945 - 1904 + 1
    # 1899 is five years before the pact and has no common enemy yet
    assert found.rival.hits == 1


def wars(*rows):
    """Rows of COW from (war, state, state, year, onset)."""
    return pd.DataFrame([
        {"warnum": w, "ccode1": x, "ccode2": y, "year": t, "cowinterongoing": 1,
         "cowinteronset": on} for w, a, b, t, on in rows for x, y in ((a, b), (b, a))
    ])


def test_allies_of_a_state_at_war_by_hand():
    """1 fights 2 from 1900. Allies of 1: 3 joins it in 1901, 4 fights it, 5 stays out."""
    found = {n: count(f"allies-{n}", cow_states=states(1, 2, 3, 4, 5),
                      atop=pacts((1, 3, 1899, 1900), (1, 4, 1899, 1900), (1, 5, 1899, 1900)),
                      cow_wars=wars((7, 1, 2, 1900, 1), (7, 3, 2, 1901, 1), (7, 4, 1, 1901, 1)))
             for n in ("joined", "fought", "stayed-out")}
    assert {n: (f.part.hits, f.part.n) for n, f in found.items()} == {
        "joined": (1, 3), "fought": (1, 3), "stayed-out": (1, 3)}
    # no promise: 1's opponent 2 fights it; to 2 nobody promised: 1 and 3 fight it, 4 is beside it
    assert {n: f.rival.hits for n, f in found.items()} == {
        "joined": 1, "fought": 3, "stayed-out": 1}
    # the promises of 1 to 3 and to 4, which entered later, are left out
    assert sum(found["joined"].left_out.values()) == 2


def index(*rows):
    return pd.DataFrame([{"ccode": c, "year": t, "cinc": x} for c, t, x in rows])


def test_overtakings_by_hand():
    """2 passes 1 in 1900 and stays ahead; a war in 1910 is within ten years, one in 1911 is not."""
    line = index(*[(1, t, 0.3) for t in range(1816, 2019)],
                 *[(2, t, 0.2 if t < 1900 else 0.4) for t in range(1816, 2019)])
    majors = pd.DataFrame({"ccode": [1, 2], "styear": [1816] * 2, "endyear": [END] * 2})
    for year, hits in ((1910, 1), (1911, 0), (1900, 0)):
        found = count("overtaking-war", cow_states=states(1, 2), cow_nmc=line, cow_majors=majors,
                      cow_mid_directed_dyads=disputes((1, 2, year, 5)))
        assert (found.part.hits, found.part.n, found.by_year) == (hits, 1, {1900: 1})
    # the pair is counted in 1817 to 2014, and ten of these years precede the last war
    assert (found.rival.hits, found.rival.n) == (10, 198)
    brief = line.assign(cinc=line.cinc.where(~((line.ccode == 2) & (line.year > 1901)), 0.2))
    found = count("overtaking-war", cow_states=states(1, 2), cow_nmc=brief, cow_majors=majors,
                  cow_mid_directed_dyads=disputes((1, 2, 1905, 5)))
    # 2 passes in 1900 for two years only, and 1 passes back in 1902
    assert found.part.n == 0 and sum(found.left_out.values()) == 2


def test_change_of_order_by_hand():
    """Two powers: shares .5 and .5, after the war .8 and .2: the index goes from 0 to .6."""
    line = index(*[(1, t, 0.5 if t < 1901 else 0.8) for t in range(1816, 2019)],
                 *[(2, t, 0.5 if t < 1901 else 0.2) for t in range(1816, 2019)])
    majors = pd.DataFrame({"ccode": [1, 2], "styear": [1816] * 2, "endyear": [END] * 2})
    found = count("order-and-war", cow_states=states(1, 2), cow_nmc=line, cow_majors=majors,
                  cow_wars=wars((7, 1, 2, 1900, 1)))
    assert found.part.n == 2 and found.part.value == pytest.approx(0.3, abs=1e-12)
    assert found.rival.n == 196 and found.rival.value == pytest.approx(0, abs=1e-12)


def test_fallen_poles_by_hand():
    """Clients 1, 2, 3 of the USSR: 1 joins power 2 in 1993, 2 in 1996, 3 keeps its pact to 1991."""
    powers = pd.DataFrame({"ccode": [365, 200], "styear": [1816] * 2, "endyear": [END] * 2})
    tables = {"cow_states": states(1, 2, 3, 200, 365), "cow_majors": powers, "atop": pacts(
        (1, 365, 1950, 1989), (2, 365, 1950, 1989), (3, 365, 1950, 1991), (1, 200, 1993, 2018),
        (2, 200, 1996, 2018))}
    found = {n: count(n, **tables) for n in ("new-pole-5", "new-pole-10", "old-pole-5")}
    assert {n: (f.part.hits, f.part.n) for n, f in found.items()} == {
        "new-pole-5": (1, 3), "new-pole-10": (2, 3), "old-pole-5": (1, 3)}


def test_settlements_by_hand():
    rows = [  # dispute, state, state, year, onset, settlement
        (1, 1, 2, 1900, 1, 2), (2, 1, 2, 1910, 1, 1), (3, 1, 3, 1900, 1, 1), (4, 1, 3, 1911, 1, 2),
        (5, 2, 3, 1950, 1, 3)]
    table = pd.DataFrame([
        {"dispnum": n, "ccode1": x, "ccode2": y, "year": t, "midonset": on, "hostlev1": 4,
         "hostlev2": 1, "orig1": 1, "orig2": 1, "settle": s}
        for n, a, b, t, on, s in rows for x, y in ((a, b), (b, a))])
    found = count("dictated-peace", gml_directed_dyads=table)
    # imposed: 1900 (again in 1910) and 1911 (never); negotiated: 1910 and 1900 (only 11 years on)
    assert (found.part.hits, found.part.n) == (1, 2)
    assert (found.rival.hits, found.rival.n) == (0, 2)
    assert sum(found.left_out.values()) == 1


def test_the_order_in_votes_by_hand():
    """The same order gives 1, the opposite order -1, and absent states are left out."""
    rows = [(c, y - 1945, float(c)) for c in (1, 2, 3, 4) for y in (1985,)]
    rows += [(c, 1995 - 1945, -float(c)) for c in (1, 2, 3)]
    rows += [(c, y - 1945, float(c)) for c in (1, 2, 3) for k in range(1950, 2006, 5)
             for y in (k, k + 10) if y not in (1985, 1995)]
    table = pd.DataFrame(rows, columns=["ccode", "session", "IdealPoint"]).drop_duplicates()
    panel = Panel({"un-ideal-points": table}.__getitem__)
    from detente.history.record.votes_order import _correlation, _positions
    positions, at = _positions(panel)
    everyone = np.ones(4, bool)
    assert _correlation(positions, at, (1985,), everyone) == pytest.approx(-1, abs=1e-12)
    assert _correlation(positions, at, (1960,), everyone) == pytest.approx(1, abs=1e-12)


def test_the_auc_counts_pairs_of_rows():
    """Brute force over all pairs of a row with the event and a row without."""
    rng = np.random.default_rng(4)
    for _ in range(20):
        x, y = rng.integers(0, 6, 40).astype(float), rng.random(40) < 0.3
        if y.any() and not y.all():
            wins = [(a > b) + 0.5 * (a == b) for a in x[y] for b in x[~y]]
            assert auc(x, y) == pytest.approx(np.mean(wins), abs=1e-12)


def test_years_after_are_those_after():
    rng = np.random.default_rng(5)
    x = rng.random(30) < 0.2
    for low, high in ((1, 5), (0, 3), (-4, 0), (-3, -1), (2, 10)):
        brute = [any(x[t + k] for k in range(low, high + 1) if 0 <= t + k < 30) for t in range(30)]
        assert after(x, low, high).tolist() == brute
