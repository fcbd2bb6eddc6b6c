"""Dyad-years against a slow count of the same files."""

import pytest

from detente.errors import InputError
from detente.history.dyads import SOURCES, dyad_years


@pytest.fixture(scope="module")
def table(load):
    for name in SOURCES.values():
        load(name)
    return dyad_years(1816, 1850, folder=load.folder)


def test_pairs_are_the_systems(load, table):
    states = load("cow-states")
    for year in (1816, 1830, 1850):
        n = states[(states.styear <= year) & (states.endyear >= year)].ccode.nunique()
        assert (table.year == year).sum() == n * (n - 1)
    assert not table.duplicated(["ccode1", "ccode2", "year"]).any()


def test_undirected_is_half(load, table):
    once = dyad_years(1816, 1850, directed=False, parts=["contiguity"], folder=load.folder)
    assert 2 * len(once) == len(table) and (once.ccode1 < once.ccode2).all()


def test_relevant_pairs(load, table):
    some = dyad_years(1816, 1850, relevant=True, folder=load.folder)
    kept = table[(table.conttype <= 5) | (table.major1 == 1) | (table.major2 == 1)]
    assert len(some) == len(kept)


def test_the_two_directions_mirror(table):
    other = table.merge(
        table, left_on=["ccode1", "ccode2", "year"], right_on=["ccode2", "ccode1", "year"]
    )
    for column in ("conttype", "midongoing", "peace_years", "rivalry", "prior_disputes"):
        assert (other[f"{column}_x"] == other[f"{column}_y"]).all()
    known = other.dropna(subset=["capability_ratio_x"])
    assert (known.capability_ratio_x + known.capability_ratio_y - 1).abs().max() < 1e-12


def test_peace_years_and_prior_disputes(load, table):
    fights = load("gml-directed-dyads")
    going = set(zip(fights.ccode1, fights.ccode2, fights.year, strict=True))
    begun = fights[fights.midonset == 1]
    onset = set(zip(begun.ccode1, begun.ccode2, begun.year, strict=True))
    fought = table[table.midongoing == 1][["ccode1", "ccode2"]].drop_duplicates()
    checked = 0
    for a, b in fought.itertuples(index=False):
        peace = prior = 0
        for row in table[(table.ccode1 == a) & (table.ccode2 == b)].itertuples():
            assert (row.peace_years, row.prior_disputes) == (peace, prior)
            now = (a, b, row.year)
            assert row.midongoing == (now in going)
            peace = 0 if now in going else peace + 1
            prior += now in onset
            checked += 1
    assert checked > 500


def test_beyond_a_source_nothing_is_known(load):
    for name in SOURCES.values():
        load(name)
    late = dyad_years(2010, 2011, directed=False, parts=["disputes"], folder=load.folder)
    assert late[late.year == 2011].midongoing.isna().all()
    assert late[late.year == 2010].midongoing.notna().all()


def test_unknown_parts_and_years(load):
    with pytest.raises(InputError, match="did you mean 'majors'"):
        dyad_years(parts=["major"], folder=load.folder)
    with pytest.raises(InputError, match="run from"):
        dyad_years(1900, 1800, folder=load.folder)
