"""One default precision for every command, every finding and the solver they call."""

from __future__ import annotations

import inspect

import pytest

from detente import equilibrium
from detente.analysis import Settings
from detente.analysis.claims.careful import over_deliberate
from detente.analysis.compare import compare
from detente.analysis.indices import global_drivers
from detente.analysis.offramps.find import offramps
from detente.analysis.sweep import sweep
from detente.cli import command_modules
from detente.defaults import EPSILON, LAMBDA


def default(function, name):
    return inspect.signature(function).parameters[name].default


@pytest.mark.parametrize("name", ["claims", "compare", "drivers", "offramps", "run", "sweep"])
def test_commands_take_the_default(name):
    (module,) = command_modules(name)
    assert default(module.command, "lam") == LAMBDA


@pytest.mark.parametrize("function", [
    Settings, compare, global_drivers, offramps, sweep, equilibrium.solve, equilibrium.solve_batch,
])
def test_findings_and_solver_take_the_same(function):
    assert default(function, "lam") == LAMBDA


@pytest.mark.parametrize("function", [
    Settings, over_deliberate, compare, offramps, global_drivers, equilibrium.solve_deliberate,
    equilibrium.deliberate_batch,
])
def test_so_do_they_the_floor(function):
    assert default(function, "epsilon") == EPSILON
