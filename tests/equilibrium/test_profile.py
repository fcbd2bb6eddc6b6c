"""One profile type: its beliefs, values and reach against those that the solvers computed."""

from __future__ import annotations

import numpy as np
import pytest
from tests.equilibrium.games import random_tree
from tests.support.random_crisis import random_crisis

from detente.equilibrium import solve, solve_deliberate
from detente.equilibrium.general.solve import solve_extensive
from detente.equilibrium.profiles import Profiles
from detente.game.spelt import to_extensive


def games():
    yield from (random_tree(seed) for seed in range(4))
    yield random_crisis(2, offers=2, turns=1, types=3, third=2, unlike=True)
    yield random_crisis(3, offers=2, turns=1, types=3, ratification=True)


@pytest.mark.parametrize("game", list(games()))
def test_a_profile_agrees_with_the_solvers_sweeps(game):
    """The sweeps are compiled and work in logs; the profile is numpy by level."""
    eq = solve(game, 4.0)
    profile = eq.profile
    assert profile.reach == pytest.approx(eq.reach, abs=1e-9)
    assert profile.outcomes() == pytest.approx(eq.outcomes(), abs=1e-9)
    for i in range(game.n_players):
        assert profile.value[i][0] == pytest.approx(eq.value[i][0], abs=1e-7)
    for node in np.flatnonzero(eq.reach > 1e-6)[:30].tolist():
        for i in range(game.n_players):
            assert profile.belief_at(node, i) == pytest.approx(eq.belief_at(node, i), abs=1e-6)


@pytest.mark.parametrize("game", list(games()))
def test_profiles_side_by_side_agree_with_one(game):
    eq = solve(game, 4.0)
    many = Profiles.of(eq, eq)
    nodes = np.flatnonzero(eq.reach > 1e-6)[:30]
    assert many.size == 2 and many.reach[:, 1] == pytest.approx(eq.profile.reach, abs=1e-9)
    for i in range(game.n_players):
        posterior = many.posterior(i, nodes)[..., 0]
        for row, node in zip(posterior, nodes.tolist(), strict=True):
            assert row == pytest.approx(eq.profile.belief_at(node, i), abs=1e-6)


def test_one_result_type_in_both_kinds_of_game():
    game = random_tree(1)
    found = [solve(game, 2.0), solve_deliberate(game, solve(game, 2.0), settle=None)]
    crisis = random_crisis(1, offers=2, turns=1, types=2)
    found.append(solve_extensive(to_extensive(crisis), 2.0))
    for eq in found:
        assert sum(eq.outcomes().values()) == pytest.approx(1)
        assert eq.leaf_reach.sum() == pytest.approx(1)
        assert repr(eq).count("\n") == 1 and eq.reading in repr(eq)
        assert ("NOT CHECKED" in repr(eq)) == (not eq.certificate.certified)


def test_the_profile_of_a_general_game_follows_from_its_strategies():
    """The checker works in numpy by level; the solver's sweep is compiled and works by move."""
    game = to_extensive(random_crisis(1, offers=2, turns=1, types=2))
    eq = solve_extensive(game, 2.0)
    assert eq.profile.belief == pytest.approx(eq.belief, abs=1e-9)
    assert eq.profile.value[0] == pytest.approx(eq.value[0], abs=1e-9)
    assert eq.profile.gains().sum() == pytest.approx(eq.certificate.nash_conv, abs=1e-9)
