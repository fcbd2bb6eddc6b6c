"""Ties from UN votes: against the data read in another way, and against the study's sentence."""

import json

import numpy as np
import pytest

from detente.errors import InputError
from detente.world.balance import frustration
from detente.world.blocs import best_blocs
from detente.world.fromdata import DEFINITIONS, from_history, with_capabilities, years
from detente.world.poles import remove
from detente.world.votes import CUTS
from tests.history.conftest import raw  # noqa: F401 - a fixture
from tests.world.test_command import run


@pytest.fixture(scope="module")
def panel(data):
    """Return the arrays of `detente.history`, which are made by other code."""
    from detente.history.panel import Panel
    from detente.history.read import load

    return Panel(lambda name: load(name, data))


def of_votes(panel, year, definition):
    """Return the sign by pair of codes, read from the table with pandas."""
    from detente.history.panel import FIRST

    table = panel.read("un-ideal-points")
    now = table[table.session == year - 1945]
    point = {int(c): x for c, x in zip(now.ccode, now.IdealPoint / now.IdealPoint.std(ddof=0),
                                       strict=True)}
    t = year - FIRST
    asked = panel.pair[t] & (panel.contiguous[t] | (panel.major[t][:, None] & panel.major[t]))
    near, far = CUTS[definition]
    found = {}
    for i, j in np.argwhere(asked):
        a, b = int(panel.codes[i]), int(panel.codes[j])
        if a in point and b in point:
            apart = abs(point[a] - point[b])
            if apart <= near or apart >= far:
                found[a, b] = 1 if apart <= near else -1
    return found


@pytest.mark.parametrize("definition", ["votes", "votes-narrow"])
@pytest.mark.parametrize("year", [1946, 1963, 1985, 2014, 2018])
def test_ties_are_those_of_the_tables(data, panel, year, definition):
    ties = from_history(year, definition, data)
    found = {(ties.codes[i], ties.codes[j]): int(s)
             for (i, j), s in zip(ties.edges, ties.signs, strict=True)}
    assert found == of_votes(panel, year, definition) and not ties.both.any()
    assert all(f"UN votes of {year}" in words for each in ties.evidence for words in each)


@pytest.mark.parametrize("year", [1950, 1985])
def test_votes_are_added_to_the_ties_of_security(data, panel, year):
    """A pair is hostile if it is so by either, and both at once if it has a friendly tie too."""
    ties = from_history(year, "force+rivalry+votes", data)
    plain = from_history(year, "force+rivalry", data)
    cast = of_votes(panel, year, "votes")
    kinds = {pair: {"f"} if s > 0 else {"h"} for pair, s in cast.items()}
    for (i, j), value, both in zip(plain.edges, plain.values, plain.both, strict=True):
        pair = (plain.codes[i], plain.codes[j])
        kinds.setdefault(pair, set()).update("fh" if both else "f" if value > 0 else "h")
    found = {(ties.codes[i], ties.codes[j]): {"f", "h"} if b else {"f"} if v > 0 else {"h"}
             for (i, j), v, b in zip(ties.edges, ties.values, ties.both, strict=True)}
    assert found == kinds


@pytest.mark.parametrize("year", [1946, 1955, 1965, 1975, 1985, 1995, 2005, 2014])
@pytest.mark.parametrize("definition", CUTS)
def test_both_indices_are_proved(data, year, definition):
    ties = from_history(year, definition, data)
    two, many = frustration(ties), best_blocs(ties)
    assert two.exact and many.exact and many.index <= two.index


@pytest.mark.parametrize("year", [1962, 1985])
def test_with_votes_nobody_moves_if_a_pole_goes(data, year):
    """A study: with UN votes in the ties at most one of 60 states moves, whatever pole goes."""
    ties = with_capabilities(from_history(year, "votes", data), data)
    largest = np.argsort(-ties.sizes)
    kept = ties.part(largest[:60].tolist())
    for pole in largest[:3]:
        found = remove(kept, kept.values[None], kept.sizes[None], ties.actors[pole])
        assert found.exact
        assert sum(found.share("moved", a).share > 0 for a in kept.actors) <= 1


def test_the_years_of_the_votes():
    held = years("votes")
    assert (held[0], held[-1], len(held)) == (1946, 2019, 73) and 1964 not in held
    assert years("force+rivalry+votes")[-1] == 2014
    assert all(d in DEFINITIONS for d in CUTS)


@pytest.mark.parametrize(("words", "said"), [
    (("1964", "--definition", "votes"), "almost nothing was put to a vote in the session of 1964"),
    (("1945", "--definition", "votes"), "a year from 1946, in which the UN votes begin, to 2019"),
    (("2020", "--definition", "votes"), "because the data of UN votes ends there"),
    (("2015", "--definition", "force+rivalry+votes"), "the dispute data (MID 5) ends there"),
    (("1964-1964", "--definition", "votes"), "years from 1946 to 2019 without 1964"),
    (("1970", "--definition", "vote"), "did you mean 'votes'"),
])
def test_years_without_votes_are_one_message(data, words, said):
    done = run(*words, data=data)
    assert done.returncode == 2 and done.stdout == b""
    assert said in " ".join(done.stderr.decode().split())


def test_a_range_leaves_the_absent_session_out_and_says_so(data):
    done = run("1962-1966", "--definition", "votes", data=data)
    assert done.returncode == 0
    assert "Left out, because they have no data: 1964." in " ".join(done.stdout.decode().split())
    done = run("1962-1966", "--definition", "votes", "--json", data=data)
    assert [y["year"] for y in json.loads(done.stdout)["years"]] == [1962, 1963, 1965, 1966]


def test_the_data_is_named_before_it_is_there(tmp_path):
    with pytest.raises(InputError, match="un-ideal-points have not been downloaded"):
        from_history(1985, "votes", tmp_path)


def test_a_file_for_a_year_without_votes_is_named_with_its_definition(data, tmp_path):
    file = tmp_path / "w.ties.yaml"
    file.write_text("ties: w\ntitle: W\nfrom: {year: 1964}\ndefinitions: {cast: {data: votes}}\n",
                    encoding="utf-8")
    done = run(str(file), data=data)
    said = " ".join(done.stderr.decode().split())
    assert done.returncode == 2 and f"{file}: definitions.cast: there are no ties" in said
