"""Newton-Krylov and pseudo-transient steps on the reduced system at one precision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.methods.krylov import Memory, gmres
from detente.equilibrium.methods.norms import gap

__all__ = ["Point", "Work", "newton", "relax"]


class System(Protocol):
    """The interface of a fixed-point problem."""

    @property
    def ceiling(self) -> float:
        """Upper bound of every unknown: 0 for log probabilities."""

    def evaluate(self, x: Floats, lam: float) -> Floats:
        """Return H(x, lam), and keep that point. The next call may overwrite the array."""

    def tangent(self, dx: Floats, dlam: float = 0.0) -> Floats:
        """Return dH along (dx, dlam) at the point last evaluated."""


@dataclass
class Work:
    """The effort of a solve, and its limit.

    Attributes
    ----------
    sweeps, products : int
        Evaluations of the answer map, and products with its derivative.
    most : int
        If their sum exceeds this, a search ends with the best point found.
    """

    sweeps: int = 0
    products: int = 0
    most: int = 10**9

    @property
    def total(self) -> int:
        return self.sweeps + self.products

    @property
    def spent(self) -> bool:
        """Whether the budget is used up."""
        return self.total >= self.most


@dataclass(frozen=True)
class Point:
    """A point, its largest residual in log public probability, and whether that is small enough."""

    x: Floats
    residual: float
    ok: bool


def newton(
    system: System,
    x: Floats,
    lam: float,
    *,
    tolerance: float = 1e-11,
    limit: int = 12,
    krylov: int = 120,
    memory: Memory | None = None,
    work: Work | None = None,
) -> Point:
    """Solve ``H(x, lam) = x`` by inexact Newton steps with halving.

    Parameters
    ----------
    system
        The reduced system.
    x
        Start, (size,), near a solution: continue from a lower precision.
    lam
        Precision.
    tolerance
        On the largest entry of ``H - x``.
    limit, krylov
        Most steps, most GMRES products in each.
    """
    work = work or Work()
    f = np.empty_like(x)
    size, length = gap(system.evaluate(x, lam), x, f)
    work.sweeps += 1
    for _ in range(limit):
        if not np.isfinite(length):
            return Point(x, np.inf, False)
        if size <= tolerance:
            return Point(x, size, True)
        if work.spent:
            break
        # Solve only as exactly as the step needs, but exactly enough to finish in one step when
        # close.
        forcing = float(np.clip(0.3 * tolerance / size, 1e-10, 0.1) if size < 1e-3
                        else min(0.1, max(size, 1e-3)))
        step, _, used = gmres(lambda v: v - system.tangent(v), f, tolerance=forcing, limit=krylov,
                              memory=memory)
        work.products += used
        biggest = float(np.abs(step).max())
        damping = min(1.0, 8.0 / biggest) if biggest > 0 else 1.0
        while True:
            trial = np.minimum(x + damping * step, system.ceiling)
            g = np.empty_like(x)
            reached, after = gap(system.evaluate(trial, lam), trial, g)
            work.sweeps += 1
            if after < (1 - 0.1 * damping) * length:
                break
            damping *= 0.4
            if damping < 0.02 or (size < 1e-9 and damping < 0.5):
                # At the level of rounding errors a shorter step does not help.
                return Point(x, size, size <= max(tolerance, 1e-10))
        x, f, length, size = trial, g, after, reached
    return Point(x, size, size <= tolerance)


def relax(
    system: System,
    x: Floats,
    lam: float,
    *,
    tolerance: float = 1e-2,
    limit: int = 150,
    time_step: float = 0.5,
    work: Work | None = None,
) -> Point:
    """Follow ``dx/dt = H(x, lam) - x`` implicitly to a rest point.

    This is used at a fold. Each step solves ``((1 + 1/dt) I - dH) d = H - x``, in
    which the large negative eigenvalues of bluff and call are damped, and ``dt`` grows as the
    residual falls, until the steps are Newton steps.
    """
    work = work or Work()
    f = np.empty_like(x)
    size, length = gap(system.evaluate(x, lam), x, f)
    work.sweeps += 1
    best = Point(x, size, False)
    for _ in range(limit):
        if size < best.residual:
            best = Point(x, size, size <= tolerance)
        if size <= tolerance:
            return Point(x, size, True)
        if work.spent:
            break
        shift = 1.0 + 1.0 / time_step
        step, _, used = gmres(lambda v, s=shift: s * v - system.tangent(v),  # type: ignore[misc]
                              f, tolerance=0.05, limit=60)
        work.products += used
        biggest = float(np.abs(step).max())
        damping = min(1.0, 5.0 / biggest) if biggest > 0 else 1.0
        trial = np.minimum(x + damping * step, system.ceiling)
        g = np.empty_like(x)
        reached, after = gap(system.evaluate(trial, lam), trial, g)
        work.sweeps += 1
        if not np.isfinite(after) or after > 2.0 * length:
            time_step *= 0.25
            if time_step < 1e-4:
                return best
            system.evaluate(x, lam)
            continue
        time_step = float(np.clip(time_step * min(length / after, 3.0) * 1.2, 1e-3, 1e6))
        x, f, length, size = trial, g, after, reached
    return best
