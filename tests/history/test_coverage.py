"""Coverage against the years of the files; ICB's state numbers against the system's members."""

from detente.history.actors import crisis_actors
from detente.history.countries import FROM, SOURCES, UNTIL
from detente.history.coverage import coverage
from detente.history.joined import joined, notes
from detente.history.joins import connect


def test_coverage_is_that_of_the_files(load, tmp_path):
    for name in (*SOURCES.values(), "icb-system", "sanctions", "gml-disputes", "gml-participants"):
        load(name)
    for part, column in (("alliances", "year"), ("capability", "year"), ("disputes", "year"),
                         ("trade", "year"), ("votes", "session")):
        years = load(SOURCES[part])[column] + (1945 if column == "session" else 0)
        assert (FROM[part], UNTIL[part]) == (max(1816, years.min()), years.max())
    assert load("cow-contiguity").enddate.dt.year.max() == UNTIL["contiguity"]
    assert load("cow-majors").endyear.max() == UNTIL["majors"]
    assert load("rivalries")["end"].max() == UNTIL["rivalries"]
    found = {(c.table, c.name): c for c in coverage(load.folder)}
    war = found["rates", "icb-war"]
    assert (war.first, war.last, war.rows, war.missing) == (1918, 2017, 486, 0)
    assert found["country_years", "trade"].rows == 14410
    assert found["dyad_years", "majors"].last == 2016
    assert all(c.rows is None for c in coverage(tmp_path))  # nothing is downloaded there


def test_icb_numbers_become_those_of_the_correlates_of_war(load):
    """Unified Yemen is 679 and unified Germany 255 there; ICB has 678 and 260."""
    load("icb-actor"), load("cow-states")
    table = crisis_actors(load.folder)
    made = {(r.crisname, r.cracid): r.ccode for r in table.itertuples()}
    assert made["RED SEA ISLANDS", 678] == 679  # 1995
    assert made["KOSOVO", 260] == made["IRAN NUCLEAR I", 260] == 255  # 1999, 2003
    assert made["BERLIN WALL", 260] == 260 and made["YEMEN WAR I", 678] == 678
    (join,) = joined(table)
    assert join.kept + sum(join.dropped.values()) == 1078
    states = load("cow-states")
    latest = states.endyear.where(states.endyear < 2016, 2022)
    for r in table.itertuples():
        assert ((states.ccode == r.ccode) & (states.styear <= r.year) & (latest >= r.year)).any()
    assert any("260 read as 255 in 3 rows" in n for n in notes(table))
    c = connect(load.folder, joins=["crisis_actors"])
    assert c.execute("SELECT rows FROM joined WHERE reason = 'kept'").fetchone() == (join.kept,)
    c.close()
