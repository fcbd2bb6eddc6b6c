"""The null models keep what they say they keep."""

import numpy as np
import pytest

from detente.world.balance import frustration
from detente.world.fromdata import from_history
from detente.world.nulls import disagree, least_broken, nulls, rewired, shuffled
from detente.world.ties import make_ties


def degrees(n, edges):
    return np.bincount(edges.ravel(), minlength=n)


def network(seed, n=12, dense=0.5):
    rng = np.random.default_rng(seed)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n) if rng.random() < dense]
    values = rng.choice([1.0, -1.0], len(pairs))
    names = [f"s{k}" for k in range(n)]
    return make_ties(names, {(names[i], names[j]): v
                             for (i, j), v in zip(pairs, values, strict=True)})


@pytest.mark.parametrize("seed", range(5))
def test_what_each_null_model_keeps(seed):
    ties = network(seed)
    rng = np.random.default_rng(seed)
    n, edges, signs = shuffled(ties, rng)
    assert (edges == ties.edges).all() and (signs < 0).sum() == ties.negative
    n, edges, signs = rewired(ties, rng)
    pairs = {tuple(e) for e in edges.tolist()}
    assert len(pairs) == ties.m and (edges[:, 0] < edges[:, 1]).all()
    friends = {tuple(e) for e in ties.edges[ties.signs > 0].tolist()}
    assert {tuple(e) for e in edges[signs > 0].tolist()} == friends
    assert (degrees(n, edges[signs < 0]) == degrees(n, ties.edges[ties.signs < 0])).all()


def test_networks_like_others_without_a_proof_get_a_brief_search(monkeypatch):
    """Enemies, and few friends: the linear bound is near a third of the ties, far below L."""
    from detente.world import nulls as module

    monkeypatch.setattr("detente.world.cover.QUICK", 20)
    asked, told = [], []
    original = module.least_broken
    monkeypatch.setattr(module, "least_broken", lambda *x, brief: asked.append(brief) or
                        original(*x, brief=brief))
    names = [f"s{k}" for k in range(24)]
    pairs = [(a, b) for k, a in enumerate(names) for b in names[k + 1:]]
    ties = make_ties(names, {x: 1 if k % 97 < 2 else -1 for k, x in enumerate(pairs)})
    first, second = nulls(ties, 120, draws=5, tell=lambda *x: told.append(x[:2]))
    assert told == [(k, 10) for k in range(10)]
    assert asked[:5] == [False] * 3 + [True] * 2
    assert first.proved == 0 and (first.bounds < first.values).all()
    # every pair has a tie, so nothing can be exchanged, and the one network is solved once
    assert len(asked) == 6 and len(set(second.values)) == 1


def test_a_seed_gives_the_same_draws():
    ties = network(1)
    first, again, other = (nulls(ties, 5, draws=8, seed=s) for s in (3, 3, 4))
    for k in (0, 1):
        assert (first[k].values == again[k].values).all()
    assert any((first[k].values != other[k].values).any() for k in (0, 1))


# Means of another study, with its own draws. Tolerance: three standard errors of 30 draws here and
# 60 there, from the standard deviations of 1.5 and 1 that it gives.
@pytest.mark.parametrize(("year", "first", "second"), [(1938, 12.7, 2.9), (1980, None, 4.5)])
def test_means_of_the_states_of_a_year(data, year, first, second):
    ties = from_history(year, "force", data)
    found = nulls(ties, frustration(ties).index, draws=30)
    for null, mean in zip(found, (first, second), strict=True):
        if mean is not None:
            assert null.mean == pytest.approx(mean, abs=3 * 1.5 * (1 / 30 + 1 / 60) ** 0.5)
    assert disagree(found)  # shuffled signs say balanced, rewired enmities do not


@pytest.mark.parametrize("seed", range(6))
def test_counting_all_divisions_gives_what_the_program_proves(seed):
    from detente.world.cover import smallest_cover

    ties = network(seed, n=9 + seed)
    found = smallest_cover(ties.n, ties.edges, ties.signs)
    assert found.exact
    assert least_broken(ties.n, ties.edges, ties.signs) == (found.broken, found.broken)


@pytest.mark.parametrize(("n", "dense"), [(18, 0.5), (26, 0.5), (40, 0.12), (60, 0.08)])
def test_larger_networks_are_what_the_program_proves_without_joined_actors(n, dense):
    from detente.world.cover import smallest_cover

    ties = network(n, n, dense)
    found = smallest_cover(ties.n, ties.edges, ties.signs)
    bound, broken = least_broken(ties.n, ties.edges, ties.signs)
    assert found.exact and bound <= found.broken <= broken
    assert broken == found.broken or bound < broken
