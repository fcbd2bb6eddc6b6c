"""Intervals of shares, against published values and another program."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from detente.intervals import wilson


def test_wilson_against_published_values():
    """Newcombe 1998, Statistics in Medicine 17:857-872, table I: 81/263, 15/148, 0/20, 1/29."""
    for held, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605),
                               (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):
        assert wilson(held, n) == pytest.approx((low, high), abs=5e-5)


@settings(deadline=None)
@given(st.integers(1, 20_000), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_wilson_agrees_with_scipy(n, share, level):
    """Rounding alone parts the two forms; it contains the share and reaches the very ends."""
    hits = round(share * n)
    low, high = wilson(hits, n, level)
    other = binomtest(hits, n).proportion_ci(level, method="wilson")
    assert (low, high) == pytest.approx((other.low, other.high), abs=1e-12)
    assert 0 <= low <= hits / n <= high <= 1
    assert (low == 0) == (hits == 0) and (high == 1) == (hits == n)


def test_nothing_counted_leaves_everything_open():
    assert wilson(0, 0) == (0.0, 1.0)
