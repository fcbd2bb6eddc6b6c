"""``detente world FIRST-LAST``: the states between two enemies, year by year."""

import json

import pytest
from jsonschema import Draft202012Validator

from detente.world.between import counts
from detente.world.fromdata import from_history
from detente.world.schemas import schemas
from detente.world.years import as_dict, report, study_years
from tests.history.conftest import raw  # noqa: F401 - a fixture
from tests.world.test_command import run


def test_each_year_is_that_of_its_network_by_definition(data):
    """The definition itself: a friendly tie with each of two that have a hostile one."""
    made = study_years(1937, 1939, "force+rivalry", data)
    assert [y for y, _, _ in made.found] == [1937, 1938, 1939]
    for year, _, rows in made.found:
        ties = from_history(year, "force+rivalry", data)
        sign = {tuple(map(int, e)): s for e, s in zip(ties.edges, ties.signs, strict=True)}

        def between(i, j, sign=sign):
            return sign.get((min(i, j), max(i, j)), 0)

        expected = {(ties.actors[k], ties.actors[i], ties.actors[j])
                    for (i, j), s in sign.items() if s < 0
                    for k in range(ties.n) if between(k, i) > 0 and between(k, j) > 0}
        assert {(b.actor, *b.enemies) for b in rows} == expected and len(rows) == len(expected)
    # published for 1938: France 8, Egypt 6, Britain and the USSR 5, Romania 4
    found = counts(made.found[1][2])
    assert [found[a] for a in ("France", "Egypt", "United Kingdom", "Russia", "Romania")] == [
        8, 6, 5, 5, 4]


def test_the_document_and_the_screen(data):
    done = run("1936-1938", "--state", "france", "--json", data=data)
    assert done.returncode == 0
    made = json.loads(done.stdout)
    assert list(Draft202012Validator(schemas()["years.schema.json"]).iter_errors(made)) == []
    assert made["state"] == "France" and [len(y["between"]) for y in made["years"]][-1] == 8
    for year in made["years"]:
        for row in year["between"]:
            assert row["actor"] == "France" and row["hostile"] and all(row["friendly"])
    screen = run("1816-2014", data=data).stdout.decode().splitlines()
    assert len(screen) <= 25 and max(map(len, screen)) <= 80
    page = report(study_years(1938, 1938, "force", data))
    assert page.sections[1].tables[0].rows


@pytest.mark.parametrize(("words", "said"), [
    (("1962-1946",), "expected the earlier year first"),
    (("1990-2020",), "expected years from 1816 to 2014"),
    (("1946-1962", "--series"), "--series is for years of the data"),
    (("1937-1938", "--state", "Frace"), "did you mean 'France'"),
])
def test_wrong_ranges_are_one_message(data, words, said):
    done = run(*words, data=data)
    assert done.returncode == 2 and done.stdout == b""
    assert said in " ".join(done.stderr.decode().split())


def test_a_state_between_no_enemies(data):
    made = study_years(1938, 1938, "force", data, state="Japan")
    assert as_dict(made)["years"][0]["between"] == []
    assert "In 0 of 1 years" in report(made).brief.lead
