"""Payoffs that depend on both types, checked by recursion over the tree for every pair of types."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.support.random_crisis import random_crisis

from detente.equilibrium import solve
from detente.equilibrium.fallible.interdependent import TypePairs
from detente.errors import SolveError
from detente.game import PublicTree
from detente.game.tree import CHANCE, TERMINAL, TYPE_CHANCE
from detente.identifiers import Type


def game_with_tables(seed: int, unlike: bool = False) -> PublicTree:
    game = random_crisis(seed, offers=2, turns=1, types=3, ratification=True, unlike=unlike)
    rng = np.random.default_rng(seed)
    a = np.repeat(game.payoff[0][:, :, None], 3, 2)
    b = np.repeat(game.payoff[1][:, None, :], 3, 1)
    return replace(game, joint_payoff=(a + 0.2 * rng.normal(size=a.shape),
                                       b + 0.2 * rng.normal(size=a.shape)))


def payoff_of(game: PublicTree, pi: np.ndarray, types: tuple[int, int], node: int) -> np.ndarray:
    """Return both players' expected payoffs from ``node`` for one pair of types."""
    if game.mover[node] == TERMINAL:
        z = int(np.searchsorted(game.leaves, node))
        assert game.joint_payoff is not None
        return np.array([u[z][types] for u in game.joint_payoff])
    mover = int(game.mover[node])
    who = mover if mover >= 0 else TYPE_CHANCE - mover
    t = types[who] if mover != CHANCE else 0
    return sum((pi[c, t] * payoff_of(game, pi, types, c) for c in game.children(node)), np.zeros(2))


def likelihood(game: PublicTree, pi: np.ndarray, player: int, t: int, node: int) -> float:
    """Return the probability that type ``t`` of ``player`` does its part in reaching ``node``."""
    p = 1.0
    while node > 0:
        parent = int(game.parent[node])
        if game.mover[parent] in (player, TYPE_CHANCE - player):
            p *= pi[node, t]
        node = parent
    return p


@pytest.mark.parametrize(("seed", "unlike"), [(1, False), (2, False), (3, True)])
def test_every_mix_is_the_logit_choice_at_payoffs_found_by_enumeration(
    seed: int, unlike: bool
) -> None:
    game, lam = game_with_tables(seed, unlike), 6.0
    eq = solve(game, lam)
    assert eq.certificate.certified
    for node in np.flatnonzero(game.mover >= 0):
        me, c = int(game.mover[node]), list(game.children(int(node)))
        seen = game.observer_prior
        prior = game.prior[1 - me] if seen is None else seen[me][1 - me]
        odds = np.array([prior[s] * likelihood(game, eq.pi, 1 - me, s, int(node))
                         for s in range(3)])
        for t in range(3):
            worth = np.array([sum(
                # The other's part after this node is in the recursion, so odds stop here.
                odds[s] * payoff_of(game, eq.pi, (t, s) if me == 0 else (s, t), k)[me]
                for s in range(3)) / odds.sum() for k in c])
            logit = game.weight[c] * np.exp(lam * (worth - worth.max()))
            # Probabilities to the solver's residual of 1e-11 and rounding of the enumeration.
            np.testing.assert_allclose(eq.pi[c, t], logit / logit.sum(), atol=1e-10)


def test_tangent_against_differences() -> None:
    system = TypePairs(game_with_tables(5))
    rng = np.random.default_rng(0)
    mask = system.mask.ravel()
    x = system.start() + 0.1 * rng.normal(size=system.size) * mask
    d = rng.normal(size=system.size) * mask
    system.evaluate(x, 7.0)
    found, h = system.tangent(d, 0.2), 1e-5
    ends = [system.evaluate(x + s * h * d, 7.0 + 0.2 * s * h) for s in (1, -1)]
    # Central differences: error of order h squared times third derivatives.
    np.testing.assert_allclose(found, (ends[0] - ends[1]) / (2 * h), rtol=1e-6, atol=1e-6)


def test_three_players_are_refused() -> None:
    game = game_with_tables(1)
    with pytest.raises(SolveError, match="exactly 2 players"):
        solve(replace(game, players=("a", "b", "c"), types=(*game.types, (Type("c", 0),))), 1.0)
