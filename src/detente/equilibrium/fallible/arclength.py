"""Follow the principal branch from lambda 0 by pseudo-arclength, through every fold.

Pseudo-arclength continuation of the curve ``H(x, lam) = x`` solves the bordered system

    [ I - H_x   -H_lam ] [dx  ]   [ H - x ]
    [  t'M        t_lam ] [dlam] = [   0   ]

It is regular at a fold, where an eigenvalue of ``H_x`` crosses 1 and ``I - H_x`` is singular. The
metric M weighs a move's log probability by its probability of being reached, so that rarely reached
subtrees do not determine the step length; a floor keeps their folds detectable. Subtrees that are
never reached (`detente.equilibrium.fallible.unreached`) are excluded from the continuation. Their
strategies are updated after each step and solved at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from detente.arrays import Floats, Ints
from detente.equilibrium.fallible.systems import System
from detente.equilibrium.fallible.unreached import NEVER, decision_reach, follow_on
from detente.equilibrium.methods.anneal import LARGE
from detente.equilibrium.methods.krylov import Memory, gmres
from detente.equilibrium.methods.newton import Work
from detente.game.tree import PublicTree

__all__ = ["Trace", "follow"]


DENSE = 32
"""Unknowns up to which the bordered matrix is formed and factored."""
ROUNDS = 4
"""Rounds of alternating replies in unreached subtrees after each step."""


@dataclass
class Trace:
    """The traced part of the principal branch.

    Attributes
    ----------
    game : PublicTree
    lam : list of float
        Precision of every point, in order along the branch.
    x : list of (size,) arrays
        Unknown log public probabilities there.
    folds : list of float
        Precisions of the folds.
    turned : list of int
        Index of the point just past each fold.
    step : float
        Length of the next step.
    complete : bool
        Whether it reached the requested precision.
    seen : list of int arrays
        The unknowns that determine the step length there: moves with a probability of at least
        NEVER.
    work : Work
    """

    game: PublicTree
    lam: list[float] = field(default_factory=list)
    x: list[Floats] = field(default_factory=list)
    seen: list[Ints] = field(default_factory=list)
    folds: list[float] = field(default_factory=list)
    turned: list[int] = field(default_factory=list)
    step: float = 0.05
    complete: bool = False
    work: Work = field(default_factory=Work)

    def extend(self, further: Trace) -> None:
        """Append a continuation that started at the last point."""
        self.turned += [len(self.lam) - 1 + k for k in further.turned]
        self.folds += further.folds
        self.lam += further.lam[1:]
        self.x += further.x[1:]
        self.seen += further.seen[1:]
        self.work.sweeps += further.work.sweeps
        self.work.products += further.work.products


class _Continuation:
    """The state of one continuation. Directions have one entry per unknown in ``seen``."""

    def __init__(self, equations: System, x: Floats, lam: float, apart: bool) -> None:
        self.equations, self.apart = equations, apart
        self.x, self.lam = x, lam
        self.memory = Memory(100)
        self.work = Work()
        self.floor = 1.0 / max(len(x), 1)
        self.metric = np.ones(len(x))
        self.seen = np.arange(len(x))
        self.made = self.seen
        self.matrix: Floats | None = None
        self.stale = True
        self.weigh()

    def weigh(self) -> Ints:
        """Set the metric and the unknowns ``seen`` at the point last evaluated.

        Returns
        -------
        int array
            The position of each of them among those seen before; -1 if it was not seen.
        """
        game, y = self.equations.sweeps.game, self.equations.y
        with np.errstate(under="ignore"):
            decision = decision_reach(self.equations)
            reach = np.exp(self.x) * (1.0 if game.joints or len(y) > 1 else decision)
        if not self.apart:
            self.metric = np.minimum(reach, 1.0) + self.floor
            return self.seen
        before = self.seen
        seen = np.flatnonzero(decision >= NEVER)
        if len(before) < 1.5 * len(seen) and np.isin(seen, before, assume_unique=True).all():
            seen = before  # the Krylov spaces stay valid if these are kept
        else:
            self.memory.forget()
            self.stale = True
        self.seen = seen
        reach = np.minimum(reach[seen], 1.0)
        # Ignore moves of probability below NEVER when choosing the step length.
        self.made = np.flatnonzero(reach >= NEVER)
        self.metric = np.where(reach >= NEVER, reach + self.floor, 0.0)
        place = np.full(len(self.x), -1)
        place[before] = np.arange(len(before))
        return np.asarray(place[seen])

    def covers(self) -> bool:
        """Whether every reached decision is part of the continuation."""
        reached = np.flatnonzero(decision_reach(self.equations) >= NEVER)
        return bool(np.isin(reached, self.seen, assume_unique=True).all())

    def at(self, x: Floats, t: Floats, step: float) -> Floats:
        """Return ``x`` moved along a direction."""
        out = x.copy()
        out[self.seen] = np.minimum(out[self.seen] + step * t, 0.0)
        return out

    def length(self, dx: Floats, dlam: float) -> float:
        return float(np.sqrt(self.metric @ (dx * dx) + (dlam / (1.0 + self.lam)) ** 2))

    def border(self, t: tuple[Floats, float]) -> tuple[Floats, float]:
        return self.metric * t[0], t[1] / (1.0 + self.lam) ** 2

    def solve(self, border: tuple[Floats, float], f: Floats, g: float,
              tolerance: float) -> tuple[Floats, float]:
        """Solve the bordered system at the last point evaluated.

        The matrix of a small system is formed. Its derivatives are those of the last point at which
        they were computed, until `stale` is set.
        """
        n = len(f)
        row, corner = border
        scale = 1.0 / np.sqrt(row @ row + corner * corner)
        whole = np.zeros(len(self.x))

        def product(v: Floats) -> Floats:
            out = np.empty(n + 1)
            whole[self.seen] = v[:n]
            out[:n] = v[:n] - self.equations.tangent(whole, v[n])[self.seen]
            out[n] = scale * (row @ v[:n] + corner * v[n])
            return out

        rhs = np.append(f, scale * g)
        if n <= DENSE:
            if self.stale or self.matrix is None:
                self.matrix = np.array([product(e) for e in np.eye(n + 1)]).T
                self.work.products += n + 1
                self.stale = False
            matrix = self.matrix
            matrix[n, :n], matrix[n, n] = scale * row, scale * corner
            try:
                z = np.asarray(np.linalg.solve(matrix, rhs), dtype=float)
            except np.linalg.LinAlgError:
                z = np.full(n + 1, np.nan)
        else:
            z, _, used = gmres(product, rhs, tolerance=tolerance, limit=150, memory=self.memory)
            self.work.products += used
        return z[:n], float(z[n])

    def tangent(self, along: tuple[Floats, float]) -> tuple[Floats, float]:
        """Return the unit tangent, oriented like ``along``."""
        self.stale = True
        t = self.solve(self.border(along), np.zeros(len(self.seen)), 1.0, 1e-4)
        size = self.length(*t)
        return t[0] / size, t[1] / size

    def correct(self, x: Floats, lam: float, t: tuple[Floats, float],
                tolerance: float) -> tuple[Floats, float, int, float]:
        """Return to the curve orthogonally to ``t``: point, iterations, first step."""
        border = self.border(t)
        first = 0.0
        last = np.inf
        for k in range(8):
            f = (self.equations.evaluate(x, lam) - x)[self.seen]
            self.work.sweeps += 1
            size = float(np.abs(f).max(initial=0.0))
            if not np.isfinite(size) or size > 3.0 * last:
                break
            if size <= tolerance:
                return x, lam, k, first
            # Derivatives from the previous point suffice while each step reduces the residual
            # tenfold.
            self.stale |= size > 0.1 * last
            last = size
            dx, dlam = self.solve(border, f, 0.0, 1e-2 if size > 1e-3 else 1e-3)
            if k == 0:
                first = self.length(dx, dlam)
            if not np.isfinite(dlam) or np.abs(dx).max(initial=0.0) > 20.0:
                break
            x, lam = self.at(x, dx, 1.0), lam + dlam
        return x, lam, -1, first


def follow(
    equations: System,
    target: float,
    *,
    start: tuple[Floats, float] | None = None,
    step: float = 0.05,
    tolerance: float = 1e-6,
    bend: float = 0.3,
    apart: bool | None = None,
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
        A solution and its precision to start from instead of lambda 0. The branch of that solution
        is then traced.
    step
        Length of the first step.
    tolerance
        Residual of every point, in log public probability, at decisions that are reached.
    bend
        Largest distance of a step from the straight line, as a share of its length. With a smaller
        value a step cannot reach a neighbouring branch.
    apart
        Whether subtrees that are never reached are excluded. None: only in large trees.
    max_steps, budget
        Most steps, and most sweeps and products.
    """
    x, lam = (equations.pack(equations.sweeps.uniform()), 0.0) if start is None else start
    equations.evaluate(x, lam)
    state = _Continuation(equations, x, lam, equations.size > LARGE if apart is None else apart)
    trace = Trace(equations.sweeps.game, [lam], [x], [state.seen[state.made]],
                  work=state.work)
    t = state.tangent((np.zeros(len(state.seen)), 1.0))
    for _ in range(max_steps):
        trace.step = step
        if state.lam >= target:
            trace.complete = True
            break
        if state.work.total > budget or step < 1e-9 or (len(trace.lam) > 5 and lam < 1e-2):
            break
        guess = state.at(state.x, t[0], step)
        goal = state.lam + step * t[1]
        x, lam, iterations, first = state.correct(guess, goal, t, tolerance)
        if iterations < 0 or lam < -1e-9:
            step *= 0.35
            continue
        dx, dlam = (x - state.x)[state.seen], lam - state.lam
        moved = state.length(dx, dlam)
        turned = first / max(step, 1e-300)
        surprise = float(np.abs(x - guess)[state.seen[state.made]].max(initial=0.0))
        if turned > bend or surprise > 4.0 * bend or not 0.5 < moved / step < 2.0:
            step *= 0.4
            continue
        new = state.tangent((dx / moved, dlam / moved))
        cosine = float((state.metric * t[0]) @ new[0] + t[1] * new[1] / (1 + state.lam) ** 2)
        if not np.isfinite(cosine) or cosine < 1.0 - bend:
            step *= 0.4
            continue
        if new[1] * t[1] < 0:
            trace.folds.append(_fold(state.lam, t[1], lam, new[1], moved))
            trace.turned.append(len(trace.lam))
        state.x, state.lam = x, lam
        trace.lam.append(lam)
        trace.x.append(x)
        came = state.weigh()
        trace.seen.append(state.seen[state.made])
        ahead = np.zeros(len(came))
        ahead[came >= 0] = new[0][came[came >= 0]]
        size = state.length(ahead, new[1])
        t = (ahead / size, new[1] / size)
        if len(state.seen) < len(x):
            moved_on, _ = follow_on(equations, x, lam, rounds=ROUNDS, tolerance=0.1,
                                    work=state.work)
            near = state.correct(moved_on, lam, t, tolerance)
            # Reject the update if excluded subgames would be entered.
            if near[2] >= 0 and state.covers():
                state.x, state.lam = trace.x[-1], trace.lam[-1] = near[:2]
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
