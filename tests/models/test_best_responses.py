"""Brute force for the models that `test_brute_force` leaves: nobody gains by doing otherwise.

As there, payoffs are evaluated from the story, on grids, by sampling or by integration.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.models import load
from detente.models.attrition import cost_range, hazards, holding_out
from detente.models.audience import quantal
from detente.models.audience_normal import normal
from detente.models.beliefs import unlike_beliefs
from detente.models.brinkmanship import threat
from detente.models.deterrence import agent_error, private_payoffs
from detente.models.first_strike import bargaining_range, fear
from detente.models.gradual_shift import chances, gradual
from detente.models.mediator import mediation
from detente.models.pre_emption import cutoffs
from detente.models.quantal import centipede, entry, matrix, poker
from detente.models.richardson import race
from detente.models.rudimentary_deterrence import rudimentary
from detente.models.screening import screening
from detente.models.signals import bluffing, separating_costs, sunk
from detente.models.spoiler import sabotage
from detente.models.trust import gesture, trust
from detente.models.ultimatum import binary, two_sided

unit = st.floats(0.05, 0.95)
quick = settings(max_examples=20, deadline=None)
many = settings(max_examples=300, deadline=None)  # where a wrong threshold shows only near itself
TIE = 1e-4
"""Parameters nearer to a tie than this are passed over."""


@many
@given(c_L=st.floats(0, 0.2), more=st.floats(0.02, 0.3), c_A=st.floats(0, 0.3), q=unit,
       p=st.floats(0, 0.5))
def test_no_other_demand_is_better_against_two_types(c_L, more, c_A, q, p):
    c_H = c_L + more
    found = binary(c_L, c_H, c_A, q, p)
    assume(abs(found["threshold"] - q) > TIE)
    x = np.concatenate([np.linspace(0, 1, 2001), [found["demand"]]])
    accepts = q * (1 - x >= 1 - p - c_L - 1e-12) + (1 - q) * (1 - x >= 1 - p - c_H - 1e-12)
    payoff = x * accepts + (p - c_A) * (1 - accepts)
    assert payoff[-1] >= payoff.max() - 1e-12
    assert 1 - accepts[-1] == pytest.approx(found["war"], abs=1e-9)


@quick
@given(C=st.floats(0.1, 1), K=st.floats(0.1, 1.5))
def test_every_cost_demands_its_best_when_both_are_private(C, K):
    t = np.linspace(0, 1.2 * C, 3001)  # demand over p
    refused = np.clip(t / C, 0, 1)
    war = [refused[np.argmax(t * (1 - refused) - k * refused)]  # p drops out
           for k in np.linspace(0, K, 801)]
    assert np.mean(war) == pytest.approx(two_sided(C, K)["war"], abs=2e-3)  # 1 of 801 costs


@quick
@given(p1=st.floats(0.4, 0.9), share=st.floats(0.1, 0.7), c=st.floats(0.01, 0.1),
       d=st.floats(0.3, 0.95), n=st.integers(1, 12), T=st.integers(2, 60))
def test_gradual_shifts_by_backward_induction(p1, share, c, d, n, T):
    shift = share * (p1 - c)
    e = gradual(p1, shift, c, d, n, T)
    assume(abs(e["margin"]) > TIE)
    ways, later = chances(p1, shift, n, T), 0.0
    for t in range(T - 1, -1, -1):
        war = sum((ways[t] - c) * d**k for k in range(T - t))
        fought = 1 + d * later < war - 1e-12
        later = war if fought else max(war, d * later)
    assert e["war"] == float(fought)
    # the offer that leaves D as well off as by war
    if not fought and 0 < e["first_offer"] < 1:
        after = sum((ways[1] - c) * d**k for k in range(T - 1))
        assert e["first_offer"] + d * after == pytest.approx(war, abs=1e-9)


@pytest.mark.parametrize("model", ["powell-2006", "powell-2006-gradual", "iida-1993-alternating"])
def test_rounds_solved_apart_are_the_whole_tree(model):
    """Three rounds of five offers as one tree of every sequence give what the chain gives."""
    from detente.equilibrium import solve
    from detente.game import decide, end, tree

    lam, grid, d, T = 60.0, 5, 0.8, 3
    if model == "iida-1993-alternating":
        offers = [(k + 0.5) / grid for k in range(grid)]
        r = 0.3

        def round_(t):
            if t == T:
                return end("none")
            one, two = ("home", "abroad") if t % 2 == 0 else ("abroad", "home")
            return decide(one, {f"{x:.6f}": decide(two, {
                "accept": end("deal", home=d**t * x, abroad=d**t * (1 - x)),
                "refuse": round_(t + 1)}) for x in offers if x >= r})

        whole = solve(tree({"home": 1, "abroad": 1}, round_(0)), lam)
        chained = load(model).solver(grid=grid, lam=lam, d=d, r=r, T=T).values["share_in_T"]
        assert whole.value[0][0, 0] == pytest.approx(chained, abs=1e-9)
        return
    c, given = 0.1, {"p1": 0.7, "c": 0.1, "d": d, "T": T}
    given |= {"p2": 0.4} if model == "powell-2006" else {"shift": 0.4, "n": 2}
    ways = [0.7, 0.4, 0.4] if model == "powell-2006" else [0.7, 0.5, 0.3]
    offers = np.linspace(0, 1, grid)

    def period(t, D, R):
        if t == T:
            return end("peace", D=D, R=R)
        left = sum(d**k for k in range(t, T))
        war = end(f"war {t}", D=D + (ways[t] - c) * left, R=R + (1 - ways[t] - c) * left)
        return decide("R", {f"{x:.4f}": decide("D", {
            "accept": period(t + 1, D + d**t * x, R + d**t * (1 - x)), "fight": war})
            for x in offers})

    whole = solve(tree({"D": 1, "R": 1}, period(0, 0.0, 0.0)), lam)
    chained = load(model).solver(grid=grid, lam=lam, **given).values["war"]
    assert whole.outcomes()["war 0"] == pytest.approx(chained, abs=1e-9)


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
    tree, general = (model.solver(grid=40, lam=60.0, rho=rho).values for rho in (0.0, 1e-9))
    assert tree == pytest.approx(general, abs=1e-6)


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
@given(V=st.floats(0.5, 2), p=st.floats(0.3, 0.9), share=st.floats(0.1, 0.9),
       eps=st.floats(0.05, 0.6))
def test_who_sinks_costs_would_not_do_otherwise(V, p, share, eps):
    c = share * p * V
    e = sunk(V, p, c, eps)
    v = np.linspace(0, V, 2001)
    fights = np.maximum(p * v - c, 0)
    signal = (1 - eps) * v + eps * fights - e["cost"]
    gain = signal - fights
    assert (gain[v > e["cutoff"]] >= -1e-9).all()
    assert (gain[v < e["cutoff"]] <= 1e-9).all()
    sends = v > e["cutoff"]
    assert (fights[sends] > -1e-9).all()
    assert np.mean(np.where(sends, signal, fights)) - fights[~sends].sum() / len(v) == (
        pytest.approx(e["utility"], abs=2e-3 * V))  # one type in 2001


@quick
@given(V=st.floats(0.5, 2), p=st.floats(0.3, 0.9), share=st.floats(0.1, 0.9),
       eps=st.floats(0.05, 0.6), mu=st.floats(0.1, 0.95))
def test_bluffers_hide_just_as_often_as_challengers_bear(V, p, share, eps, mu):
    c = share * p * V
    e = bluffing(V, p, c, eps, mu)
    v = np.linspace(0, V, 4001)
    fights = np.maximum(p * v - c, 0)
    gain = (1 - eps) * v + eps * fights - e["cost"] - fights
    assert (gain[v > e["cutoff"]] >= -1e-9).all()
    assert (gain[v < e["cutoff"]] <= 1e-9).all()
    sends = v >= e["cutoff"] - 1e-12
    met = (p * v > c)[sends].mean()
    if e["cutoff"] > 0:  # a smaller cost would let in bluffers whom challengers would call
        assert met == pytest.approx(mu, abs=2 / sends.sum())  # a type or two of the grid
    else:
        assert met >= mu - 2 / sends.sum()
    assert 1 - met == pytest.approx(e["bluffs"], abs=2 / sends.sum())


@many
@given(v_L=st.floats(0.1, 0.5), more=st.floats(0.05, 1), p=st.floats(0.2, 0.9),
       share=st.floats(0.05, 0.95), m=st.floats(0, 1.5))
def test_sunk_costs_that_separate_two_types(v_L, more, p, share, m):
    v_H = v_L + more
    c = share * p * v_H
    assume(p * v_L < c)  # the low type would concede
    low, high = separating_costs(v_L, v_H, p, c)
    assume(min(abs(m - low), abs(m - high)) > TIE)
    # who signals is left alone, who does not is challenged
    assert (low < m < high) == (v_H - m > p * v_H - c and v_L - m < 0)


@many
@given(t=unit, s=unit, alpha=unit, b=st.floats(0.2, 3), l=st.floats(0.2, 3))
def test_governments_stop_where_that_is_better(t, s, alpha, b, l):
    e = sabotage(t, s, alpha, b, l, 0.05, 1.0)
    worlds = [(t, alpha * (1 - s), b), (1 - t, alpha, -l)]  # prior, chance of violence, payoff
    after = sum(p * off * pay for p, off, pay in worlds)
    none = sum(p * (1 - off) * pay for p, off, pay in worlds)
    before = sum(p * pay for p, _, pay in worlds)
    assume(min(map(abs, (after, none, before))) > TIE)
    assert e["comes_off"] == pytest.approx(sum(p * off for p, off, _ in worlds))
    assert e["stops_after_violence"] == float(after < 0)
    assert e["stops_after_none"] == float(none < 0)
    assert e["success"] == float(before > 0 and after < 0)
    assert e["trust_after_violence"] == pytest.approx(worlds[0][0] * worlds[0][1] / e["comes_off"])


@quick
@given(v=st.floats(0.05, 0.95), c=st.floats(0.1, 1), V=st.floats(0.5, 3))
def test_holding_out_is_a_best_response(v, c, V):
    """Against the other's times, sampled evenly over its types, no other time is better."""
    u = (np.arange(20_000) + 0.5) / 20_000
    for value, cost, other, chosen, promised in (
        (v, 1.0, -u - np.log(1 - u), "time_prize", "payoff_prize"),
        (V, c, V * (1 / u - 1), "time_cost", "payoff_cost"),
    ):
        e = holding_out(v, c, V)
        tries = np.concatenate([np.linspace(0, 3 * e[chosen] + 0.1, 200), [e[chosen]]])
        got = [(value * (other < t) - cost * np.minimum(other, t)).mean() for t in tries]
        # a type of the sample is 5e-5 of the chances; times reach tens
        assert max(got) <= got[-1] + 1e-3
        assert got[-1] == pytest.approx(e[promised], abs=2e-3)


@quick
@given(lo=st.floats(0.2, 1), width=st.floats(0.2, 1), rank=st.floats(0.1, 0.9),
       V=st.floats(0.5, 2), c_1=st.floats(0.1, 1), c_2=st.floats(0.1, 1))
def test_waiting_is_worth_its_cost_at_every_moment(lo, width, rank, V, c_1, c_2):
    hi, c, h = lo + width, lo + rank * width, 1e-6
    # as cost c quits, the others left (all cheaper) quit at the rate that pays for waiting
    passed = cost_range(c - h, V, lo, hi) - cost_range(c, V, lo, hi)
    rate = (h / width) / ((c - lo) / width) / passed
    assert rate * V == pytest.approx(c, rel=1e-3)
    one, two = hazards(c_1, c_2, V)
    assert two * V == pytest.approx(c_1)
    assert one * V == pytest.approx(c_2)


@pytest.mark.parametrize("q", [0.13, 0.2, 0.25, 0.29, 0.32, 0.35, 0.5, 0.58, 0.62, 0.7])
def test_no_other_sequence_of_offers_is_better_against_the_screened(q):
    """Dynamic programming over beliefs: A may make any of the offers at any belief.

    The weak take offer y_k so far that A is next as well served by k - 1 rounds as by k - 2 (found
    here by bisection on payoffs), and all of them take y_1; the strong take y_0 alone.
    """
    from scipy.optimize import brentq

    p, a, b_s, b_w, r = 0.5, 0.05, 0.05, 0.2, 0.3
    e = screening(q, p, a, b_s, b_w, r)
    W_s, W_w = 1 - p - b_s / r, 1 - p - b_w / r
    y = [W_w + (1 - r) ** k * (W_s - W_w) for k in range(4)]
    marks = [1.0]

    def plan(x, k):  # what A gets by k rounds of screening from belief x that B is strong
        if k == 0:
            return 1 - y[0]
        met = x / marks[k - 1]  # share of all types that refuse
        return (1 - met) * (1 - y[k]) + met * (-a + r * p + (1 - r) * plan(marks[k - 1], k - 1))

    for k in (1, 2, 3):
        marks.append(brentq(lambda x, k=k: plan(x, k) - plan(x, k - 1), 1e-3, marks[-1] - 1e-6))

    def value(x, depth=8):  # the best of the offers now and ever after, and the first of them
        best = (1 - y[0], 0)
        if depth == 0:
            return best
        for k in (1, 2, 3):
            if x >= marks[k - 1] - 1e-12:
                continue
            met = x / marks[k - 1]
            got = (1 - met) * (1 - y[k]) + met * (
                -a + r * p + (1 - r) * value(marks[k - 1], depth - 1)[0])
            if got > best[0] + 1e-12:
                best = (got, k)
        return best

    worth, first = value(q)
    assert first == e["rounds"]
    # and as the closed form plays it
    played, reached = 0.0, 1.0
    for k in range(1, int(e["rounds"]) + 1):
        took = e[f"accept_{k}"]
        played += reached * (took * (1 - e[f"offer_{k}"]) + (1 - took) * (r * p - a))
        reached *= (1 - took) * (1 - r)
    played += reached * (1 - e[f"offer_{int(e['rounds']) + 1}"])
    assert played == pytest.approx(worth, abs=1e-9)


@quick
@given(gap=st.floats(0.05, 0.8), N=st.floats(2, 40), cost=st.floats(0.05, 0.5),
       seed=st.integers(0, 10_000))
def test_beliefs_after_battles_by_counting(gap, N, cost, seed):
    """Beta priors of strength N, whatever the battles: means by counting wins."""
    ends = unlike_beliefs(gap, N, cost, 0)["ends"]
    exact = N * (gap / cost - 1)
    assume(abs(exact - round(exact)) > TIE and ends < 2000)
    rng = np.random.default_rng(seed)
    wins, n = 0, 0
    while True:
        believes_A = ((0.5 + gap / 2) * N + wins) / (N + n)
        believes_B = ((0.5 - gap / 2) * N + wins) / (N + n)
        x = np.array([0.0, 0.5, 1.0]) * cost  # any split of the costs
        if (believes_A - x <= believes_B + (cost - x) + 1e-12).any():
            break
        assert unlike_beliefs(gap, N, cost, n)["war"] == 1
        wins += rng.random() < 0.5
        n += 1
    assert n == ends


@many
@given(t_1=unit, t_2=unit, R=st.floats(0.1, 2), T=st.floats(0.1, 2), P=st.floats(0.1, 2))
def test_seekers_cooperate_where_that_is_better(t_1, t_2, R, T, P):
    S = 0.0
    P, T, R = P, P + T, P + T + R
    e = trust(t_1, t_2, R, T, P, S)
    assume(min(abs(t_1 - e["least_trust"]), abs(t_2 - e["least_trust"])) > TIE)
    good = all(t * R + (1 - t) * S > t * T + (1 - t) * P for t in (t_1, t_2))
    assert e["cooperate"] == float(good)


@many
@given(alpha=unit, steps=st.tuples(*[st.floats(0.1, 3)] * 4))
def test_gestures_separate_where_no_type_would_copy_the_other(alpha, steps):
    P, R = steps[0], steps[0] + steps[1]
    Pe, Te = steps[2], steps[2] + steps[3]
    e = gesture(alpha, R, P, 0.0, Te, Pe, 0.0)
    assume(min(abs(alpha - e["least"]), abs(alpha - e["most"])) > TIE)
    seeker = alpha * 0 + (1 - alpha) * R > alpha * P + (1 - alpha) * P
    expansionist = alpha * 0 + (1 - alpha) * Te < alpha * Pe + (1 - alpha) * Pe
    assert e["separates"] == float(seeker and expansionist)


@many
@given(r=unit, gap=st.floats(0.1, 2), more=st.floats(0.1, 2))
def test_rudimentary_deterrence_by_comparison(r, gap, more):
    worst, keeps, best = 0.0, gap, gap + more
    e = rudimentary(r, best, keeps, worst)
    assume(abs(r - e["needed"]) > TIE)
    assert e["deterred"] == float(keeps > r * worst + (1 - r) * best)


@settings(max_examples=5, deadline=None)
@given(u11=st.floats(-1, 1), u13=st.floats(-1, 2), u14=st.floats(-2, 1), u24=st.floats(-2, 2))
def test_statistical_deterrence_by_sampling(u11, u13, u14, u24):
    rng = np.random.default_rng(0)
    n = 400_000
    z = rng.standard_normal((5, n))
    defends = u24 + z[0] > z[1]
    p4 = defends.mean()
    for form, private in ((agent_error, False), (private_payoffs, True)):
        if private:  # the payoffs themselves are disturbed
            attacks = p4 * (u14 + z[2]) + (1 - p4) * (u13 + z[3]) > u11 + z[4]
        else:  # the actions' values are
            attacks = p4 * u14 + (1 - p4) * u13 + z[2] > u11 + z[3]
        e = form(u11, u13, u14, u24)
        # five standard errors of a half at n draws
        assert defends.mean() == pytest.approx(e["defend"], abs=0.004)
        assert 1 - attacks.mean() == pytest.approx(e["status_quo"], abs=0.004)
        assert (attacks & defends).mean() == pytest.approx(e["war"], abs=0.004)


def logit(lam, *values):
    top = max(values)
    weights = [math.exp(lam * (v - top)) for v in values]
    return weights[0] / sum(weights)


@quick
@given(lam=st.floats(0, 6), pay=st.tuples(*[st.floats(-1, 1)] * 8))
def test_quantal_responses_to_each_other(lam, pay):
    """Each mix is the logit of its moves' payoffs against the other's mix."""
    a11, a12, a21, a22, b11, b12, b21, b22 = pay
    e = matrix(lam, *pay)
    x, y = e["row_1"], e["column_1"]
    assert x == pytest.approx(
        logit(lam, y * a11 + (1 - y) * a12, y * a21 + (1 - y) * a22), abs=1e-9)
    assert y == pytest.approx(
        logit(lam, x * b11 + (1 - x) * b21, x * b12 + (1 - x) * b22), abs=1e-9)
    assert e["equilibria"] % 2 == 1
    f = entry(lam)
    assert f["fight"] == pytest.approx(logit(lam, -1, 1), abs=1e-12)
    assert f["enter"] == pytest.approx(logit(lam, 1 - 2 * f["fight"], 0), abs=1e-12)


@quick
@given(lam=st.floats(0, 4))
def test_quantal_responses_down_the_centipede_and_in_poker(lam):
    pile = [(.8, .2), (.4, 1.6), (3.2, .8), (1.6, 6.4), (12.8, 3.2)]  # 1 at even nodes, 2 at odd
    e = centipede(lam)
    for node in range(4):
        # what passing brings: every continuation weighed by its probability
        passed, left = 0.0, 1.0
        for later in range(node + 1, 5):
            take = e[f"take_{later + 1}"] if later < 4 else 1.0
            passed += left * take * pile[later][node % 2]
            left *= 1 - take
        assert e[f"take_{node + 1}"] == pytest.approx(
            logit(lam, pile[node][node % 2], passed), abs=1e-10)
    f = poker(lam)
    king, queen, call = f["bet_king"], f["bet_queen"], f["call"]
    assert king == pytest.approx(logit(lam, call * 2 + (1 - call) * 1, -1), abs=1e-9)
    assert queen == pytest.approx(logit(lam, call * -2 + (1 - call) * 1, -1), abs=1e-9)
    called = (king * -2 + queen * 2) / (king + queen)
    assert call == pytest.approx(logit(lam, called, -1), abs=1e-9)


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


@quick
@given(lam=st.floats(0, 8), phi=st.floats(0.05, 0.5), a=st.floats(0.1, 1.5), k=st.floats(0.1, 2))
def test_quantal_responses_in_the_crisis(lam, phi, a, k):
    """Payoffs conditional on reaching the set: B weighs the types that are still there."""
    h, weak = 0.1, -a - 1
    e = quantal(lam, phi, a, k, h, weak)
    fights = [logit(lam, w, -a) for w in (h, weak)]
    goes = [e["challenge_tough"], e["challenge_weak"]]
    there = [phi * goes[0], (1 - phi) * goes[1]]
    p_F = sum(t * f for t, f in zip(there, fights, strict=True)) / sum(there)
    assert e["fight"] == pytest.approx(p_F, abs=1e-9)
    assert e["resist"] == pytest.approx(logit(lam, p_F * -k + (1 - p_F), 0), abs=1e-9)
    for go, f, w in zip(goes, fights, (h, weak), strict=True):
        met = f * w + (1 - f) * -a
        assert go == pytest.approx(
            logit(lam, (1 - e["resist"]) + e["resist"] * met, 0), abs=1e-9)


@many
@given(b=unit, c_L=st.floats(0, 0.2), more=st.floats(0.1, 0.4), c_1=st.floats(0, 0.3),
       gamma=st.floats(0, 1), err=st.floats(0.01, 0.3))
def test_mediators_are_believed_where_nobody_would_do_otherwise(b, c_L, more, c_1, gamma, err):
    c_H, p = c_L + more, 0.4
    assume(2 * (1 - err) * more > err * (c_L + c_1) + 0.01)
    e = mediation(b, c_L, c_H, c_1, gamma, err)

    def ends(strong, high):  # (P1, P2, war)
        if not high:
            return p + c_L, 1 - p - c_L, 0
        return (p - c_1, 1 - p - c_L, 1) if strong else (p + c_H, 1 - p - c_H, 0)

    def expected(share_strong, high, of):
        return (share_strong * of(*ends(True, high))
                + (1 - share_strong) * of(*ends(False, high)))

    def one(x, _, __):
        return x

    def mediator(x, y, war):
        return b * x + (1 - b) * y - gamma * war

    gaps = []
    for strong, high in ((err, True), (1 - err, False)):  # told weak: demand much; strong: little
        for of in (one, mediator):
            gaps.append(expected(strong, high, of) - expected(strong, not high, of))
    assume(min(map(abs, gaps)) > TIE)
    assert e["credible"] == float(min(gaps) > 0)
    if e["credible"]:
        assert e["war"] == pytest.approx(0.5 * err)
    alone = expected(0.5, True, one) - expected(0.5, False, one)
    assume(abs(alone) > TIE)
    assert e["war_without"] == (0.5 if alone > 0 else 0.0)
