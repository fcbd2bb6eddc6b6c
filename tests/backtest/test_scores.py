"""Scores against closed forms."""

import numpy as np
import pytest

from detente.backtest.scores import auc, brier, calibration, ece, gain, log_scores, rps


def test_scores_of_a_uniform_forecast():
    """Uniform over k: log score -log k, Brier 1 - 1/k, RPS by its sum over cut points."""
    k = 5
    p, y = np.full((k, k), 1 / k), np.arange(k)
    assert log_scores(p, y) == pytest.approx(np.full(k, -np.log(k)))
    assert brier(p, y) == pytest.approx(np.full(k, 1 - 1 / k))
    by_hand = [sum(((j + 1) / k - (j >= i)) ** 2 for j in range(k - 1)) / (k - 1) for i in range(k)]
    assert rps(p, y) == pytest.approx(by_hand)


def test_rps_is_brier_over_two_for_two_endings():
    """With two endings the ranked score is half of the Brier score over both."""
    q = np.random.default_rng(0).random(50)
    p, y = np.stack([q, 1 - q], axis=1), np.random.default_rng(1).integers(0, 2, 50)
    assert rps(p, y) == pytest.approx(brier(p, y) / 2)


def test_the_true_probabilities_are_calibrated():
    """Endings drawn from the forecasts: the error is sampling noise, 0.02 at 20,000 crises.

    A bin of m rows has a mean gap below sqrt(p (1 - p) / m) <= 0.5 / sqrt(m); over ten bins the
    weighted sum is at most 0.5 sqrt(10 / n) = 0.011.
    """
    rng = np.random.default_rng(2)
    n = 20_000
    p = rng.dirichlet([1, 1, 1], n)
    y = (p.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    assert ece(p, y) < 0.5 * np.sqrt(10 / n)
    wrong = np.roll(p, 1, axis=1)
    assert ece(wrong, y) > 0.1


def test_bins_hold_every_forecast():
    p = np.array([0.0, 0.05, 0.1, 0.999, 1.0])
    rows = calibration(p, np.array([False, False, True, True, True]))
    assert sum(n for *_, n in rows) == 5
    assert rows[0] == (pytest.approx(0.025), 0.0, 2)
    assert rows[-1] == (pytest.approx(0.9995), 1.0, 2)


def test_auc_counts_pairs():
    rng = np.random.default_rng(3)
    p, war = rng.integers(0, 6, 60) / 6, rng.random(60) < 0.3
    pairs = [(a > b) + 0.5 * (a == b) for a in p[war] for b in p[~war]]
    assert auc(p, war) == pytest.approx(np.mean(pairs))
    assert auc(p, np.ones(60, bool)) is None


def test_interval_of_a_gain_is_the_normal_one():
    """One row per cluster: mean +- 1.96 s / sqrt(n). 2,000 draws move an end by about 3 % of s."""
    gap = np.random.default_rng(4).normal(0.1, 1.0, 900)
    found = gain(gap, np.zeros(900), [str(k) for k in range(900)])
    half = 1.96 * gap.std() / 30
    assert found.mean == pytest.approx(gap.mean())
    assert [found.low, found.high] == pytest.approx([gap.mean() - half, gap.mean() + half],
                                                    abs=0.15 * half)


def test_clusters_widen_the_interval():
    """Nine equal rows per cluster carry the information of one: the width is three times larger."""
    one = np.random.default_rng(5).normal(size=200)
    gap = np.repeat(one, 9)
    apart = gain(gap, 0 * gap, [str(k) for k in range(len(gap))])
    together = gain(gap, 0 * gap, [str(k // 9) for k in range(len(gap))])
    assert (together.high - together.low) / (apart.high - apart.low) == pytest.approx(3, rel=0.15)
