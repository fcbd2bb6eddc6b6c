"""The walk to the ends of all ranges, on margins that are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.analysis.claims.sampling import changed, walked
from detente.analysis.claims.solving import Over

STEPS = 4


def answers(margins, *, close=()):
    """Return a work function over margins (claims, centre and rays' steps), and its points."""
    asked = []

    def work(theta):
        rows = theta[:, 0].astype(int)
        asked.extend(rows.tolist())
        margin = margins[:, rows]
        near = np.tile(np.isin(rows, close), (len(margins), 1))
        return Over((margin > 0).astype(float), margin, np.ones(margin.shape, dtype=bool), near)

    return work, asked


def first_turns(found, steps=STEPS):
    """Return the first step at which each claim turns on each ray, (C, R); 9 if it does not."""
    turned = np.array([changed(found, c, found.decided[c, 0])[1:] for c in range(len(found.holds))])
    turned = turned.reshape(len(turned), -1, steps)
    return np.where(turned.any(axis=2), turned.argmax(axis=2), 9)


def walk_of(margins):
    return np.arange(margins.shape[1], dtype=float)[:, None]


@given(st.integers(1, 3), st.integers(1, 6), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_first_turn_of_monotone_margins_is_found(claims, rays, steps, seed):
    """A monotone margin that turns at an odd step has turned at the next even one too."""
    rng = np.random.default_rng(seed)
    centre = rng.uniform(-1, 1, (claims, 1))
    drift = rng.choice([-1, 1], (claims, rays, 1)) * rng.exponential(0.4, (claims, rays, steps))
    margins = np.hstack([centre, (centre[:, :, None] + drift.cumsum(axis=2)).reshape(claims, -1)])
    work, _ = answers(margins)
    found = walked(walk_of(margins), steps, work)
    full = Over((margins > 0).astype(float), margins, np.ones(margins.shape, dtype=bool))
    assert (first_turns(found, steps) == first_turns(full, steps)).all()


def test_turn_and_return_is_found_where_the_margin_moves():
    """Negative at the third step only; at the second the margin has lost six tenths."""
    margins = np.array([[1.0, 0.9, 0.4, -0.2, 0.3]])
    work, asked = answers(margins)
    assert first_turns(walked(walk_of(margins), STEPS, work)).tolist() == [[2]]
    assert sorted(asked) == [0, 1, 2, 3, 4]


def test_still_margins_leave_out_odd_steps():
    margins = np.array([[1.0, 0.9, 0.8, 0.85, 0.7, 0.95, 0.9, 0.2, -0.5]])
    work, asked = answers(margins)
    found = walked(walk_of(margins), STEPS, work)
    assert sorted(asked) == [0, 2, 4, 6, 7, 8]
    # A step that is left out has the answer of the step before it.
    assert found.margin[0].tolist() == [1.0, 1.0, 0.8, 0.8, 0.7, 1.0, 0.9, 0.2, -0.5]


def test_uncertified_steps_are_looked_at_from_both_sides():
    margins = np.ones((1, 1 + STEPS))
    asked = []

    def work(theta):
        rows = theta[:, 0].astype(int)
        asked.extend(rows.tolist())
        return Over(np.ones((1, len(rows))), margins[:, rows], rows[None] != 2)

    walked(walk_of(margins), STEPS, work)
    assert sorted(asked) == [0, 1, 2, 3, 4]


def test_a_step_after_the_first_turn_is_left_out():
    """The claim has turned at the second step; the first one is looked at, the third is not."""
    margins = np.array([[1.0, 0.4, -0.2, -0.6, -1.0]])
    work, asked = answers(margins)
    assert first_turns(walked(walk_of(margins), STEPS, work)).tolist() == [[1]]
    assert sorted(asked) == [0, 1, 2, 4]


def test_the_last_step_is_solved_though_it_is_odd():
    margins = np.array([[1.0, 1.0, 1.0, -1.0]])
    work, asked = answers(margins)
    assert first_turns(walked(walk_of(margins), 3, work), 3).tolist() == [[2]]
    assert sorted(asked) == [0, 2, 3]  # the second step has not moved, so the first is left out


@pytest.mark.parametrize(("margin", "close"), [(1.0, [2]), (np.inf, [])])
def test_uncertain_answers_are_looked_at_from_both_sides(margin, close):
    margins = np.array([[1.0, 1.0, margin, 1.0, 1.0]])
    work, asked = answers(margins, close=close)
    walked(walk_of(margins), STEPS, work)
    assert sorted(asked) == [0, 1, 2, 3, 4]
