"""The fallible reading: agent logit quantal response equilibrium of a public tree.

McKelvey & Palfrey (1998), Experimental Economics 1:9-41, with base weights on menus: a mover of
type t picks move c with probability proportional to ``w_c exp(lam V(c, t))``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.defaults import LAMBDA
from detente.equilibrium.fallible.assemble import assemble, public_log_q
from detente.equilibrium.fallible.by_spelling import by_spelling
from detente.equilibrium.fallible.interdependent import solve_interdependent
from detente.equilibrium.fallible.sweeps import Sweeps
from detente.equilibrium.fallible.systems import System, system
from detente.equilibrium.methods.anneal import LARGE, TIGHT, Climb, anneal, settle, smooth
from detente.equilibrium.methods.newton import Work, newton
from detente.equilibrium.solution import Equilibrium
from detente.equilibrium.units import inner_precision, inwards, outwards
from detente.game.tree import PublicTree

__all__ = ["solve", "solve_close"]

UNTRACED = (
    "the branch was not traced, because payoffs depend on both types; such a game is traced "
    "if it is small, has common priors and lambda is above 0; use such a game or do not trace"
)
STEEPEST = 5_000.0
"""Precision times the range of payoffs up to which a failed solve is repeated as a general
game."""


def solve(
    game: PublicTree,
    lam: float = LAMBDA,
    *,
    start: Equilibrium | None = None,
    trace: bool = False,
) -> Equilibrium:
    """Find the fallible equilibrium of ``game`` at precision ``lam``.

    Parameters
    ----------
    game
        Any public tree: two or more players, joint nodes, unlike priors, interdependent payoffs.
    lam
        Precision of choice, per unit of the payoffs (in a crisis, per stake); 0 is choice by the
        menu weights.
    start
        An equilibrium of a tree of the same structure to continue from, at any precision. Without
        it lambda is annealed from 0.
    trace
        Follow the principal branch by pseudo-arclength, through its folds. This is slower, and only
        this shows that the result is on the principal branch. ``start`` is then ignored.

    Returns
    -------
    Equilibrium
        With its certificate. If the search fails, this is the best point found; it is not certified
        and has a note. No error is raised.

    Raises
    ------
    SolveError
        If ``lam`` is not a number from 0 to 1e12 per stake, or payoffs depend on both types in a
        kind of game that is not solved (see the message).
    InputError
        If doubles cannot hold the differences of the payoffs.

    Examples
    --------
    Entry deterrence at lambda 1, against its closed form:

    >>> import math
    >>> from detente.game import decide, end, tree
    >>> game = tree({"entrant": 1, "incumbent": 1}, decide("entrant", {
    ...     "out": end("out", entrant=0, incumbent=2),
    ...     "in": decide("incumbent", {
    ...         "fight": end("fought", entrant=-1, incumbent=-1),
    ...         "acquiesce": end("shared", entrant=1, incumbent=1)})}))
    >>> eq = solve(game, 1.0)
    >>> fight = 1 / (1 + math.exp(2))
    >>> enter = 1 / (1 + math.exp(-(1 - 2 * fight)))
    >>> round(float(eq.pi[2, 0]) - enter, 9) == 0, eq.certificate.certified
    (True, True)
    """
    lam, precision = float(lam), inner_precision(game, lam)
    begin = None if start is None else inwards(start)
    return outwards(_relative(game.relative.tree, precision, begin, trace), game, lam)


def solve_close(game: PublicTree, lam: float, start: Equilibrium) -> Equilibrium | None:
    """Find the fallible equilibrium at one precision from a neighbour, without continuation.

    Damped alternating replies lead close to it, and Newton's method finishes. In trees of some
    thousand nodes this takes a fifth of the time of `solve`, which continues from the neighbour's
    precision to ``lam``.

    Returns
    -------
    Equilibrium or None
        None if the iteration fails or the certificate does not hold.
    """
    if game.joint_payoff is not None:
        return None
    lam, precision = float(lam), inner_precision(game, lam)
    with np.errstate(over="ignore", under="ignore"):
        sweeps = Sweeps(game.relative.tree)
        equations = system(sweeps)
        if equations.size == 0:
            return None
        work = Work()
        x = equations.pack(public_log_q(sweeps, inwards(start)))
        near = smooth(equations, x, precision, 1e-4, 600, work)
        if not near.ok:
            return None
        point = newton(equations, near.x, precision, tolerance=TIGHT, work=work)
        if not point.ok:
            return None
        equations.evaluate(point.x, precision)
        eq = assemble(sweeps, equations.y, precision, found_from="neighbour",
                      reached_by="neighbour", last=True)
    return outwards(eq, game, lam) if eq.certificate.certified else None


def _relative(
    game: PublicTree, lam: float, start: Equilibrium | None, trace: bool
) -> Equilibrium:
    """Solve a tree in the units of the solvers."""
    if game.joint_payoff is not None:
        eq = solve_interdependent(game, lam, start=start)
        if trace and eq.certificate.reached_by != "traced":
            said = (f"{eq.certificate.note}; " if eq.certificate.note else "") + UNTRACED
            return replace(eq, certificate=replace(eq.certificate, note=said))
        return eq
    if trace:
        from detente.equilibrium.fallible.branch import solve_traced

        return solve_traced(game, lam)
    with np.errstate(over="ignore", under="ignore"):
        return _solve(Sweeps(game), lam, start)


def _continue(equations: System, climb: Climb, lam: float) -> None:
    """Continue the branch by arclength from the point at which annealing stopped."""
    from detente.equilibrium.fallible.arclength import follow

    work = Work()
    x = settle(equations, climb.point.x, climb.lam, work).x
    trace = follow(equations, lam, start=(x, climb.lam), budget=30_000)
    if trace.complete:
        point = settle(equations, trace.x[-1], lam, work)
        if point.ok:
            climb.point, climb.lam = point, lam


def _solve(sweeps: Sweeps, lam: float, start: Equilibrium | None) -> Equilibrium:
    equations = system(sweeps)
    written = sweeps.game.written_precision
    if start is None:
        found_from, reached_by, from_lam = "lambda 0", "annealed", 0.0
        y = sweeps.uniform()
    else:
        found_from, reached_by = "neighbour", "neighbour"
        from_lam = lam if start.lam is None else start.lam
        y = public_log_q(sweeps, start)
    if equations.size == 0:
        return assemble(sweeps, y, lam, found_from=found_from, reached_by=reached_by)
    x = equations.pack(y)
    note = ""
    work = Work()
    if start is not None:
        point = settle(equations, x, from_lam, work, implicit=False)
        if not point.ok:
            # The warm start did not converge. Restart from lambda 0.
            x, from_lam, reached_by, found_from = (
                equations.pack(sweeps.uniform()), 0.0, "annealed", "lambda 0")
        else:
            x = point.x
    if lam != from_lam:
        climb = anneal(equations, x, from_lam, lam)
        work = climb.work
        if climb.lam != lam and lam > from_lam:
            _continue(equations, climb, lam)
        point = climb.point
        x = point.x
        if climb.jumps:
            note = ("the branch folds or was lost; another solution was found at lambda "
                    + ", ".join(f"{written(j):.4g}" for j in climb.jumps))
        if climb.lam != lam:
            note = (f"annealing stopped at lambda {written(climb.lam):.4g}; "
                    f"the solution at lambda {written(lam):g} was sought from there")
    if start is None or lam != from_lam:
        f = equations.evaluate(x, lam) - x
        if np.abs(f).max() > 100 * TIGHT and not (work.spent and equations.size > LARGE):
            point = settle(equations, x, lam, Work())
            x = point.x
    equations.evaluate(x, lam)
    eq = assemble(sweeps, equations.y, lam, found_from=found_from, reached_by=reached_by,
                  note=note, last=True)
    if not eq.certificate.certified:
        return _as_general(eq, lam) or eq
    return eq


def _as_general(failed: Equilibrium, lam: float) -> Equilibrium | None:
    """Solve a small tree as a general extensive game, whose branch is traced densely."""
    spread = max(float(np.ptp(u)) for u in failed.game.payoff)
    if not lam * spread <= STEEPEST:  # also false for nan
        return None
    play = by_spelling(failed.game, lam)
    if play is None:
        return None
    sweeps = Sweeps(failed.game)
    equations = system(sweeps)
    y = public_log_q(sweeps, replace(failed, pi=play.pi, joint_pi=play.joint_pi))
    near = equations.pack(y)
    point = settle(equations, near, lam, Work())
    # Both solvers agree to much less than this. A larger difference is another solution.
    same = float(np.abs(np.exp(point.x) - np.exp(near)).max(initial=0.0)) < 1e-6
    equations.evaluate(point.x, lam)
    eq = assemble(sweeps, equations.y, lam, found_from="lambda 0",
                  reached_by=play.reached_by if same else "settled",
                  folds=play.folds if same else (), note=play.note if same else "", last=True)
    return eq if eq.certificate.certified else None
