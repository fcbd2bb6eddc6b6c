"""Forecasts, bands, influence and trades."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from detente.errors import InputError
from detente.lenses.positions import MODELS, Positions, bands, effects, forecast, trades
from detente.lenses.positions.bands import Noise
from detente.lenses.positions.canon import eu_cars
from detente.lenses.positions.forecasts import DIRECT
from detente.lenses.positions.influence import shifting_coalitions
from detente.lenses.positions.spatial import election

FEW = settings(max_examples=40, deadline=None)


@st.composite
def tables(draw, issues=(1, 3), missing=False):
    actors, k = draw(st.integers(2, 7)), draw(st.integers(*issues))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    x = rng.uniform(0, 100, (actors, k))
    if missing:
        x[rng.random((actors, k)) < 0.2] = np.nan
        x[:2] = np.nan_to_num(x[:2], nan=50.0)
    return Positions(
        tuple(f"a{i}" for i in range(actors)),
        tuple(f"i{j}" for j in range(k)),
        x,
        rng.uniform(0.05, 1, (actors, k)),
        rng.uniform(0.1, 3, (actors, k)),
        np.zeros(k),
        np.full(k, 100.0),
    )


@FEW
@given(tables(missing=True))
def test_direct_forecasts_by_their_definitions(table):
    for k in range(len(table.issues)):
        one = table.issue(k)
        x, w = one.position[:, 0], one.weight[:, 0]
        far = np.maximum(x, 100 - x)
        assert forecast(table)[k] == pytest.approx((w @ x) / w.sum())
        assert forecast(table, "mean")[k] == pytest.approx(x.mean())
        assert forecast(table, "mid-range")[k] == pytest.approx((x.min() + x.max()) / 2)
        # the weighted median minimises the weighted sum of distances
        y = forecast(table, "median")[k]
        assert w @ abs(x - y) <= min(w @ abs(x - t) for t in x) + 1e-9
        # Nash and Kalai-Smorodinsky as optima, found by another optimiser
        best = minimize_scalar(
            lambda t, x=x, w=w, far=far: -(w @ np.log1p(-(((t - x) / far) ** 2))),
            bounds=(x.min(), x.max()), method="bounded", options={"xatol": 1e-9},
        )  # fmt: skip
        assert forecast(table, "nash")[k] == pytest.approx(best.x, abs=1e-3)
        worst = forecast(table, "kalai-smorodinsky")[k]
        grid = np.linspace(x.min(), x.max(), 2001)
        least = (abs(grid[:, None] - x) / far).max(axis=1).min()
        assert (abs(worst - x) / far).max() <= least + 1e-9


def test_car_emissions():
    # sum(csx) / sum(cs) by hand is the printed mean of round 0
    assert forecast(eu_cars())[0] == pytest.approx(7.38996, abs=5e-6)
    assert forecast(eu_cars(), "median")[0] == 7


def test_election_by_hand():
    """Three options, strengths added up by hand from the table (c s = w4, w7, w10)."""
    w4 = (8 * 0.8 + 3 * 0.2 + 16 * 0.8 + 5 * 1.0) / 101
    w7 = (8 * 0.4 + 5 * 0.1 + 8 * 0.7) / 101
    w10 = 16 * (0.6 + 0.6 + 0.9) / 101
    p47, p710, p410 = w4 / (w4 + w7 + w10), (w4 + w7) / (w4 + w7 + w10), w4 / (w4 + w10)
    wins = np.array([p47 * p410, (1 - p47) * p710, (1 - p710) * (1 - p410)])
    found = election(eu_cars())
    assert found.probability == pytest.approx(wins / wins.sum())
    assert found.mean[0] == pytest.approx(wins @ [4, 7, 10] / wins.sum())
    # the stationary distribution of the contest: p_i = sum_j P_ij (p_i + p_j) / K
    contest = election(eu_cars(), "markov")
    p, beats = contest.probability, contest.beats
    assert (beats * (p[:, None] + p)).sum(axis=1) / 3 == pytest.approx(p)


@FEW
@given(tables(issues=(1, 2), missing=True))
def test_marginal_effects_are_the_finite_differences(table):
    found, y, h = effects(table), forecast(table), 1e-6
    for a, k in np.argwhere(table.here):
        for name in ("position", "salience", "capability"):
            values = {n: getattr(table, n).copy() for n in ("position", "salience", "capability")}
            values[name][a, k] += h
            moved = Positions(table.actors, table.issues, *values.values(), table.low, table.high)
            slope = (forecast(moved)[k] - y[k]) / h
            # central error of a one-sided difference on a scale of 100
            assert getattr(found, name)[a, k] == pytest.approx(slope, abs=2e-3)
        without = table.position.copy()
        without[a, k] = np.nan
        if (~np.isnan(without[:, k])).any():
            gone = Positions(table.actors, table.issues, without, table.salience,
                             table.capability, table.low, table.high)  # fmt: skip
            assert found.absent[a, k] == pytest.approx(forecast(gone)[k] - y[k], abs=1e-8)


@FEW
@given(tables(issues=(1, 1)), st.floats(5, 95))
def test_coalitions_bring_the_forecast_to_the_target(table, target):
    for c in shifting_coalitions(table, 0, target):
        x = table.position.copy()
        x[[table.actors.index(m) for m in c.members], 0] = c.position
        moved = Positions(table.actors, table.issues, x, table.salience, table.capability,
                          table.low, table.high)  # fmt: skip
        assert forecast(moved)[0] == pytest.approx(target, abs=1e-6)


@FEW
@given(tables(issues=(2, 3)))
def test_trades_help_both_when_made(table):
    def losses(positions):
        y = forecast(Positions(table.actors, table.issues, positions, table.salience,
                               table.capability, table.low, table.high))  # fmt: skip
        return (table.salience * np.abs(table.position - y) / 100).sum(axis=1)

    before = losses(table.position)
    for t in trades(table):
        i, j = table.actors.index(t.giver), table.actors.index(t.taker)
        k, m = table.issues.index(t.issue_given), table.issues.index(t.issue_got)
        x = table.position.copy()
        x[i, k], x[j, m] = table.position[j, k], table.position[i, m]
        gain = before - losses(x)
        assert gain[i] == pytest.approx(t.gain_giver) and gain[i] > 0
        assert gain[j] == pytest.approx(t.gain_taker) and gain[j] > 0
        rest = gain.sum() - gain[i] - gain[j]
        assert rest == pytest.approx(t.others, abs=1e-9)
        # each gives where it cares relatively less
        s = table.salience
        assert s[i, k] / s[i, m] < s[j, k] / s[j, m]


def test_bands_are_those_of_the_seed_and_hold_the_centre():
    first = bands(eu_cars(), MODELS, samples=100, seed=3)
    again = bands(eu_cars(), MODELS, samples=100, seed=3)
    other = bands(eu_cars(), MODELS, samples=100, seed=4)
    assert first == again and first != other
    for b in first:
        assert 4 <= b.low <= b.median <= b.high <= 10


def test_a_band_of_the_mean_has_the_width_of_theory():
    """Without noise but in positions, sd(y) = sd * sqrt(sum of squared weight shares)."""
    table = Positions.of("t", {f"a{k}": (50.0, 1.0, 1.0) for k in range(16)}, low=0, high=100)
    (b,) = bands(table, ("compromise",), samples=20_000, noise=Noise(0.05, 0.0, 0.0))
    sd = 5 / 4
    # quantiles of 20,000 draws: standard error some 0.02
    assert b.low == pytest.approx(50 - 1.645 * sd, abs=0.1)
    assert b.high == pytest.approx(50 + 1.645 * sd, abs=0.1)
    assert b.centre == pytest.approx(50)


def test_no_noise_no_band():
    for b in bands(eu_cars(), tuple(DIRECT), samples=50, noise=Noise(0, 0, 0)):
        # draws pass through single precision
        assert b.low == pytest.approx(b.centre, abs=1e-5) == b.high


def test_unknown_model_and_target_off_the_scale():
    with pytest.raises(InputError, match="no forecast"):
        bands(eu_cars(), ("oracle",))
    with pytest.raises(InputError, match="outside the scale"):
        shifting_coalitions(eu_cars(), 0, 12.0)
