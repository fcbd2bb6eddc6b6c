"""Global drivers against closed forms and SALib, through the code that cases use."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from detente.analysis.indices import global_drivers
from detente.analysis.screening import bound, screen
from detente.analysis.sobol import sobol
from detente.equilibrium import solve
from detente.errors import InputError
from detente.game.compile import compile_scenario
from detente.scenario.quantity import Quantity
from tests.analysis.crisis import SMALL
from tests.conftest import make_crisis, text_of

A, B = 7.0, 0.1
ANGLES = [Quantity.uniform(-math.pi, math.pi)] * 3
ALONE = [[0], [1], [2]]


def ishigami(x):
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def truth():
    """First-order and total indices of Ishigami's function (Ishigami and Homma 1990)."""
    v1 = 0.5 * (1 + B * math.pi**4 / 5) ** 2
    v2, v13 = A**2 / 8, 8 * B**2 * math.pi**8 / 225
    v = v1 + v2 + v13
    return np.array([v1, v2, 0]) / v, np.array([v1 + v13, v2, v13]) / v, v


def test_ishigami():
    found = sobol(ishigami, ANGLES, ALONE, 4096, seed=1)
    first, total, variance = truth()
    # Quasi-random error at 4,096 rows is about 0.005; ten times less accuracy would fail.
    assert found.first == pytest.approx(first, abs=0.015)
    assert found.total == pytest.approx(total, abs=0.015)
    assert found.variance == pytest.approx(variance, rel=0.01)
    assert found.resolved


def test_salib_says_the_same_of_the_same_values():
    from SALib.analyze import sobol as salib

    found = sobol(ishigami, ANGLES, ALONE, 512, seed=1)
    y = np.concatenate([found.at_a[None], found.at_ab, found.at_b[None]]).T.ravel()
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[-math.pi, math.pi]] * 3}
    other = salib.analyze(problem, y, calc_second_order=False, seed=1)
    # Both use Saltelli 2010 and Jansen; SALib centres by the mean of all values, scipy by A and B.
    assert found.total == pytest.approx(other["ST"], abs=1e-9)
    assert found.first == pytest.approx(other["S1"], abs=0.01)
    half = (found.total_band[:, 1] - found.total_band[:, 0]) / 2
    assert half == pytest.approx(other["ST_conf"], rel=0.35)  # two bootstraps of 512 rows


def test_intervals_cover():
    """Over seeds, 95 % intervals hold the true totals about as often as they say.

    The intervals are those of a random sample and so too wide for Sobol' points, never too narrow.
    """
    _, total, _ = truth()
    hits = [
        (found.total_band[:, 0] <= total) & (total <= found.total_band[:, 1])
        for found in (sobol(ishigami, ANGLES, ALONE, 128, seed=s) for s in range(20))
    ]
    assert np.mean(hits) >= 0.85


def test_groups_add_up():
    """A group's indices are those of its members where they act by themselves."""
    found = sobol(ishigami, ANGLES, [[1], [0, 2]], 4096, seed=2)
    first, total, _ = truth()
    assert found.total == pytest.approx([total[1], 1 - first[1]], abs=0.015)
    assert found.first == pytest.approx(found.total, abs=0.02)  # nothing between the groups


def test_equal_inputs_are_not_ranked():
    found = sobol(lambda x: x.sum(axis=1), [Quantity.uniform(0, 1)] * 6,
                  [[k] for k in range(6)], 256)
    # Standard error about 0.0125 at 256 rows.
    assert not found.resolved and found.total == pytest.approx(np.full(6, 1 / 6), abs=0.05)


def test_one_input_explains_all():
    found = sobol(lambda x: x[:, 0] ** 2, [Quantity.triangular(0, 0.2, 1)], [[0]], 256)
    assert found.total == pytest.approx([1], abs=0.05)
    assert sobol(lambda x: 0 * x[:, 0] + 3, [Quantity.uniform(0, 1)], [[0]], 8) is None


@pytest.mark.parametrize("quantity", [
    Quantity.uniform(-1, 2), Quantity.triangular(0, 0, 1), Quantity.triangular(-1, 0.5, 2)])
def test_the_bound_is_one(quantity):
    """The variance of a function of one input is at most the mean squared slope's bound."""
    x = quantity.ppf((np.arange(20000) + 0.5) / 20000)
    span = quantity.high - quantity.low
    for k in (1, 2, 3):
        angle = k * math.pi * (x - quantity.low) / span
        f, slope = np.cos(angle), -k * math.pi / span * np.sin(angle)
        assert bound(slope[:, None], np.array([span]), float(f.var()))[0] >= 1 - 1e-3
    if quantity.dist == "uniform":  # cosine of half a turn is where equality holds
        angle = math.pi * (x - quantity.low) / span
        slope = -math.pi / span * np.sin(angle)
        reached = bound(slope[:, None], np.array([span]), float(np.cos(angle).var()))[0]
        assert reached == pytest.approx(1, abs=1e-3)


def test_a_case_with_few_ranges():
    found = global_drivers(make_crisis(
        turns={"each": 1}, war={"win_chance": "0.5 to 0.7"}, delay_cost="0.019 to 0.021",
        stake={"status_quo": "0.3 to 0.5"}), samples=64, lam=10.0)
    assert found.certified and not found.rest and found.solves == 64 * 5
    rows = {r["parameter"]: r for r in found.rows()}
    assert set(rows) == {"war.win_chance", "delay_cost", "stake.status_quo"}
    assert rows["delay_cost"]["total"] < 0.05  # a range of two thousandths
    assert sum(r["first"] for r in rows.values()) < 1.1
    assert found.deliberate_samples == 32
    assert found.deliberate_solves == found.deliberate_certified == 32 * 5
    assert all(r["deliberate_total_low"] <= r["deliberate_total"] <= r["deliberate_total_high"]
               for r in rows.values())
    # The weight of a range of two thousandths is small however governments choose.
    assert rows["delay_cost"]["deliberate_total"] < max(
        r["deliberate_total"] for r in rows.values()) / 2
    again = global_drivers(make_crisis(
        turns={"each": 1}, war={"win_chance": "0.5 to 0.7"}, delay_cost="0.019 to 0.021",
        stake={"status_quo": "0.3 to 0.5"}), samples=64, lam=10.0, workers=1)
    assert json.dumps(again.as_dict(), allow_nan=False) == json.dumps(found.as_dict())


def test_screening_keeps_what_matters(monkeypatch):
    """The screen's bounds hold for the totals computed without it."""
    monkeypatch.setattr("detente.analysis.indices.MANY", 2)
    crisis = make_crisis(
        turns={"each": 1}, war={"win_chance": "0.5 to 0.7"}, delay_cost="0.019 to 0.021",
        stake={"status_quo": "0.3 to 0.5"})
    found = global_drivers(crisis, samples=64, lam=10.0)
    assert found.rest == ["delay_cost"] and found.names[-1] == "the other 1 together"
    assert found.solves == 64 * 5 and found.screened == 64
    for row in found.rows():
        if row["parameter"] in found.bounds:
            # The bound's own sampling error at 64 points is of this order.
            assert row["total"] <= 1.2 * found.bounds[row["parameter"]]


def test_a_screen_without_certificates_bounds_nothing(monkeypatch):
    monkeypatch.setattr("detente.analysis.indices.MANY", 2)
    monkeypatch.setattr("detente.analysis.screening.slope", lambda *args: None)
    monkeypatch.setattr("detente.analysis.screening.POINTS", 2)
    found = global_drivers(make_crisis(
        turns={"each": 1}, war={"win_chance": "0.5 to 0.7"}, delay_cost="0.019 to 0.021",
        stake={"status_quo": "0.3 to 0.5"}), samples=2, lam=10.0)
    assert found.rest and found.bounds == {} and found.screened == 0 and not found.certified
    assert found.as_dict()["certified"] is False


def test_screen_slopes_are_those_of_the_game():
    crisis = make_crisis(turns={"each": 1}, delay_cost="0.01 to 0.05")
    compiled = compile_scenario(crisis)
    start = solve(compiled.tree, 10.0)
    mask = np.array([n == "war" for n in compiled.tree.outcome_names])
    bounds, n = screen(compiled, start, mask, ["delay_cost"], 0, lambda *a: None)
    x = np.linspace(0.01, 0.05, 33)
    p = [solve(compiled.game({"delay_cost": v}), 10.0).outcomes()["war"] for v in x]
    slope = np.gradient(p, x, edge_order=2)
    rough = bound(slope[:, None], np.array([0.04]), float(np.var(p)))[0]
    assert n == 64 and bounds["delay_cost"] == pytest.approx(rough, rel=0.15) and rough >= 0.9


def test_what_is_wrong_is_said():
    with pytest.raises(InputError, match="power of 2"):
        global_drivers(make_crisis(), samples=100)
    with pytest.raises(InputError, match="has no ranges"):
        global_drivers(make_crisis(), samples=64)


def test_command(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from detente.cli import application, command_modules

    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(text_of(SMALL))
    app = application(command_modules("drivers"))
    done = CliRunner().invoke(
        app, ["drivers", "s.yaml", "--samples", "16", "--json", "--out", "d.html"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["question"] == "war"
    assert (tmp_path / "d.html").read_text().startswith("<!")
    done = CliRunner().invoke(app, ["drivers", "s.yaml", "--samples", "16"])
    assert done.exit_code == 0 and "first order" in done.output
