"""Precision is a number of the file: sampled, solved per variant, and fixed on request."""

from __future__ import annotations

import json

import numpy as np
import pytest

from detente.analysis.precision import fixed
from detente.equilibrium import solve
from detente.equilibrium.batch.solve import nearest, solve_batch
from detente.errors import InputError
from detente.game.compile import compile_scenario
from detente.scenario.quantity import Quantity
from detente.scenario.sampling import sample
from tests.conftest import PLAIN, make_crisis, merged, text_of
from tests.support.program import outputs

SMALL = {
    "precision": None, "habits": None,
    "turns": {"each": 1}, "offers": {"shares": [0.45, 0.6], "each": 1},
    "actors": {n: {"private": {"war_cost": {"between": [0.1, 0.5], "types": 2}}}
               for n in ("aland", "bland")},
}


def test_the_default_is_log_uniform():
    """The quantile function is 5 * 9^u, and the median the geometric mean."""
    given = make_crisis(precision=None).precision
    u = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    assert given.ppf(u) == pytest.approx(5 * 9.0**u)
    assert given.centre == pytest.approx(15)


def test_it_is_sampled_with_the_other_numbers():
    paths, values = sample(make_crisis(precision=None), 256, seed=3)
    column = values[:, paths.index("precision")]
    assert column.min() >= 5 and column.max() <= 45
    # In a balanced sequence each 16th of the logarithm holds 16 of 256 points.
    bins = np.floor(16 * np.log(column / 5) / np.log(9)).astype(int)
    assert np.bincount(np.clip(bins, 0, 15), minlength=16).tolist() == [16] * 16


def test_a_batch_solves_every_variant_at_its_own_precision():
    compiled = compile_scenario(make_crisis(**SMALL))
    theta = np.repeat(compiled.centre[None, :], 12, axis=0)
    theta[:, compiled.paths.index("precision")] = np.geomspace(1, 60, 12)
    numbers = compiled.numbers(theta)
    found = solve_batch(compiled.tree, numbers.take, 12, start=solve(compiled.tree, compiled.lam))
    assert found.certified.all()
    near = [solve(compiled.tree, lam) for lam in (2.0, 10.0, 40.0)]  # a start for each variant
    several = solve_batch(compiled.tree, numbers.take, 12, start=near)
    assert several.certified.all() and (several.reached_by == "neighbour").all()
    assert several.outcomes == pytest.approx(found.outcomes, abs=1e-9)
    which = nearest(near, np.array([1.0, 4.0, 5.0, 19.0, 21.0, 60.0]))
    # By the ratio of 1 + lambda: the geometric means of 3, 11 and 41 are 5.7 and 21.2.
    assert which.tolist() == [0, 0, 1, 1, 2, 2]
    for k in range(12):
        lam = compiled.precision(theta[k])
        alone = solve(compiled.game(theta[k]), lam).outcomes()
        for name, p in zip(found.outcome_names, found.outcomes[k], strict=True):
            assert p == pytest.approx(alone[name], abs=1e-9), (lam, name)


def test_fixed_sets_a_point():
    crisis = fixed(make_crisis(), 7.0)
    assert crisis.precision.centre == 7.0 and not crisis.precision.is_range
    assert "precision" not in sample(crisis, 4)[0]
    assert compile_scenario(crisis).lam == 7.0
    for wrong in (-1.0, 2e6, float("nan"), float("inf")):
        with pytest.raises(InputError, match=r"number from 0 to 1e\+06"):
            fixed(make_crisis(), wrong)


def test_a_range_needs_positive_ends():
    assert Quantity.log_uniform(5, 45).centre == pytest.approx(15)
    with pytest.raises(InputError):
        make_crisis(precision="0 to -4")


def test_the_option_lambda_fixes_it(tmp_path):
    """As a user runs it: at lambda 0 choices are the habits, at every number of the file."""
    file = tmp_path / "small.yaml"
    file.write_text(text_of(merged(PLAIN, {**SMALL, "war": {"win_chance": "0.4 to 0.7"}})))
    ran = outputs("run", "small.yaml", "--samples", "8", "--deliberate-samples", "1",
                  "--starts", "0", "--lambda", "0", "--json", "--out", "small.html", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert answer["lambda"] == 0
    # At lambda 0 payoffs have no effect, so the odds are those of the habits alone.
    crisis = fixed(make_crisis(**SMALL), 0.0)
    expected = solve(compile_scenario(crisis).tree, 0.0).outcomes()
    for row in answer["outcomes"]:
        assert row["fallible"] == pytest.approx(expected[row["name"]], abs=1e-9)
