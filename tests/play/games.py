"""Small games for the tests of playing: every kind of node, and interdependent payoffs."""

from __future__ import annotations

import numpy as np
import pytest

from detente.game import PublicTree
from tests.equilibrium.games import random_tree

QUICK = ("cuba-1962", "kargil-1999", "order-2020")
"""Two sides; third parties and a mediator; simultaneous moves. The other cases are slow tests."""
NINE = [
    pytest.param(name, marks=() if name in QUICK else pytest.mark.slow)
    for name in ("caucasus-2025", "cuba-1962", "fashoda-1898", "guarantees-2022", "istanbul-2025",
                 "july-1914", "kargil-1999", "order-2020", "table-2026")
]


def small(seed: int) -> PublicTree:
    """A tree with decisions, chance, chance by type and simultaneous moves."""
    return random_tree(seed)


def interdependent(seed: int) -> PublicTree:
    """The same, with payoffs that depend on both types; no simultaneous moves."""
    game = random_tree(seed, joint=False)
    rng = np.random.default_rng(seed)
    shape = (len(game.leaves), *game.n_types)
    return game.with_numbers(joint_payoff=tuple(rng.normal(size=shape) for _ in range(2)))


def route(game: PublicTree, leaf: int) -> list[tuple[int, int, dict[str, str]]]:
    """The steps from the root to a leaf."""
    out = []
    while game.parent[leaf] >= 0:
        out.append((int(game.parent[leaf]), leaf, {}))
        leaf = int(game.parent[leaf])
    return out[::-1]
