"""``detente world`` as a user runs it, its first screen, its document and its report."""

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from detente.world import schemas
from detente.world.fromdata import DEFINITIONS, from_history, years
from detente.world.sections import report, sections
from detente.world.series import major_wars, series
from detente.world.study import study_file, study_year
from detente.world.tiesfile import read_ties, shipped_ties
from detente.world.words import brief, verdict
from tests.history.conftest import raw  # noqa: F401 - a fixture
from tests.support.program import detente

CAUCASUS = Path(schemas.__file__).parents[1] / "cases" / "caucasus-2025" / "caucasus-2025.ties.yaml"

YEAR = {"year": 1910, "states": 9, "ties": 20, "hostile": 8, "both": 0, "two": 2, "many": 1,
        "exact": True, "between": 1, "shuffled_mean": 5.0, "shuffled_sd": 1.0,
        "shuffled_at_or_below": 0.0, "rewired_mean": 4.0, "rewired_sd": 1.0,
        "rewired_at_or_below": 0.05}


def run(*words, data=None):
    place = {} if data is None else {"DETENTE_DATA_CACHE": str(data)}
    return detente("world", *words, timeout=300, **place)


def test_the_first_screen_of_1938(data):
    done = run("1938", data=data)
    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0 and len(lines) <= 25 and max(map(len, lines)) <= 80
    said = " ".join(" ".join(lines).split())
    for part in (
        "Ties (force+rivalry): friendly: a defence pact in force (ATOP 5)",
        "46 states with ties; 88 ties: 42 friendly, 46 hostile (6 of them",
        "Two blocs break at least 10 ties (exact: counted 10, the program's bound is 10)",
        "at least 8 ties broken (exact)", "The null models disagree", "France 8, Egypt 6, Russia 5",
        "force 3 of 66", "Leeds et al. 2002",
    ):
        assert part in said, part


@pytest.mark.parametrize(("year", "definition"), [
    *((y, "force+rivalry") for y in (1816, 1870, 1914, 1962, 2010)),
    (1950, "force+rivalry+votes"), (1985, "votes")])
def test_no_first_screen_has_more_than_25_lines(data, year, definition):
    from rich.console import Console

    from detente.render.terminal import show

    found = study_year(year, definition, data, draws=4)
    out = Console(width=80, record=True, file=open(os.devnull, "w"))  # noqa: SIM115
    show(report(found), out, full=False)
    assert len(out.export_text().splitlines()) <= 25


@pytest.mark.parametrize(("words", "said"), [
    (("1938.5",), "expected a year such as 1938, a file, or one of"),
    (("2015",), "expected a year from 1816 to 2014, because the dispute data (MID 5) ends there"),
    (("1938", "--definition", "forse"), "did you mean 'force'"),
    (("caucasus-2025", "--series"), "--series is for years of the data"),
    (("caucasus-2025", "--state", "Armenja"), "did you mean 'Armenia'"),
    (("caucasus-2026",), "did you mean 'caucasus-2025'"),
    (("order-2020",), "the file has no ties"),
])
def test_wrong_words_are_one_message(words, said):
    done = run(*words)
    assert done.returncode == 2 and done.stdout == b""
    told = [x for x in done.stderr.decode().splitlines() if not x.startswith("[")]
    assert len(told) == 1 and said in told[0]


def test_data_that_are_absent(tmp_path):
    done = run("1938", data=tmp_path)
    assert done.returncode == 2 and b"detente data fetch" in done.stderr


def test_the_document_of_a_file_follows_its_schema_and_the_page_holds_it(tmp_path):
    page = tmp_path / "w.html"
    done = run("caucasus-2025", "--definition", "conduct", "--state", "united_states", "--json",
               "--out", str(page))
    assert done.returncode == 0
    made = json.loads(done.stdout)
    schema = schemas.schemas()["world.schema.json"]
    assert list(Draft202012Validator(schema).iter_errors(made)) == []
    assert made["state"] == "United States" and made["two"]["exact"] and made["certified"]
    assert made["band"][0] <= made["two"]["index"] <= made["band"][1]
    text = page.read_text(encoding="utf-8")
    assert "Ties of United States" in text and "<script src" not in text


def test_the_shipped_network_of_the_south_caucasus():
    """Two definitions; every value has a range, a reason and a source."""
    made = read_ties(CAUCASUS)
    assert len(made.definitions) >= 2
    for tie in made.file.pairs:
        assert tie.value.is_range and tie.because and tie.source
    for actor in made.actors.values():
        assert actor.size.is_range and actor.size.because and actor.size.source
    for name in made.definitions:
        assert study_file(made, name, draws=2).exact


@pytest.mark.parametrize("name", shipped_ties())
def test_shipped_networks_from_data(data, name):
    made = read_ties(shipped_ties()[name], data)
    found = study_file(made, draws=2)
    assert found.exact and [o.definition for o in found.others] == list(made.definitions)[1:]
    assert found.ties.year == int(name.rsplit("-", 1)[1])


def test_every_section_has_a_lead_and_charts_that_are_valid(data):
    from dataclasses import replace

    import altair as alt

    found = replace(study_year(1914, "force+rivalry", data, draws=4), state="Germany",
                    series=[YEAR, YEAR | {"year": 1920, "rewired_at_or_below": 0.1}],
                    wars=[(1914, 1918)])
    made = {s.id: s for s in sections(found)}
    assert list(made) == ["ties", "balance", "blocs", "at-once", "between", "neighbourhood",
                          "series"]
    assert made["series"].notes[0] == (
        "Of 2 years, more balanced than 95 % of 20 random networks: signs shuffled over the ties, "
        "2; enmities rewired, their numbers kept, 1.")
    for section in made.values():
        assert section.lead
        for chart in section.charts:
            alt.Chart.from_dict(chart.spec).to_dict()  # validates
    assert len(made["at-once"].tables[0].rows) == 5
    said = {row[0] for row in made["at-once"].tables[0].rows}
    assert "Germany and Italy" in said
    assert brief(found).notes[0] == verdict(found)


def test_the_series_is_kept_and_resumed(data, raw, monkeypatch):  # noqa: F811
    import detente.world.series as module
    from detente.history.store import fetch

    for name in ("cow-wars", "cow-majors"):
        fetch(name, base=str(raw), folder=data)
    monkeypatch.setattr(module, "years", lambda definition: range(1934, 1940))
    asked = []
    first = series("force", data, draws=2, tell=lambda k, n, words: asked.append(k))
    assert [r["year"] for r in first] == list(range(1934, 1940)) and asked == list(range(6))
    row = first[4]
    assert (row["states"], row["ties"], row["hostile"], row["both"], row["two"]) == (
        29, 66, 18, 0, 3)
    assert row["exact"] and row["shuffled_at_or_below"] == 0  # 3 against 12.7 +- 1.5
    place = module._place("force", data, 2, module.SEED)
    place.unlink()
    place.mkdir()  # nothing can be kept there, and the years are measured all the same
    assert series("force", data, draws=2) == first
    place.rmdir()
    module._keep(place, {row["year"]: row for row in first})
    monkeypatch.setattr(module, "year_row", None)  # nothing is measured again
    assert series("force", data, draws=2) == first
    wars = major_wars(data)
    assert (1914, 1918) in wars and any(a <= 1939 and b == 1945 for a, b in wars)


@pytest.mark.parametrize("step", [20, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("definition", DEFINITIONS)
def test_the_years_are_proved(data, definition, step):
    from detente.world.balance import frustration
    from detente.world.blocs import best_blocs

    for year in years(definition)[::step]:
        ties = from_history(year, definition, data)
        assert frustration(ties).exact and best_blocs(ties).exact, year
