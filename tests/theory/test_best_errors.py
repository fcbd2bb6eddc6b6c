"""Brute force: deterrence and quantal responses (models 13, 14).

Nobody gains by doing otherwise. As in `test_brute_force`, payoffs are evaluated from the story, on
grids, by sampling or by integration.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.theory.audience import quantal
from detente.theory.deterrence import agent_error, private_payoffs
from detente.theory.quantal import centipede, entry, matrix, poker
from detente.theory.rudimentary_deterrence import rudimentary
from tests.theory.drawn import TIE, many, quick, unit


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
