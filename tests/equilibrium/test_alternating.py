"""Replies in turn: where they end, what they cost, and that order of players is all they assume."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.random_crisis import random_crisis

from detente.equilibrium import solve
from detente.equilibrium.fallible.sweeps import Sweeps
from detente.equilibrium.fallible.systems import Block
from detente.equilibrium.methods.alternating import alternate
from detente.equilibrium.methods.norms import gap


class Spin:
    """Two players whose replies turn about 0 at a rate: ``G_1 = w x_2``, ``G_2 = -w x_1``."""

    seats = (slice(0, 1), slice(1, 2))

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.x = np.zeros(2)

    def seat(self, x: np.ndarray) -> None:
        self.x = x.copy()

    def reply(self, k: int, lam: float) -> np.ndarray:
        sign = 1.0 if k == 0 else -1.0
        return np.array([sign * self.rate * (self.x[1 - k] + 100.0) - 100.0])

    def move(self, k: int, x: np.ndarray) -> None:
        self.x[k] = x[0]


@pytest.mark.parametrize("rate", [0.5, 3.0, 30.0])
def test_a_rotation_is_damped_whatever_its_rate(rate: float) -> None:
    """The centre is at -100, away from the ceiling at 0 that log probabilities have."""
    start = np.array([-99.0, -100.5])
    point = alternate(Spin(rate), start, 1.0, tolerance=1e-6, limit=2_000)
    assert point.ok
    # Replies agree with what they replace to 1e-6, and the map's slope is at least 1.
    np.testing.assert_allclose(point.x, -100.0, atol=1e-5)


@pytest.mark.parametrize("third", [None, 2])
def test_turns_end_at_the_equilibrium_that_newton_polishes(third: int | None) -> None:
    game = random_crisis(3, offers=2, turns=2, types=3, **({} if third is None else {"third": 2}))
    sweeps = Sweeps(game)
    block = Block(sweeps)
    point = alternate(block, block.pack(sweeps.uniform()), 8.0, tolerance=1e-9, limit=2_000)
    assert point.ok
    # A reply is to where the others then stood; all replies at once differ by as little.
    f = np.empty(block.size)
    size, _ = gap(block.evaluate(point.x, 8.0), point.x, f)
    assert size < 1e-7
    eq = solve(game, 8.0)
    assert eq.certificate.certified
    np.testing.assert_allclose(np.exp(block.y[0, : game.n_nodes])[sweeps.slots_of(0)],
                               eq.q[sweeps.slots_of(0)], atol=1e-7)


def test_the_last_point_is_returned_where_there_is_no_time() -> None:
    game = random_crisis(3, offers=2, turns=2, types=3)
    block = Block(Sweeps(game))
    start = block.pack(block.sweeps.uniform())
    point = alternate(block, start, 8.0, tolerance=1e-12, limit=2)
    assert not point.ok and point.residual > 1e-12 and not np.array_equal(point.x, start)
