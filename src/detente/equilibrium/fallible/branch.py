"""Equilibria on the principal branch: where the walk along it passes a precision.

Inside a fold window the branch passes three times, and comes back only after it has gone past: it
is followed beyond the precision asked for.
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
from detente.game.tree import PublicTree

__all__ = ["branches_at", "solve_traced"]


BEYOND = 1.5
"""How far past the precision asked for the branch is followed, times that precision: inside a fold
window it comes back, and only then do the window's other equilibria show."""
LOOK = 2_000
"""Sweeps and products that this may take; on small trees at least, and as many as the way there."""


def _retraced(trace: Trace) -> bool:
    """Whether the walk met a turn a second time: it strayed and came back over its own path.

    Turns at the same precision are not enough. Where two subtrees hardly touch, each turns at its
    own precisions, and one turns back and forth again while the other goes round: only the same
    play in both is the same point.
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
    """Return the point of the principal branch at ``lam``, the first the branch passes.

    Where the branch turns back below ``lam`` it is followed round; ``folds`` holds where. Where the
    walk fails the last point reached is returned. Only what lies on a walk that never met its own
    path is called traced.
    """
    with np.errstate(over="ignore", under="ignore"):
        sweeps = Sweeps(game)
        equations = system(sweeps)
        if equations.size == 0 or lam == 0.0:
            trace = Trace(game, [0.0], [np.zeros(0)], complete=True)
            return assemble(sweeps, sweeps.uniform(), lam, found_from="lambda 0",
                            reached_by="traced", trace=trace)
        for bend in (0.3, 0.1, 0.03):
            # Small steps want points that are better than the steps are long.
            trace = follow(equations, lam, bend=bend,
                           tolerance=1e-6 if bend == 0.3 else 1e-7 * bend)
            if trace.complete and not _retraced(trace):
                break
            # Stalled, or walked back over its own folds: it strayed near another branch.
        if not trace.complete:
            x, at = trace.x[-1], trace.lam[-1]
            equations.evaluate(x, at)
            return assemble(sweeps, equations.y, lam, found_from="lambda 0",
                            reached_by="walk stopped", folds=trace.folds, trace=trace,
                            note=f"the walk stopped at lambda {at:.2f}")
        strayed = _retraced(trace)
        there, small = trace.x[-1], equations.size <= LARGE
        aside = equations.size - len(trace.seen[-1])
        trace, whole = _beyond(equations, trace, lam, bend)
        points = _crossings(equations, trace, lam)
        traced = bool(points) and not strayed
        notes = []
        if strayed:
            notes.append("the walk came back over its own path: it left the principal branch")
        if not points:
            points = [settle(equations, there, lam, trace.work).x]
            notes.append("where the branch passes it Newton's method failed; play was settled near")
        equations.evaluate(points[0], lam)
        if len(points) > 1:
            least = "" if whole else "at least "
            notes.append(f"the branch passes lambda {lam:g} {least}{len(points)} times")
        if not whole:
            way = ("past lambda" if trace.lam[-1] >= lam else "past and back below lambda")
            notes.append(f"followed {way} {lam:g}, to {max(trace.lam):.2f} only: more folds would "
                         "not show")
        if aside and not small:
            notes.append(f"{aside:,} of {equations.size:,} unknowns belong to moves made with a "
                         f"probability below {NEVER:g} there: the folds of subtrees behind such "
                         "moves were not followed, and play there was solved for at the end")
        return assemble(sweeps, equations.y, lam, found_from="lambda 0",
                        reached_by="traced" if traced else "settled",
                        folds=trace.folds, note="; ".join(notes), trace=trace)


def _beyond(equations: System, trace: Trace, lam: float, bend: float) -> tuple[Trace, bool]:
    """Follow a walk on past ``lam``; returns what is known of the branch, and whether it is whole.

    Where the walk on strays, a walk from lambda 0 all the way may not.
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
    """Solve at ``lam`` from a point near the branch; what is left aside may be far from it."""
    point = newton(equations, guess, lam, tolerance=1e-11, work=work)
    if point.ok or equations.size <= LARGE:
        return point
    equations.evaluate(guess, lam)
    near, _ = follow_on(equations, guess, lam, rounds=300, tolerance=1e-2, work=work)
    return newton(equations, near, lam, tolerance=1e-11, limit=20, work=work)


def branches_at(trace: Trace, lam: float) -> list[Equilibrium]:
    """Return every equilibrium at ``lam`` that the traced branch passes, in order along it.

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
    with np.errstate(over="ignore", under="ignore"):
        sweeps = Sweeps(trace.game)
        equations = system(sweeps)
        found = []
        for x in _crossings(equations, trace, lam) if equations.size else []:
            equations.evaluate(x, lam)
            found.append(assemble(sweeps, equations.y, lam, found_from="lambda 0",
                                  reached_by="traced", folds=trace.folds, trace=trace))
        return found
