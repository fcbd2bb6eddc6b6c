"""Power indices, bargaining games and convex bargaining sets."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError, SizeError
from detente.lenses.positions import (
    baron_ferejohn,
    kalai_smorodinsky_point,
    nash_point,
    power,
    rubinstein,
    with_vetoes,
)

FEW = settings(max_examples=40, deadline=None)


def test_security_council():
    council = {f"P{k}": 1 for k in range(5)} | {f"E{k}": 1 for k in range(10)}
    found = power(*with_vetoes(council, 9, [f"P{k}" for k in range(5)]))
    assert float(found.shapley_shubik[0]) == pytest.approx(0.196270, abs=5e-7)
    assert float(found.shapley_shubik[-1]) == pytest.approx(0.0018648, abs=5e-8)
    assert float(found.banzhaf[0]) == pytest.approx(0.166929, abs=5e-7)
    assert float(found.banzhaf[-1]) == pytest.approx(0.016535, abs=5e-7)


def test_european_community_of_1958():
    votes = {"DE": 4, "FR": 4, "IT": 4, "BE": 2, "NL": 2, "LU": 1}
    found = power(votes, 12)
    assert found.shapley_shubik == (Fraction(14, 60),) * 3 + (Fraction(9, 60),) * 2 + (0,)


@FEW
@given(st.lists(st.integers(0, 6), min_size=2, max_size=6), st.data())
def test_power_by_counting_everything(weights, data):
    if not sum(weights):
        return
    quota = data.draw(st.integers(1, sum(weights)))
    n = len(weights)
    found = power({str(k): w for k, w in enumerate(weights)}, quota)
    pivots = [0] * n
    for order in permutations(range(n)):
        total = 0
        for k in order:
            total += weights[k]
            if total >= quota:
                pivots[k] += 1
                break
    assert found.shapley_shubik == tuple(Fraction(p, factorial(n)) for p in pivots)
    swings, winning = [0] * n, 0
    for chosen in product((0, 1), repeat=n):
        total = sum(w for w, c in zip(weights, chosen, strict=True) if c)
        winning += total >= quota
        for k in range(n):
            swings[k] += chosen[k] and total >= quota > total - weights[k]
    assert found.banzhaf == tuple(Fraction(s, sum(swings)) for s in swings)
    assert found.winning == winning


def test_hundred_voters_are_exact():
    found = power({str(k): 1 + k % 10 for k in range(100)}, 276)
    assert sum(found.shapley_shubik) == 1 and sum(found.banzhaf) == 1
    # of equal voters each has 1/n, whatever the quota
    assert power({str(k): 3 for k in range(100)}, 200).shapley_shubik == (Fraction(1, 100),) * 100


def test_power_refuses_what_makes_no_sense():
    for weights, quota in (({"a": 1}, 2), ({"a": -1, "b": 3}, 1), ({"a": 1.5, "b": 1}, 1), ({}, 1)):
        with pytest.raises(InputError):
            power(weights, quota)
    with pytest.raises(SizeError):
        power({str(k): 10**6 + k for k in range(10)}, 5 * 10**6)


@pytest.mark.parametrize("n", [3, 5, 11])
@pytest.mark.parametrize("delta", [1.0, 0.9])
def test_legislative_bargaining(n, delta):
    found = baron_ferejohn(n, delta)
    assert found.proposer == pytest.approx(1 - delta * (n - 1) / (2 * n))
    # what everyone expects is what proposer and partners share out
    expected = found.proposer / n + found.partners / n * found.paid
    assert expected == pytest.approx(1 / n) == found.value
    assert found.paid == pytest.approx(delta * found.value)


@FEW
@given(st.floats(0, 0.99), st.floats(0, 0.99))
def test_alternating_offers_leave_the_responder_indifferent(d1, d2):
    first, second = rubinstein(d1, d2), rubinstein(d2, d1)
    assert 1 - first == pytest.approx(d2 * second)
    assert 1 - second == pytest.approx(d1 * first)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4))
def test_nash_and_kalai_smorodinsky_on_random_sets(seed, n):
    rng = np.random.default_rng(seed)
    u, d = rng.uniform(0, 1, (8, n)), np.zeros(n)
    found = nash_point(u, d)
    assert found.weights.sum() == pytest.approx(1) and (found.weights >= 0).all()
    # its own bound: no agreement improves the sum of log gains by more than the gap
    assert found.gap < 1e-5
    product_ = found.utility.prod()
    mixes = rng.dirichlet(np.ones(8), 2000) @ u
    assert product_ >= mixes.prod(axis=1).max() * (1 - 1e-5)
    # independence of units
    scaled = nash_point(u * [3.0] + [0.0], d).utility
    assert scaled == pytest.approx(3 * found.utility, abs=1e-3)
    fair = kalai_smorodinsky_point(u, d)
    shares = fair.utility / u.max(axis=0)
    assert fair.gap < 1e-8
    assert shares.min() >= (mixes / u.max(axis=0)).min(axis=1).max() - 1e-8


def test_two_parties_on_a_known_set():
    # the segment from (2, 0) to (0, 1), then a kink at (1, 1): the kink maximises the product
    assert nash_point([[2, 0], [1, 1], [0, 1]], [0, 0]).utility == pytest.approx([1, 1], abs=1e-5)
    # Kalai-Smorodinsky: equal shares of (2, 1) on the line x + y = 2 give (4/3, 2/3)
    fair = kalai_smorodinsky_point([[2, 0], [1, 1], [0, 1]], [0, 0])
    assert fair.utility == pytest.approx([4 / 3, 2 / 3])
    with pytest.raises(InputError, match="no agreement"):
        nash_point([[1, 0], [0, 1]], [1, 1])
