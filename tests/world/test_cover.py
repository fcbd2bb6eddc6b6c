"""Frustration in two blocs and in any number: closed forms, brute force, invariance."""

import itertools
import os
import signal
import threading
import time

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.world.cover import smallest_cover
from detente.world.cycles import violated
from detente.world.division import breaks
from tests.world.conftest import brute, complete


def edges_of(graph):
    """Return the edges of a networkx graph with actors numbered from 0."""
    graph = nx.convert_node_labels_to_integers(graph)
    return np.array(sorted(tuple(sorted(e)) for e in graph.edges), dtype=np.int64)


def solved(n, edges, signs, *, many=False):
    """Return the index, after checking the certificate and the division by counting."""
    found = smallest_cover(n, edges, signs, many=many)
    assert found.exact
    assert found.broken == breaks(edges, signs, found.blocs).sum()
    assert many or found.blocs.max(initial=0) <= 1
    return round(found.broken)


@st.composite
def networks(draw, most=8):
    n = draw(st.integers(2, most))
    pairs = complete(n)
    kept = draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
    edges = pairs[np.array(kept, dtype=bool)]
    signs = draw(st.lists(st.sampled_from([1, -1]), min_size=len(edges), max_size=len(edges)))
    return n, edges, np.array(signs, dtype=np.int64)


# L of a graph of enemies only is its number of edges minus its greatest cut.
ENEMIES = [
    *((f"K{n}", nx.complete_graph(n), n * (n - 1) // 2 - n * n // 4) for n in range(2, 10)),
    ("Petersen", nx.petersen_graph(), 3), ("octahedron", nx.octahedral_graph(), 4),
    ("icosahedron", nx.icosahedral_graph(), 10),
    ("bipartite", nx.complete_bipartite_graph(4, 5), 0),
]


@pytest.mark.parametrize(("graph", "index"), [x[1:] for x in ENEMIES], ids=[x[0] for x in ENEMIES])
def test_enemies_only(graph, index):
    edges = edges_of(graph)
    signs = np.full(len(edges), -1)
    assert solved(len(graph), edges, signs) == index
    assert solved(len(graph), edges, signs, many=True) == 0  # each actor alone


@pytest.mark.parametrize("n", [4, 5])
def test_most_frustrated_signing_of_a_complete_graph(n):
    """Up to switching, the ties of one actor are friendly; the others take every sign."""
    edges = complete(n)
    others = np.flatnonzero(edges[:, 0] > 0)
    worst = 0
    for hostile in itertools.product([1, -1], repeat=len(others)):
        signs = np.ones(len(edges), dtype=np.int64)
        signs[others] = hostile
        worst = max(worst, solved(n, edges, signs))
    assert worst == (n - 1) ** 2 // 4


@pytest.mark.parametrize("seconds", [0, 0.5])
def test_a_search_that_runs_out_of_time_is_not_proved_and_keeps_its_bound(seconds):
    """K25 of enemies: L = 300 - 156 = 144. The relaxation puts 1/3 on each tie: 100."""
    edges = complete(25)
    signs = np.full(len(edges), -1)
    found = smallest_cover(25, edges, signs, seconds=seconds)
    assert not found.exact and 100 <= found.bound < 144 <= found.broken
    assert found.broken == breaks(edges, signs, found.blocs).sum()
    assert smallest_cover(25, edges, signs, many=True, seconds=seconds).exact  # each alone


@settings(max_examples=60, deadline=None)
@given(networks(), st.booleans())
def test_the_program_equals_brute_force(network, many):
    assert solved(*network, many=many) == brute(*network, many=many)


@settings(max_examples=40, deadline=None)
@given(networks(most=12), st.data())
def test_switching_changes_nothing(network, data):
    n, edges, signs = network
    turned = np.array(data.draw(st.lists(st.sampled_from([1, -1]), min_size=n, max_size=n)))
    switched = signs * turned[edges[:, 0]] * turned[edges[:, 1]]
    assert solved(n, edges, switched) == solved(n, edges, signs)


@settings(max_examples=40, deadline=None)
@given(networks(most=12))
def test_more_blocs_never_break_more(network):
    assert solved(*network, many=True) <= solved(*network)


@pytest.mark.parametrize("seed", range(4))
def test_dense_random_networks_need_the_integer_program(seed):
    """K14 with random signs: the relaxation is not tight, and 8,192 divisions are enumerated."""
    rng = np.random.default_rng(seed)
    n, edges = 14, complete(14)
    signs = rng.choice([1, -1], len(edges))
    sides = np.array(list(itertools.product([1, -1], repeat=n - 1)))
    sides = np.column_stack([np.ones(len(sides), dtype=int), sides])
    least = ((signs * sides[:, edges[:, 0]] * sides[:, edges[:, 1]]) < 0).sum(axis=1).min()
    assert solved(n, edges, signs) == least


def test_weights_that_are_not_whole():
    """A triangle of enemies gives up its lightest tie."""
    edges, signs = complete(3), np.array([-1, -1, -1])
    found = smallest_cover(3, edges, signs, np.array([0.7, 0.25, 0.9]))
    assert found.exact and found.broken == pytest.approx(0.25, abs=1e-12)


def test_a_network_without_bad_cycles_has_no_violated_cycle():
    edges = edges_of(nx.cycle_graph(5))
    signs = np.array([-1, 1, -1, 1, 1])
    nothing = np.zeros(5)
    assert violated(5, edges, signs, nothing, many=False) == []
    signs[0] = 1
    assert violated(5, edges, signs, nothing, many=False) == [(0, 1, 2, 3, 4)]


def test_networks_without_ties():
    none = np.empty((0, 2), dtype=np.int64)
    assert solved(0, none, np.empty(0, dtype=np.int64)) == 0
    assert solved(3, none, np.empty(0, dtype=np.int64), many=True) == 0


@settings(max_examples=30, deadline=None)
@given(networks(), st.booleans())
def test_a_search_without_time_brackets_the_index(network, many):
    found = smallest_cover(*network, many=many, seconds=0)
    assert found.bound <= brute(*network, many=many) <= found.broken


@settings(max_examples=30, deadline=None)
@given(networks(), st.booleans())
def test_a_quick_search_brackets_the_index(network, many):
    found = smallest_cover(*network, many=many, quick=True)
    assert found.bound <= brute(*network, many=many) <= found.broken


@pytest.mark.parametrize("seed", [2, *(pytest.param(k, marks=pytest.mark.slow) for k in (0, 1))])
def test_a_dense_network_is_bracketed_quickly(seed):
    """Half of 300 ties hostile among 40 actors: the linear bound leaves a gap."""
    rng = np.random.default_rng(seed)
    edges = complete(40)[np.sort(rng.choice(780, 300, replace=False))]
    signs = rng.choice([1, -1], 300)
    found = smallest_cover(40, edges, signs, quick=True)
    assert 0 < found.bound <= found.broken == breaks(edges, signs, found.blocs).sum()


def test_an_interruption_ends_the_integer_program(monkeypatch):
    """Ctrl-C is seen at once, not when HiGHS returns."""
    monkeypatch.setattr("detente.world.cover.CHOICES", 0)
    edges = complete(30)
    timer = threading.Timer(0.8, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    began = time.monotonic()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            smallest_cover(30, edges, np.full(len(edges), -1), seconds=60)
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - began < 50
