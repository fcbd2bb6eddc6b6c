"""The search without a program: brute force, closed forms, the program, and its early end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.world.cover import smallest_cover
from detente.world.division import breaks, matrix
from detente.world.dolls import searched
from tests.world.conftest import brute, complete
from tests.world.test_cover import networks

BLOCS = pytest.mark.parametrize("many", [False, True])


def random(n, dense, seed):
    rng = np.random.default_rng(seed)
    edges = complete(n)[rng.random(n * (n - 1) // 2) < dense]
    return n, edges, rng.choice([1, -1], len(edges))


@settings(max_examples=50, deadline=None)
@given(networks(), st.booleans())
def test_the_search_equals_brute_force(network, many):
    n, edges, signs = network
    found = searched(matrix(n, edges, signs.astype(float)), many=many)
    assert found.complete and found.bound == brute(n, edges, signs, many=many)
    assert found.bound == breaks(edges, signs, found.blocs).sum()
    assert many or found.blocs.max(initial=0) <= 1


@pytest.mark.parametrize("n", [12, 20, 23])
def test_enemies_only(n):
    """L = m - maxcut = C(n, 2) - floor(n^2 / 4), and 0 if each may be alone."""
    w = np.eye(n) - 1
    assert searched(w, choices=10**7).bound == n * (n - 1) // 2 - n * n // 4
    assert searched(w, many=True).bound == 0


@BLOCS
@pytest.mark.parametrize("seed", range(3))
def test_the_search_and_the_program_agree(seed, many):
    """Weights with fractions, and 30 actors with few ties, which the linear program proves."""
    n, edges, signs = random(30, 0.12, seed)
    weights = np.random.default_rng(seed).uniform(0.5, 2, len(edges))
    program = smallest_cover(n, edges, signs, weights, many=many)
    found = searched(matrix(n, edges, signs * weights), many=many, choices=10**7)
    assert program.exact and program.proof == "linear" and found.complete
    broken = weights[breaks(edges, signs, found.blocs)].sum()
    assert broken == pytest.approx(program.broken, rel=1e-9)
    # the rounding of the weights is taken off the bound
    assert broken * (1 - 1e-9) < found.bound <= broken


@BLOCS
@pytest.mark.parametrize("choices", [0, 20, 200])
def test_a_search_that_ends_early_brackets_the_index(choices, many):
    for seed in range(3):
        n, edges, signs = random(7, 0.9, seed)
        found = searched(matrix(n, edges, signs.astype(float)), many=many, choices=choices)
        least, broken = brute(n, edges, signs, many=many), breaks(edges, signs, found.blocs).sum()
        assert found.bound <= least <= broken
        assert not found.complete or found.bound == broken


def test_a_search_without_time_proves_nothing():
    found = searched(np.eye(9) - 1, until=0.0)
    assert not found.complete and found.bound == 0 and len(found.blocs) == 9


@pytest.mark.parametrize(("n", "dense", "many"), [(26, 1, False), (25, 0.6, True)])
def test_dense_networks_of_25_and_26_actors_are_proved(n, dense, many):
    """Switching the signs by a division changes no index in two blocs."""
    n, edges, signs = random(n, dense, 2)
    found = smallest_cover(n, edges, signs, many=many)
    assert found.exact and found.proof == "search"
    assert found.broken == breaks(edges, signs, found.blocs).sum()
    if not many:
        turned = np.random.default_rng(0).choice([1, -1], n)
        switched = signs * turned[edges[:, 0]] * turned[edges[:, 1]]
        assert smallest_cover(n, edges, switched).broken == found.broken


def test_a_planted_division_is_found_and_proved():
    """Two blocs with 6 broken ties that share no actor: each lies on bad triangles of its own."""
    n = 40
    side = np.arange(n) % 2
    edges = complete(n)
    signs = np.where(side[edges[:, 0]] == side[edges[:, 1]], 1, -1)
    wrong = {(k, k + 1) for k in range(0, 12, 2)}
    signs[[k for k, e in enumerate(edges.tolist()) if tuple(e) in wrong]] *= -1
    found = searched(matrix(n, edges, signs.astype(float)))
    assert found.complete and found.bound == 6
