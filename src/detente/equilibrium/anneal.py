"""Raise the precision step by step, each point starting from the line through the last two."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.equilibrium.krylov import Memory
from detente.equilibrium.newton import Point, Work, newton, relax
from detente.equilibrium.systems import System

__all__ = ["Climb", "anneal", "settle"]

Floats = NDArray[np.float64]

LOOSE = 1e-2
"""Residual that is close enough to continue from."""
TIGHT = 1e-11
"""Residual of a final point, in log public probability."""


@dataclass
class Climb:
    """Where an ascent ended, and what it met.

    Attributes
    ----------
    point : Point
        The last point.
    lam : float
        Its precision: the target unless the ascent failed.
    jumps : list of float
        Precisions at which the path turned back and the ascent fell to another branch.
    """

    point: Point
    lam: float
    work: Work = field(default_factory=Work)
    jumps: list[float] = field(default_factory=list)


def settle(system: System, x: Floats, lam: float, work: Work, memory: Memory | None = None) -> Point:
    """Solve at one precision from a start that need not be close: relax, then Newton."""
    point = newton(system, x, lam, tolerance=TIGHT, work=work, memory=memory)
    tolerance = LOOSE
    while not point.ok and tolerance > 1e-7:
        relaxed = relax(system, x if tolerance == LOOSE else point.x, lam, tolerance=tolerance,
                        work=work)
        if not relaxed.ok:
            return relaxed if relaxed.residual < point.residual else point
        point = newton(system, relaxed.x, lam, tolerance=TIGHT, limit=20, work=work)
        if not point.ok:
            point = Point(relaxed.x, relaxed.residual, False)
        tolerance *= 1e-2
    return point


def anneal(
    system: System,
    x: Floats,
    lam: float,
    target: float,
    *,
    budget: int = 20_000,
    first_step: float = 4.0,
) -> Climb:
    """Follow a solution ``x`` at ``lam`` to ``target``, jumping where its branch turns back.

    Parameters
    ----------
    system
        The reduced system.
    x, lam
        A solution (to within a loose residual) and its precision.
    target
        The precision wanted, above or below ``lam``.
    budget
        Most sweeps and products.
    first_step
        First increase of the precision, in units of one over the stake.
    """
    climb = Climb(Point(x, np.inf, False), lam)
    memory = Memory()
    before: tuple[Floats, float] | None = None
    step = min(first_step, abs(target - lam))
    sign = 1.0 if target >= lam else -1.0
    while lam != target and climb.work.total < budget:
        final = step >= abs(target - lam) * 0.999
        goal = target if final else lam + sign * step
        guess = x
        if before is not None:
            guess = np.minimum(x + (x - before[0]) * ((goal - lam) / (lam - before[1])), 0.0)
        spent = climb.work.products
        point = newton(system, guess, goal, tolerance=TIGHT if final else LOOSE,
                       limit=15 if final else 6, memory=memory, work=climb.work)
        if point.ok:
            before, x, lam = (x, lam), point.x, goal
            climb.point, climb.lam = point, goal
            step *= 1.8 if climb.work.products - spent < 40 else 1.2
            continue
        step /= 3.0
        memory.forget()
        if step < 0.004 * max(abs(lam), 10.0):
            landed = _jump(system, x, lam, target, climb)
            if landed is None:
                break
            x, lam = landed.x, climb.lam
            before, step = None, min(1.0, abs(target - lam))
    if climb.point.residual > TIGHT and climb.lam == target:
        climb.point = settle(system, x, target, climb.work)
    return climb


def _jump(system: System, x: Floats, lam: float, target: float, climb: Climb) -> Point | None:
    """Let play settle anew a little beyond a fold; None where it does not."""
    for distance in (2.0, 5.0, 1.0, 10.0):
        goal = lam + float(np.clip(target - lam, -distance, distance))
        point = settle(system, x, goal, climb.work)
        if point.ok:
            climb.jumps.append(goal)
            climb.point, climb.lam = point, goal
            return point
    return None
