"""Quantities, types, paths and samples against closed forms and scipy's distributions."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy import stats

from detente.cases import loads
from detente.scenario import Quantity, centre, numbers, sample
from detente.scenario.private import Private
from detente.scenario.quantity import NonNegativeBy, Number, Probability

number = TypeAdapter(Number)
private = TypeAdapter(Private)
ends = st.floats(-5, 5).map(lambda x: round(x, 6))


# quantities ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "low", "mode", "high", "dist"),
    [
        (0.3, 0.3, 0.3, 0.3, "point"),
        (2, 2, 2, 2, "point"),
        ("0.25 to 0.75", 0.25, 0.5, 0.75, "uniform"),
        ("-1e-1 to +.5", -0.1, 0.2, 0.5, "uniform"),
        ({"low": 0, "high": 1}, 0, 0.5, 1, "uniform"),
        ({"low": 0, "mode": 0.25, "high": 1}, 0, 0.25, 1, "triangular"),
        ({"value": "0 to 1"}, 0, 0.5, 1, "uniform"),
        ({"value": 3}, 3, 3, 3, "point"),
    ],
)
def test_the_forms_of_a_number(raw, low, mode, high, dist):
    q = number.validate_python(raw)
    assert (q.low, q.high, q.dist) == (low, high, dist)
    assert q.mode == pytest.approx(mode, abs=1e-15)  # a midpoint is rounded
    assert q.is_range == (dist != "point")


def test_a_number_keeps_its_reason_and_bounds():
    q = TypeAdapter(Probability).validate_python({"value": 0.4, "because": "x", "source": "essay"})
    assert (q.because, q.source, q.least, q.most) == ("x", "essay", 0.0, 1.0)


def test_numbers_by_actor():
    adapter = TypeAdapter(NonNegativeBy)
    both = adapter.validate_python(0.2)
    assert both.of("aland") == both.of("anyone") == Quantity.point(0.2)
    assert both.path("delay_cost", "aland") == "delay_cost"
    one = adapter.validate_python({"aland": "0.1 to 0.3"})
    assert one.of("bland") is None and one.of("aland") == Quantity.uniform(0.1, 0.3)
    assert one.path("delay_cost", "aland") == "delay_cost.aland"
    assert one.path("delay_cost", "bland") is None
    assert adapter.validate_python({"low": 0.1, "high": 0.3}).of("bland") is not None


@given(ends, ends, ends, st.floats(0, 1))
def test_quantiles_are_those_of_scipy(a, b, c, u):
    low, mode, high = sorted((a, b, c))
    if high - low < 1e-3:
        return
    width = high - low
    uniform = stats.uniform(low, width)
    triangular = stats.triang((mode - low) / width, low, width)
    # 1e-9 of the width: scipy reaches its quantiles by the same formulas, rounded otherwise.
    assert Quantity.uniform(low, high).ppf(u) == pytest.approx(uniform.ppf(u), abs=1e-9 * width)
    q = Quantity.triangular(low, mode, high)
    assert q.ppf(u) == pytest.approx(triangular.ppf(u), abs=1e-7 * width)
    assert q.centre == pytest.approx(triangular.median(), abs=1e-7 * width)
    assert low <= q.ppf(u) <= high


# types -----------------------------------------------------------------------------------------


def at_centre(spec):
    return {path: q.centre for path, q in spec.numbers.items()}


SPECS = [
    ({"low": 0.1, "high": 0.4, "chance_high": 0.25}, 0.175),
    ({"between": [0.1, 0.5]}, 0.3),
    ({"between": [0.1, 0.5], "types": 4}, 0.3),
    ({"triangular": [0.0, 0.2, 1.0]}, 0.4),
    ({"triangular": [0.0, 0.0, 0.9], "types": 5}, 0.3),
    ({"triangular": [0.0, 0.9, 0.9], "types": 5}, 0.6),
    ({"beta": [2, 3], "between": [0, 1]}, 0.4),
    ({"beta": [0.5, 0.5], "between": [1, 3], "types": 12}, 2.0),
    ({"values": [1, 2, 4], "prior": [0.5, 0.25, 0.25]}, 2.0),
]


@pytest.mark.parametrize(("raw", "mean"), SPECS)
def test_types_keep_the_mean_of_the_distribution(raw, mean):
    spec = private.validate_python(raw)
    values, prior = spec.values_prior(at_centre(spec))
    assert values.shape == prior.shape == (spec.n_types,)
    assert prior.sum() == pytest.approx(1, abs=1e-12)
    assert values @ prior == pytest.approx(mean, abs=1e-12)
    assert (np.diff(values) > 0).all()
    table = spec.discretise()
    assert len(set(table.labels)) == table.n_types == spec.n_types


@pytest.mark.parametrize(
    ("raw", "distribution"),
    [
        ({"between": [0.1, 0.5], "types": 5}, stats.uniform(0.1, 0.4)),
        ({"triangular": [0.0, 0.2, 1.0], "types": 7}, stats.triang(0.2)),
        ({"beta": [2, 3], "between": [0, 1], "types": 6}, stats.beta(2, 3)),
    ],
)
def test_a_type_is_the_mean_of_its_cell(raw, distribution):
    spec = private.validate_python(raw)
    values, prior = spec.values_prior(at_centre(spec))
    n = spec.n_types
    edges = distribution.ppf(np.linspace(0, 1, n + 1))
    means = [
        distribution.expect(lambda x: x, lb=a, ub=b, conditional=True)
        for a, b in pairwise(edges)
    ]
    assert values == pytest.approx(means, abs=1e-7)  # of scipy's quadrature
    assert prior == pytest.approx([1 / n] * n)


@pytest.mark.parametrize(("raw", "mean"), SPECS)
def test_types_are_smooth_in_their_numbers_by_complex_steps(raw, mean):
    spec = private.validate_python(raw)
    here = at_centre(spec)
    for path in here:
        if raw.get("triangular") in ([0.0, 0.0, 0.9], [0.0, 0.9, 0.9]):
            continue  # a mode at an end can only move one way
        step = 1e-6
        up, down = (spec.values_prior({**here, path: here[path] + s}) for s in (step, -step))
        complex_ = spec.values_prior({**here, path: here[path] + 1e-30j})
        for plus, minus, exact in zip(up, down, complex_, strict=True):
            slope = (plus - minus) / (2 * step)
            # Central differences of smooth functions of order 1: 1e-12 / 1e-6 of rounding.
            assert np.imag(exact) / 1e-30 == pytest.approx(slope, abs=1e-5)


@pytest.mark.parametrize(("raw", "mean"), SPECS)
def test_types_take_many_samples_at_once(raw, mean):
    spec = private.validate_python(raw)
    here = at_centre(spec)
    many = {path: np.array([value, value * 1.01, value]) for path, value in here.items()}
    if "chance_high" not in raw and "values" not in raw:
        many = {path: np.array([value] * 3) for path, value in here.items()}
    values, prior = spec.values_prior(many)
    once = spec.values_prior(here)
    assert values.shape == prior.shape == (spec.n_types, 3)
    assert values[:, 0] == pytest.approx(once[0]) and prior[:, 2] == pytest.approx(once[1])


def test_labels_say_the_values():
    assert private.validate_python(SPECS[0][0]).discretise().labels == ("low", "high")
    close = private.validate_python({"values": [0.10001, 0.10002], "prior": [0.5, 0.5]})
    assert close.discretise().labels == ("type 1", "type 2")


# paths and samples -----------------------------------------------------------------------------


def test_every_number_has_a_path(strait):
    crisis = loads(strait)
    found = numbers(crisis, defaults=False)
    assert list(found) == [
        "actors.aland.private.war_cost.low",
        "actors.aland.private.war_cost.high",
        "actors.aland.private.war_cost.chance_high",
        "actors.bland.private.war_cost.between.0",
        "actors.bland.private.war_cost.between.1",
        "actors.cland.stake_weight",
        "stake.status_quo",
        "delay_cost",
        "no_deal.cost",
        "ladder.ultimatum.audience_cost",
        "ladder.mobilisation.audience_cost.aland",
        "ladder.mobilisation.audience_cost.bland",
        "ladder.mobilisation.sunk_cost",
        "ladder.mobilisation.risk",
        "ladder.limited_strike.sunk_cost",
        "ladder.limited_strike.risk",
        "war.win_chance",
        "war.first_strike",
        "war.shift_per_turn",
        "mediator.attention",
        "mediator.face_saving",
        "spoiler.wrecks",
        "spoiler.gains",
        "ratification.share_needed.values.0",
        "ratification.share_needed.values.1",
    ]
    assert found["ladder.mobilisation.sunk_cost"].because == "a month of readiness"
    more = set(numbers(crisis)) - set(found)
    assert {"actors.aland.stake_weight", "actors.union.stake_weight"} <= more


def test_packages_stand_by_name_below_offers(strait):
    packages = (
        "offers: {packages: [{name: grand bargain, share: 0.5, face_saving: 0.5, by: aland, "
        "side_payment: {to: bland, worth: 0.1 to 0.2}}]}"
    )
    old = "offers: {shares: [0.45, 0.5, 0.55, 0.6], each: 2}"
    found = numbers(loads(strait.replace(old, packages)))
    assert str(found["offers.grand_bargain.side_payment.worth"]) == "0.1 to 0.2"
    assert str(found["offers.grand_bargain.face_saving"]) == "0.5"


FIXED = "precision: 40\nhabits: even\n"
"""Without this the precision and the habits have ranges too."""


def test_samples_fill_the_ranges_evenly(strait):
    crisis = loads(strait + FIXED)
    paths, values = sample(crisis, 256, seed=3)
    assert paths == ("delay_cost", "ladder.mobilisation.audience_cost.bland", "war.win_chance")
    known = numbers(crisis)
    for k, path in enumerate(paths):
        q = known[path]
        share = (values[:, k] - q.low) / (q.high - q.low)
        # A scrambled Sobol' sequence puts one of 256 points into each 256th of every axis.
        assert sorted((share * 256).astype(int)) == list(range(256))
    again = sample(crisis, 256, seed=3)[1]
    assert (again == values).all() and (sample(crisis, 256, seed=4)[1] != values).any()


def test_samples_of_a_triangular_range_follow_it(strait):
    crisis = loads(strait.replace("0.01 to 0.03", "{low: 0, mode: 0.1, high: 1}"))
    _, values = sample(crisis, 512)
    # Kolmogorov-Smirnov distance of a net of 512 points cannot exceed 1/512 (and rounding).
    assert stats.kstest(values[:, 0], stats.triang(0.1).cdf).statistic <= 1 / 512 + 1e-9


def test_a_file_without_ranges_has_samples_without_columns(strait):
    text = strait.replace("0.01 to 0.03", "0.02").replace("0.05 to 0.15", "0.1")
    paths, values = sample(loads(text.replace("0.55 to 0.70", "0.6") + FIXED), 8)
    assert paths == () and values.shape == (8, 0)


def test_the_centre_is_the_median(strait):
    crisis = loads(strait.replace("0.01 to 0.03", "{low: 0, mode: 0.1, high: 1}"))
    assert centre(crisis)["delay_cost"] == pytest.approx(stats.triang(0.1).median())
    assert centre(crisis)["war.win_chance"] == 0.625
