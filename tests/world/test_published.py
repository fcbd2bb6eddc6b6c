"""Indices of published networks, and of the states by year, from the published files."""

import warnings

import numpy as np
import pytest

from detente.world.balance import frustration
from detente.world.blocs import best_blocs
from detente.world.cover import smallest_cover
from detente.world.fromdata import from_history

SIGNNET = "schochastics/signnet/2b77cc8978c8e72888c90551181ef1943f79c6be/data"


@pytest.fixture(scope="module")
def signnet(raw):
    """Return a function that reads a network of the R package signnet: n, edges, signs."""
    import rdata

    def network(graph):
        ends = np.column_stack([graph[2], graph[3]]).astype(np.int64)
        (attributes,) = [x for x in graph[8] if isinstance(x, dict)
                         and any(str(k) in ("sign", "type") for k in x)]
        (signs,) = attributes.values()
        return int(graph[0][0]), np.sort(ends, axis=1), np.asarray(signs).astype(np.int64)

    def read(name):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return rdata.read_rda(raw / SIGNNET / f"{name}.rda")[name]

    return read, network


def test_tribes_of_the_central_highlands(signnet):
    """Read 1954: 16 tribes, 58 ties of which 29 are hostile; 7 of them must be broken."""
    read, network = signnet
    n, edges, signs = network(read("tribes"))
    assert (n, len(edges), (signs < 0).sum()) == (16, 58, 29)
    found = smallest_cover(n, edges, signs)
    assert found.exact and found.broken == 7


def test_signed_relations_of_doreian_and_mrvar(signnet):
    """Windows of Doreian & Mrvar 2015; values found by exact solution in another program."""
    read, network = signnet
    windows = {str(k): v for k, v in read("cowList").items()}
    n, edges, signs = network(windows["46-49"])
    assert (n, len(edges), (signs < 0).sum()) == (64, 362, 42)
    for window, index in (("46-49", 17), ("51-54", 17), ("55-58", 35), ("76-79", 50)):
        found = smallest_cover(*network(windows[window]))
        assert found.exact and found.broken == index, window


# (states, ties, hostile, friend and enemy at once), and L.
YEARS = {
    (1914, "force"): ((24, 47, 36, 3), 2), (1938, "force"): ((29, 66, 18, 0), 3),
    (1962, "force"): (None, 14), (2010, "force"): (None, 6), (1980, "force"): (None, 6),
    (1914, "force+rivalry"): ((37, 72, 63, 5), 11),
    (1938, "force+rivalry"): ((46, 88, 46, 6), 10),
}


@pytest.mark.parametrize(("year", "definition"), YEARS)
def test_the_states_of_a_year(data, year, definition):
    counts, index = YEARS[year, definition]
    ties = from_history(year, definition, data)
    if counts is not None:
        assert (ties.n, ties.m, ties.negative, ties.both.sum()) == counts
    found = frustration(ties)
    assert found.exact and found.index == index


@pytest.mark.parametrize(
    ("year", "two", "many"),
    [(1870, 2, 0), (1900, 7, 1), (1914, 11, 2), (1938, 10, 8), (1950, 16, 11), (1985, 39, 31)])
def test_two_blocs_and_many(data, year, two, many):
    """Largest component, force and rivalries."""
    ties = from_history(year, "force+rivalry", data)
    largest = ties.part(ties.components()[0])
    first, second = frustration(largest), best_blocs(largest)
    assert first.exact and second.exact
    assert (first.index, second.index) == (two, many)


def test_the_blocs_of_1914(data):
    ties = from_history(1914, "force+rivalry", data)
    assert [set(g) for g in best_blocs(ties.part(ties.components()[0])).groups] == [
        {"Germany", "Austria-Hungary", "Bulgaria", "Turkey"}, {"France", "Romania", "Russia"},
        {"United Kingdom", "Portugal", "Japan"}]


def test_friend_and_enemy_at_once_in_1914(data):
    """COW lists Serbia as Yugoslavia."""
    ties = from_history(1914, "force+rivalry", data)
    pairs = {frozenset(ties.actors[k] for k in ties.edges[e]) for e in np.flatnonzero(ties.both)}
    assert pairs == {
        frozenset(p) for p in (
            ("Germany", "Italy"), ("Germany", "Romania"), ("Austria-Hungary", "Italy"),
            ("Yugoslavia", "Greece"), ("Bulgaria", "Turkey"))}
