"""Agent logit equilibria of any extensive game with perfect recall."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.certificates.extensive import ExtensiveProfile, certify_extensive
from detente.equilibrium.certificates.public import Certificate
from detente.equilibrium.solution import Reading, Solution
from detente.errors import SolveError
from detente.game.extensive import ExtensiveGame

__all__ = ["DENSE", "ExtensiveEquilibrium", "ExtensiveTrace", "solve_extensive"]


DENSE = 2500
"""Up to this many unknowns the branch is traced with dense linear algebra."""
KEPT = 4096
"""Points of a trace that are kept."""
STEPS = 20_000
"""Most steps of a trace."""
NOTHING = 1e-30
"""If lambda times stake is below this, the choice probabilities equal the weights in doubles."""
MOST = 1e12
"""Largest lambda times stake."""


@dataclass(frozen=True)
class ExtensiveTrace:
    """The principal branch as it was followed from lambda 0.

    Attributes
    ----------
    lam : (k,) array
        Precisions of the points, in order along the branch (decreasing after a fold).
    log_odds : (k, U) array
        The unknowns at each: log of each move's probability over that of its set's first.
    folds : tuple of float
        Precisions of its folds.
    """

    lam: Floats
    log_odds: Floats
    folds: tuple[float, ...]


@dataclass(frozen=True, repr=False)
class ExtensiveEquilibrium(Solution):
    """An agent logit equilibrium of an extensive game, and its certificate.

    Attributes
    ----------
    game : ExtensiveGame
        The game it belongs to.
    lam : float
        Precision of choice, in one over the units of the payoffs.
    found_from : str
        Starting point of the search, such as ``"lambda 0"``.
    log_prob : (A,) array
        Log-probability of every move of a player; of a chance move its log chance (0 for moves
        that are impossible).
    log_odds : (U,) array
        The solver's unknowns.
    belief : (n,) array
        Probability of each node given that its information set is reached.
    value : (n, N) array
        Expected payoffs at each node.
    certificate : Certificate
        How well it satisfies the equilibrium conditions.
    trace : ExtensiveTrace or None
        The branch, if it was requested.
    others : tuple of ExtensiveEquilibrium
        Further equilibria at the same precision: on the other side of crossings and on the branch
        behind them, and, if a trace was requested, on the branch inside a fold window.
    """

    game: ExtensiveGame
    lam: float
    found_from: str
    log_prob: Floats
    log_odds: Floats
    belief: Floats
    value: Floats
    certificate: Certificate
    trace: ExtensiveTrace | None = None
    others: tuple[ExtensiveEquilibrium, ...] = field(default=(), repr=False)

    reading: Reading = field(default="fallible", init=False)
    epsilon: None = field(default=None, init=False)

    @cached_property
    def profile(self) -> ExtensiveProfile:
        """The strategies as a profile, with beliefs, values and best responses by the checker."""
        return ExtensiveProfile(self.game, self.log_prob)

    @cached_property
    def prob(self) -> Floats:
        """Probability of every move, chance included, (A,)."""
        own = self.game.set_player[self.game.set_of_move] >= 0
        return np.asarray(np.where(own, np.exp(self.log_prob), self.game.chance))

    @cached_property
    def reach(self) -> Floats:
        """Probability of reaching each node, (n,)."""
        game = self.game
        step = np.zeros(game.n_nodes)
        with np.errstate(divide="ignore"):
            step[1:] = np.where(self.prob > 0, self.log_prob, -np.inf)[game.move[1:]]
        return np.asarray(np.exp(game.path_sum(step)))

    @cached_property
    def leaf_reach(self) -> Floats:
        """Probability of each terminal node, (m,)."""
        return np.asarray(self.reach[self.game.leaves])

    def outcomes(self) -> dict[str, float]:
        """Return the probability of every outcome of the terminal nodes, by name (or number)."""
        total: dict[str, float] = {}
        for z, p in zip(self.game.leaves, self.leaf_reach, strict=True):
            k = int(self.game.outcome[z])
            name = "" if k < 0 else self.game.outcome_label[k] or str(self.game.outcome_number[k])
            total[name] = total.get(name, 0.0) + float(p)
        return total

    def mix(self, infoset: int) -> dict[str, float]:
        """Return the probabilities at one information set by the moves' names."""
        moves = range(*self.game.set_first[infoset : infoset + 2])
        return {self.game.move_label[a]: float(self.prob[a]) for a in moves}


def solve_extensive(
    game: ExtensiveGame,
    lam: float = 1.0,
    *,
    trace: bool = False,
    start: ExtensiveEquilibrium | Floats | None = None,
) -> ExtensiveEquilibrium:
    """Solve for the agent logit equilibrium on the principal branch at precision ``lam``.

    Games with up to `DENSE` unknowns are always traced from lambda 0 by pseudo-arclength. Larger
    ones are annealed.

    Parameters
    ----------
    game
        A game with perfect recall.
    lam
        Precision, in one over the units of the payoffs.
    trace
        Keep the branch, and follow it past ``lam`` for further equilibria at this precision.
        If the trace fails, the certificate says ``annealed``.
    start
        A nearby solution (or its log-odds) to start from in place of lambda 0; if Newton's method
        fails from there, the branch is traced.

    Raises
    ------
    SolveError
        The precision is negative, not finite or above `MOST` per stake, or the game is too large
        for a trace.
    InputError
        Doubles cannot hold the differences of the game's payoffs.

    Examples
    --------
    >>> from detente.game.efg import parse_efg
    >>> game = parse_efg('''EFG 2 R "entry deterrence" { "entrant" "incumbent" }
    ... p "" 1 1 "" { "out" "in" } 0
    ... t "" 1 "" { 0 2 }
    ... p "" 2 1 "" { "fight" "acquiesce" } 0
    ... t "" 2 "" { -1 -1 }
    ... t "" 3 "" { 1 1 }''')
    >>> solved = solve_extensive(game, 1.0)
    >>> round(solved.mix(1)["fight"], 9), solved.certificate.reached_by
    (0.119202922, 'traced')
    """
    from detente.equilibrium.general import kernels

    lam = float(lam)
    stake = game.stake
    if not (0 <= lam < np.inf and lam * stake <= MOST):
        raise SolveError(f"lambda is {lam:g}; it must be a number from 0 to {MOST / stake:g}"
                         if stake > 0 else f"lambda is {lam:g}; it must be a number from 0")
    a = kernels.arrays_of(game)
    size = kernels.unknowns(a)
    if trace and size > DENSE:
        raise SolveError(f"{size} unknowns are too many for a trace; the most is {DENSE}. "
                         "Solve without a trace.")
    work = _Work(game, a, size, lam)
    if size == 0 or lam * stake < NOTHING:
        return work.result(work.origin(), "traced", "lambda 0")
    if start is not None:
        y = start.log_odds if isinstance(start, ExtensiveEquilibrium) else np.asarray(start, float)
        if y.shape != (size,):
            raise SolveError(f"the start has log-odds of shape {y.shape}; this game needs "
                             f"({size},)")
        if not trace:
            near = work.newton(y)
            if near is not None:
                return work.result(near, "neighbour", "neighbour")
    if size <= DENSE:
        return work.traced(trace)
    from detente.equilibrium.general.anneal import anneal

    y, note = anneal(a, game, work.precision)
    return work.result(y, "annealed", "lambda 0", note=note)


class _Work:
    """One solve of a game at one precision."""

    def __init__(self, game: ExtensiveGame, a: Any, size: int, lam: float) -> None:
        self.game, self.a, self.size, self.lam = game, a, size, lam
        self.precision = game.relative.precision(lam)  # in the units of the arrays

    def origin(self) -> Floats:
        """The only equilibrium at lambda 0: every menu's own weights."""
        y = np.empty(self.size)
        for h in np.flatnonzero(self.game.set_player >= 0):
            first, stop = self.game.set_first[h : h + 2]
            w = self.a.log_weight[first:stop]
            y[self.a.row[h] : self.a.row[h] + stop - first - 1] = w[1:] - w[0]
        return y

    def newton(self, y: Floats) -> Floats | None:
        """Newton's method at the requested precision; None if it fails."""
        if self.size > DENSE:
            from detente.equilibrium.general.anneal import polish

            return polish(self.a, y, self.precision, self.game.relative.span)
        from detente.equilibrium.general import newton as n

        method = n.newton if self.size <= n.COMPILED else n.newton_large
        good, y, _ = method(self.a, y, self.precision, 30)
        return np.asarray(y) if good else None

    def traced(self, keep: bool) -> ExtensiveEquilibrium:
        """Follow the branch; if that fails, raise lambda in small steps."""
        from detente.equilibrium.general import trace as t
        from detente.equilibrium.general.branch import Branch
        from detente.equilibrium.general.crossings import leave_crossroads

        kept = min(KEPT, 20_000_000 // self.size) if keep else 1
        target = self.precision
        branch = Branch(self.game, self.a, target, 1.5 * target if keep else target)
        for fineness in (0.15, 0.03, 0.005):
            branch.start(self.origin())
            branch.go(fineness, kept)
            while branch.status == t.CROSSROADS and not branch.found and leave_crossroads(branch):
                branch.go(fineness, kept)
            if branch.found or branch.status == t.TIRED:
                break
        if not branch.found:
            return self._stepped(branch.y, branch.lam, self._written(branch.folds))
        folds, note = self._written(branch.folds), branch.note()
        path = None
        if keep:
            precisions, points = branch.path()
            path = ExtensiveTrace(np.array(self._written(precisions)), points, folds)
        first, *further = branch.found
        others = tuple(
            self.result(c, "traced", "lambda 0", folds=folds)
            for c in [*further, *branch.other_sides()]
        )
        return self.result(
            first, "traced", "lambda 0", folds=folds, trace=path, others=others, note=note
        )

    def _written(self, precisions: Iterable[float]) -> tuple[float, ...]:
        """Convert precisions from the units of the arrays to those of the game."""
        return tuple(self.game.relative.written_precision(float(p)) for p in precisions)

    def _stepped(self, y: Floats, reached: float, folds: tuple[float, ...]) -> ExtensiveEquilibrium:
        """Raise lambda from the last point of the trace, with smaller steps after failures."""
        from detente.equilibrium.general import newton as n

        method = n.newton if self.size <= n.COMPILED else n.newton_large
        target = self.precision
        at, ratio = max(reached, 1e-6 * target), 1.2
        for _ in range(400):
            if at >= target or ratio < 1.0005:
                break
            ahead = min(at * ratio, target)
            good, there, _ = method(self.a, y * (ahead / at), ahead, 30)
            if not good:
                good, there, _ = method(self.a, y, ahead, 30)
            if good:
                at, y, ratio = ahead, np.asarray(there), min(1.5, ratio**1.5)
            else:
                ratio = ratio**0.4
        failed, = self._written([reached])
        note = f"the trace failed at lambda {failed:.6g}; lambda was then raised in small steps"
        return self.result(y, "annealed", "lambda 0", folds=folds, note=note)

    def result(
        self, y: Floats, reached_by: str, found_from: str, *, folds: tuple[float, ...] = (),
        note: str = "", trace: ExtensiveTrace | None = None,
        others: tuple[ExtensiveEquilibrium, ...] = (),
    ) -> ExtensiveEquilibrium:
        from detente.equilibrium.general.kernels import sweep

        log_prob, _, _, belief, value, _ = sweep(self.a, y)
        certificate = certify_extensive(
            self.game, log_prob, self.lam, reached_by=reached_by, folds=folds, note=note
        )
        return ExtensiveEquilibrium(
            game=self.game, lam=self.lam, found_from=found_from, log_prob=log_prob, log_odds=y,
            belief=belief, value=self.game.relative.written(value), certificate=certificate,
            trace=trace, others=others,
        )
