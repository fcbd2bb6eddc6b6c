"""Equally good alignments beyond the size at which all are counted."""

import numpy as np
import pytest

from detente.world import equal
from detente.world.alignment import align
from detente.world.equal import one_best, witnesses
from detente.world.landscape import energy, lowest, weights_of
from detente.world.merged import merged
from detente.world.ties import make_ties


def alike(sides):
    """Return 1 for pairs always on one side, -1 for pairs always apart, 0 otherwise."""
    products = sides.T @ sides
    return np.where(products == len(sides), 1, np.where(products == -len(sides), -1, 0))


def integers(n, seed, dense=0.6):
    """Return connected weights of -2 to 2, so that equal alignments are frequent."""
    rng = np.random.default_rng(seed)
    w = np.triu(rng.integers(-2, 3, (n, n)) * (rng.random((n, n)) < dense), 1).astype(float)
    for k in range(n - 1):
        w[k, k + 1] = w[k, k + 1] or 1.0
    return w + w.T


@pytest.mark.parametrize("few", [0, 20])
@pytest.mark.parametrize("seed", range(12))
def test_pairs_are_those_of_all_best_alignments(seed, few, monkeypatch):
    """By programs, and by counting what is left after actors that stand alike became one."""
    monkeypatch.setattr(equal, "FEW", few)
    w = integers(9, seed)
    counted = lowest(w)
    sides, bound, slack, _ = one_best(w)
    assert energy(w, sides) == pytest.approx(counted.energy) and bound <= counted.energy + slack
    found, proved = witnesses(w, sides[None], counted.energy)
    assert proved
    assert all(energy(w, x) == pytest.approx(counted.energy) for x in found)
    assert (alike(found) == alike(counted.sides)).all()
    assert len(found) <= 9  # each new one divides a set of actors that stood alike


@pytest.mark.parametrize("seed", range(30))
def test_actors_that_become_one_stand_alike_in_all_best_alignments(seed):
    w = integers(8, seed, dense=0.3 + 0.02 * seed)
    found, every = merged(w), lowest(w).sides
    assert (every == found.expanded(every[:, found.first])).all()
    # energies differ by a constant, so the best alignments of the groups are the best ones
    small = np.unique(lowest(found.w).sides, axis=0) if len(found.w) > 1 else np.ones((1, 1), int)
    assert {x.tobytes() for x in found.expanded(small)} == {x.tobytes() for x in every}


def test_members_of_a_treaty_group_with_the_same_ties_become_one():
    """Four friends, all enemies of a fifth actor that has a friend: two sides without a doubt."""
    names = "abcdex"
    ties = make_ties(names, {("a", "b"): 1, ("a", "c"): 1, ("a", "d"): 1, ("b", "c"): 1,
                             ("b", "d"): 1, ("c", "d"): 1, ("e", "x"): 1}
                     | {(k, "e"): -1 for k in "abcd"})
    found = merged(weights_of(ties))
    assert len(found.w) == 1 and found.turn.tolist() == [1, 1, 1, 1, -1, -1]


def test_the_order_of_the_actors_changes_nothing():
    """Two chains of friends, of enemies at their ends, and one actor drawn equally to both."""
    names = [f"s{k:02}" for k in range(30)]
    pairs = {(names[k], names[k + 1]): 1.0 for k in range(28) if k != 14}
    pairs |= {("s00", "s28"): -1.0, ("s29", "s00"): 0.9, ("s29", "s28"): 0.9}
    for order in (names, names[::-1], names[15:] + names[:15]):
        ties = make_ties(order, pairs)
        found = align(ties, ties.values[None], ties.sizes[None], samples=1, seed=0)
        assert found.open("s29", "s00").share == 1 and found.open("s29", "s28").share == 1
        assert found.aligned("s00", "s14")[0] == 1 and found.against("s00", "s28").share == 1


def test_small_sizes_prove_nothing_by_rounding():
    """The tolerance of the bound follows the weights: sizes of .001 give energies of 1e-6."""
    w = integers(26, 3, 0.3) * 1e-6
    found = lowest(w)
    assert found.exact and found.slack < 1e-3 * abs(w).max()
