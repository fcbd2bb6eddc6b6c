"""Equilibria on the principal branch: the points at which it crosses a given precision.

Inside a fold window the branch crosses a precision three times. It returns only after it has passed
that precision, so it is followed further than the requested precision.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.equilibrium.fallible.arclength import Trace, follow
from detente.equilibrium.fallible.assemble import assemble
from detente.equilibrium.fallible.sweeps import Sweeps
from detente.equilibrium.fallible.systems import System, system
from detente.equilibrium.fallible.unreached import NEVER, follow_on
from detente.equilibrium.methods.anneal import LARGE, settle
from detente.equilibrium.methods.newton import Point, Work, newton
from detente.equilibrium.solution import Equilibrium
from detente.equilibrium.units import inner_precision, outwards
from detente.game.tree import PublicTree

__all__ = ["branches_at", "solve_traced"]


BEYOND = 1.5
"""The branch is followed to this multiple of the requested precision, because the other equilibria
of a fold window are found only when the branch returns."""
LOOK = 2_000
"""Most sweeps and products beyond the requested precision. A small tree may use as many as the
continuation to that precision took, if that is more."""


def _retraced(trace: Trace) -> bool:
    """Whether a fold was passed twice, so that the continuation ran back over its own points.

    Equal precisions are not enough. If two subgames are nearly independent, each has folds at its
    own precisions, and a fold of one recurs while the other changes. Two folds are the same point
    only if the strategies are equal, too.
    """
    turns = [(lam, trace.x[k], trace.seen[k])
             for lam, k in zip(trace.folds, trace.turned, strict=True)]

    def same(x: Floats, z: Floats, both: NDArray[np.int64]) -> bool:
        return len(both) > 0 and float(np.abs(x - z)[both].max()) < 0.3

    return any(
        abs(a - b) < 1e-2 and same(x, z, np.intersect1d(i, j))
        for k, (a, x, i) in enumerate(turns) for b, z, j in turns[k + 1 :]
    )


def solve_traced(game: PublicTree, lam: float) -> Equilibrium:
    """Return the first point of the principal branch at ``lam``.

    The game and ``lam`` are in the units of the solvers (`PublicTree.relative`).

    The branch is followed through its folds; ``folds`` holds their precisions. If the continuation
    fails, its last point is returned. A point is called traced only if the continuation never ran
    back over its own points.
    """
    with np.errstate(over="ignore", under="ignore"):
        sweeps = Sweeps(game)
        equations = system(sweeps)
        if equations.size == 0 or lam == 0.0:
            trace = Trace(game, [0.0], [np.zeros(0)], complete=True)
            return assemble(sweeps, sweeps.uniform(), lam, found_from="lambda 0",
                            reached_by="traced", trace=trace)
        for bend in (0.3, 0.1, 0.03):
            # The tolerance must be small relative to the step length.
            trace = follow(equations, lam, bend=bend,
                           tolerance=1e-6 if bend == 0.3 else 1e-7 * bend)
            if trace.complete and not _retraced(trace):
                break
            # The continuation stalled or ran back over its own folds: it had left the branch.
        if not trace.complete:
            x, at = trace.x[-1], trace.lam[-1]
            equations.evaluate(x, at)
            return assemble(sweeps, equations.y, lam, found_from="lambda 0",
                            reached_by="continuation stopped", folds=trace.folds, trace=trace,
                            note="the continuation stopped at lambda "
                                 f"{game.written_precision(at):.4g}")
        left = _retraced(trace)
        there, small = trace.x[-1], equations.size <= LARGE
        unreached = equations.size - len(trace.seen[-1])
        trace, whole = _beyond(equations, trace, lam, bend)
        points = _crossings(equations, trace, lam)
        traced = bool(points) and not left
        notes = []
        if left:
            notes.append("the continuation ran back over its own points, so it left the "
                         "principal branch")
        if not points:
            points = [settle(equations, there, lam, trace.work).x]
            notes.append("Newton's method failed at the crossing; a solution near it was found")
        equations.evaluate(points[0], lam)
        if len(points) > 1:
            least = "" if whole else "at least "
            notes.append(f"the branch crosses lambda {game.written_precision(lam):g} "
                         f"{least}{len(points)} times")
        if not whole:
            followed = game.written_precision(max(trace.lam))
            notes.append(f"the branch was followed to lambda {followed:.4g} only, so further "
                         "crossings may exist")
        if unreached and not small:
            notes.append(f"{unreached:,} of {equations.size:,} unknowns belong to moves with a "
                         f"probability below {NEVER:g}: folds of the subtrees after such moves "
                         "were not followed, and these subtrees were solved at the end")
        return assemble(sweeps, equations.y, lam, found_from="lambda 0",
                        reached_by="traced" if traced else "settled",
                        folds=trace.folds, note="; ".join(notes), trace=trace)


def _beyond(equations: System, trace: Trace, lam: float, bend: float) -> tuple[Trace, bool]:
    """Continue past ``lam``; return the trace, and whether it reached the end.

    If the further continuation leaves the branch, a second one from lambda 0 may stay on it.
    """
    small = equations.size <= LARGE
    budget = max(LOOK, trace.work.total) if small else LOOK
    further = follow(equations, BEYOND * lam, start=(trace.x[-1], trace.lam[-1]), bend=bend,
                     step=trace.step, budget=budget)
    joined = replace(trace, lam=list(trace.lam), x=list(trace.x), seen=list(trace.seen),
                     folds=list(trace.folds), turned=list(trace.turned))
    joined.extend(further)
    if not _retraced(joined):
        if further.complete:
            return joined, True
        trace = joined
    if small:
        again = follow(equations, BEYOND * lam, bend=bend, budget=2 * budget + trace.work.total)
        if again.complete and not _retraced(again):
            return again, True
    return trace, False


def _crossings(equations: System, trace: Trace, lam: float) -> list[Floats]:
    """Return the solutions at ``lam`` between neighbouring points of the trace."""
    found: list[Floats] = []
    for k in range(len(trace.lam) - 1):
        a, b = trace.lam[k] - lam, trace.lam[k + 1] - lam
        if a * b > 0 or (a == 0 and k > 0):
            continue
        share = a / (a - b) if a != b else 0.0
        guess = trace.x[k] + share * (trace.x[k + 1] - trace.x[k])
        point = _land(equations, guess, lam, trace.work)
        if point.ok and all(np.abs(point.x - x).max() > 1e-7 for x in found):
            found.append(point.x)
    return found


def _land(equations: System, guess: Floats, lam: float, work: Work) -> Point:
    """Solve at ``lam`` from a point near the branch; unreached subtrees may be far from it."""
    point = newton(equations, guess, lam, tolerance=1e-11, work=work)
    if point.ok or equations.size <= LARGE:
        return point
    equations.evaluate(guess, lam)
    near, _ = follow_on(equations, guess, lam, rounds=300, tolerance=1e-2, work=work)
    return newton(equations, near, lam, tolerance=1e-11, limit=20, work=work)


def branches_at(trace: Trace, lam: float) -> list[Equilibrium]:
    """Return every equilibrium at ``lam`` on the traced branch, in order along it.

    Examples
    --------
    >>> from detente.equilibrium import solve
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": {"weak": 0.5, "tough": 0.5}, "b": 1}, decide("a", {
    ...     "hold": end("peace", b=1),
    ...     "threaten": decide("b", {
    ...         "yield": end("concession", a=1),
    ...         "resist": decide("a", {"fight": end("war", a=[-1.0, 0.1], b=-0.5),
    ...                                "retreat": end("retreat", a=-0.3, b=1)})})}))
    >>> eq = solve(game, 10.0, trace=True)
    >>> len(branches_at(eq.trace, 5.0))
    1
    """
    relative = trace.game.relative
    at = inner_precision(trace.game, lam)
    inner = replace(trace, game=relative.tree, lam=[relative.precision(x) for x in trace.lam],
                    folds=[relative.precision(x) for x in trace.folds])
    with np.errstate(over="ignore", under="ignore"):
        sweeps = Sweeps(relative.tree)
        equations = system(sweeps)
        found = []
        for x in _crossings(equations, inner, at) if equations.size else []:
            equations.evaluate(x, at)
            eq = assemble(sweeps, equations.y, at, found_from="lambda 0",
                          reached_by="traced", folds=inner.folds, trace=inner)
            found.append(replace(outwards(eq, trace.game, lam), trace=trace))
        return found
