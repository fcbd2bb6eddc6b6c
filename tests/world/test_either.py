"""States that stand in either bloc, against all best divisions counted one by one."""

from itertools import product

import numpy as np
import pytest

from detente.world.balance import frustration, undecided
from detente.world.division import breaks
from detente.world.ties import make_ties


def network(seed: int, order=None):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 9))
    names = [chr(97 + k) for k in range(n)]
    values = {(names[i], names[j]): float(rng.choice([-1, 1]))
              for i in range(n) for j in range(i) if rng.random() < 0.6}
    if order is not None:
        names = [names[k] for k in np.random.default_rng(order).permutation(n)]
    return make_ties(names, values)


def counted(ties):
    """Return the names outside the largest group that stands alike in all best divisions."""
    part = ties.components()[0]
    best, least = [], ties.m + 1
    for rest in product((0, 1), repeat=len(part) - 1):
        blocs = np.zeros(ties.n, dtype=int)
        blocs[part] = (0, *rest)
        inside = np.isin(ties.edges, part).all(axis=1)
        broken = int((breaks(ties.edges, ties.signs, blocs) & inside).sum())
        if broken <= least:
            best = [*best, blocs[part]] if broken == least else [blocs[part]]
            least = broken
    groups = {}
    for k, column in enumerate((np.array(best) ^ np.array(best)[:, :1]).T):
        groups.setdefault(min(tuple(column), tuple(1 - column)), []).append(k)
    degree = np.bincount(ties.edges.ravel(), minlength=ties.n)
    fixed = min(groups.values(), key=lambda g: (
        -len(g), -sum(degree[part[k]] for k in g), sorted(ties.actors[part[k]] for k in g)))
    return {ties.actors[part[k]] for k in range(len(part)) if k not in fixed}


@pytest.mark.parametrize("seed", range(20))
def test_the_states_in_either_bloc_are_those_of_all_best_divisions(seed):
    found = {order: frustration(network(seed, order)) for order in (None, 1, 2)}
    for made in found.values():
        assert set(made.either) == counted(made.ties)
    assert len({frozenset(made.either) for made in found.values()}) == 1
    assert undecided(found[None])[0].sum() == len(found[None].either)
