"""Exact derivatives of outcome probabilities, by one adjoint solve.

With ``y = G(y, theta)`` at the equilibrium and ``P = phi(y, theta)``, the sensitivity ``mu`` of P
to the public log probabilities solves ``(I - dG')  mu = dphi/dy``, and ``dP/dtheta = dphi/dtheta +
mu' dG/dtheta``. If two players move, the system is ``(I - C'B') mu_a = g_a + C' g_b`` with
``mu_b = g_b + B' mu_a`` (`detente.equilibrium.fallible.systems.Reduction`); the backward pass that
applies the transpose also gives the derivatives by every number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.fallible.assemble import analyst_columns, public_log_q
from detente.equilibrium.fallible.gradient import ENOUGH, UNSURE, TreeGradient
from detente.equilibrium.fallible.interdependent_derivatives import interdependent_gradients
from detente.equilibrium.fallible.sweeps import FAINT, AdjointResult, Sweeps
from detente.equilibrium.fallible.systems import Block, Reduction, System, system
from detente.equilibrium.methods.krylov import Memory, gmres
from detente.equilibrium.solution import Equilibrium
from detente.equilibrium.units import inwards
from detente.errors import SolveError
from detente.game.exact import times_power
from detente.game.tree import CHANCE, TYPE_CHANCE, PublicTree

__all__ = ["TreeGradient", "gradient", "gradients"]


def gradient(eq: Equilibrium, leaf_weights: Floats) -> TreeGradient:
    """Differentiate ``sum_z leaf_weights[z] reach[z]`` by every number of the game.

    Parameters
    ----------
    eq
        A fallible equilibrium.
    leaf_weights : (m,) array
        One number per leaf: 1 at the leaves of an outcome gives its probability.

    Raises
    ------
    SolveError
        At a fold, where no derivative exists, and for equilibria that are not fallible.

    Examples
    --------
    >>> from detente.equilibrium import solve
    >>> from detente.game import decide, end, tree
    >>> game = tree({"one": 1}, decide("one", {"left": end("l", one=0), "right": end("r", one=1)}))
    >>> g = gradient(solve(game, 2.0), np.array([0.0, 1.0]))
    >>> p = g.probability
    >>> bool(abs(g.payoff[0][1, 0] - 2 * p * (1 - p)) < 1e-12), abs(g.lam - p * (1 - p)) < 1e-12
    (True, True)
    """
    return gradients(eq, [leaf_weights])[0]


def gradients(eq: Equilibrium, leaf_weights: Sequence[Floats]) -> list[TreeGradient]:
    """Differentiate several sums; the solves share their Krylov space. See `gradient`."""
    if eq.reading != "fallible" or eq.lam is None:
        raise SolveError("derivatives exist only for fallible equilibria; this one is deliberate")
    found = _gradients(inwards(eq), leaf_weights)
    power = eq.game.relative.exponent
    if power == 0:
        return found
    return [replace(g, payoff=tuple(np.ldexp(u, -power) for u in g.payoff),
                    lam=times_power(g.lam, power)) for g in found]


def _gradients(eq: Equilibrium, leaf_weights: Sequence[Floats]) -> list[TreeGradient]:
    """Differentiate in the units of the solvers."""
    if eq.game.joint_payoff is not None:
        return interdependent_gradients(eq, leaf_weights)
    with np.errstate(over="ignore", under="ignore"):
        sweeps = Sweeps(eq.game)
        equations = system(sweeps)
        x = equations.pack(public_log_q(sweeps, eq))
        lam = float(eq.lam or 0.0)
        equations.evaluate(x, lam)
        scratch = equations.y.copy()
        for p in sweeps.players:
            p.respond(equations.y, lam, scratch)
        memory = Memory(120)
        return [_one(eq, sweeps, equations, np.asarray(w, dtype=float), memory)
                for w in leaf_weights]


def _one(eq: Equilibrium, sweeps: Sweeps, equations: System, leaf_weights: Floats,
         memory: Memory) -> TreeGradient:
    game, lam = eq.game, float(eq.lam or 0.0)
    if leaf_weights.shape != game.leaves.shape:
        raise SolveError(f"the weights have shape {leaf_weights.shape}; there must be one per "
                         "leaf, "
                         f"({len(game.leaves)},)")
    direct, probability = _by_log_reach(game, eq, sweeps, leaf_weights)
    results: list[list[AdjointResult]] = [[] for _ in game.players]
    seed = np.zeros_like(equations.y)
    if game.observer_prior is None:
        seed[0] = direct
    else:
        # Add one column for the analyst's prior. No player conditions on it.
        views = analyst_columns(sweeps)
        for i, p in enumerate(sweeps.players):
            results[i].append(p.adjoint(direct[None, :], lam, seed, [(0, views[i])]))
        by_chance = np.flatnonzero(game.mover[np.maximum(game.parent, 0)] == CHANCE)
    mu, residual = _solve_adjoint(equations, seed, memory)
    if residual > ENOUGH:
        raise SolveError("no derivative exists because the equilibrium is at a fold of its branch "
                         f"(adjoint residual {residual:.1e}); choose another lambda")
    # Near a fold the adjoint grows without bound and magnifies the equilibrium's own residual: the
    # error is about the square of the adjoint times the residual.
    left = eq.certificate.residual or 0.0
    growth = float(np.linalg.norm(mu)) / max(float(np.linalg.norm(seed)), 1e-300)
    if growth**2 * left > UNSURE:
        raise SolveError("no derivative is given because the equilibrium is near a fold: its "
                         "residual of "
                         f"{left:.1e} would be magnified {growth**2:.0e} times; choose another "
                         "lambda")
    total = seed.copy()
    for i in sweeps.strategic:
        results[i].append(sweeps.players[i].adjoint(mu, lam, total))
    for i, p in enumerate(sweeps.players):
        if i not in sweeps.strategic:
            results[i].append(p.adjoint(total, lam, np.zeros_like(total)))
    by_slot = total.sum(axis=0)
    if game.observer_prior is not None:
        by_slot[by_chance] += direct[by_chance]
    return _collect(game, sweeps, results, by_slot, probability, residual)


def _by_log_reach(game: PublicTree, eq: Equilibrium, sweeps: Sweeps,
                  leaf_weights: Floats) -> tuple[Floats, float]:
    """Return the derivative of the sum by every slot's log probability, and the sum."""
    expected = np.zeros(game.n_nodes)
    expected[game.leaves] = leaf_weights
    q = eq.q.copy()
    chance = np.flatnonzero(game.mover[np.maximum(game.parent, 0)] == CHANCE)
    q[chance] = np.maximum(q[chance], 1e-200)
    q[0] = 1.0
    for d in range(len(game.level) - 2, 0, -1):
        a, b = int(game.level[d]), int(game.level[d + 1])
        top = int(game.level[d - 1])
        expected[top:a] += np.bincount(game.parent[a:b] - top, weights=(q * expected)[a:b],
                                       minlength=a - top)
    direct = np.zeros(sweeps.slots)
    n = game.n_nodes
    direct[1:n] = eq.reach[game.parent[1:]] * q[1:] * expected[1:]
    if game.joints:
        from detente.equilibrium.kernels.views import joint_slots

        for node, starts in joint_slots(game).start.items():
            sizes = game.joints[node].sizes
            a = int(game.first[node])
            share = direct[a : a + int(game.count[node])].reshape(sizes)
            for seat, start in enumerate(starts):
                axes = tuple(s for s in range(len(sizes)) if s != seat)
                direct[start : start + sizes[seat]] += share.sum(axis=axes)
            direct[a : a + int(game.count[node])] = 0.0
    return direct, float(expected[0])


def _solve_adjoint(equations: System, seed: Floats, memory: Memory) -> tuple[Floats, float]:
    """Solve ``(I - dG') mu = seed`` over all strategic slots."""
    limit = max(200, min(equations.size, 600))
    if isinstance(equations, Reduction):
        middle = np.zeros_like(seed)
        middle[0, equations.other_slots] = seed[0, equations.other_slots]
        rhs = seed[0, equations.slots] + equations.pull_other(middle)
        found, residual, _ = gmres(lambda v: v - equations.adjoint(v), rhs, memory=memory,
                                   tolerance=1e-13, limit=limit)
        mu = np.zeros_like(seed)
        mu[0, equations.slots] = found
        back = np.zeros_like(seed)
        equations.kept.pull(mu, equations.lam, back)
        mu[0, equations.other_slots] = (seed + back)[0, equations.other_slots]
        return mu, residual
    assert isinstance(equations, Block)
    rhs = equations.pack(seed)
    found, residual, _ = gmres(lambda v: v - equations.adjoint(v), rhs, memory=memory,
                               tolerance=1e-13, limit=limit)
    mu = np.zeros_like(seed)
    mu.ravel()[equations.index] = found
    return mu, residual


def _collect(game: PublicTree, sweeps: Sweeps, results: list[list[AdjointResult]],
             by_slot: Floats, probability: float, residual: float) -> TreeGradient:
    n = game.n_nodes
    payoff, prior = [], []
    weight, type_prob = np.zeros(n), np.zeros_like(game.type_prob)
    came = game.mover[np.maximum(game.parent, 0)]
    chance = np.flatnonzero(came == CHANCE)
    chance = chance[chance > 0]
    weight[chance] = by_slot[chance] / np.maximum(game.weight[chance], 1e-200)
    unlike = game.observer_prior
    seen: list[list[Floats]] = [[np.zeros(t) for t in game.n_types] for _ in game.players]
    joint_weight = {j: [np.zeros(s) for s in game.joints[j].sizes] for j in game.joints}
    slope = 0.0
    for i, (p, passes) in enumerate(zip(sweeps.players, results, strict=True)):
        types, row = game.n_types[i], p.view.row
        value = sum(r.value for r in passes)
        log_mix = sum(r.log_mix for r in passes)
        assert isinstance(value, np.ndarray) and isinstance(log_mix, np.ndarray)
        slope += sum(r.lam for r in passes)
        leaves = game.leaves if row is None else row[game.leaves]
        payoff.append(value[leaves, :types].copy())
        c = np.flatnonzero(came == i)
        c = c[c > 0]
        weight[c] = log_mix[c if row is None else row[c]].sum(axis=1) / game.weight[c]
        told = np.flatnonzero((game.type_row >= 0) & (came == TYPE_CHANCE - i))
        rows = told if row is None else row[told]
        chances = np.maximum(game.type_prob[game.type_row[told], :types], FAINT)
        type_prob[game.type_row[told], :types] = log_mix[rows, :types] / chances
        for node, joint in game.joints.items():
            if i in joint.players:
                assert row is not None
                seat = joint.players.index(i)
                a = p.view.first_child(row[node])
                joint_weight[node][seat] = (log_mix[a : a + joint.sizes[seat]].sum(axis=1)
                                            / joint.weights[seat])
        prior.append(passes[0].log_prior[0][:types] / np.maximum(game.prior[i], FAINT))
        if unlike is None:
            continue
        holders = [1 - i] if game.n_players == 2 else p.columns
        for k, by_log in zip(holders, passes[1].log_prior, strict=True):
            seen[k][i] = by_log[:types] / np.maximum(unlike[k][i], FAINT)
    return TreeGradient(
        probability=probability, payoff=tuple(payoff), weight=weight, type_prob=type_prob,
        prior=tuple(prior),
        observer_prior=None if unlike is None else tuple(tuple(s) for s in seen),
        lam=slope, residual=residual, joint_weight={j: tuple(v) for j, v in joint_weight.items()},
    )
