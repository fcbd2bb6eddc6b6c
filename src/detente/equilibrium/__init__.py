"""Equilibria of public trees: fallible, deliberate and others, each with its certificate."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.equilibrium.batch.solve import BatchResult, deliberate_batch, solve_batch
    from detente.equilibrium.certificates.public import Certificate, certify
    from detente.equilibrium.deliberate.solve import solve_deliberate
    from detente.equilibrium.dispatch import gradient, solve
    from detente.equilibrium.fallible.arclength import Trace
    from detente.equilibrium.fallible.branch import branches_at
    from detente.equilibrium.fallible.derivatives import TreeGradient, gradients
    from detente.equilibrium.search.others import OtherEquilibria, find_others
    from detente.equilibrium.search.precision import PathPoint, trace_path
    from detente.equilibrium.solution import Equilibrium

__all__ = [
    "BatchResult", "Certificate", "Equilibrium", "OtherEquilibria", "PathPoint", "Trace",
    "TreeGradient", "branches_at", "certify", "deliberate_batch", "find_others", "gradient",
    "gradients", "solve", "solve_batch", "solve_deliberate", "trace_path",
]

_ROOMS = {
    "BatchResult": "batch.result", "deliberate_batch": "batch.deliberate",
    "solve_batch": "batch.solve",
    "Certificate": "certificates.public", "certify": "certificates.public",
    "solve_deliberate": "deliberate.solve", "solve": "dispatch",
    "TreeGradient": "fallible.derivatives", "gradient": "dispatch",
    "gradients": "fallible.derivatives",
    "find_others": "search.others", "OtherEquilibria": "search.others",
    "Trace": "fallible.arclength",
    "branches_at": "fallible.branch",
    "trace_path": "search.precision", "PathPoint": "search.precision",
    "Equilibrium": "solution",
}


def __getattr__(name: str) -> Any:
    """Import a function's module on first use, because importing numba takes long."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
