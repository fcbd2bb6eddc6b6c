"""The commands, as a person calls them."""

import json

import pytest

from detente.cli import main

from .conftest import WAR


@pytest.fixture
def home(raw, tmp_path, monkeypatch):
    monkeypatch.setenv("DETENTE_DATA_BASE", str(raw))
    monkeypatch.setenv("DETENTE_DATA_CACHE", str(tmp_path / "cache"))
    return tmp_path


def run(capsys, *words):
    code = main(list(words))
    out, err = capsys.readouterr()
    return code, out, err


def test_list_needs_no_data(capsys):
    code, out, _ = run(capsys, "data", "list", "--json")
    assert code == 0 and len(json.loads(out)) == 29
    assert run(capsys, "data", "cite", "atop")[1].startswith("Leeds")


def test_rates_are_listed_without_data(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("DETENTE_DATA_CACHE", str(tmp_path))
    code, out, _ = run(capsys, "data", "rates", "--list", "--json")
    listed = json.loads(out)
    assert code == 0 and "icb-war" in [r["name"] for r in listed]
    assert all(r["definition"] and "share" not in r for r in listed)


def test_fetch_show_rates(home, capsys):
    code, out, err = run(capsys, "data", "rates")
    assert code == 2 and "detente data fetch" in err
    assert run(capsys, "data", "fetch", "icb-system")[0] == 0
    code, out, _ = run(capsys, "data", "rates", "icb-war", "--json")
    (rate,) = json.loads(out)
    assert code == 0 and (rate["hits"], rate["n"]) == (103, 486)
    code, out, _ = run(capsys, "data", "rates", "--data", "icb-system", "--given",
                       "viol is not null", "--event", "viol = 4", "--json")
    assert json.loads(out)[0]["hits"] == 103
    code, out, _ = run(capsys, "data", "show", "icb-system", "--json")
    assert len(json.loads(out)["head"]) == 5


def test_dyads_are_written_whole(home, capsys):
    run(capsys, "data", "fetch", "cow-states", "cow-contiguity")
    out = home / "dyads.csv"
    code, text, _ = run(capsys, "data", "dyads", "--out", str(out), "--start", "1816", "--end",
                        "1817", "--part", "contiguity", "--json")
    assert code == 0 and json.loads(text)["rows"] == len(out.read_text().splitlines()) - 1
    assert run(capsys, "data", "dyads", "--out", str(home / "a.xls"))[0] == 2
    run(capsys, "data", "fetch", "cow-majors")
    out = home / "countries.parquet"
    code, text, _ = run(capsys, "data", "countries", "--out", str(out), "--part", "majors",
                        "--json")
    assert code == 0 and json.loads(text)["columns"] == ["ccode", "year", "major"]
    code, text, _ = run(capsys, "data", "countries", "--out", str(home / "b.csv"))
    assert code == 2 and not (home / "b.csv").exists()  # cow-nmc is not there


def test_fit(home, capsys):
    run(capsys, "data", "fetch", "war1800")
    code, out, _ = run(capsys, "fit", "egame12", "--data", "war1800", "--formula", WAR, "--json",
                       "--html", str(home / "fit.html"), "--profile", "balanc")
    found = json.loads(out)
    assert code == 0 and abs(found["loglik"] + 286.12375) < 1e-4 and found["profile"]
    assert "<svg" in (home / "fit.html").read_text()
    code, out, _ = run(capsys, "fit", "egame12", "--data", "war1800", "--formula",
                       "esc+war ~ balanc | balanc | balanc | 1")
    assert code == 1 and "not identified" in out


@pytest.mark.parametrize(
    "words, told",
    [
        (("data", "fetch", "war1801"), "did you mean 'war1800'"),
        (("data", "show", "nothing"), "no data set"),
        (("data", "polarity", "--group", "some"), "majors or all"),
        (("fit", "egame12", "--data", "war1800", "--formula", "y ~ 1"), "has not been downloaded"),
        (("fit", "egame12", "--data", "no.csv", "--formula", "y ~ 1"), "cannot read"),
        (("data", "rates", "--event", "x"), "the question is incomplete"),
        (("fit", "egame21", "--data", "war1800"), "did you mean 'egame12'"),
        (("fit", "egame12", "--data", "war1800"), "no formula for egame12"),
        (("fit", "egame12"), "no data was named"),
        (("fit", "egame12", "a.yaml", "--data", "no.csv", "--formula", "y ~ 1"), "not expected"),
        (("fit", "game", "--data", "no.csv"), "no game was named"),
        (("fit", "game", "a.yaml", "--data", "no.csv"), "no outcome was named"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(home, capsys, words, told):
    code, out, err = run(capsys, *words)
    assert code == 2 and told in err and "Traceback" not in err and not out
    assert len([line for line in err.splitlines() if line.startswith("detente:")]) == 1
