"""Every parameter of every model at, just inside and beyond its limits: a value or a message."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from detente.errors import InputError
from detente.theory import TABLE, load
from detente.theory.base import LEAST, MOST
from detente.theory.difference import within

HUGE = (MOST * 10, 1e308, -1e308, math.nan, math.inf, -math.inf, LEAST / 10, 5e-324)
"""Beyond the limits that every parameter has."""
EDGES = (0.0, LEAST, -LEAST, 1 - 1e-9, 1.0, 1 + 1e-9, 2.0, -1.0, MOST, -MOST)
"""Inside them: most are outside a model's own domain or at its edge."""
SMALL = {"grid": 4, "lam": 5.0}
"""Grid and precision at which all models are solved quickly."""


SLOW = {"smith-stam-2004", "lewis-schultz-2003", "kreps-wilson-1982", "schultz-2001-quantal"}
"""Models whose edges take 10 to 90 s each, because every value is a game to solve."""
OFTEN = [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in TABLE]


def settings(model):
    return {"grid": 4} if any(p.name == "lam" for p in model.parameters) else SMALL


@pytest.mark.parametrize("name", TABLE)
def test_numbers_beyond_the_limits_are_refused_with_what_is_allowed(name):
    model = load(name)
    for parameter in model.parameters:
        for value in HUGE:
            with pytest.raises(InputError) as wrong:
                model.beside(**{parameter.name: value})
            assert parameter.name in str(wrong.value)
            assert wrong.value.expected
        for value in ("3", None, True, [1.0]):
            if parameter.name == "lam" and value is None:
                continue  # it means the default
            with pytest.raises(InputError, match="a number"):
                model.beside(**{parameter.name: value})
    for grid in (-1, 0, 1, 501, 10**9):
        with pytest.raises(InputError, match="from 2 to 500"):
            model.beside(grid=grid)
    for lam in (-1.0, math.nan, math.inf, 1e308, LEAST / 10):
        with pytest.raises(InputError) as wrong:
            model.beside(lam=lam)
        assert "lam" in str(wrong.value) and wrong.value.expected


@pytest.mark.parametrize("name", OFTEN)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_every_parameter_at_its_edges_gives_values_or_a_message(name):
    model = load(name)
    solved = 0
    for parameter in model.parameters:
        for value in EDGES:
            try:
                found = model.beside(**settings(model), **{parameter.name: value})[0]
            except InputError as wrong:
                assert wrong.expected, str(wrong)
                continue
            solved += 1
            json.dumps(found, allow_nan=False)
            assert found["parameters"][parameter.name] == value
            assert found["certificate"]["certified"] in (True, False)
    assert solved


@pytest.mark.parametrize("name", TABLE)
def test_small_grids_and_all_precisions_give_values_or_a_message(name):
    model = load(name)
    for given in ({"grid": 2}, {"grid": 5}, {"grid": 3, "lam": 0.0}, {"grid": 4, "lam": MOST},
                  {"grid": 4, "lam": LEAST}):
        try:
            found = model.beside(**given)[0]
        except InputError as wrong:
            assert wrong.expected, str(wrong)
            continue
        json.dumps(found, allow_nan=False)


def test_a_quantal_response_at_the_highest_precision_is_the_equilibrium():
    """Entry deterrence has one subgame-perfect equilibrium; the dominant row of 14c is row 1."""
    assert load("mckelvey-palfrey-1998").compare(lam=MOST)["rows"][0]["closed_form"] == 1.0
    found = load("quantal-2x2").closed_form(lam=MOST)
    assert found["equilibria"] == 1.0
    # row 1 weakly dominates: column 2 keeps being chosen, so that row 1 is chosen with certainty
    assert found["row_1"] == pytest.approx(1.0, abs=1e-3)
    form = load("schultz-2001-quantal").closed_form(lam=2000.0)
    exact = load("schultz-2001-types").closed_form()
    for quantity in ("resist", "fight"):  # its limit is the sequential equilibrium
        assert form[quantity] == pytest.approx(exact[quantity], abs=0.005)


@pytest.mark.slow
def test_fearon_1994_certifies_at_parameters_between_which_the_defaults_fail():
    """Grid 24 and lambda 200 end without a certificate at (3, 1, 2, 2)."""
    model = load("fearon-1994")
    found = model.compare(a1=3.0, a2=1.0, W1=2.0, W2=2.0)
    assert found["certificate"]["certified"]
    assert (found["grid"], found["lambda"]) in model.rungs(a1=3.0, a2=1.0, W1=2.0, W2=2.0)
    if (found["grid"], found["lambda"]) != model.at(a1=3.0, W1=2.0, W2=2.0):
        assert "could not be certified" in found["about"]
    assert max(abs(r["difference"]) for r in found["rows"] if r["difference"] is not None) < 0.1


REGIONS = {
    "fearon-1995-binary": {"c_L": (0.05, 0.2), "c_H": (0.3, 0.5), "c_A": (0.0, 0.3),
                           "q": (0.1, 0.9), "p": (0.1, 0.5)},
    "schultz-2001-types": {"phi": (0.05, 0.5), "a": (0.1, 1.4), "k": (0.1, 0.9)},
    "powell-1988": {"r_C": (0.05, 0.6), "r_D": (0.05, 0.6), "d_C": (0.5, 3.0), "d_D": (0.5, 3.0)},
    "kydd-walter-2002": {"t": (0.2, 0.9), "s": (0.1, 0.9), "alpha": (0.2, 0.9)},
    "kydd-2005": {"t_1": (0.1, 0.9), "t_2": (0.1, 0.9)},
    "zagare-kilgour-2000": {"r_C": (0.1, 0.8), "r_D": (0.1, 0.8), "k_D": (0.5, 2.0)},
    "mckelvey-palfrey-1998": {"lam": (0.0, 5.0)},
    "centipede": {"lam": (0.0, 5.0), "scale": (0.5, 2.0)},
    "quantal-2x2": {"lam": (0.0, 3.0), "a21": (-1.0, 1.0), "b21": (0.0, 3.0)},
    "stripped-poker": {"lam": (0.0, 5.0)},
    "ochs-1995": {"lam": (0.0, 5.0), "A11": (0.2, 2.0), "B12": (0.2, 2.0)},
    "richardson-1960": {"a": (0.0, 1.5), "b": (0.0, 1.5), "m": (0.2, 1.5), "n": (0.2, 1.5)},
    "marvel-2011": {"xAB": (-1.0, 1.0), "xAC": (-1.0, 1.0), "xBC": (-1.0, 1.0)},
}


@pytest.mark.parametrize("name", REGIONS)
def test_draws_certify_and_meet_their_closed_form_or_say_that_they_do_not(name):
    model, rng = load(name), np.random.default_rng(3)
    said = 0
    for _ in range(5):
        given = {k: float(rng.uniform(*ends)) for k, ends in REGIONS[name].items()}
        found = model.compare(**given)
        rows = found["rows"]
        assert found["certificate"]["certified"], (given, found["certificate"])
        assert found["within_accuracy"] == within(rows, model.accuracy)
        assert ("exceeds" in found["about"]) == (found["within_accuracy"] is False)
        said += found["within_accuracy"] is not False
        if model.rate.kind == "exact":
            assert found["within_accuracy"] is not False, (given, rows)
    assert said >= 3  # a draw may be near a tie, most are not
