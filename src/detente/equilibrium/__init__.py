"""Equilibria of public trees: fallible, deliberate and others, each with its certificate."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.equilibrium.arclength import Trace
    from detente.equilibrium.batch import BatchResult, deliberate_batch, solve_batch
    from detente.equilibrium.branch import branches_at
    from detente.equilibrium.certificate import Certificate, certify
    from detente.equilibrium.deliberate import solve_deliberate
    from detente.equilibrium.derivatives import TreeGradient, gradients
    from detente.equilibrium.dispatch import gradient, solve
    from detente.equilibrium.others import find_others
    from detente.equilibrium.precision import PathPoint, trace_path
    from detente.equilibrium.solution import Equilibrium

__all__ = [
    "BatchResult", "Certificate", "Equilibrium", "PathPoint", "Trace", "TreeGradient",
    "branches_at", "certify", "deliberate_batch", "find_others", "gradient", "gradients",
    "solve", "solve_batch", "solve_deliberate", "trace_path",
]

_ROOMS = {
    "BatchResult": "batch", "deliberate_batch": "batch", "solve_batch": "batch",
    "Certificate": "certificate", "certify": "certificate",
    "solve_deliberate": "deliberate", "solve": "dispatch",
    "TreeGradient": "derivatives", "gradient": "dispatch", "gradients": "derivatives",
    "find_others": "others", "Trace": "arclength", "branches_at": "branch",
    "trace_path": "precision", "PathPoint": "precision",
    "Equilibrium": "solution",
}


def __getattr__(name: str) -> Any:
    """Import a function's module when it is first asked for: numba takes its time."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
