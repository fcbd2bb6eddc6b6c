"""What every model promises: its closed form and its game agree, its domain is stated, it draws."""

from __future__ import annotations

import json
import math

import pytest

from detente.errors import InputError
from detente.theory import TABLE, load

SLOW = {"fearon-1994"}
NAMES = list(TABLE)


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow) if n in SLOW else n for n in NAMES])
def test_solver_meets_the_closed_form(name):
    """Within the model's stated accuracy, and within its rate where that is a bound."""
    model = load(name)
    found = model.compare()
    assert found["certificate"]["certified"], found["certificate"]
    differences = [r["difference"] for r in found["rows"] if r["difference"] is not None]
    assert differences
    within = model.accuracy
    if model.rate.kind == "exponential":
        within = max(model.rate.bound(model.lam), 1e-11)  # rounding
    assert max(map(abs, differences)) <= within <= model.accuracy
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("name", NAMES)
def test_numbers_outside_the_domain_are_refused_with_the_domain(name):
    model = load(name)
    for parameter in model.parameters:
        for value in (math.nan, math.inf, -math.inf):
            with pytest.raises(InputError) as wrong:
                model.closed_form(**{parameter.name: value})
            assert wrong.value.expected
    with pytest.raises(InputError):
        model.closed_form(no_such_parameter=1.0)
    with pytest.raises(InputError):
        model.solver(grid=1)
    with pytest.raises(InputError):
        model.solver(lam=-1.0)


@pytest.mark.parametrize("name", NAMES)
def test_the_chart_is_drawn_and_described(name):
    chart = load(name).chart()
    assert len(chart.alt) > 40
    drawn = [point for rows in chart.spec["datasets"].values() for point in rows if "y" in point]
    assert len(drawn) > 5
    assert all(math.isfinite(point["x"]) and math.isfinite(point["y"]) for point in drawn)


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is(name):
    import importlib

    model = load(name)
    assert model.name == name
    assert model.title and model.citation and model.claim and model.parameters
    doc = importlib.import_module("detente.theory." + TABLE[name].split(":")[0]).__doc__
    assert "Story" in doc and "Source" in doc


CORNERS = [
    ("fearon-1995", {"p": 1.2}), ("fearon-1995", {"l": 0.5, "h": 0.4}),
    ("fearon-1995-binary", {"p": 0.7}), ("fearon-1995-two-sided", {"K": 0.0}),
    ("fearon-1995-odds", {"a": 0.9, "b": 0.8}), ("powell-2006", {"p2": 0.8}),
    ("powell-2006", {"T": 2.5}), ("fearon-1995-first-strike", {"p_s": 0.8}),
    ("schelling-1960", {"d": 0.0}), ("carlsson-van-damme-1993", {"rho": 1.0}),
    ("baliga-sjostrom-2004", {"mu": 0.6}), ("fearon-1994", {"a1": 0.0}),
    ("schultz-2001", {"a": 0.0}), ("schultz-2001-types", {"k": 4.5}),
    ("lewis-schultz-2003", {"V_A": -1.0}), ("schelling-1966", {"q": 1.0}),
    ("powell-1988", {"f1": 0.5}), ("fearon-1997-tied", {"c": 0.6}),
    ("kydd-walter-2002", {"t": 0.0}), ("kydd-2003", {"e": 0.5}),
    ("bishop-cannings-1978", {"v": 1.0}), ("powell-2004", {"q": 0.01}),
    ("smith-stam-2004", {"N": 0.0}), ("kydd-2005", {"T": 4.5}), ("kydd-2000", {"alpha": 1.0}),
    ("kreps-wilson-1982", {"delta": 0.25}), ("kreps-wilson-1982", {"b": 1.0}),
    ("iida-1993", {"d_F": 1.0}), ("iida-1993-alternating", {"r": 1.1}),
    ("zagare-kilgour-2000", {"h_C": 0.6}), ("signorino-tarar-2006", {"u11": 30.0}),
    ("powell-2006-gradual", {"n": 2.5}), ("powell-2006-gradual", {"c": 0.4}),
    ("zagare-kilgour-2000-rudimentary", {"c_SQ": 4.0}), ("ochs-1995", {"A22": 0.0}),
    ("fearon-1997-sunk", {"p": 0.2}), ("fearon-1997-bluff", {"mu": 1.5}),
    ("fearon-1997-types", {"c": 0.7}), ("stripped-poker", {"lam": -1.0}),
    ("signorino-tarar-2006-private", {"u24": -30.0}), ("quantal-2x2", {"lam": -1.0}),
    ("schultz-2001-quantal", {"weak": 0.0}),
    ("mckelvey-palfrey-1998", {"lam": -0.1}), ("centipede", {"scale": 0.0}),
    ("richardson-1960", {"a": 1.0}),
    ("marvel-2011", {"xAB": 0.5, "xAC": 0.5, "xBC": -0.5}),
]


@pytest.mark.parametrize(("name", "bad"), CORNERS)
def test_corners_of_the_domain(name, bad):
    """The message states the domain, and states it of the number that is wrong."""
    with pytest.raises(InputError, match="expected") as wrong:
        load(name).closed_form(**bad)
    assert any(p in wrong.value.expected for p in bad)
    with pytest.raises(InputError, match="expected"):
        load(name).solver(**bad)


def test_every_model_has_a_corner():
    assert {name for name, _ in CORNERS} == set(TABLE)


def test_an_unknown_model_is_answered_with_the_nearest():
    with pytest.raises(InputError, match="fearon-1995"):
        load("fearon-1996")


def test_precision_as_a_parameter_and_as_a_setting_mean_the_same():
    model = load("mckelvey-palfrey-1998")
    one, two = model.compare(lam=2.0), model.compare(lam=2)
    assert one == two
    assert one["lambda"] == one["parameters"]["lam"] == 2.0
    assert load("schultz-2001-types").compare(lam=50.0)["lambda"] == 50.0


SUITED = [("fearon-1994", {"a1": 1.0}, 0.05),
          ("fearon-1994", {"a1": 1.0, "W1": 2.0, "W2": 2.0}, 0.05),
          ("fearon-1994", {"a1": 5.0, "a2": 5.0, "W1": 3.0, "W2": 3.0}, 0.05),
          ("carlsson-van-damme-1993", {"mu": 0.45, "sigma": 0.3}, 0.01),
          ("carlsson-van-damme-1993", {"mu": 0.45, "sigma": 0.3, "rho": 0.9}, 0.01),
          ("carlsson-van-damme-1993", {"rho": 0.9}, 0.01)]


@pytest.mark.parametrize(("name", "given", "within"), SUITED)
def test_hard_parameters_are_played_where_they_can_be_certified(name, given, within):
    """Printed points at which the usual grid and precision end without a certificate."""
    model = load(name)
    grid, lam = model.at(**given)
    assert (grid, lam) != (model.grid, model.lam)
    found = model.compare(**given)
    assert (found["grid"], found["lambda"]) == (grid, lam)
    assert found["certificate"]["certified"], found["certificate"]
    assert max(abs(r["difference"]) for r in found["rows"] if r["difference"] is not None) <= within
    assert model.compare(grid=20, lam=30.0, **given)["grid"] == 20  # what is asked for is obeyed
