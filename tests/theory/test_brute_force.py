"""Closed forms against brute force: best responses and indifference at random parameters.

Nothing here repeats a model's formula: payoffs are evaluated from the story, on grids or by
integration, and the equilibrium's claims are checked against them.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.theory.audience import two_type, uniform
from detente.theory.audience_attrition import attrition, survival
from detente.theory.brinkmanship import rungs
from detente.theory.chain_store import enters, weak_fights
from detente.theory.deterrence import perfect
from detente.theory.first_strike import arms
from detente.theory.mediator import least_bias
from detente.theory.pre_emption import cutoffs
from detente.theory.screening import screening
from detente.theory.shifting_power import fewest_steps, finite_horizon
from detente.theory.signals import tied
from detente.theory.two_level import alternating, finite_alternating, ratification
from detente.theory.ultimatum import odds
from detente.theory.ultimatum import uniform as ultimatum
from tests.theory.drawn import quick, unit

TIE = 1e-6
"""Parameters nearer to a tie than this are passed over."""


@quick
@given(p=unit, c_A=st.floats(0, 0.5), l=st.floats(0, 0.3), width=st.floats(0.05, 0.7))
def test_no_other_demand_is_better(p, c_A, l, width):
    found = ultimatum(p, c_A, l, l + width)
    x = np.linspace(0, 1, 20_001)
    accepts = np.clip((l + width - (x - p)) / width, 0, 1)  # types whose cost is at least x - p
    payoff = x * accepts + (p - c_A) * (1 - accepts)
    assert payoff.max() <= found["payoff_A"] + 1e-9
    assert abs(x[payoff.argmax()] - found["demand"]) < 1e-3 or np.isclose(
        payoff[np.abs(x - found["demand"]).argmin()], payoff.max(), atol=1e-4)


@quick
@given(a=st.floats(0, 0.5), width=st.floats(0.05, 0.4), c_A=st.floats(0, 0.2),
       c_B=st.floats(0.0, 0.1))
def test_no_other_demand_is_better_when_odds_are_private(a, width, c_A, c_B):
    b = a + width
    found = odds(a, b, c_A, c_B)
    types = np.linspace(a, b, 2001)
    x = np.linspace(0, 1, 2001)
    deals = x[:, None] <= types + c_B + 1e-12  # B accepts iff 1 - x >= 1 - p - c_B
    payoff = np.where(deals, x[:, None], types - c_A).mean(axis=1)
    best = np.where(found["demand"] <= types + c_B + 1e-12, found["demand"], types - c_A).mean()
    assert payoff.max() <= best + 2 * width / 2001 + 1e-9  # one type of the grid


@quick
@given(a=st.floats(0.05, 2), W_A=st.floats(0.1, 3), W_B=st.floats(0.1, 3))
def test_every_type_plays_a_best_response_to_audience_costs(a, W_A, W_B):
    e = uniform(a, W_A, W_B)
    wA, wB = -np.linspace(0, W_A, 4001), -np.linspace(0, W_B, 4001)
    fights = wA > -a
    go = (1 - e["resist"]) + e["resist"] * np.maximum(wA, -a)  # against 0 for keeping quiet
    assert (go[fights] >= -1e-9).all()  # those who would fight challenge
    share = fights.mean()
    if e["challenge"] < 1 - TIE:
        assert np.abs(go[~fights]).max() < 1e-9  # bluffers are indifferent
        assert share / e["challenge"] == pytest.approx(
            e["fight"], rel=2 / (4001 * share))  # a type or two of the grid
    else:
        assert (go >= -1e-9).all()
    resists = (e["fight"] * wB + (1 - e["fight"]) > 0).mean()
    assert resists == pytest.approx(e["resist"], abs=1e-3)


@quick
@given(phi=st.floats(0.05, 0.5), a=st.floats(0.05, 2), k=st.floats(0.05, 0.9))
def test_two_type_bluffing_leaves_both_indifferent(phi, a, k):
    e = two_type(phi, a, k, 0.1, -a - 1)
    posterior = phi / (phi + (1 - phi) * e["bluff"])
    assert posterior * -k + (1 - posterior) * 1 == pytest.approx(0, abs=1e-9)
    assert (1 - e["resist"]) + e["resist"] * -a == pytest.approx(0, abs=1e-9)


@quick
@given(a1=st.floats(0.2, 3), a2=st.floats(0.2, 3), W1=st.floats(0.2, 3), W2=st.floats(0.2, 3))
def test_quitters_are_indifferent_and_fighters_wait_in_the_war_of_attrition(a1, a2, W1, W2):
    e = attrition(a1, a2, W1, W2)
    t = np.linspace(0, e["horizon"], 4001)
    stay = np.array([survival(a1, a2, W1, W2, float(x)) for x in t])
    for me, other, a, W in ((0, 1, a1, W1), (1, 0, a2, W2)):
        s = stay[:, other]
        won = 1 - s  # the other has quit before t, at once or later
        quits_at = won + s * -a * t
        assert np.ptp(quits_at) < 1e-9  # every time of quitting is worth the same
        fighter = won[-1] + s[-1] * -W * np.linspace(0, a * e["horizon"] / W, 50)
        assert (fighter >= quits_at[0] - 1e-9).all()
        doomed = won[-1] + s[-1] * -np.linspace(a * e["horizon"], max(W, a * e["horizon"]), 50)
        assert (doomed <= quits_at[0] + 1e-9).all()
        still = stay[-1, me]
        assert still == pytest.approx(a * e["horizon"] / W, abs=1e-9)  # just the fighters are left
    assert e["war"] + e["concedes_1"] + e["concedes_2"] == pytest.approx(1, abs=1e-12)
    assert e["war"] == pytest.approx(stay[-1, 0] * stay[-1, 1], abs=1e-9)
    rate = -np.diff(stay[:, 0]) @ ((stay[1:, 1] + stay[:-1, 1]) / 2)  # 1 quits while 2 is there
    assert e["concedes_1"] == pytest.approx(1 - stay[0, 0] + rate, abs=1e-6)


@quick
@given(r_C=unit, r_D=unit, d_C=st.floats(0.2, 3), d_D=st.floats(0.2, 3), f1=st.floats(0, 0.2),
       f2=st.floats(0, 0.3))
def test_two_rungs_are_a_sequential_equilibrium(r_C, r_D, d_C, d_D, f1, f2):
    e = rungs(r_C, r_D, d_C, d_D, f1, f2)
    if min(abs(r_C - e["mu_star"]), abs(r_D - e["r_star"])) < 1e-3:
        return
    beta, s = e["escalate_C"], e["escalate_D"]
    climbs = r_D + (1 - r_D) * s
    go = -f1 * d_C + (1 - f1) * (climbs * (-f2 * d_C) + (1 - climbs) * 1)
    last = r_C / (r_C + (1 - r_C) * beta)
    answer = -f2 * d_D + (1 - f2) * (last * -d_D + (1 - last) * 1)
    for chance, gain in ((beta, go), (s, answer)):
        if 1e-9 < chance < 1 - 1e-9:
            assert gain == pytest.approx(0, abs=1e-9)
        else:
            assert (gain >= -1e-9) if chance > 0.5 else (gain <= 1e-9)


@quick
@given(r_C=unit, r_D=unit, s=st.floats(0.1, 0.9), share=st.floats(0.05, 0.95),
       k_D=st.floats(0.1, 3))
def test_perfect_deterrence_is_a_sequential_equilibrium(r_C, r_D, s, share, k_D):
    h = s * share
    ties = (r_D - (1 - s) / (1 - h), r_D - (1 - s), r_C - 1 / (1 + k_D))
    if min(map(abs, ties)) < 1e-3:
        return
    e = perfect(r_C, r_D, s, h, k_D)
    hard, soft = ((1 - e["deny"]) + e["deny"] * x - s for x in (h, 0.0))
    if e["demand"] > 0:
        posterior = r_C * e["demand_hard"] / e["demand"]
        deny = posterior * -k_D + (1 - posterior)
        pairs = [(e["demand_hard"], hard), (e["demand_soft"], soft), (e["deny_soft"], deny)]
    else:
        pairs = [(e["demand_hard"], hard), (e["demand_soft"], soft)]
    for chance, gain in pairs:
        if 1e-9 < chance < 1 - 1e-9:
            assert gain == pytest.approx(0, abs=1e-9)
        else:
            assert (gain >= -1e-9) if chance > 0.5 else (gain <= 1e-9)


@quick
@given(N=st.integers(1, 6), b=st.floats(0.2, 0.8), a=st.floats(1.1, 4), p=st.floats(0.02, 0.95))
def test_chain_store_has_no_profitable_deviation(N, b, a, p):
    if min(abs(b**n - p) for n in range(N + 1)) < 1e-6:
        return

    def entrant(q, n):
        fight = q + (1 - q) * weak_fights(q, n, b)
        return fight * (b - 1) + (1 - fight) * b

    def value(q, n):  # of a weak incumbent
        if n == 0:
            return 0.0
        come = enters(q, n, b, a)
        return (1 - come) * (a + value(q, n - 1)) + come * max(options(q, n))

    def options(q, n):
        raised = max(q, b ** (n - 1)) if q > 0 else 0.0
        return -1 + value(raised, n - 1), value(0.0, n - 1)

    reachable = {p} | {b**n for n in range(1, N)}
    for n in range(N, 0, -1):
        for q in reachable:
            if q != p and q < b**n - 1e-9:
                continue  # reputations b^k arise with k or fewer stages left
            gain = entrant(q, n)
            come = enters(q, n, b, a)
            assert abs(gain) < 1e-9 if 0 < come < 1 else (gain > 0) == (come == 1)
            fight, yield_ = options(q, n)
            chance = weak_fights(q, n, b)
            if 0 < chance < 1:
                assert fight == pytest.approx(yield_, abs=1e-9)
            else:
                assert fight >= yield_ - 1e-9 if chance == 1 else fight <= yield_ + 1e-9


@quick
@given(p1=st.floats(0.4, 0.95), drop=st.floats(0.05, 0.3), c=st.floats(0.01, 0.1),
       d=st.floats(0.2, 0.95), T=st.integers(2, 12))
def test_preventive_war_by_backward_induction(p1, drop, c, d, T):
    e = finite_horizon(p1, p1 - drop, c, d, T)
    if abs(e["margin"]) < TIE:
        return
    later = 0.0
    for t in range(T - 1, -1, -1):
        p = p1 if t == 0 else p1 - drop
        war = sum((p - c) * d**k for k in range(T - t))
        if 1 + d * later < war:
            assert (t, e["war"]) == (0, 1.0)
            return
        later = max(war, d * later)  # R offers just enough, never less than 0
    assert e["war"] == 0.0


@pytest.mark.parametrize(("p1", "shift", "c", "d"), [(.7, .4, .1, .9), (.8, .6, .05, .9),
                                                     (.6, .5, .1, .95), (.5, .3, .1, .8)])
def test_the_fewest_steps_by_backward_induction(p1, shift, c, d):
    def war_at_once(steps, T=500):
        later = 0.0
        for t in range(T - 1, -1, -1):
            war = (p1 - shift * min(t, steps) / steps - c) * (1 - d ** (T - t)) / (1 - d)
            fought = 1 + d * later < war - 1e-12
            later = war if fought else max(war, d * later)
        return fought

    n = fewest_steps(p1, shift, c, d)
    assert not war_at_once(n)
    assert n == 1 or war_at_once(n - 1)


@quick
@given(mu=st.floats(0.02, 0.4), more=st.floats(0.05, 0.8), C=st.floats(0.2, 2))
def test_arming_is_a_best_response(mu, more, C):
    d = mu + more
    if abs(C - d) < 1e-3:
        return
    e = arms(mu, d, C)
    cost = np.linspace(0, C, 10_001)
    q = e["build"]
    builds = q * -cost + (1 - q) * (mu - cost) > q * -d
    assert builds.mean() == pytest.approx(q, abs=1e-3)  # a type or two of the grid


@quick
@given(g=st.floats(0, 0.2), gap=st.floats(0.1, 0.6), mu=st.floats(0, 0.8),
       sigma=st.floats(0.05, 0.6))
def test_cutoff_types_are_indifferent(g, gap, mu, sigma):
    rng = np.random.default_rng(0)
    s, w = 1.0, 1.0 - g - gap
    e = cutoffs(g, s, w, mu, sigma)
    assert e["equilibria"] % 2 == 1
    if e["slope"] < 1:
        assert e["equilibria"] == 1
    other = mu + sigma * rng.standard_normal(200_000)
    for i in range(1, int(e["equilibria"]) + 1):
        k = e[f"cutoff_{i}"]
        Q = (other <= k).mean()
        attack = Q * (-w - k) + (1 - Q) * (g - k)
        assert attack == pytest.approx(Q * -s, abs=0.005)  # four standard errors of Q


@quick
@given(V=st.floats(0.5, 2), p=st.floats(0.3, 0.9), share=st.floats(0.1, 0.9),
       eps=st.floats(0.05, 0.6))
def test_who_ties_its_hands_would_not_do_otherwise(V, p, share, eps):
    c = share * p * V
    e = tied(V, p, c, eps)
    v = np.linspace(0, V, 2001)
    signal = (1 - eps) * v + eps * np.maximum(p * v - c, -e["cost"])
    none = np.maximum(p * v - c, 0)
    sends = v > e["cutoff"] + 1e-9
    assert (signal[sends] >= none[sends] - 1e-9).all()
    assert (signal[v < e["cutoff"] - 1e-9] <= none[v < e["cutoff"] - 1e-9] + 1e-9).all()
    assert (p * v[sends] - c >= -e["cost"] - 1e-9).all()  # all who commit would fight


@quick
@given(c_L=st.floats(0, 0.2), more=st.floats(0.1, 0.4), c_1=st.floats(0, 0.3),
       gamma=st.floats(0, 1), e=st.floats(0.01, 0.2))
def test_the_least_bias_leaves_the_mediator_indifferent(c_L, more, c_1, gamma, e):
    c_H, p = c_L + more, 0.4
    if 2 * (1 - e) * more <= e * (c_L + c_1) + 0.01 or c_L + c_1 + gamma < 0.01:
        return
    b = least_bias(c_L, c_H, c_1, gamma, e)
    low = b * (p + c_L) + (1 - b) * (1 - p - c_L)
    weak = b * (p + c_H) + (1 - b) * (1 - p - c_H)
    war = b * (p - c_1) + (1 - b) * (1 - p - c_L) - gamma
    assert (1 - e) * weak + e * war == pytest.approx(low, abs=1e-9)
    assert b > 0.5


@quick
@given(R=st.floats(0.05, 1), d_F=st.floats(0, 0.9))
def test_no_other_offer_abroad_is_better(R, d_F):
    e = ratification(R, d_F)
    x = np.linspace(0, 1, 10_001)
    ratified = np.clip(x / R, 0, 1)
    payoff = (1 - x) * ratified + d_F * (1 - ratified)
    best = (1 - e["offer"]) * e["ratify"] + d_F * (1 - e["ratify"])
    assert payoff.max() <= best + 1e-9


@quick
@given(d=st.floats(0.1, 0.9), r=st.floats(0, 1))
def test_alternating_offers_by_backward_induction(d, r):
    assert finite_alternating(d, r, 601) == pytest.approx(alternating(d, r)["share"], abs=1e-9)


@quick
@given(q=st.floats(0.13, 0.95))
def test_screening_beliefs_follow_from_acceptance(q):
    """Bayes' rule from the acceptances leads to certainty that B is strong when offers pool."""
    e = screening(q, .5, .05, .05, .2, .3)
    weak, strong, left, decisive = 1 - q, q, 1.0, 0.0
    for k in range(1, int(e["rounds"]) + 1):
        taken = e[f"accept_{k}"] * (weak + strong)
        weak -= taken
        left = weak + strong
        decisive += left * .3
        weak, strong = weak * .7, strong * .7
        # the weak type is indifferent between this offer and the next after a battle
        y, following = e[f"offer_{k}"], e[f"offer_{k + 1}"]
        assert y == pytest.approx(-.2 + .3 * .5 + .7 * following + (.3 * 0), abs=1e-9)
    if e["rounds"]:
        assert weak == pytest.approx(0, abs=1e-9)
    assert decisive == pytest.approx(e["decisive"], abs=1e-9)
