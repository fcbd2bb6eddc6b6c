"""Brute force: signals, spoilers, mediators and trust (models 6, 7, 8, 10).

Nobody gains by doing otherwise. As in `test_brute_force`, payoffs are evaluated from the story, on
grids, by sampling or by integration.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detente.theory.mediator import mediation
from detente.theory.signals import bluffing, separating_costs, sunk
from detente.theory.spoiler import sabotage
from detente.theory.trust import gesture, trust
from tests.theory.drawn import TIE, many, quick, unit


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
