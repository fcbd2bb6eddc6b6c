"""The script that scores crises followed by their moves."""

from __future__ import annotations

import pytest
from estimates.followed import as_written, informative, one

import detente as dt


def test_the_rival_is_habit_alone() -> None:
    """At precision 0 the filter's evidence is what it says of habit, by another way."""
    habit = dt.follow("fashoda-1898", samples=16, lam=0.0)
    pool = as_written(habit)
    assert pool.evidence(habit.count) == pytest.approx(pool.blind(habit.count), rel=1e-12)
    assert 0 < pool.evidence(habit.count) < 1


def test_a_crisis_is_scored_before_its_last_move() -> None:
    found = one("fashoda-1898", samples=16)
    assert found.moves == len(informative(dt.follow("fashoda-1898", samples=16))) >= 2
    assert all(0 < p < 1 for p in [*found.game, *found.habit])
