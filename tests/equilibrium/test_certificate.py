"""Certificates against closed forms, brute force, and OpenSpiel."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.equilibrium.bestresponse import Play
from detente.equilibrium.certificate import Certificate, certify, nash_conv
from detente.errors import SolveError
from detente.game import (
    CHANCE,
    JOINT,
    TERMINAL,
    TYPE_CHANCE,
    PublicTree,
    chance,
    chance_by_type,
    decide,
    end,
    together,
    tree,
)


def entry() -> PublicTree:
    return tree({"entrant": 1, "incumbent": 1}, decide("entrant", {
        "out": end("out", entrant=0, incumbent=2),
        "in": decide("incumbent", {"fight": end("fought", entrant=-1, incumbent=-1),
                                   "acquiesce": end("shared", entrant=1, incumbent=1)})}))


def signalling() -> PublicTree:
    """Crisis signalling: tough prior .2 with war payoff .1, weak -1.5; a = .5, k = .8."""
    return tree({"A": {"tough": 0.2, "weak": 0.8}, "B": 1}, decide("A", {
        "keep": end("status quo", A=0, B=1),
        "challenge": decide("B", {
            "concede": end("concession", A=1, B=0),
            "resist": decide("A", {
                "fight": end("war", A={"tough": 0.1, "weak": -1.5}, B=-0.8),
                "back down": end("backed down", A=-0.5, B=1)})})}))


def signalling_play(resist: float, tough: float, weak: float, fight: tuple[float, float]) -> (
        np.ndarray):
    pi = np.ones((7, 2))
    pi[1], pi[2] = [1 - tough, 1 - weak], [tough, weak]
    pi[3], pi[4] = 1 - resist, resist
    pi[5], pi[6] = fight, [1 - f for f in fight]
    return pi


def poker() -> PublicTree:
    """Stripped-down poker: a King or a Queen bets or folds, the other calls or passes."""
    return tree({"one": {"K": 0.5, "Q": 0.5}, "two": 1}, decide("one", {
        "fold": end("folded", one=-1, two=1),
        "bet": decide("two", {
            "pass": end("passed", one=1, two=-1),
            "call": chance_by_type("one", {
                "wins": ([1, 0], end("won", one=2, two=-2)),
                "loses": ([0, 1], end("lost", one=-2, two=2))})})}))


def poker_play(king: float, queen: float, call: float) -> np.ndarray:
    pi = np.ones((7, 2))
    pi[1], pi[2] = [1 - king, 1 - queen], [king, queen]
    pi[3], pi[4] = 1 - call, call
    return pi


def random_tree(seed: int, *, joint: bool = True, unlike: bool = False) -> PublicTree:
    """Two players with two types, every kind of node, payoffs 3 N(0, 1)."""
    rng = np.random.default_rng(seed)

    def pay() -> list[float]:
        return list(3 * rng.standard_normal(2))

    def leaf():
        return end("end", a=pay(), b=pay())

    def grow(depth: int):
        kind = rng.integers(0, 6)
        if depth == 0:
            return leaf()
        if kind == 0:
            p = float(rng.uniform(0.1, 0.9))
            return chance({"x": (p, grow(depth - 1)), "y": (1 - p, grow(depth - 1))})
        if kind == 1:
            who, p = "ab"[rng.integers(2)], rng.uniform(0.1, 0.9, 2)
            return chance_by_type(who, {"x": (list(p), grow(depth - 1)),
                                        "y": (list(1 - p), grow(depth - 1))})
        if kind == 2 and joint:
            moves = list(itertools.product("rs", "uvw"))
            return together({"a": "rs", "b": "uvw"},
                            {m: grow(depth - 2) if depth > 1 else leaf() for m in moves})
        moves = {m: grow(depth - 1) for m in "lmr"[: 2 + int(rng.integers(2))]}
        w = {m: float(rng.uniform(0.2, 1)) for m in moves}
        return decide("ab"[rng.integers(2)], moves, w)

    def prior() -> dict[str, float]:
        p = float(rng.uniform(0.2, 0.8))
        return {"s": p, "t": 1 - p}

    seen = {"a": {"b": [0.3, 0.7], "a": [0.6, 0.4]}, "b": {"a": [0.8, 0.2]}} if unlike else None
    root = decide("a", {"go": grow(2), "on": decide("b", {"x": grow(2), "y": grow(1)})})
    return tree({"a": prior(), "b": prior()}, root, seen)


def random_mix(game: PublicTree, rng: np.random.Generator, floor: float = 0.0):
    """Strategies drawn at random; every move keeps ``floor`` times its menu weight."""
    def mix(w, types):
        p = rng.exponential(size=(len(w), types))
        return (1 - floor) * p / p.sum(axis=0) + floor * w[:, None]

    pi = np.ones((game.n_nodes, max(game.n_types)))
    joint = {}
    for n in range(game.n_nodes):
        c = slice(int(game.first[n]), int(game.first[n] + game.count[n]))
        if game.mover[n] >= 0:
            types = game.n_types[game.mover[n]]
            pi[c, :types] = mix(game.weight[c], types)
        elif game.mover[n] == JOINT:
            j = game.joints[n]
            joint[n] = tuple(mix(w, game.n_types[i])
                             for i, w in zip(j.players, j.weights, strict=True))
    return pi, joint


def payoff_of(game: PublicTree, pi, joint, i: int, deal: tuple[int, ...], node: int = 0) -> float:
    """Player i's expected payoff for one deal of types, by walking the tree: no beliefs at all."""
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


# Closed forms ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lam", [1.0, 5.0, 40.0])
def test_entry_deterrence_in_closed_form(lam):
    fight = 1 / (1 + math.exp(2 * lam))
    enter = 1 / (1 + math.exp(-lam * (1 - 2 * fight)))
    pi = np.array([[1.0], [1 - enter], [enter], [fight], [1 - fight]])
    c = certify(entry(), pi, reading="fallible", lam=lam)
    assert c.certified
    # Two exponentials: rounding only.
    assert c.residual < 1e-14
    # The incumbent gives up 2 P(fight) where there is entry; the entrant what staying out costs.
    assert c.nash_conv == pytest.approx(2 * fight * enter + (1 - enter) * (1 - 2 * fight))


@pytest.mark.parametrize(("lam", "row"), [
    (1.0, (0.589005362746, 0.585324224356, 0.489522538094, 0.355636043292)),
    (10.0, (0.742348330403, 0.964697191538, 0.243136120871, 0.496766109659)),
])
def test_published_fallible_signalling_passes(lam, row):
    resist, tough, weak, public = row
    fight = (1 / (1 + math.exp(-lam * 0.6)), 1 / (1 + math.exp(lam)))
    seen = 0.2 * tough * fight[0] + 0.8 * weak * fight[1]
    # The table has twelve digits; a probability moves by at most lambda/4 per unit of payoff.
    assert seen / (0.2 * tough + 0.8 * weak) == pytest.approx(public, abs=1e-11 * lam)
    play = signalling_play(resist, tough, weak, fight)
    c = certify(signalling(), play, reading="fallible", lam=lam)
    assert c.certified
    assert c.residual < 1e-11 * lam
    wrong = certify(signalling(), signalling_play(resist + 1e-6, tough, weak, fight),
                    reading="fallible", lam=lam)
    assert not wrong.certified
    assert "residual" in wrong.note


@pytest.mark.parametrize(("lam", "row"), [
    (1.0, (0.931785430088, 0.539086796141, 0.614444385853)),
    (2.0, (0.995177813609, 0.502729476651, 0.66484699749)),
])
def test_published_fallible_poker_passes(lam, row):
    c = certify(poker(), poker_play(*row), reading="fallible", lam=lam)
    assert c.residual < 1e-11 * lam  # twelve digits in the table


def test_exact_equilibria_gain_nothing():
    assert nash_conv(poker(), poker_play(1, 1 / 3, 2 / 3)) == pytest.approx(0, abs=1e-15)
    play = signalling_play(2 / 3, 1, 0.2, (1, 0))
    assert nash_conv(signalling(), play) == pytest.approx(0, abs=1e-15)
    # By hand: if B always resists, tough still challenges, weak gains .2 * .5 from staying home;
    # B gains nothing, being indifferent.
    play = signalling_play(1, 1, 0.2, (1, 0))
    weak = 0.8 * 0.2 * 0.5
    assert nash_conv(signalling(), play) == pytest.approx(weak, abs=1e-15)


def test_a_threat_off_the_path_is_nash_but_not_within_a_floor():
    threat = np.array([[1.0], [1], [0], [1], [0]])
    assert nash_conv(entry(), threat) == 0
    floor = 0.1
    floored = np.array([[1.0], [1 - floor / 2], [floor / 2], [1 - floor / 2], [floor / 2]])
    # The incumbent is met with probability .05 and then loses 2 (1 - .1) by fighting.
    assert nash_conv(entry(), floored, floor) == pytest.approx(0.05 * 1.8)
    c = certify(entry(), floored, reading="deliberate", epsilon=floor)
    assert not c.certified
    assert "NashConv" in c.note


def test_strategies_below_their_floor_are_marked():
    c = certify(entry(), np.array([[1.0], [0], [1], [0], [1]]), reading="deliberate", epsilon=0.01)
    assert not c.certified
    assert "floor" in c.note


def test_interdependent_payoffs_agree_with_a_showdown():
    """The card decides who wins: as a chance by type, or as payoffs that depend on the card."""
    shown = tree({"one": {"K": 0.5, "Q": 0.5}, "two": 1}, decide("one", {
        "fold": end("folded"), "bet": decide("two", {"pass": end("passed"), "call": end("met")})}))
    one = np.array([[[-1.0], [-1]], [[1], [1]], [[2], [-2]]])
    both = replace(shown, joint_payoff=(one, -one))
    play = poker_play(0.9, 0.4, 0.7)
    want = certify(poker(), play, reading="fallible", lam=3.0)
    found = certify(both, play[:5], reading="fallible", lam=3.0)
    # The same sums in another order.
    assert found.nash_conv == pytest.approx(want.nash_conv, abs=1e-14)
    assert found.residual == pytest.approx(want.residual, abs=1e-14)


# Brute force -------------------------------------------------------------------------------------


@pytest.mark.parametrize("epsilon", [0.0, 0.2])
@pytest.mark.parametrize("unlike", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_best_responses_against_every_pure_strategy(seed, unlike, epsilon):
    game = next(g for g in (random_tree(100 * seed + k, unlike=unlike) for k in range(50))
                if sum((g.mover == 0) | (g.mover == 1)) + 2 * len(g.joints) <= 8)
    pi, joint = random_mix(game, np.random.default_rng(seed), epsilon)
    gains = Play(game, pi, joint).gains(epsilon)
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
    gains = Play(game, pi, joint).gains(0.0)
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
def test_nobody_gains_less_than_nothing(seed, unlike, epsilon):
    game = random_tree(seed, unlike=unlike)
    pi, joint = random_mix(game, np.random.default_rng(seed), epsilon)
    play = Play(game, pi, joint)
    # Rounding in sums of order ten.
    assert min(play.gains(epsilon)) >= -1e-13
    assert play.below_floor(epsilon) <= 1e-15
    assert play.largest_gain(epsilon) >= -1e-13


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.floats(0.01, 100.0))
def test_rescaling_payoffs_divides_lambda(seed, scale):
    game = random_tree(seed)
    pi, joint = random_mix(game, np.random.default_rng(seed))
    big = replace(game, payoff=tuple(scale * u for u in game.payoff))
    one = certify(game, pi, reading="fallible", lam=2.0, joint_pi=joint)
    two = certify(big, pi, reading="fallible", lam=2.0 / scale, joint_pi=joint)
    assert two.residual == pytest.approx(one.residual, abs=1e-12)
    assert two.nash_conv == pytest.approx(scale * one.nash_conv, rel=1e-9, abs=1e-12 * scale)
    assert two.max_regret == pytest.approx(scale * one.max_regret, rel=1e-9, abs=1e-12 * scale)


def test_a_move_listed_twice_changes_nothing():
    def game(names, weights):
        offers = {n: decide("b", {"accept": end("deal", a=0.6, b=[0.4, 0.3]),
                                  "refuse": end("war", a=0.3, b=[0.35, 0.1])}) for n in names}
        return tree({"a": 1, "b": {"x": 0.4, "y": 0.6}},
                    decide("a", {"hold": end("quiet", a=0.4, b=0.6), **offers},
                           {"hold": 1.0, **weights}))

    once, twice = game(["offer"], {"offer": 1.0}), game(["o", "p"], {"o": 0.5, "p": 0.5})
    answer = [[0.7, 0.2], [0.3, 0.8]]
    pi1 = np.array([[1, 1], [0.3, 0.3], [0.7, 0.7], *answer], dtype=float)
    pi2 = np.array([[1, 1], [0.3, 0.3], [0.35, 0.35], [0.35, 0.35], *answer, *answer], dtype=float)
    for epsilon in (0.0, 0.1):
        assert nash_conv(twice, pi2, epsilon) == pytest.approx(nash_conv(once, pi1, epsilon),
                                                              abs=1e-15)
    regrets = [certify(g, p, reading="fallible", lam=2.0).max_regret
               for g, p in ((once, pi1), (twice, pi2))]
    assert regrets[0] == pytest.approx(regrets[1], abs=1e-15)


# Bad input and output ----------------------------------------------------------------------------


def test_not_numbers_and_not_distributions_are_marked():
    for bad in (np.nan, 0.7):
        c = certify(entry(), np.array([[1.0], [0.5], [bad], [0.5], [0.5]]),
                    reading="fallible", lam=1.0)
        assert not c.certified
        assert "distribution" in c.note
        json.dumps(c.as_dict(), allow_nan=False)


def test_lambda_zero_has_no_bound():
    c = certify(entry(), np.array([[1.0], [0.5], [0.5], [0.5], [0.5]]), reading="fallible", lam=0.0)
    assert c.certified
    assert c.regret_bound is None
    assert c.max_regret == 1.0  # the incumbent's, between -1 and 1 at even odds


def test_wrong_shapes_are_refused():
    with pytest.raises(SolveError, match="shape"):
        certify(entry(), np.ones((4, 1)), reading="fallible", lam=1.0)
    with pytest.raises(SolveError, match="lambda"):
        certify(entry(), np.ones((5, 1)), reading="fallible")
    with pytest.raises(SolveError, match="floor"):
        certify(entry(), np.ones((5, 1)), reading="deliberate", epsilon=2.0)
    game = tree({"a": 1, "b": 1}, together({"a": "xy", "b": "xy"}, {
        p: end("e", a=1) for p in itertools.product("xy", "xy")}))
    with pytest.raises(SolveError, match="simultaneous"):
        certify(game, np.ones((5, 1)), reading="fallible", lam=1.0)


def test_certificates_are_frozen_json():
    c = Certificate("fallible", 1.0, None, 0.0, math.inf, None, 0.1, "annealed", (1.5,), True)
    assert json.loads(json.dumps(c.as_dict(), allow_nan=False))["max_regret"] is None
    with pytest.raises(AttributeError):
        c.certified = False  # type: ignore[misc]
