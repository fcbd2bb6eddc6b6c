"""The calibration of the default habits on recorded crises."""

from __future__ import annotations

import numpy as np
import pytest
from estimates import habits
from estimates.habits import FREE, Model

from detente.scenario.habits import DEFAULTS


def default(end: int) -> np.ndarray:
    """Return the log weights of the defaults relative to hold: 0 low, 1 centre, 2 high."""
    return np.log([DEFAULTS[kind][end] / DEFAULTS["hold"][end] for kind in FREE])


def test_the_model_is_the_one_that_is_solved():
    """Its shares are those of `solve` at lambda 0, with the same weights."""
    from detente.equilibrium import solve

    model = Model()
    theta = model.compiled.centre.copy()
    theta[model.columns] = np.exp(default(1))
    eq = solve(model.compiled.game(theta), 0.0)
    expected = eq.outcomes()
    found = dict(zip(habits.OUTCOMES, model.shares(default(1)).sum(axis=1), strict=True))
    assert found == pytest.approx({k: expected[k] for k in found}, abs=1e-12)


def test_known_weights_are_recovered():
    """Counts made by known weights lead back to them: the estimator is consistent."""
    model = Model()
    truth = np.log([0.5, 0.8, 0.7, 0.2, 0.1])
    assert model.fit(1e7 * model.shares(truth)) == pytest.approx(truth, abs=2e-3)


@pytest.fixture
def tables(load, monkeypatch):
    monkeypatch.setattr(habits, "load", load)


def test_careless_play_ends_as_the_crises_of_icb_ended(tables):
    """War and settlement, which the tree fits, within three points of 486 crises.

    One weight of yielding serves both sides, so only the sum of the two concessions is fitted: the
    documentation prints the misfit of each, .144 and .149.
    """
    rows = habits.icb()
    assert len(rows) == 486
    data = habits.counted(rows)
    data /= data.sum()
    model = Model().shares(default(1))
    gap = dict(zip(habits.OUTCOMES, model.sum(axis=1) - data.sum(axis=1), strict=True))
    assert abs(gap["war"]) < 0.03 and abs(gap["settlement"]) < 0.03
    assert abs(gap["status quo"]) < 0.03
    assert abs(gap["target concedes"] + gap["challenger concedes"]) < 0.03
    assert abs(gap["target concedes"]) < 0.17 and abs(gap["challenger concedes"]) < 0.17


def test_the_defaults_have_the_greatest_likelihood_of_icb(tables):
    """No change of one weight by a fifth fits the 486 crises better by more than rounding."""
    counts = habits.counted(habits.icb())
    model, at = Model(), default(1)

    def fit(x):
        return float((counts * np.log(np.maximum(model.shares(x), 1e-300))).sum())

    for k in range(len(FREE)):
        for step in (-0.2, 0.2):
            moved = at.copy()
            moved[k] += step
            assert fit(moved) < fit(at) + 0.05, (FREE[k], step)


def test_the_far_end_is_that_of_the_disputes_of_mid(tables):
    """War in 4 of 100 disputes: at the far ends of the ranges the model gives it too."""
    data = habits.counted(habits.mid())
    data /= data.sum()
    far = np.log([46.73 / 50, 36.86 / 50, 18.35 / 50, 3.34 / 50, 1.0 / 50])
    for kind, x in zip(FREE, far, strict=True):
        low, _, high = DEFAULTS[kind]
        assert low * 0.97 <= 50 * np.exp(x) <= high * 1.03, kind
    assert Model().shares(far).sum(axis=1) == pytest.approx(data.sum(axis=1), abs=0.02)


def test_eras_with_the_same_endings_do_not_differ():
    """Copies of the same rows in each era: the likelihood ratio is 0 but for the weak prior."""
    rng = np.random.default_rng(3)
    cells = np.stack([rng.integers(5, size=120), rng.integers(3, size=120)], axis=1)
    rows = np.concatenate([
        np.column_stack([cells, np.full(len(cells), year)]) for year in (1880, 1920, 1950, 2000)])
    ratio, freedom, p = habits.differ(rows)
    assert freedom == 15 and abs(ratio) < 0.5 and p > 0.99
    assert [count for _, count, _ in habits.by_era(rows, 0)] == [120] * 4
