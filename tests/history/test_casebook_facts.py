"""The casebook's selection and endings follow from the published data by the written rules."""

import hashlib

import pandas as pd
import pytest

from detente.casebook.facts import facts, named, of_icb
from detente.errors import InputError
from detente.scenario.yamlfile import read_yaml

PERIODS = ((1918, 1927), (1928, 1937), (1938, 1947), (1948, 1957), (1958, 1967), (1968, 1977),
           (1978, 1987), (1988, 1997), (1998, 2010))
PASSED = {207}
"""Mutinies in East Africa, 1964: no two governments with opposed demands."""


@pytest.fixture(scope="module")
def sides(load):
    """Return the rows of each ICB crisis in the order of their triggers."""
    table = load("icb-actor")
    when = table["yrtrig"] * 10000 + table["motrig"].fillna(0) * 100 + table["datrig"].fillna(0)
    ordered = table.assign(when=when).sort_values(["crisno", "when"], kind="stable")
    return dict(iter(ordered.groupby("crisno")))


def test_the_draw_follows_the_rule_of_the_guide(load, sides):
    states = set(load("cow-states")["ccode"])
    crises, drawn, pairs = load("icb-system"), [], set()
    for least, most in PERIODS:
        places: set[int] = set()
        here = crises[crises["yrtrig"].between(least, most) & (crises["protrac"] != 3)]
        order = sorted(here.itertuples(), key=lambda crisis: hashlib.sha256(
            f"casebook:{crisis.crisno}".encode()).digest())
        for crisis in order:
            first = sides[crisis.crisno].iloc[0]
            pair = frozenset((first["cracid"], first["southv"]))
            if not pair <= states or crisis.crisno in PASSED or pair in pairs:
                continue
            if len(places) == 3 or int(crisis.geog) // 10 in places:
                continue
            places.add(int(crisis.geog) // 10)
            pairs.add(pair)
            drawn.append(crisis.crisno)
    held = [found.icb for found in map(facts, named()) if found.icb is not None]
    assert len(drawn) == 27
    assert sorted(drawn) == sorted(held)


def test_sides_and_dates_are_those_of_icb(load, sides):
    crises = load("icb-system").set_index("crisno")
    for name in named():
        found = facts(name)
        if found.icb is None:
            assert 1898 <= found.year < 1918
            continue
        first, crisis = sides[found.icb].iloc[0], crises.loc[found.icb]
        assert (found.target.cow, found.challenger.cow) == (first["cracid"], first["southv"])
        day = [int(crisis[key]) for key in ("yrtrig", "motrig", "datrig")]
        given = [int(part) for part in found.date.split("-")]
        assert given == day[:len(given)]
        assert of_icb(found.icb) == found


def test_endings_follow_from_the_columns_named_in_the_guide(sides):
    held = read_yaml(next(iter(named().values())).parents[1] / "endings.yaml").data
    assert set(held) == set(named())
    for name in named():
        number = facts(name).icb
        if number is None:
            continue
        rows = sides[number]
        target = rows.iloc[0]
        other = rows[rows["cracid"] == target["southv"]].head(1)
        both = pd.concat([rows.head(1), other])
        first, second = target["outcom"], other["outcom"].squeeze() if len(other) else None
        expected = (
            "war" if (both["viol"] == 4).any() else
            "settlement" if (both["outcom"] == 2).any() else
            "challenger backs down" if first == 1 or second == 4 else
            "target yields" if first == 4 or second == 1 else "stalemate")
        assert held[name]["ending"] == expected, name


def test_an_unknown_crisis_is_answered_with_the_nearest_name():
    with pytest.raises(InputError, match="book-memel-1939"):
        facts("book-memel-1938")
