"""Equilibria in the units that the solvers use, and back in those of the game that was given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.equilibrium.solution import Equilibrium
from detente.errors import SolveError
from detente.game.tree import PublicTree

__all__ = ["MOST", "inner_precision", "inwards", "outwards"]

MOST = 1e12
"""Largest precision per stake."""


def inner_precision(game: PublicTree, lam: float) -> float:
    """Check a precision and convert it to the units of ``game.relative.tree``.

    Raises
    ------
    SolveError
        It is negative, not finite, or above `MOST` per stake.
    """
    lam = float(lam)
    relative = game.relative
    if not (lam >= 0 and np.isfinite(lam)):
        raise SolveError(f"lambda is {lam}; it must be a number of at least 0")
    found = relative.precision(lam)
    if not found * relative.span <= MOST:
        most = relative.written_precision(MOST / relative.span)
        raise SolveError(f"lambda is {lam:g}; it must be a number from 0 to {most:g}")
    return found


def inwards(eq: Equilibrium) -> Equilibrium:
    """Return an equilibrium as one of ``eq.game.relative.tree``."""
    relative = eq.game.relative
    if relative.tree is eq.game:
        return eq
    return replace(
        eq, game=relative.tree, lam=None if eq.lam is None else relative.precision(eq.lam),
        value=relative.inner(eq.value), trace=None,
    )


def outwards(eq: Equilibrium, game: PublicTree, lam: float | None) -> Equilibrium:
    """Return an equilibrium of ``game.relative.tree`` as one of ``game`` at precision ``lam``.

    Its certificate is in the units of ``game`` already.
    """
    relative = game.relative
    if relative.tree is game:
        return eq
    trace = eq.trace
    if trace is not None:
        trace = replace(
            trace, game=game, lam=[relative.written_precision(x) for x in trace.lam],
            folds=[relative.written_precision(x) for x in trace.folds],
        )
    certificate = eq.certificate if lam is None else replace(eq.certificate, lam=lam)
    return replace(eq, game=game, lam=lam, value=relative.written(eq.value),
                   certificate=certificate, trace=trace)
