"""Batches of deliberate play against learning one by one and against `certify`."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.random_crisis import random_crisis

from detente.equilibrium import solve, solve_deliberate
from detente.equilibrium.batch.solve import deliberate_batch, solve_batch
from detente.errors import SolveError
from detente.game.numbers import Numbers


def crises(n: int, **options):
    games = [random_crisis(seed, offers=2, turns=1, types=3, **options) for seed in range(n)]
    return games, Numbers.stack(games)


@pytest.mark.parametrize("options", [{}, {"third": 2, "ratification": True, "unlike": True}])
def test_batch_equals_single_learning(options) -> None:
    games, numbers = crises(5, **options)
    fallible = solve_batch(games[0], numbers.take, 5, lam=40.0)
    found = deliberate_batch(games[0], numbers.take, 5, starts=fallible, keep=True)
    assert found.certified.all() and (found.nash_conv <= 1e-3).all()
    for k, game in enumerate(games):
        own = solve_deliberate(game, solve(game, 40.0), settle=None)
        if abs(own.certificate.nash_conv - found.nash_conv[k]) > 1e-9:
            # Learning is a chaotic map of its start: then only the certificate must agree.
            assert own.certificate.certified
            continue
        # Both runs do the same arithmetic from starts that differ by less than 1e-9.
        mine = [own.outcomes()[name] for name in found.outcome_names]
        np.testing.assert_allclose(found.outcomes[k], mine, rtol=0, atol=1e-6)


def test_certificate_is_that_of_the_strategies() -> None:
    """NashConv of the batch against `certify` on the single run from the very same start."""
    games, numbers = crises(4)
    start = solve(games[0], 40.0)
    found = deliberate_batch(games[0], numbers.take, 4, starts=start, keep=True)
    for k, game in enumerate(games):
        own = solve_deliberate(game, start, settle=None)
        assert own.certificate.nash_conv == pytest.approx(found.nash_conv[k], abs=1e-10)
        np.testing.assert_allclose(found.q[:, k], own.q, rtol=0, atol=1e-8)


def test_workers_change_nothing_and_bad_numbers_are_marked() -> None:
    games, numbers = crises(6)
    numbers.payoff[0][0, 0, 4] = np.nan
    fallible = solve_batch(games[0], numbers.take, 6, lam=40.0)
    one = deliberate_batch(games[0], numbers.take, 6, starts=fallible, workers=1, chunk=2)
    two = deliberate_batch(games[0], numbers.take, 6, starts=fallible, workers=2, chunk=2)
    np.testing.assert_array_equal(one.outcomes, two.outcomes)
    np.testing.assert_array_equal(one.nash_conv, two.nash_conv)
    assert not one.certified[4] and one.certified[[0, 1, 2, 3, 5]].all()
    assert one.reached_by[4] == "not solved"


def test_arguments_are_checked() -> None:
    games, numbers = crises(2)
    fallible = solve_batch(games[0], numbers.take, 2, lam=5.0)
    with pytest.raises(SolveError, match="2 starts for 3 variants"):
        deliberate_batch(games[0], numbers.take, 3, starts=fallible)
    with pytest.raises(SolveError, match="floor"):
        deliberate_batch(games[0], numbers.take, 2, starts=fallible, epsilon=0.0)
