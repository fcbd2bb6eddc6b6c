"""Brute force: bargains, shifting power, contests and screening (models 1, 2, 9, 12).

Nobody gains by doing otherwise. As in `test_brute_force`, payoffs are evaluated from the story, on
grids, by sampling or by integration.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detente.theory import load
from detente.theory.attrition import cost_range, hazards, holding_out
from detente.theory.beliefs import unlike_beliefs
from detente.theory.gradual_shift import chances, gradual
from detente.theory.screening import screening
from detente.theory.ultimatum import binary, two_sided
from tests.theory.drawn import TIE, many, quick, unit


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
