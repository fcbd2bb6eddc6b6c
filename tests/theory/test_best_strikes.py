"""Brute force: fear, pre-emption, threats and arms races (models 3, 4, 5, 15).

Nobody gains by doing otherwise. As in `test_brute_force`, payoffs are evaluated from the story, on
grids, by sampling or by integration.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detente.theory import load
from detente.theory.audience_normal import normal
from detente.theory.brinkmanship import threat
from detente.theory.first_strike import bargaining_range, fear
from detente.theory.pre_emption import cutoffs
from detente.theory.richardson import race
from tests.theory.drawn import TIE, many, quick, unit


@quick
@given(p_s=st.floats(0, 0.9), more=st.floats(0, 0.5), c_A=st.floats(0, 0.3),
       c_B=st.floats(0, 0.3))
def test_a_deal_holds_where_neither_would_strike(p_s, more, c_A, c_B):
    p_f = min(1.0, p_s + more)
    e = bargaining_range(p_f, p_s, c_A, c_B)
    assume(abs(e["width"]) > 1e-3)
    x = np.linspace(0, 1, 4001)
    holds = (x >= p_f - c_A) & (1 - x >= 1 - p_s - c_B)  # B, striking first, wins with 1 - p_s
    assert holds.any() == (e["war"] == 0)
    if holds.any():
        assert x[holds].min() == pytest.approx(max(e["low"], 0), abs=3e-4)
        assert x[holds].max() == pytest.approx(min(e["high"], 1), abs=3e-4)


@many
@given(d=st.floats(0.05, 2), w=st.floats(0, 1), more=st.floats(0.05, 2))
def test_fear_of_attack_makes_indifferent(d, w, more):
    s = w + more
    e = fear(d, s, w)
    attack, wait = (lambda q: -q * w - (1 - q) * d), (lambda q: -q * s)
    assert attack(e["q_star"]) == pytest.approx(wait(e["q_star"]), abs=1e-9)
    assert attack(e["q_star"] + 0.01) > wait(e["q_star"] + 0.01)
    if abs(e["q_star"] - 0.5) > TIE:  # risk dominance: best against a coin
        assert (attack(0.5) > wait(0.5)) == (e["attack"] == 1)


@quick
@given(rho=st.floats(-0.5, 0.9), mu=st.floats(0.1, 0.6), sigma=st.floats(0.08, 0.5))
def test_correlated_cutoffs_are_best_responses_and_none_is_missed(rho, mu, sigma):
    """Q by integrating the density of the other's cost given one's own; every sign change."""
    g, s, w = 0.1, 1.0, 0.4
    e = cutoffs(g, s, w, mu, sigma, rho)
    ks = np.linspace(g, s - w, 401)
    step = 1e-3
    z = np.arange(-6, 6, step) + step / 2  # the other's cost, in conditional deviations
    density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    def gain(k):  # of attacking over waiting for the cutoff type
        other = mu + rho * (k - mu) + sigma * math.sqrt(1 - rho * rho) * z
        Q = density[other <= k].sum() * step
        return Q * (-w - k + s) + (1 - Q) * (g - k)

    for i in range(1, int(e["equilibria"]) + 1):
        assert gain(e[f"cutoff_{i}"]) == pytest.approx(0, abs=0.5 * step)  # a cell of the sum
    gains = np.array([gain(k) for k in ks])
    clear = np.sign(gains[np.abs(gains) > step])
    assert (np.diff(clear) != 0).sum() <= e["equilibria"]
    if e["equilibria"] == 1:
        assert clear[0] >= clear[-1]


def test_three_cutoffs_in_the_tight_game_by_iterated_best_responses():
    """From both ends the iteration stops at the outer two; the middle one is where it turns."""
    g, s, w, mu, sigma = 0.1, 1.0, 0.4, 0.35, 0.1
    rng = np.random.default_rng(3)
    other = np.sort(mu + sigma * rng.standard_normal(1_000_000))

    def reply(k):
        return g + np.searchsorted(other, k) / len(other) * (s - w - g)

    low, high = g, s - w
    for _ in range(200):
        low, high = reply(low), reply(high)
    e = cutoffs(g, s, w, mu, sigma)
    assert e["equilibria"] == 3
    assert low == pytest.approx(e["cutoff_1"], abs=5e-4)  # the sample's error at a millionth
    assert high == pytest.approx(e["cutoff_3"], abs=5e-4)
    assert reply(e["cutoff_2"] + 0.02) > e["cutoff_2"] + 0.02
    assert reply(e["cutoff_2"] - 0.02) < e["cutoff_2"] - 0.02
    solved = load("carlsson-van-damme-1993").solver().values
    assert solved["equilibria"] == 3
    correlated = load("carlsson-van-damme-1993").solver(rho=0.9, lam=60.0).values
    assert correlated["equilibria"] == 1  # the general engine, from all nine starts
    assert correlated["cutoff_1"] == pytest.approx(0.35, abs=1e-6)  # by symmetry about mu


def test_the_two_engines_agree_where_costs_are_independent():
    model = load("carlsson-van-damme-1993")
    tree, general = (model.solver(grid=40, lam=60.0, rho=rho).values for rho in (0.0, 1e-6))
    assert tree == pytest.approx(general, abs=1e-5)  # a correlation of 1e-6 moves it so little


@pytest.mark.parametrize(("W_B", "count"), [(-2.9, 3), (-2.6, 1), (-3.5, 1)])
def test_every_equilibrium_with_normal_shocks_by_sampling(W_B, count):
    """Each root reproduces itself when a million sampled pairs of types reply to it."""
    W_A, a = -1.9, -1.2
    e = normal(W_A, a, W_B, 0, 1, 0, 1)
    assert e["equilibria"] == count
    rng = np.random.default_rng(1)
    n = 1_000_000
    war, retreat = W_A + rng.standard_normal(n), a + rng.standard_normal(n)
    for i in range(1, count + 1):
        p_R = e[f"resist_{i}"]
        goes = (1 - p_R) + p_R * np.maximum(war, retreat) > 0
        fights = goes & (war > retreat)
        p_F = fights.sum() / goes.sum()
        B = rng.standard_normal(n)
        resists = p_F * (W_B + B) + (1 - p_F) > 0
        assert goes.mean() == pytest.approx(e[f"challenge_{i}"], abs=0.003)
        assert p_F == pytest.approx(e[f"fight_{i}"], abs=0.003)  # of .2: four standard errors
        # p_R moves some ten times as much as p_F where B is near indifferent
        assert resists.mean() == pytest.approx(p_R, abs=0.01)
    # and there are no more: the sampled reply crosses the diagonal as often
    better, fighter, B = np.maximum(war, retreat), war > retreat, np.sort(B)
    over = []
    for p_R in np.linspace(0.01, 0.99, 99):
        goes = (1 - p_R) + p_R * better > 0
        p_F = (goes & fighter).sum() / goes.sum()
        reply = 1 - np.searchsorted(B, -(1 - p_F) / p_F - W_B) / n
        if abs(reply - p_R) > 0.003:  # what the sample can tell from a crossing
            over.append(reply > p_R)
    assert sum(x != y for x, y in itertools.pairwise(over)) == count


@many
@given(q=unit, p=unit, gain=st.floats(0.1, 2), harm=st.floats(0.5, 8), u=st.floats(0.2, 5),
       ruin=st.floats(1, 20))
def test_threats_are_effective_and_acceptable(q, p, gain, harm, u, ruin):
    e = threat(q, p, 0.0, gain, -harm, 0.0, u, -ruin)
    assume(abs(q - e["least"]) > TIE and abs(q - e["most"]) > TIE)
    defies = q * -harm + (1 - q) * gain
    complies = defies < 0
    assert e["complied"] == float(complies)
    soft = u if complies else q * -ruin
    worth = (1 - p) * soft + p * q * -ruin
    assert e["made"] == float(complies and worth > 0)


@quick
@given(a=unit, b=unit, m=unit, n=unit, g=st.floats(-1, 1), h=st.floats(-1, 1))
def test_arms_races_settle_where_their_path_does(a, b, m, n, g, h):
    assume(abs(m * n - a * b) > 0.02)
    e = race(a, b, m, n, g, h)
    A = np.array([[-m, a], [b, -n]])
    root = np.linalg.eigvals(A).real.max()
    assert e["stable"] == float(root < 0)
    assert e["eigenvalue"] == pytest.approx(root, abs=1e-9)
    if e["stable"]:
        rest = np.array([e["x"], e["y"]])
        assert A @ rest + np.array([g, h]) == pytest.approx(np.zeros(2), abs=1e-9)
