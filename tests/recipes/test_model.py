"""The model of docs/how-to/add-a-model.md meets what the library asks of every model."""

from __future__ import annotations

import math

import pytest

from detente.errors import InputError
from detente.theory.base import Model
from tests.recipes.page import module


@pytest.fixture(scope="module")
def model() -> Model:
    made: Model = module("add-a-model.md", "recipe_model").MODEL
    return made


@pytest.mark.parametrize("c", [0.5, 1.5])
def test_the_solver_agrees_with_the_closed_form(model: Model, c: float) -> None:
    found = model.compare(c=c)
    assert found["certificate"]["certified"]
    rows = {row["quantity"]: row for row in found["rows"]}
    for name in ("enters", "fights"):
        assert abs(rows[name]["difference"]) <= model.accuracy


def test_its_rate_is_the_logit_rate(model: Model) -> None:
    """After entry the logit probability of fighting is 1 / (1 + exp(lambda (c + 1/2)))."""
    for lam in (5.0, 10.0):
        fights = model.solver(lam=lam).values["fights"]
        assert fights == pytest.approx(1 / (1 + math.exp(lam * 1.0)), rel=1e-6)
        assert fights <= model.rate.bound(lam)


def test_it_refuses_numbers_outside_its_domain_and_is_drawn(model: Model) -> None:
    with pytest.raises(InputError, match="0 < c"):
        model.closed_form(c=-1.0)
    assert len(model.chart().alt) > 40
