"""Follow the principal branch from lambda 0 by pseudo-arclength, round every fold.

The curve ``H(x, lam) = x`` is walked in z = (x, lam) with the bordered system

    [ I - H_x   -H_lam ] [dx  ]   [ H - x ]
    [  t'M        t_lam ] [dlam] = [   0   ]

whose border keeps it regular where ``I - H_x`` is singular: at a fold an eigenvalue of ``H_x``
crosses 1. The metric M weighs a move's log probability by how often it is reached, so that subtrees
nobody reaches do not set the pace; a floor keeps folds in them visible.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.equilibrium.assemble import assemble, reach_of
from detente.equilibrium.krylov import Memory, gmres
from detente.equilibrium.newton import Work, newton
from detente.equilibrium.solution import Equilibrium
from detente.equilibrium.sweeps import Sweeps
from detente.equilibrium.systems import System, system
from detente.game.tree import PublicTree

__all__ = ["Trace", "branches_at", "follow", "solve_traced"]

Floats = NDArray[np.float64]

DENSE = 32
"""Unknowns up to which the bordered matrix is formed and factored."""


@dataclass
class Trace:
    """The principal branch as far as it was followed.

    Attributes
    ----------
    game : PublicTree
    lam : list of float
        Precision of every point, in order along the branch.
    x : list of (size,) arrays
        Unknown log public probabilities there.
    folds : list of float
        Precisions at which the branch turned.
    turned : list of int
        The point just past each fold.
    complete : bool
        Whether it reached the precision wanted.
    work : Work
    """

    game: PublicTree
    lam: list[float] = field(default_factory=list)
    x: list[Floats] = field(default_factory=list)
    folds: list[float] = field(default_factory=list)
    turned: list[int] = field(default_factory=list)
    complete: bool = False
    work: Work = field(default_factory=Work)

    def window(self, lam: float) -> int:
        """Return how often the branch passes ``lam``: 3 or more inside a fold window."""
        values = np.asarray(self.lam) - lam
        crossings = int((values[:-1] * values[1:] < 0).sum()) + int((values[1:] == 0).sum())
        return crossings


class _Walker:
    """The state of one walk."""

    def __init__(self, equations: System, x: Floats, lam: float) -> None:
        self.equations = equations
        self.x, self.lam = x, lam
        self.memory = Memory(100)
        self.work = Work()
        self.floor = 1.0 / max(len(x), 1)
        self.metric = np.ones(len(x))
        self.weigh()

    def weigh(self) -> None:
        """Set the metric at the present point (the system stands there)."""
        sweeps = self.equations.sweeps
        game = sweeps.game
        y = self.equations.y
        with np.errstate(under="ignore"):
            if game.joints or len(y) > 1:
                reach = np.exp(self.x)
            else:
                full = np.exp(y[0, : game.n_nodes])
                reach = reach_of(game, full)
                reach = self.equations.pack(reach[None, :])
        self.metric = np.minimum(reach, 1.0) + self.floor

    def length(self, dx: Floats, dlam: float) -> float:
        return float(np.sqrt(self.metric @ (dx * dx) + (dlam / (1.0 + self.lam)) ** 2))

    def border(self, t: tuple[Floats, float]) -> tuple[Floats, float]:
        return self.metric * t[0], t[1] / (1.0 + self.lam) ** 2

    def solve(self, border: tuple[Floats, float], f: Floats, g: float,
              tolerance: float) -> tuple[Floats, float]:
        """Solve the bordered system at the last point evaluated."""
        n = len(f)
        row, corner = border
        scale = 1.0 / np.sqrt(row @ row + corner * corner)

        def product(v: Floats) -> Floats:
            out = np.empty(n + 1)
            out[:n] = v[:n] - self.equations.tangent(v[:n], v[n])
            out[n] = scale * (row @ v[:n] + corner * v[n])
            return out

        rhs = np.append(f, scale * g)
        if n <= DENSE:
            matrix = np.array([product(e) for e in np.eye(n + 1)]).T
            self.work.products += n + 1
            try:
                z = np.linalg.solve(matrix, rhs)
            except np.linalg.LinAlgError:
                z = np.full(n + 1, np.nan)
        else:
            z, _, used = gmres(product, rhs, tolerance=tolerance, limit=150, memory=self.memory)
            self.work.products += used
        return z[:n], float(z[n])

    def tangent(self, along: tuple[Floats, float]) -> tuple[Floats, float]:
        """Return the unit tangent, oriented like ``along``."""
        t = self.solve(self.border(along), np.zeros(len(self.x)), 1.0, 1e-4)
        size = self.length(*t)
        return t[0] / size, t[1] / size

    def correct(self, x: Floats, lam: float, t: tuple[Floats, float],
                tolerance: float) -> tuple[Floats, float, int, float]:
        """Return to the curve in the hyperplane across ``t``: point, iterations, first step."""
        border = self.border(t)
        first = 0.0
        last = np.inf
        for k in range(8):
            f = self.equations.evaluate(x, lam) - x
            self.work.sweeps += 1
            size = float(np.abs(f).max(initial=0.0))
            if not np.isfinite(size) or size > 3.0 * last:
                break
            if size <= tolerance:
                return x, lam, k, first
            last = size
            dx, dlam = self.solve(border, f, 0.0, 1e-2 if size > 1e-3 else 1e-3)
            if k == 0:
                first = self.length(dx, dlam)
            if not np.isfinite(dlam) or np.abs(dx).max() > 20.0:
                break
            x, lam = np.minimum(x + dx, 0.0), lam + dlam
        return x, lam, -1, first


def follow(
    equations: System,
    target: float,
    *,
    start: tuple[Floats, float] | None = None,
    tolerance: float = 1e-6,
    bend: float = 0.3,
    max_steps: int = 5_000,
    budget: int = 400_000,
) -> Trace:
    """Trace the branch from lambda 0 until it passes ``target``.

    Parameters
    ----------
    equations
        The reduced system.
    target
        Precision at which to stop.
    start
        A solution and its precision to set out from, instead of lambda 0: what is traced is then
        that solution's branch.
    tolerance
        Residual of every point, in log public probability.
    bend
        How far a step may depart from the straight line, as a share of its length: smaller steps
        cannot be taken for a neighbouring branch.
    max_steps, budget
        Most steps, and most sweeps and products.
    """
    x, lam = (equations.pack(equations.sweeps.uniform()), 0.0) if start is None else start
    trace = Trace(equations.sweeps.game, [lam], [x])
    walker = _Walker(equations, x, lam)
    trace.work = walker.work
    equations.evaluate(x, lam)
    walker.weigh()
    t = walker.tangent((np.zeros(len(x)), 1.0))
    step = 0.05
    for _ in range(max_steps):
        if walker.lam >= target:
            trace.complete = True
            break
        if walker.work.total > budget or step < 1e-9 or (len(trace.lam) > 5 and lam < 1e-2):
            break
        guess = np.minimum(walker.x + step * t[0], 0.0)
        goal = walker.lam + step * t[1]
        x, lam, iterations, first = walker.correct(guess, goal, t, tolerance)
        if iterations < 0 or lam < -1e-9:
            step *= 0.35
            continue
        dx, dlam = x - walker.x, lam - walker.lam
        moved = walker.length(dx, dlam)
        turned = first / max(step, 1e-300)
        surprise = float(np.abs(x - guess).max(initial=0.0))
        if turned > bend or surprise > 4.0 * bend or not 0.5 < moved / step < 2.0:
            step *= 0.4
            continue
        new = walker.tangent((dx / moved, dlam / moved))
        cosine = float((walker.metric * t[0]) @ new[0] + t[1] * new[1] / (1 + walker.lam) ** 2)
        if not np.isfinite(cosine) or cosine < 1.0 - bend:
            step *= 0.4
            continue
        if new[1] * t[1] < 0:
            trace.folds.append(_fold(walker.lam, t[1], lam, new[1], moved))
            trace.turned.append(len(trace.lam))
        walker.x, walker.lam = x, lam
        trace.lam.append(lam)
        trace.x.append(x)
        walker.weigh()
        size = walker.length(*new)
        t = (new[0] / size, new[1] / size)
        step = min(step * (2.0 if turned < 0.05 and cosine > 0.98 else
                           1.3 if turned < 0.2 and cosine > 0.9 else 0.9), 2.0)
    return trace


def _fold(lam0: float, slope0: float, lam1: float, slope1: float, length: float) -> float:
    """Return the extreme of the cubic in arclength with these ends and slopes."""
    # Hermite cubic on [0, 1]; its derivative is a quadratic with a root inside.
    a, b = slope0 * length, slope1 * length
    c = [3 * (a + b) - 6 * (lam1 - lam0), 6 * (lam1 - lam0) - 4 * a - 2 * b, a]
    roots = np.roots(c)
    inside = [float(r.real) for r in roots if abs(r.imag) < 1e-9 and -1e-9 <= r.real <= 1 + 1e-9]
    s = inside[0] if inside else abs(a) / (abs(a) + abs(b))
    return float(lam0 + a * s + (3 * (lam1 - lam0) - 2 * a - b) * s**2
                 + (a + b - 2 * (lam1 - lam0)) * s**3)


def _retraced(trace: Trace) -> bool:
    """Whether the walk met a turn a second time: it strayed and came back over its own path.

    Turns at the same precision are not enough. Where two subtrees hardly touch, each turns at its
    own precisions, and one turns back and forth again while the other goes round: only the same
    play in both is the same point.
    """
    turns = [(lam, trace.x[k]) for lam, k in zip(trace.folds, trace.turned, strict=True)]
    return any(
        abs(a - b) < 1e-2 and float(np.abs(x - z).max()) < 0.3
        for k, (a, x) in enumerate(turns) for b, z in turns[k + 1 :]
    )


def solve_traced(game: PublicTree, lam: float) -> Equilibrium:
    """Return the point of the principal branch at ``lam``, the first the branch passes.

    Where the branch turns back below ``lam`` it is followed round; ``folds`` holds where. The last
    point reached is returned, not certified, where the walk fails.
    """
    with np.errstate(over="ignore", under="ignore"):
        sweeps = Sweeps(game)
        equations = system(sweeps)
        if equations.size == 0 or lam == 0.0:
            trace = Trace(game, [0.0], [np.zeros(0)], complete=True)
            return assemble(sweeps, sweeps.uniform(), lam, found_from="lambda 0",
                            reached_by="traced", trace=trace)
        trace = follow(equations, lam)
        for bend in (0.1, 0.03):
            if trace.complete and not _retraced(trace):
                break
            # Stalled, or walked back over its own folds: it strayed near another branch.
            trace = follow(equations, lam, bend=bend)
        if not trace.complete:
            x, at = trace.x[-1], trace.lam[-1]
            equations.evaluate(x, at)
            return assemble(sweeps, equations.y, lam, found_from="lambda 0", reached_by="traced",
                            folds=trace.folds, trace=trace,
                            note=f"the walk stopped at lambda {at:.2f}")
        points = _crossings(equations, trace, lam)
        if not points:
            points = [trace.x[-1]]
        equations.evaluate(points[0], lam)
        note = ""
        if len(points) > 1:
            note = f"the branch passes lambda {lam:g} {len(points)} times"
        return assemble(sweeps, equations.y, lam, found_from="lambda 0", reached_by="traced",
                        folds=trace.folds, note=note, trace=trace)


def _crossings(equations: System, trace: Trace, lam: float) -> list[Floats]:
    """Return the solutions at ``lam`` between neighbouring points of the trace."""
    found: list[Floats] = []
    work = Work()
    for k in range(len(trace.lam) - 1):
        a, b = trace.lam[k] - lam, trace.lam[k + 1] - lam
        if a * b > 0 or (a == 0 and k > 0):
            continue
        share = a / (a - b) if a != b else 0.0
        guess = trace.x[k] + share * (trace.x[k + 1] - trace.x[k])
        point = newton(equations, guess, lam, tolerance=1e-11, work=work)
        if point.ok and all(np.abs(point.x - x).max() > 1e-7 for x in found):
            found.append(point.x)
    return found


def branches_at(trace: Trace, lam: float) -> list[Equilibrium]:
    """Return every equilibrium at ``lam`` that the traced branch passes, in order along it.

    Examples
    --------
    >>> from detente.equilibrium import solve
    >>> from detente.game.random_crisis import random_crisis
    >>> eq = solve(random_crisis(0, offers=2, turns=1, types=3), 10.0, trace=True)
    >>> len(branches_at(eq.trace, 5.0))
    1
    """
    with np.errstate(over="ignore", under="ignore"):
        sweeps = Sweeps(trace.game)
        equations = system(sweeps)
        found = []
        for x in _crossings(equations, trace, lam) if equations.size else []:
            equations.evaluate(x, lam)
            found.append(assemble(sweeps, equations.y, lam, found_from="lambda 0",
                                  reached_by="traced", folds=trace.folds, trace=trace))
        return found
