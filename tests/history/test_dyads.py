"""Dyad-years against a slow count of the same files."""

import pytest

from detente.errors import InputError
from detente.history.countries import SOURCES as STATE_SOURCES
from detente.history.countries import country_years
from detente.history.dyads import SOURCES, dyad_years
from detente.history.joins import connect


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


def test_country_years_against_the_files(load):
    for name in STATE_SOURCES.values():
        load(name)
    table = country_years(1905, 2016, folder=load.folder)
    states = load("cow-states")
    for year in (1905, 1946, 2016):
        n = states[(states.styear <= year) & (states.endyear >= year)].ccode.nunique()
        assert (table.year == year).sum() == n
    assert not table.duplicated(["ccode", "year"]).any()
    nmc, votes = load("cow-nmc"), load("un-ideal-points")
    fights, majors = load("gml-directed-dyads"), load("cow-majors")
    for ccode, year in ((2, 1914), (200, 1939), (365, 1980), (710, 2005)):
        (row,) = table[(table.ccode == ccode) & (table.year == year)].itertuples()
        mine = nmc[(nmc.ccode == ccode) & (nmc.year == year)]
        assert row.cinc == mine.cinc.iloc[0] and row.milper == mine.milper.iloc[0]
        held = majors[(majors.ccode == ccode) & (majors.styear <= year) & (majors.endyear >= year)]
        assert row.major == len(held)
        fought = fights[(fights.ccode1 == ccode) & (fights.year == year)]
        assert row.midongoing == int(len(fought) > 0) and row.onsets == fought.midonset.sum()
        vote = votes[(votes.ccode == ccode) & (votes.session == year - 1945)].IdealPoint
        assert vote.empty if row.ideal_point != row.ideal_point else row.ideal_point == vote.iloc[0]
    shares = table[table.year == 1910].cinc_share.sum()
    assert abs(shares - 1) < 0.02  # the system's members and those measured differ by small states
    late = table[table.year == 2012]
    assert late.onsets.isna().all() and late.ideal_point.notna().any()
    assert table[table.year == 1964].ideal_point.isna().all()  # no session 19
    with pytest.raises(InputError, match="did you mean 'votes'"):
        country_years(parts=["vote"], folder=load.folder)


def test_joins_are_views(load):
    for name in STATE_SOURCES.values():
        load(name)
    c = connect(load.folder, ["cow-states"], joins=["country_years"])
    found = c.execute("""SELECT count(*) FROM country_years y JOIN cow_states s
        ON s.ccode = y.ccode AND y.year BETWEEN s.styear AND s.endyear
        WHERE y.year = 1900 AND y.major = 1""").fetchone()
    c.close()
    assert found == (8,)  # the eight great powers of 1900
    with pytest.raises(InputError, match="no join is called"):
        connect(load.folder, joins=["country_year"])


PROMISES = [
    # state 1, state 2, year, column: the state with the larger number made the promise
    (211, 325, 1930, "atop_defense"),  # Locarno: Italy guarantees Belgium
    (220, 325, 1930, "atop_defense"),  # Locarno: Italy guarantees France
    (352, 640, 1965, "atop_defense"),  # Treaty of Guarantee: Turkey guarantees Cyprus
    (338, 620, 1986, "atop_defense"),  # Libya's treaty with Malta
    (200, 640, 1940, "atop_neutral"),  # a promise of Turkey's to the United Kingdom
]


def test_undirected_pairs_keep_promises_of_the_larger_number(load):
    """Guarantees of one state to another, by hand from the treaties."""
    for name in ("cow-states", "atop"):
        load(name)
    once, both = (dyad_years(1920, 1990, directed=d, parts=["alliances"], folder=load.folder)
                  for d in (False, True))
    states = load("cow-states")
    for a, b, year, column in PROMISES:
        members = states[(states.styear <= year) & (states.endyear >= year)].ccode
        assert {a, b} <= set(members)
        (pair,) = once[(once.ccode1 == a) & (once.ccode2 == b) & (once.year == year)].itertuples()
        assert getattr(pair, column) == 1 and pair.alliance == 1
        forth = both[(both.ccode1 == a) & (both.ccode2 == b) & (both.year == year)]
        back = both[(both.ccode1 == b) & (both.ccode2 == a) & (both.year == year)]
        assert (forth[column].item(), back[column].item()) == (0, 1)
    # an undirected pair is allied if either direction is
    ends = both[["ccode1", "ccode2"]]
    keyed = both.assign(ccode1=ends.min(axis=1), ccode2=ends.max(axis=1))
    either = keyed.groupby(["ccode1", "ccode2", "year"]).max()
    assert (once.set_index(["ccode1", "ccode2", "year"]) == either.loc[:, once.columns[3:]]).all(
        axis=None)


def test_years_after_the_membership_file_are_kept_and_stated(load):
    from detente.history.joined import joined, notes

    for name in SOURCES.values():
        load(name)
    parts = ["alliances", "capability", "majors"]
    table = dyad_years(2015, 2020, directed=False, relevant=True, parts=parts, folder=load.folder)
    assert table.groupby("year").size().nunique() == 1  # no state came or went after 2015
    assert table[table.year == 2018].alliance.sum() > 0
    assert table[table.year == 2019].alliance.isna().all()
    assert table[table.year == 2017].major1.isna().all()
    assert table[table.year == 2020].cinc1.notna().all()
    told = " ".join(notes(table))
    assert "195 members at the end of 2016 are carried forward to 2020" in told
    assert "relevant at the end of 2016 are carried forward" in told
    atop = load("atop")
    (made,) = [j for j in joined(table) if j.source == "atop"]
    assert made.kept + sum(made.dropped.values()) == len(atop)
    inside = atop[atop.year.between(2015, 2020)]
    assert made.dropped["outside the years asked for"] == len(atop) - len(inside)
    there = set(zip(table.ccode1, table.ccode2, table.year, strict=True))
    assert made.kept == sum((min(a, b), max(a, b), y) in there for a, b, y in zip(
        inside.ccode1, inside.ccode2, inside.year, strict=True))
    countries = country_years(2016, 2022, parts=["capability"], folder=load.folder)
    assert (countries.groupby("year").size() == 195).all() and countries.cinc.notna().all()
    with pytest.raises(InputError, match="years from 1816"):
        dyad_years(2000, 2030, folder=load.folder)


def test_shares_of_capability_sum_to_1(load):
    """The published shares sum to up to 1.07 before 1928."""
    for name in ("cow-states", "cow-nmc"):
        load(name)
    published = load("cow-nmc").groupby("year").cinc.sum()
    assert published.loc[:1927].min() > 1.01 and published.loc[:1927].max() > 1.07
    table = country_years(1816, 2022, parts=["capability"], folder=load.folder)
    assert (table.groupby("year").cinc_share.sum() - 1).abs().max() < 1e-9
    pairs = dyad_years(1900, 1900, parts=["capability"], folder=load.folder)
    shares = table[table.year == 1900].set_index("ccode").cinc_share
    assert (pairs.cinc_share1 - pairs.ccode1.map(shares)).abs().max() < 1e-12
