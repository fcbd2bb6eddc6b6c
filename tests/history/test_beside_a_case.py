"""Base rates and published models beside a case's own answer."""

import json
import math
import subprocess
import sys

import pytest

from detente.analysis import analyse
from detente.cases import load as load_case
from detente.cases import shipped
from detente.findings.document import document
from detente.findings.history import rows, section
from detente.findings.report import report
from detente.history.questions import QUESTIONS
from detente.history.rates import answer
from detente.theory import load as load_model
from tests.conftest import make_crisis

CLAIMS = [
    {"id": "spoilt", "says": "Spoilers wreck it.", "rate": "icb-faded",
     "model": "kydd-walter-2002", "set": {"t": 0.6}, "holds_if": "P(war) > 0.5"},
    {"id": "mute", "says": "A gesture is weakness.", "model": "kydd-2000", "cannot": "no gesture"},
]


@pytest.fixture(scope="module")
def found():
    crisis = make_crisis(rates=["icb-war", "mid-threat-target-yields"], claims=CLAIMS,
                         turns={"each": 1}, offers={"shares": [0.5]})
    return analyse(crisis, samples=8, deliberate_samples=2, starts=1)


def test_without_data_the_report_says_what_would_bring_it(found, tmp_path, monkeypatch):
    monkeypatch.setenv("DETENTE_DATA_CACHE", str(tmp_path))
    told = section(found)
    assert told.id == "history" and told.certified is None
    assert "detente data fetch icb-system gml-disputes" in told.lead
    assert all(r["share"] is None and r["hits"] is None for r in rows(found))
    assert [r["fetch"] for r in rows(found)] == [
        "detente data fetch icb-system",
        "detente data fetch gml-disputes gml-participants",  # the second to cluster the first
        "detente data fetch icb-system",
    ]
    page = report(found).to_html()
    assert "Base rates from history" in page and "detente data fetch icb-system" in page
    assert list(tmp_path.iterdir()) == []  # nothing was fetched


def test_with_data_counts_intervals_and_the_models_answer(found, load, monkeypatch):
    for name in ("icb-system", "gml-disputes"):
        load(name)
    monkeypatch.setenv("DETENTE_DATA_CACHE", str(load.folder))
    by_name = {r["name"]: r for r in rows(found)}
    for name, row in by_name.items():
        rate = answer(name, load.folder)
        assert (row["hits"], row["n"], row["low"], row["high"]) == (
            rate.hits, rate.n, rate.low, rate.high)
        assert row["definition"] and row["warning"] and row["citation"] and row["fetch"] is None
    war = found.fallible.outcomes()["war"]
    assert by_name["icb-war"]["beside"]["fallible"] == pytest.approx(war, abs=1e-15)
    assert by_name["mid-threat-target-yields"]["beside"] is None
    assert by_name["icb-faded"]["claims"] == ["spoilt"]
    told = section(found)
    assert told.certified and "103 of 486" in str(told.tables[0].rows)
    assert "18 % to 25 %" in str(told.tables[0].rows)
    doc = json.loads(json.dumps(document(found), allow_nan=False))
    assert [r["name"] for r in doc["history"]] == list(by_name)


def test_a_damaged_file_is_told_and_not_counted(found, load, tmp_path, monkeypatch):
    from detente.history.registry import get

    (tmp_path / get("icb-system").file_name).write_bytes(b"cut off")
    monkeypatch.setenv("DETENTE_DATA_CACHE", str(tmp_path))
    row = rows(found)[0]
    assert row["share"] is None and "has changed since" in row["why"]


def test_a_claims_model_stands_beside_it(found):
    by_id = {c["id"]: c for c in document(found)["claims"]["claims"]}
    spoilt = by_id["spoilt"]["published"]
    # The closed form by itself, at the parameters the claim sets.
    exact = load_model("kydd-walter-2002").closed_form(t=0.6)
    told = {r["quantity"]: r["closed_form"] for r in spoilt["rows"]}
    assert {k: told[k] for k in exact} == {
        k: pytest.approx(v) for k, v in exact.items()}
    both = [r for r in spoilt["rows"] if r["difference"] is not None]
    assert both and all(abs(r["difference"]) < 0.01 for r in both)
    assert spoilt["certificate"]["certified"]
    for claim, exact_share in (("spoilt", math.pi**2 / 3 - 3), ("mute", 0.5)):
        (p,) = by_id[claim]["published"]["propositions"]
        assert p["low"] <= exact_share <= p["high"] and p["high"] - p["low"] < 0.02
    page = report(found).to_html()
    assert "Published models on the same question" in page and "Kydd" in page


def test_a_case_that_names_nothing_has_no_such_section():
    plain = analyse(make_crisis(), samples=4, deliberate_samples=2, starts=1)
    assert section(plain) is None and document(plain)["history"] == []


def test_shipped_cases_point_to_history_and_theory():
    cases = {name: load_case(path) for name, path in shipped().items()}
    assert all(c.rates for name, c in cases.items() if name != "order-2020")  # no such crisis
    assert all(any(x.model for x in c.claims) for c in cases.values())


def test_reading_such_a_case_imports_nothing_heavy():
    code = (
        "import sys; from detente.cases import load; load('table-2026');"
        "print([m for m in ('pandas', 'scipy', 'numba', 'duckdb', 'altair') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_ending_beside_a_rate_is_one_the_engine_knows():
    assert {q.beside for q in QUESTIONS.values()} == {"", "war", "settlement", "status quo"}


def test_rates_of_the_record_stand_beside_a_case(load, tmp_path, monkeypatch):
    """A share, a correlation and a rate without data, in the report and in the document."""
    names = ["pact-renewed", "votes-order-1985", "order-and-war"]
    claims = [{"id": "lasting", "says": "The shock is irreversible.", "rate": "pact-renewed",
               "cannot": "no shock in the game"}]
    crisis = make_crisis(rates=names, claims=claims, turns={"each": 1}, offers={"shares": [0.5]})
    case = analyse(crisis, samples=4, deliberate_samples=2, starts=1)
    for name in ("atop", "cow-states", "un-ideal-points"):
        load(name)
    monkeypatch.setenv("DETENTE_DATA_CACHE", str(load.folder))
    monkeypatch.setattr("detente.history.store.held",
                        lambda name, folder=None: name != "cow-wars")
    found = {r["name"]: r for r in rows(case)}
    assert found["order-and-war"]["value"] is None
    assert "cow-wars" in found["order-and-war"]["fetch"]
    pact, votes = found["pact-renewed"], found["votes-order-1985"]
    assert (pact["unit"], pact["hits"], pact["n"], pact["claims"]) == (
        "share", 184, 1118, ["lasting"])
    assert (votes["unit"], votes["share"], votes["hits"]) == ("correlation", None, None)
    assert round(votes["value"], 3) == 0.565 and round(votes["rival"]["value"], 3) == 0.846
    titles = [t.title for t in section(case).tables]
    assert titles == ["Rates and the model's answer", "Rates that are not shares",
                      "The same event without the condition", "Rates without data"]
    page = report(case).to_html()
    assert "0.5653" in page and "184 of 1118" in page
    doc = json.loads(json.dumps(document(case), allow_nan=False))
    assert [r["name"] for r in doc["history"]] == names
