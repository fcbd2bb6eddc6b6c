"""Closed forms of two linear issues, brute force, and the axioms of the two solutions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.analysis.bargaining_set import Side, frontier, kalai_smorodinsky, nash, split

part = st.floats(0.05, 0.95)
cost = st.floats(0.02, 0.4)


def side(weights, worth=1.0, demand=1.0, retreat=0.0):
    one = np.ones(1)
    w = np.array([weights], dtype=float)
    return Side(w / w.sum(), worth * one, demand * one, retreat * one)


def made(a, b):
    k = a.weights.shape[1]
    return frontier(a, b, np.zeros((1, k)), np.ones((1, k)))


def dense(line, n=4001):
    """Return many points of a frontier by interpolation, for brute force."""
    u = line.payoff[0]
    t = np.linspace(0, len(u) - 1, n)
    return np.column_stack([np.interp(t, np.arange(len(u)), u[:, i]) for i in (0, 1)])


@given(part)
def test_two_opposite_issues_meet_at_the_full_trade(a):
    """Weights (a, 1 - a) and (1 - a, a), no payoffs without agreement: both gain max(a, 1 - a)."""
    line = made(side([a, 1 - a]), side([1 - a, a]))
    zero = np.zeros((1, 2))
    for point in (nash(line, zero), kalai_smorodinsky(line, zero)):
        assert point.gain[0] == pytest.approx([max(a, 1 - a)] * 2, abs=1e-9)
    even = split(side([a, 1 - a]), side([1 - a, a]), np.zeros((1, 2)), np.ones((1, 2)))
    assert nash(even, zero).gain[0] == pytest.approx([0.5, 0.5], abs=1e-9)


@given(part, part, cost, cost)
def test_two_issues_in_closed_form(a, b, c, d):
    """On each of the two pieces the Nash product is a quadratic; its best point is compared."""
    line, origin = made(side([a, 1 - a]), side([b, 1 - b])), np.array([[0.5 - c, 0.5 - d]])
    # The first issue passes to the second side first if a / b < (1 - a) / (1 - b).
    corner = (1 - a, b) if a / b <= (1 - a) / (1 - b) else (a, 1 - b)
    best = 0.0
    for (x0, y0), (x1, y1) in (((1, 0), corner), (corner, (0, 1))):
        x, y, dx, dy = x0 - origin[0, 0], y0 - origin[0, 1], x1 - x0, y1 - y0
        t = np.clip(-(x * dy + y * dx) / (2 * dx * dy), 0, 1)
        p, q = x + t * dx, y + t * dy
        best = max(best, p * q if min(p, q) > 0 else 0.0)
    point = nash(line, origin).gain[0]
    assert point.prod() == pytest.approx(best, abs=1e-9)


@given(st.lists(part, min_size=3, max_size=3), st.lists(part, min_size=3, max_size=3), cost, cost,
       st.floats(0.6, 1.0), st.floats(0, 0.5))
def test_brute_force_over_points_and_packages(w, v, c, d, demand, retreat):
    a, b = side(w, demand=demand, retreat=retreat), side(v)
    line, origin = made(a, b), np.array([[0.4 - c, 0.4 - d]])
    found, every = nash(line, origin).gain[0], dense(line) - origin
    inside = every[(every > 0).all(axis=1)]
    # The grid has steps of about 1e-3, so its best product is within 1e-3.
    assert found.prod() >= inside.prod(axis=1).max() - 1e-9
    assert found.prod() <= inside.prod(axis=1).max() + 1e-3
    ks = kalai_smorodinsky(line, origin).gain[0]
    ideal = np.array([every[every[:, 1] >= 0, 0].max(), every[every[:, 0] >= 0, 1].max()])
    assert ks[0] / ks[1] == pytest.approx(ideal[0] / ideal[1], rel=0.02)
    # No random package lies above the frontier.
    x = np.random.default_rng(0).uniform(size=(200, 3))
    value = np.column_stack([a.payoff((x @ a.weights[0])[None])[0],
                             b.payoff(((1 - x) @ b.weights[0])[None])[0]])
    u = line.payoff[0]
    edge = np.interp(-value[:, 0], -u[:, 0], u[:, 1])
    assert (value[:, 1] <= edge + 1e-9).all()


@given(part, part, cost, cost, st.floats(0.2, 5), st.floats(0.2, 5))
def test_nash_does_not_depend_on_units(a, b, c, d, scale, other):
    """Payoffs times a number, and the disagreement point with them: the same agreement."""
    origin = np.array([[0.5 - c, 0.5 - d]])
    plain = nash(made(side([a, 1 - a]), side([b, 1 - b])), origin)
    scaled = nash(made(side([a, 1 - a], scale), side([b, 1 - b], other)),
                  origin * np.array([scale, other]))
    assert scaled.gain[0] == pytest.approx(plain.gain[0] * [scale, other], abs=1e-9)


@given(st.floats(0.05, 0.95).filter(lambda a: abs(a - 0.5) > 0.01), cost, st.floats(0, 0.5))
def test_symmetric_games_have_symmetric_points(a, c, retreat):
    origin = np.full((1, 2), 0.5 - c)
    line = made(side([a, 1 - a], retreat=retreat), side([1 - a, a], retreat=retreat))
    for solve in (nash, kalai_smorodinsky):
        gain = solve(line, origin).gain[0]
        assert gain[0] == pytest.approx(gain[1], abs=1e-9, nan_ok=True)


@given(part, cost, cost, st.floats(1.0, 2.0))
def test_kalai_smorodinsky_is_monotone(a, c, d, more):
    """A larger stake for one side, with the other's largest gain the same: it gains no less."""
    origin = np.array([[0.5 - c, 0.5 - d]])
    b = side([1 - a, a])
    low = kalai_smorodinsky(made(side([a, 1 - a]), b), origin * [0, 1]).gain[0]
    high = kalai_smorodinsky(made(side([a, 1 - a], more), b), origin * [0, 1]).gain[0]
    assert high[0] >= low[0] - 1e-9


def test_no_point_without_a_zone():
    line = made(side([1.0]), side([1.0]))
    origin = np.array([[0.6, 0.5]])
    assert not nash(line, origin).exists[0]
    assert not kalai_smorodinsky(line, origin).exists[0]


def test_weights_that_differ_more_raise_the_gain_from_trading():
    origin = np.full((1, 2), 0.2)
    gains = []
    for a in np.linspace(0.5, 0.95, 10):
        one, two = side([a, 1 - a]), side([1 - a, a])
        trade = nash(made(one, two), origin).gain[0]
        even = nash(split(one, two, np.zeros((1, 2)), np.ones((1, 2))), origin).gain[0]
        gains.append(float((trade - even).sum()))
    assert np.all(np.diff(gains) > 0)
    assert gains[0] == pytest.approx(0.0, abs=1e-9)
