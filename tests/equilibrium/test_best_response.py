"""Exact best responses against brute force, OpenSpiel, and what must hold for any strategies."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.equilibrium.games import random_mix, random_tree

from detente.equilibrium.certificates.best_response import BestResponse
from detente.equilibrium.certificates.public import nash_conv
from detente.game import CHANCE, JOINT, TERMINAL, TYPE_CHANCE, PublicTree


def payoff_of(game: PublicTree, pi, joint, i: int, deal: tuple[int, ...], node: int = 0) -> float:
    """Player i's expected payoff for one deal of types, by recursion, without beliefs."""
    mover, kids = int(game.mover[node]), list(game.children(node))
    if mover == TERMINAL:
        z = int(np.searchsorted(game.leaves, node))
        if game.joint_payoff is not None:
            return float(game.joint_payoff[i][z][deal])
        return float(game.payoff[i][z, deal[i]])
    if mover == JOINT:
        j = game.joints[node]
        odds = [
            math.prod(float(joint[node][s][a, deal[p]])
                      for s, (p, a) in enumerate(zip(j.players, profile, strict=True)))
            for profile in np.ndindex(*j.sizes)]
    elif mover == CHANCE:
        odds = [float(game.weight[c]) for c in kids]
    elif mover <= TYPE_CHANCE:
        odds = [float(game.type_prob[game.type_row[c], deal[TYPE_CHANCE - mover]]) for c in kids]
    else:
        odds = [float(pi[c, deal[mover]]) for c in kids]
    return sum(p * payoff_of(game, pi, joint, i, deal, c)
               for p, c in zip(odds, kids, strict=True) if p > 0)


def brute_gain(game: PublicTree, pi, joint, i: int, epsilon: float) -> float:
    """Player i's gain from its best strategy, over every pure choice at its information sets."""
    other = 1 - i
    seen = game.prior if game.observer_prior is None else game.observer_prior[i]
    gain = 0.0
    menus = [(n, None) for n in range(game.n_nodes) if game.mover[n] == i]
    menus += [(n, j.players.index(i)) for n, j in game.joints.items() if i in j.players]

    def expected(t: int, pi, joint) -> float:
        total = 0.0
        for u in range(game.n_types[other]):
            deal = (t, u) if i == 0 else (u, t)
            total += float(seen[other][u]) * payoff_of(game, pi, joint, i, deal)
        return total

    for t in range(game.n_types[i]):
        best = -math.inf
        sizes = [int(game.count[n]) if s is None else game.joints[n].sizes[s] for n, s in menus]
        for picks in itertools.product(*map(range, sizes)):
            pi2, joint2 = pi.copy(), {n: tuple(m.copy() for m in v) for n, v in joint.items()}
            for (n, s), pick in zip(menus, picks, strict=True):
                if s is None:
                    c = slice(int(game.first[n]), int(game.first[n] + game.count[n]))
                    pure = np.eye(int(game.count[n]))[pick]
                    pi2[c, t] = (1 - epsilon) * pure + epsilon * game.weight[c]
                else:
                    w = game.joints[n].weights[s]
                    joint2[n][s][:, t] = (1 - epsilon) * np.eye(len(w))[pick] + epsilon * w
            best = max(best, expected(t, pi2, joint2))
        gain += float(seen[i][t]) * (best - expected(t, pi, joint))
    return gain

# Brute force -------------------------------------------------------------------------------------


@pytest.mark.parametrize("epsilon", [0.0, 0.2])
@pytest.mark.parametrize("unlike", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_best_responses_against_every_pure_strategy(seed, unlike, epsilon):
    game = next(g for g in (random_tree(100 * seed + k, unlike=unlike) for k in range(50))
                if sum((g.mover == 0) | (g.mover == 1)) + 2 * len(g.joints) <= 8)
    pi, joint = random_mix(game, np.random.default_rng(seed), epsilon)
    gains = BestResponse(game, pi, joint).gains(epsilon)
    for i in (0, 1):
        # Sums of a few dozen products of order ten.
        assert gains[i] == pytest.approx(brute_gain(game, pi, joint, i, epsilon), abs=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_interdependent_best_responses_against_every_pure_strategy(seed):
    game = next(g for g in (random_tree(100 * seed + k) for k in range(50))
                if sum((g.mover == 0) | (g.mover == 1)) + 2 * len(g.joints) <= 8)
    rng = np.random.default_rng(seed)
    pays = (rng.standard_normal((len(game.leaves), 2, 2)),
            rng.standard_normal((len(game.leaves), 2, 2)))
    game = replace(game, joint_payoff=pays)
    pi, joint = random_mix(game, rng)
    gains = BestResponse(game, pi, joint).gains(0.0)
    for i in (0, 1):
        assert gains[i] == pytest.approx(brute_gain(game, pi, joint, i, 0.0), abs=1e-12)


# Another program ---------------------------------------------------------------------------------


@pytest.mark.peers
@pytest.mark.parametrize("seed", range(6))
def test_nash_conv_agrees_with_openspiel(seed):
    pyspiel = pytest.importorskip("pyspiel")
    from benchmarks.bench_deliberate import efg_text
    from open_spiel.python import policy
    from open_spiel.python.algorithms import exploitability

    game = random_tree(seed)
    pi, joint = random_mix(game, np.random.default_rng(seed))
    theirs = pyspiel.load_efg_game(efg_text(game))
    table = policy.TabularPolicy(theirs)
    for name, row in table.state_lookup.items():
        node, t = (int(x) for x in name.split("-")[-2:])
        i = int(name.split("-")[0])
        if node in joint:
            mix = joint[node][game.joints[node].players.index(i)][:, t]
        else:
            mix = pi[game.first[node] : game.first[node] + game.count[node], t]
        state = table.states[row]
        for action, p in zip(state.legal_actions(), mix, strict=True):
            table.action_probability_array[row, action] = p
    assert nash_conv(game, pi, joint_pi=joint) == pytest.approx(
        exploitability.nash_conv(theirs, table), abs=1e-10)

# Invariants --------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), unlike=st.booleans(), epsilon=st.sampled_from([0.0, 0.05]))
def test_no_gain_is_negative(seed, unlike, epsilon):
    game = random_tree(seed, unlike=unlike)
    pi, joint = random_mix(game, np.random.default_rng(seed), epsilon)
    play = BestResponse(game, pi, joint)
    # Rounding in sums of order ten.
    assert min(play.gains(epsilon)) >= -1e-13
    assert play.below_floor(epsilon) <= 1e-15
    assert play.largest_gain(epsilon) >= -1e-13
