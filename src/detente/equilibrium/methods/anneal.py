"""Raise the precision step by step, each point starting from the line through the last two.

Newton's method follows a branch up to its next fold. There another solution is found at a slightly
higher precision by alternating replies and extragradient steps. In a large tree some subgame is
near a fold at every precision, so these iterations are used at every step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.methods.alternating import Alternating, alternate
from detente.equilibrium.methods.extragradient import extragradient
from detente.equilibrium.methods.krylov import Memory
from detente.equilibrium.methods.newton import Point, System, Work, newton, relax

__all__ = ["Climb", "Climbing", "anneal", "settle", "smooth"]


LOOSE = 1e-2
"""Residual from which continuation proceeds."""
LARGE = 4_000
"""With more unknowns than this some subgame is near a fold at every lambda, so continuation is not
attempted."""
PATIENCE = 6_000
"""Most sweeps and products on a large tree. Solves that converge take a few hundred."""
TIGHT = 1e-11
"""Residual of a final point, in log public probability."""


class Climbing(System, Protocol):
    """A fixed-point problem that can be followed as the precision rises."""

    size: int

    def whole(self, x: Floats, lam: float) -> tuple[Climbing, Floats]:
        """Return the system without elimination of a player, and its unknowns at ``x``."""

    def part(self, x: Floats) -> Floats:
        """Return this system's unknowns among those of `whole`."""


@dataclass
class Climb:
    """The result of annealing.

    Attributes
    ----------
    point : Point
        The last point.
    lam : float
        Its precision: the target unless annealing failed.
    jumps : list of float
        Precisions at which the path jumped at a fold to another solution.
    """

    point: Point
    lam: float
    work: Work = field(default_factory=Work)
    jumps: list[float] = field(default_factory=list)


def settle(system: Climbing, x: Floats, lam: float, work: Work, memory: Memory | None = None,
           newton_first: bool = True, implicit: bool = True) -> Point:
    """Solve at one precision from a start that need not be close.

    Newton's method is tried first, then `smooth` and Newton, then implicit steps and Newton.
    Implicit steps can take seconds where a solution from lambda 0 takes a fifth of a second.
    ``implicit`` says whether they are tried.
    """
    point = Point(x, np.inf, False)
    if newton_first:
        point = newton(system, x, lam, tolerance=TIGHT, work=work, memory=memory)
        if point.ok:
            return point
    settled = smooth(system, x, lam, 1e-4, 600, work)
    if settled.residual < 0.1:
        found = newton(system, settled.x, lam, tolerance=TIGHT, limit=20, work=work)
        if found.ok:
            return found
    if not implicit:
        return Point(settled.x, settled.residual, False)
    start = settled.x if settled.residual < 1.0 else x
    tolerance = LOOSE
    relaxed = settled
    while tolerance > 1e-7 and not work.spent:
        relaxed = relax(system, start, lam, tolerance=tolerance, work=work)
        if not relaxed.ok:
            return min(relaxed, settled, point, key=lambda p: p.residual)
        found = newton(system, relaxed.x, lam, tolerance=TIGHT, limit=20, work=work)
        if found.ok:
            return found
        start = relaxed.x
        tolerance *= 1e-2
    return relaxed


def smooth(system: Climbing, x: Floats, lam: float, tolerance: float, limit: int,
           work: Work) -> Point:
    """Iterate on all players' unknowns; return the system's own.

    Alternating replies are used if the system offers them. Extragradient steps follow if these do
    not converge, or if the game is not a public tree.
    """
    whole, start = system.whole(x, lam)
    point = Point(start, np.inf, False)
    if isinstance(whole, Alternating):
        point = alternate(whole, start, lam, tolerance=tolerance, limit=limit, work=work)
    if not point.ok:
        near = point.x if point.residual < 1.0 else start
        point = extragradient(whole, near, lam, tolerance=tolerance, limit=limit, work=work)
    return Point(system.part(point.x), point.residual, point.ok)


def anneal(
    system: Climbing,
    x: Floats,
    lam: float,
    target: float,
    *,
    budget: int = 20_000,
    first_step: float = 4.0,
    follow: bool = False,
) -> Climb:
    """Follow a solution ``x`` from ``lam`` to ``target``; at a fold jump to another solution.

    Parameters
    ----------
    system
        The reduced system.
    x, lam
        A solution (to within a loose residual) and its precision.
    target
        The requested precision, above or below ``lam``.
    budget
        Most sweeps and products.
    first_step
        First increase of the precision, in units of one over the stake.
    follow
        Follow the branch even in a large tree.
    """
    climb = Climb(Point(x, np.inf, False), lam)
    climb.work.most = budget
    if not follow and system.size > LARGE and target > lam:
        climb.work.most = PATIENCE
        return _ladder(system, x, lam, target, climb)
    memory = Memory()
    before: tuple[Floats, float] | None = None
    step = min(first_step, abs(target - lam))
    sign = 1.0 if target >= lam else -1.0
    failures = 0
    while lam != target and not climb.work.spent:
        final = step >= abs(target - lam) * 0.999
        goal = target if final else lam + sign * step
        guess = x
        if before is not None:
            guess = x + (x - before[0]) * ((goal - lam) / (lam - before[1]))
            guess = np.minimum(guess, system.ceiling)
        spent = climb.work.products
        point = newton(system, guess, goal, tolerance=TIGHT if final else LOOSE,
                       limit=15 if final else 6, memory=memory, work=climb.work)
        if point.ok:
            before, x, lam = (x, lam), point.x, goal
            climb.point, climb.lam = point, goal
            step *= 1.8 if climb.work.products - spent < 40 else 1.2
            failures = 0
            continue
        step /= 3.0
        failures += 1
        memory.forget()
        if failures > 1:
            landed = _jump(system, x, lam, target, climb)
            if landed is None:
                break
            x, lam = landed.x, climb.lam
            before, step, failures = None, min(2.0, abs(target - lam)), 0
    if climb.point.residual > TIGHT and climb.lam == target:
        climb.point = settle(system, x, target, climb.work)
    return climb


def _ladder(system: Climbing, x: Floats, lam: float, target: float, climb: Climb) -> Climb:
    """Anneal a large tree by `smooth` alone, because some subgame is always near a fold.

    The precisions are far apart and have a loose tolerance; only the last one is solved precisely.
    """
    rung = max(lam, 2.0)
    while climb.lam != target:
        rung = min(rung * 2.5, target)
        last = rung == target
        point = smooth(system, x, rung, LOOSE if last else 0.1, 300 if last else 100, climb.work)
        x = point.x
        climb.point, climb.lam = Point(x, point.residual, False), rung
    climb.point = settle(system, x, target, climb.work)
    return climb


def _jump(system: Climbing, x: Floats, lam: float, target: float, climb: Climb) -> Point | None:
    """Find another solution at a slightly higher precision; None without convergence."""
    for share in (0.1, 0.2, 0.03):
        distance = max(share * lam, 20.0 * share)
        goal = lam + float(np.clip(target - lam, -distance, distance))
        point = settle(system, x, goal, climb.work, newton_first=False)
        if point.ok:
            climb.jumps.append(goal)
            climb.point, climb.lam = point, goal
            return point
    return None
