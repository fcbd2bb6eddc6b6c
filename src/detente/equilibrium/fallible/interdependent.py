"""The fallible model if payoffs depend on both players' types: ``u_i(z, t_0, t_1)``.

Values become tables ``W_i[n, t_0, t_1]``. The unknown is each move's log mix by type, because the
worth of a move to a type depends on the other player's type. The mover's value of a move is its row
of W weighed by its belief about the other; both tables then average over the mover's mix:

    V_j[c,t] = sum_s b_i[c,s] W_j[c,t,s],   pi[c,t] ~ w[c] exp(lam V_j[c,t]),
    W_i[n,t_0,t_1] = sum_c pi[c,t_j] W_i[c,t_0,t_1]

One sweep costs T_0 T_1 operations per node. It uses numpy by level, because such games are small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.fallible.by_spelling import Spelt, by_spelling
from detente.equilibrium.fallible.sweeps import FAINT
from detente.equilibrium.methods.newton import Point, Work, newton, relax
from detente.equilibrium.profile import reach_of
from detente.equilibrium.solution import Equilibrium
from detente.errors import SolveError
from detente.game.tree import CHANCE, TERMINAL, TYPE_CHANCE, PublicTree

__all__ = ["TypePairs", "solve_interdependent"]


class TypePairs:
    """The fixed-point problem ``log pi = H(log pi, lam)``, with derivatives by the chain rule.

    It has the methods that `detente.equilibrium.methods.newton` needs of a system.
    """

    ceiling = 0.0

    def __init__(self, game: PublicTree) -> None:
        if game.joint_payoff is None or game.n_players != 2:
            raise SolveError("payoffs that depend on both types need exactly 2 players; this "
                             "game has "
                             f"{game.n_players}")
        if game.joints:
            raise SolveError("payoffs that depend on both types with simultaneous moves are "
                             "solved only "
                             "in small games with common priors. Derivatives are not available.")
        self.game = game
        self.widest = max(game.n_types)
        n = game.n_nodes
        self.inner = [int(k) for k in np.flatnonzero(game.mover != TERMINAL)]
        came = game.mover[np.maximum(game.parent, 0)]
        came[0] = CHANCE
        self.came = came
        self.free = np.flatnonzero(came >= 0)
        self.size = len(self.free) * self.widest
        self.mask = np.zeros((len(self.free), self.widest), dtype=bool)
        for i, t in enumerate(game.n_types):
            self.mask[came[self.free] == i, :t] = True
        seen = game.observer_prior
        self.held = [np.maximum(game.prior[i] if seen is None else seen[1 - i][i], FAINT)
                     for i in range(2)]
        # Row of the belief about each player at each node: a node, or n for the prior.
        self.source = np.full((2, n), n)
        for c in range(1, n):
            self.source[:, c] = self.source[:, game.parent[c]]
            for i in range(2):
                if came[c] in (i, TYPE_CHANCE - i):
                    self.source[i, c] = c
        self.mix = np.zeros((n, self.widest))
        for c in range(1, n):
            if came[c] == CHANCE:
                self.mix[c] = game.weight[c]
            elif came[c] <= TYPE_CHANCE:
                # A chance of 0 is replaced by a tiny one, so that beliefs are defined after it.
                types = game.n_types[TYPE_CHANCE - int(came[c])]
                row = game.type_prob[game.type_row[c]]
                self.mix[c, :types] = np.maximum(row[:types], FAINT)
        self.tables = [np.zeros((n, *game.n_types)) for _ in range(2)]
        for i in range(2):
            self.tables[i][game.leaves] = game.joint_payoff[i]
        self.belief = [np.zeros((n + 1, t)) for t in game.n_types]
        self.q = np.ones(n)
        self.value = np.zeros((n, self.widest))
        self.lam = 0.0

    def believe(self, mix: Floats, priors: Sequence[Floats]) -> tuple[list[Floats], Floats]:
        """Update beliefs about both players by Bayes, parents first; return them and q."""
        game, n = self.game, self.game.n_nodes
        belief = [np.zeros((n + 1, t)) for t in game.n_types]
        for i in range(2):
            belief[i][n] = priors[i]
        q = np.ones(n)
        for c in range(1, n):
            came = int(self.came[c])
            if came == CHANCE:
                q[c] = mix[c, 0]
                continue
            i = came if came >= 0 else TYPE_CHANCE - came
            before = belief[i][self.source[i, game.parent[c]]]
            x = before * mix[c, : game.n_types[i]]
            q[c] = x.sum()
            belief[i][c] = x / q[c] if q[c] > 0 else before
        return belief, q

    def evaluate(self, x: Floats, lam: float) -> Floats:
        """Return the log mixes that answer the log mixes ``x``, (free moves x types) flat."""
        game = self.game
        self.lam = lam
        log_mix = x.reshape(len(self.free), self.widest)
        mix = self.mix.copy()
        mix[self.free] = np.where(self.mask, np.exp(log_mix), 0.0)
        self.belief, self.q = self.believe(mix, self.held)
        answer = np.zeros((game.n_nodes, self.widest))
        for n in reversed(self.inner):
            a, b = int(game.first[n]), int(game.first[n] + game.count[n])
            mover = int(game.mover[n])
            if mover >= 0:
                t = game.n_types[mover]
                other = self.belief[1 - mover]
                rows = other[self.source[1 - mover, a:b]]
                value = np.einsum("cts,cs->ct" if mover == 0 else "cst,cs->ct",
                                  self.tables[mover][a:b], rows)
                u = np.log(game.weight[a:b, None]) + lam * value
                top = u.max(axis=0)
                u = u - (top + np.log(np.exp(u - top).sum(axis=0)))
                answer[a:b, :t], self.value[a:b, :t] = u, value
                mix[a:b, :t] = np.exp(u)
                shares = mix[a:b, :t]
            elif mover == CHANCE:
                shares, mover = mix[a:b, :1], 0
            else:
                mover = TYPE_CHANCE - mover
                shares = mix[a:b, : game.n_types[mover]]
            spread = shares[:, :, None] if mover == 0 else shares[:, None, :]
            for table in self.tables:
                table[n] = (spread * table[a:b]).sum(axis=0)
        self.answered = mix
        return np.where(self.mask, answer[self.free], 0.0).ravel()

    def tangent(self, dx: Floats, dlam: float = 0.0) -> Floats:
        """Return dH along (dx, dlam)."""
        game, n_nodes = self.game, self.game.n_nodes
        dlog = np.zeros((n_nodes, self.widest))
        dlog[self.free] = dx.reshape(len(self.free), self.widest) * self.mask
        # d log belief, parents first.
        moved = [np.zeros((n_nodes + 1, t)) for t in game.n_types]
        for c in range(1, n_nodes):
            came = int(self.came[c])
            if came == CHANCE:
                continue
            i = came if came >= 0 else TYPE_CHANCE - came
            g = moved[i][self.source[i, game.parent[c]]] + dlog[c, : game.n_types[i]]
            moved[i][c] = g - self.belief[i][c] @ g
        dtables = [np.zeros_like(t) for t in self.tables]
        out = np.zeros((n_nodes, self.widest))
        for n in reversed(self.inner):
            a, b = int(game.first[n]), int(game.first[n] + game.count[n])
            mover = int(game.mover[n])
            change: Floats | None = None
            if mover >= 0:
                t = game.n_types[mover]
                rows = self.source[1 - mover, a:b]
                belief = self.belief[1 - mover][rows]
                form = "cts,cs->ct" if mover == 0 else "cst,cs->ct"
                dv = (np.einsum(form, dtables[mover][a:b], belief)
                      + np.einsum(form, self.tables[mover][a:b], belief * moved[1 - mover][rows]))
                shares = self.answered[a:b, :t]
                du = self.lam * dv + dlam * self.value[a:b, :t]
                change = du - (shares * du).sum(axis=0)
                out[a:b, :t] = change
            elif mover == CHANCE:
                shares, mover = self.answered[a:b, :1], 0
            else:
                mover = TYPE_CHANCE - mover
                shares = self.answered[a:b, : game.n_types[mover]]
            spread = shares[:, :, None] if mover == 0 else shares[:, None, :]
            for table, dtable in zip(self.tables, dtables, strict=True):
                inside = dtable[a:b]
                if change is not None:
                    inside = inside + table[a:b] * (change[:, :, None] if mover == 0
                                                    else change[:, None, :])
                dtable[n] = (spread * inside).sum(axis=0)
        return np.asarray((out[self.free] * self.mask).ravel())

    def start(self) -> Floats:
        """Return log mixes at lambda 0."""
        weights = np.log(self.game.weight[self.free])[:, None]
        return np.where(self.mask, weights, 0.0).ravel()


def _climb(
    system: TypePairs, x: Floats, lam: float, target: float, work: Work
) -> tuple[Point, float]:
    """Raise the precision by Newton's method, with relaxation if Newton fails."""
    step, before = 2.0, None
    point = Point(x, 0.0, True)
    while lam < target:
        goal = min(lam + step, target)
        guess = x
        if before is not None:
            guess = np.minimum(x + (x - before[0]) * (goal - lam) / (lam - before[1]), 0.0)
        point = newton(system, guess, goal, tolerance=1e-11 if goal == target else 1e-4,
                       work=work)
        if point.ok:
            before, x, lam = (x, lam), point.x, goal
            step *= 1.5
            continue
        step *= 0.4
        if step < 0.05:
            goal = min(lam + 1.0, target)
            rested = relax(system, x, goal, tolerance=1e-3, work=work)
            point = newton(system, rested.x, goal, work=work)
            if not point.ok:
                return Point(x, point.residual, False), lam
            before, x, lam, step = None, point.x, goal, 1.0
    return point, lam


def solve_interdependent(
    game: PublicTree, lam: float, *, start: Equilibrium | None = None
) -> Equilibrium:
    """Find the fallible equilibrium of a two-player game with payoffs ``u_i(z, t_0, t_1)``.

    See `detente.equilibrium.solve`, which calls this if ``game.joint_payoff`` is given, with the
    game and ``lam`` in the units of the solvers (`PublicTree.relative`). Small games
    with common priors are traced as general games (`by_spelling`), and the others are annealed.
    """
    from detente.equilibrium.certificates.public import certify

    if game.joints and game.n_players == 2 and (play := by_spelling(game, lam)) is not None:
        return _with_joints(game, lam, play)
    with np.errstate(under="ignore", over="ignore"):
        system = TypePairs(game)
        work = Work()
        x, at, found_from = system.start(), 0.0, "lambda 0"
        reached_by, folds = "annealed", tuple[float, ...]()
        given: Floats | None = None
        note = ""
        if start is not None:
            point = newton(system, _log_mix(system, start.pi),
                           lam if start.lam is None else min(start.lam, lam), work=work)
            if point.ok:
                x, at, found_from = (point.x, lam if start.lam is None else min(start.lam, lam),
                                     "neighbour")
                reached_by = "neighbour"
        if found_from == "lambda 0" and lam > 0.0 and (play := by_spelling(game, lam)) is not None:
            point = newton(system, _log_mix(system, play.pi), lam, work=work)
            if not point.ok and certify(game, play.pi, reading="fallible", lam=lam).certified:
                # Newton fails if probabilities underflow. The mix is accepted if it is certified.
                point, given = Point(_log_mix(system, play.pi), 0.0, True), play.pi
            if point.ok:
                x, at, reached_by, folds = point.x, lam, play.reached_by, play.folds
                note = play.note
        if at == lam:
            point = Point(x, 0.0, True)
        else:
            point, at = _climb(system, x, at, lam, work)
        if at != lam:
            note = f"annealing stopped at lambda {game.written_precision(at):.4g}"
        x = system.evaluate(point.x if at == lam else x, lam)
        pi = (system.answered if given is None else given).copy()
        pi[0] = 1.0
        belief, q = system.believe(pi, game.prior)
        q[0] = 1.0
        posterior = np.zeros((game.n_nodes, system.widest))
        for i in range(2):
            told = np.flatnonzero((system.came == i) | (system.came == TYPE_CHANCE - i))
            posterior[told, : game.n_types[i]] = belief[i][told]
        value = _values(system)
    certificate = certify(game, pi, reading="fallible", lam=lam, note=note,
                          reached_by=reached_by, folds=folds)
    return Equilibrium(game=game, reading="fallible", lam=lam, epsilon=None, found_from=found_from,
                       pi=pi, q=q, reach=reach_of(game, q), belief=posterior, value=value,
                       certificate=certificate)


def _with_joints(game: PublicTree, lam: float, play: Spelt) -> Equilibrium:
    """Return a solution of the general game that `TypePairs` cannot confirm."""
    from detente.equilibrium.certificates.equilibrium import equilibrium_of
    from detente.equilibrium.certificates.public import certify

    # Outcomes depend only on strategies, so the same code serves both. epsilon = 0: no floor.
    found = equilibrium_of(game, play.pi, play.joint_pi, epsilon=0.0, found_from="lambda 0",
                           reached_by=play.reached_by)
    certificate = certify(game, play.pi, reading="fallible", lam=lam, joint_pi=play.joint_pi,
                          reached_by=play.reached_by, folds=play.folds, note=play.note)
    return replace(found, reading="fallible", lam=lam, epsilon=None, certificate=certificate)


def _log_mix(system: TypePairs, pi: Floats) -> Floats:
    """Return strategies as the system's unknowns."""
    given = np.log(np.maximum(pi[system.free, : system.widest], 1e-300))
    return np.where(system.mask, given, 0.0).ravel()


def _values(system: TypePairs) -> tuple[Floats, ...]:
    """Return each player's expected payoff at each node by its own type and belief."""
    n = system.game.n_nodes
    first = system.belief[1][system.source[1, :n]]
    second = system.belief[0][system.source[0, :n]]
    return (np.einsum("nts,ns->nt", system.tables[0], first),
            np.einsum("nst,ns->nt", system.tables[1], second))
