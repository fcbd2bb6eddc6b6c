"""The rate that every model states, measured along the ladder it states it for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from detente.theory import TABLE, load
from detente.theory.base import Convergence, power

SLOW = {"bishop-cannings-1978", "fearon-1994", "lewis-schultz-2003"}
NOISE = 0.25
"""How far a fitted power may fall short of the stated one. Where a type or an offer stands on a
grid, its place relative to a cutoff moves the difference by up to half a step either way; over the
three doublings of a ladder that is up to a quarter of a power."""
FLOOR = 1e-11
"""Differences of probabilities below this are the solver's own rounding."""


def differences(name, rungs):
    model = load(name)
    found = []
    for grid, lam in rungs:
        answer = model.compare(grid=grid, lam=lam, **model.rate.given)
        assert answer["certificate"]["certified"], (grid, lam, answer["certificate"])
        found.append(max(abs(r["difference"]) for r in answer["rows"]
                         if r["difference"] is not None))
    return found


def kept(rate, found):
    """Return whether differences along the ladder fall as the rate's bound does."""
    bounds = [rate.bound(lam) for _, lam in rate.points]
    slope = np.polyfit(np.log(bounds), np.log(np.maximum(found, 1e-300)), 1)[0]
    least = 1 - NOISE / rate.order
    # and the finest difference is below the coarsest by nearly what was promised
    return slope >= least and found[-1] <= found[0] * (bounds[-1] / bounds[0]) ** least


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow) if n in SLOW else n for n in TABLE])
def test_differences_fall_at_the_stated_rate(name):
    rate = load(name).rate
    assert len(rate.points) >= 2
    found = differences(name, rate.points)
    bounds = [rate.bound(lam) for _, lam in rate.points]
    if rate.kind in ("exact", "exponential"):
        for e, bound in zip(found, bounds, strict=True):
            assert e <= max(bound, FLOOR)
        return
    assert rate.points[-1][1] >= 4 * rate.points[0][1]  # two doublings at least
    assert kept(rate, found)


@pytest.mark.parametrize("name", TABLE)
def test_the_points_of_a_rate_can_be_solved(name):
    for grid, lam in load(name).rate.points:
        assert 2 <= grid <= 500 and lam > 0


def test_a_rate_that_is_not_kept_is_noticed():
    """The measure itself: 1/lambda does not pass for 1/lambda^2."""
    rate = power(2, (2, 10.0), (2, 20.0), (2, 40.0))
    assert rate.bound(40.0) / rate.bound(10.0) == pytest.approx(1 / 16)
    assert kept(rate, [7 / lam**2 for _, lam in rate.points])
    assert not kept(rate, [7 / lam for _, lam in rate.points])
    assert not kept(rate, [7.0, 7.0, 7.0])
    assert not kept(power(1, *rate.points), [7 / math.sqrt(lam) for _, lam in rate.points])
    assert Convergence("log", 1.0, ()).bound(math.e) == pytest.approx(1 / math.e)
