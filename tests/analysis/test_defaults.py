"""One default for every command, every finding and the solver they call."""

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
from detente.public import claims


def default(function, name):
    return inspect.signature(function).parameters[name].default


@pytest.mark.parametrize("name", ["claims", "compare", "drivers", "offramps", "run", "sweep"])
def test_commands_take_the_precision_of_the_file(name):
    (module,) = command_modules(name)
    assert default(module.command, "lam") is None


@pytest.mark.parametrize("function", [Settings, claims, compare, global_drivers, offramps, sweep])
def test_so_do_findings(function):
    assert default(function, "lam") is None


@pytest.mark.parametrize("function", [equilibrium.solve, equilibrium.solve_batch])
def test_games_without_a_file_have_one_default(function):
    assert default(function, "lam") == LAMBDA


@pytest.mark.parametrize("function", [
    Settings, over_deliberate, compare, offramps, global_drivers, equilibrium.solve_deliberate,
    equilibrium.deliberate_batch,
])
def test_all_take_the_same_tremble(function):
    assert default(function, "epsilon") == EPSILON
