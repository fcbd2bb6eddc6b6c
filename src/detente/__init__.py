"""Analyse international crises: a crisis file in, checked equilibria and findings out.

The public names are loaded when they are first used.

Examples
--------
>>> import detente as dt
>>> case = dt.load("cuba-1962")
>>> found = dt.analyse(case, samples=16, deliberate_samples=4, starts=1)
>>> found.certified
True
>>> list(found.tables["outcomes"].columns[:3])
['outcome', 'reading', 'probability']
>>> one = dt.solve(dt.compile(case), lam=10.0)
>>> round(sum(one.outcomes().values()), 9)
1.0
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from detente.version import __version__

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis, Step
    from detente.analysis.claims.result import Claims
    from detente.analysis.compare import Comparison
    from detente.analysis.offramps.find import Offramps
    from detente.analysis.samples import Band, Samples
    from detente.analysis.settings import Settings
    from detente.analysis.sweep import Sweep
    from detente.backtest.run import Backtest
    from detente.equilibrium.solution import Equilibrium
    from detente.errors import DetenteError, InputError, NotReadyError, SolveError
    from detente.findings.found import Found
    from detente.follow.following import Following
    from detente.game.compile import Compiled
    from detente.play.table import Table
    from detente.public import (
        analyse,
        backtest,
        begin,
        claims,
        compare,
        compile,
        follow,
        load,
        loads,
        offramps,
        play,
        report,
        solve,
        sweep,
    )
    from detente.render import Report
    from detente.scenario.schema import Scenario

__all__ = [
    "Analysis", "Backtest", "Band", "Claims", "Comparison", "Compiled", "DetenteError",
    "Equilibrium", "Following", "Found", "InputError", "NotReadyError", "Offramps", "Report",
    "Samples", "Scenario", "Settings", "SolveError", "Step", "Sweep", "Table", "__version__",
    "analyse", "backtest", "begin", "claims", "compare", "compile", "follow", "load", "loads",
    "offramps", "play", "report", "solve", "sweep",
]

_HOMES = {
    "Analysis": "analysis.analysis", "Backtest": "backtest.run", "Band": "analysis.samples",
    "Claims": "analysis.claims.result", "Comparison": "analysis.compare",
    "Compiled": "game.compile", "DetenteError": "errors", "Equilibrium": "equilibrium.solution",
    "Following": "follow.following", "Found": "findings.found", "InputError": "errors",
    "NotReadyError": "errors",
    "Offramps": "analysis.offramps.find", "Report": "render", "Samples": "analysis.samples",
    "Scenario": "scenario.schema", "Settings": "analysis.settings", "SolveError": "errors",
    "Step": "analysis.analysis", "Sweep": "analysis.sweep", "Table": "play.table",
} | dict.fromkeys(
    ("analyse", "backtest", "begin", "claims", "compare", "compile", "follow", "load",
     "loads", "offramps", "play", "report", "solve", "sweep"), "public")


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'detente' has no attribute {name!r}")
    found = getattr(import_module(f"detente.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)


class _Public(ModuleType):
    """The package; ``backtest``, ``claims``, ``follow`` and ``play`` are public functions.

    The import system stores a subpackage as an attribute of its package when it is imported.
    """

    @property
    def backtest(self) -> Any:
        return import_module("detente.public").backtest

    @backtest.setter
    def backtest(self, room: ModuleType) -> None:
        """Ignore the room; it stays importable as ``from detente.backtest.run import ...``."""

    @property
    def claims(self) -> Any:
        return import_module("detente.public").claims

    @claims.setter
    def claims(self, room: ModuleType) -> None:
        """Ignore the room; it stays importable as ``from detente.claims import ...``."""

    @property
    def follow(self) -> Any:
        return import_module("detente.public").follow

    @follow.setter
    def follow(self, room: ModuleType) -> None:
        """Ignore the room; it stays importable as ``from detente.follow import ...``."""

    @property
    def play(self) -> Any:
        return import_module("detente.public").play

    @play.setter
    def play(self, room: ModuleType) -> None:
        """Ignore the room; it stays importable as ``from detente.play.table import ...``."""


sys.modules[__name__].__class__ = _Public
