"""Who stands with whom: known cases, invariants, and a pole that goes and returns."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.world.alignment import align, poles_of
from detente.world.landscape import energy, parts, weights_of
from detente.world.poles import remove
from detente.world.ties import make_ties


def network(n, seed, density=0.7):
    rng = np.random.default_rng(seed)
    names = [f"s{k}" for k in range(n)]
    pairs = {(names[i], names[j]): float(rng.uniform(0.05, 1) * rng.choice([1, -1]))
             for i in range(n) for j in range(i) if rng.random() < density}
    sizes = {a: float(rng.uniform(0.2, 3)) for a in names}
    return make_ties(names, pairs, sizes=sizes) if pairs else None


def once(ties):
    return ties.values[None], ties.sizes[None]


@given(st.integers(3, 8), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_a_balanced_network_stands_as_it_was_made(n, seed):
    """Friends inside two blocs, enemies between them: the blocs are the best alignment."""
    rng = np.random.default_rng(seed)
    bloc = rng.choice([1, -1], n)
    names = [f"s{k}" for k in range(n)]
    ties = make_ties(names, {(names[i], names[j]): float(bloc[i] * bloc[j] * rng.uniform(0.1, 1))
                             for i in range(n) for j in range(i)})
    found = align(ties, *once(ties), samples=8, seed=0)
    assert found.draws == 1  # nothing has a range
    assert (found.together[0] == (bloc[:, None] == bloc)).all()
    assert (found.apart[0] == ~found.together[0]).all()
    assert found.exact and found.others.share == 0  # no other minimum


@given(st.integers(3, 8), st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_switching_an_actor_moves_it_alone(n, seed):
    """If all ties of an actor change sign, the same actor changes sides and no other does."""
    ties = network(n, seed)
    assume(ties is not None and len(parts(weights_of(ties))[0]) == n)
    k = seed % n
    sign = np.where((ties.edges == k).any(axis=1), -1.0, 1.0)
    one = align(ties, *once(ties), samples=1, seed=0)
    two = align(ties, ties.values[None] * sign, ties.sizes[None], samples=1, seed=0)
    turned = np.where(np.arange(n) == k, -1, 1)
    same = np.multiply.outer(turned, turned) > 0
    assert (np.where(same, one.together[0], one.apart[0]) == two.together[0]).all()


def test_equal_choices_and_separate_parts_are_left_open():
    enemies = make_ties("abcde", {("a", "b"): -1, ("b", "c"): -1, ("a", "c"): -1, ("d", "e"): 1})
    found = align(enemies, *once(enemies), samples=1, seed=0)
    assert found.open("a", "b").share == 1  # two against one, in three ways
    assert found.with_pole("d", "e").share == 1
    assert found.open("a", "d").share == 1  # no chain of ties
    assert not found.together[0][0, 3] and not found.apart[0][0, 3]


def test_shares_are_those_of_the_range():
    """c stands with the one to whom it is drawn more: 0.3, or uniform over 0 to 1."""
    ties = make_ties("abc", {("a", "b"): -1, ("a", "c"): 0.3, ("b", "c"): 0.5})
    values = np.tile(ties.values, (512, 1))
    values[:, ties.between("b", "c")] = (np.arange(512) + 0.5) / 512
    found = align(ties, values, np.ones((512, 3)), samples=512, seed=0)
    share = found.with_pole("c", "a")
    assert share.share == pytest.approx(0.3, abs=1 / 512)
    assert share.low < 0.3 < share.high
    assert found.with_pole("c", "b").share == pytest.approx(0.7, abs=1 / 512)
    with pytest.raises(InputError, match="no actor 'd'"):
        found.aligned("a", "d")


def test_the_poles_are_the_largest_and_its_largest_enemy():
    ties = make_ties("abcd", {("a", "c"): 1, ("a", "d"): -1}, sizes={"b": 9, "a": 3, "c": 2})
    assert poles_of(ties) == ("a", "d")  # b is larger and has no tie
    assert poles_of(make_ties("ab", {("a", "b"): 1}))[1] == "b"


def hysteresis(bond):
    """States s and t are drawn more to p than to q, and to each other by ``bond``."""
    return make_ties("pqrst", {
        ("p", "q"): -1, ("q", "r"): -1, ("p", "r"): 1, ("p", "s"): 0.6, ("p", "t"): 0.6,
        ("q", "s"): 0.5, ("q", "t"): 0.5, ("s", "t"): bond})


@pytest.mark.parametrize(("bond", "moved", "stayed"), [(0.05, 2, 0), (0.3, 2, 2), (0.7, 0, 0)])
def test_who_stays_moved_is_known_in_closed_form(bond, moved, stayed):
    """Without p, s moves if 0.5 > bond. With p back, it returns if 0.6 > 0.5 + bond."""
    ties = hysteresis(bond)
    found = remove(ties, *once(ties), "p")
    for step, count in (("moved", moved), ("stayed", stayed)):
        assert (found.on_paths(step)[0].sum(axis=1) == count).all()
    assert found.other_order.share == 0  # s and t are alike
    assert found.share("stayed").share == (stayed > 0) and found.complete
    assert found.share("moved", "s").share == (moved > 0) and not found.open("moved", "s").share


@given(st.integers(3, 8), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_the_path_goes_downhill_and_ends_in_minima(n, seed):
    ties = network(n, seed)
    assume(ties is not None)
    found = remove(ties, *once(ties), "s0")
    w = weights_of(ties)
    cut = w.copy()
    cut[0] = cut[:, 0] = 0
    for before, without, back in found.paths[0]:
        assert energy(cut, without) <= energy(cut, before) + 1e-9
        assert energy(w, before) <= energy(w, back) + 1e-9  # the present alignment is a best one
        for x, weight in ((without, cut), (back, w)):
            assert (x * (weight @ x) >= -1e-9).all()  # no change of sides lowers the energy
        assert without[0] == 0
    assert not found.on_paths("moved")[0][:, 0].any()


@given(st.integers(3, 7), st.integers(0, 10**6), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_actors_changes_nothing_when_a_pole_goes(n, seed, random):
    """Ties of 1 and -1 and equal sizes: best alignments and best changes are often equal."""
    rng = np.random.default_rng(seed)
    names = [f"s{k}" for k in range(n)]
    values = {(names[i], names[j]): float(rng.choice([-1, 1])) for i in range(n)
              for j in range(i + 1, n) if rng.random() < 0.7}
    assume(values)
    told = []
    for _ in range(3):
        ties = make_ties(names, values)
        found = remove(ties, *once(ties), "s0")
        assert found.complete
        told.append({(step, a): (found.share(step, a), found.open(step, a))
                     for step in ("moved", "stayed") for a in (None, *sorted(names))})
        random.shuffle(names)
    assert told[0] == told[1] == told[2]


def test_several_best_alignments_leave_a_removal_open():
    """State s is drawn equally to the enemies p and q, and r, a friend of p alone, to p.

    Before, s stands with p in one best alignment and with q in the other. Without p it stands
    with q: it has moved on the first path and not on the second.
    """
    ties = make_ties("pqrs", {("p", "q"): -1, ("p", "s"): 1, ("q", "s"): 1, ("p", "r"): 1,
                              ("q", "r"): -1})
    found = remove(ties, *once(ties), "p")
    assert len(found.paths[0]) >= 2
    assert found.share("moved", "s").share == 0 and found.open("moved", "s").share == 1


def test_more_paths_than_are_followed_are_said_to_be_incomplete():
    """K10 of equal enemies has 126 best alignments, more than the 64 that are followed."""
    names = [f"s{k}" for k in range(10)]
    ties = make_ties(names, {(a, b): -1.0 for k, a in enumerate(names) for b in names[k + 1:]})
    assert not remove(ties, *once(ties), "s0").complete


def test_a_pole_without_ties_changes_nothing():
    ties = make_ties("abc", {("a", "b"): -1})
    found = remove(ties, *once(ties), "c")
    assert not found.share("moved").share and not found.share("stayed").share


def test_states_drawn_equally_to_two_sides_are_open_however_many_they_are():
    """Of two close friends one draws each of 14 others as much as the other repels it.

    So 2^14 alignments are best, more than are kept, and only the friends stand together in all.
    """
    names = ["p", "q", *(f"s{k}" for k in range(14))]
    ties = make_ties(names, {("p", "q"): 1.0} | {
        (a, s): v for s in names[2:] for a, v in (("p", 0.05), ("q", -0.05))})
    found = align(ties, *once(ties), samples=1, seed=0)
    assert found.together[0].sum() == 16 + 2 and not found.apart.any()
    assert found.exact and found.others.share == 0
    assert len(found.centre[0]) == 1 and np.isnan(found.centre[0][0].basin)


def test_a_removal_that_runs_out_of_time_is_not_proved():
    names = [f"s{k:02d}" for k in range(25)]
    ties = make_ties(names, {(a, b): -1.0 for k, a in enumerate(names) for b in names[k + 1:]})
    assert not remove(ties, *once(ties), "s00", seconds=0).exact
