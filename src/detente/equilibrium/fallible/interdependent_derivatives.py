"""Exact derivatives if payoffs depend on both players' types, by one adjoint solve.

The unknown is the log mix ``x`` of every free move, a fixed point of ``H`` (`TypePairs.evaluate`).
The probability sought is a sum over pairs of types of products along paths, so its derivative by
``x`` needs two tables per node: the probability ``R[n, t_0, t_1]`` of reaching it and the
expectation ``E`` from there. With ``(I - dH') mu = dP/dx`` the transposed sweep that applies
``dH'`` to ``mu`` also gives the derivatives by every payoff, weight, chance, prior and the
precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.fallible.gradient import ENOUGH, UNSURE, TreeGradient
from detente.equilibrium.fallible.interdependent import TypePairs
from detente.equilibrium.fallible.sweeps import FAINT
from detente.equilibrium.methods.krylov import Memory, gmres
from detente.equilibrium.solution import Equilibrium
from detente.errors import SolveError
from detente.game.tree import CHANCE, TYPE_CHANCE, PublicTree

__all__ = ["adjoint", "interdependent_gradients"]


@dataclass
class Adjoint:
    """The derivatives from one transposed sweep.

    Attributes
    ----------
    x : (size,) array
        ``dH' mu``: by the log mixes that ``H`` was given.
    table : two (n, T_0, T_1) arrays
        By every node's table of payoffs.
    log_mix : (n, T) array
        By the log chance by type of children of TYPE_CHANCE nodes.
    log_weight : (n,) array
        By the log menu weight of children of decision nodes.
    chance : (n,) array
        By the probability of children of CHANCE nodes.
    log_prior : two (T_i,) arrays
        By the log of the other's belief at the root.
    lam : float
        By the precision.
    """

    x: Floats
    table: list[Floats]
    log_mix: Floats
    log_weight: Floats
    chance: Floats
    log_prior: list[Floats]
    lam: float


def adjoint(system: TypePairs, mu: Floats) -> Adjoint:
    """Apply the transposed derivative of `TypePairs.evaluate` at the last point evaluated.

    Parameters
    ----------
    system
        The equations.
    mu : (size,) array
        The weights of the result.
    """
    game, n_nodes = system.game, system.game.n_nodes
    out = np.zeros((n_nodes, system.widest))
    out[system.free] = mu.reshape(len(system.free), system.widest) * system.mask
    table = [np.zeros_like(t) for t in system.tables]
    moved = [np.zeros((n_nodes + 1, t)) for t in game.n_types]
    log_mix = np.zeros((n_nodes, system.widest))
    log_weight, chance, lam = np.zeros(n_nodes), np.zeros(n_nodes), 0.0
    for n in system.inner:  # the upward pass backwards: parents first
        a, b = int(game.first[n]), int(game.first[n] + game.count[n])
        mover = int(game.mover[n])
        who = 0 if mover == CHANCE else mover if mover >= 0 else TYPE_CHANCE - mover
        types = 1 if mover == CHANCE else game.n_types[who]
        shares = system.answered[a:b, :types]
        spread = shares[:, :, None] if who == 0 else shares[:, None, :]
        # Derivative of the mean by each pair of types' probability of moving to c.
        pulled = sum(above[n] * inside[a:b]
                     for above, inside in zip(table, system.tables, strict=True))
        assert isinstance(pulled, np.ndarray)
        for t in table:
            t[a:b] += spread * t[n]
        if mover == CHANCE:
            chance[a:b] = pulled.sum(axis=(1, 2))
            continue
        change = shares * pulled.sum(axis=2 if who == 0 else 1)
        if mover < 0:
            log_mix[a:b, :types] = change
            continue
        change = change + out[a:b, :types]
        du = change - shares * change.sum(axis=0)
        lam += float((du * system.value[a:b, :types]).sum())
        log_weight[a:b] = du.sum(axis=1)
        rows = system.source[1 - who, a:b]
        belief = system.belief[1 - who][rows]
        dv = system.lam * (du[:, :, None] * belief[:, None, :] if who == 0
                           else du[:, None, :] * belief[:, :, None])
        table[who][a:b] += dv
        np.add.at(moved[1 - who], rows,
                  (dv * system.tables[who][a:b]).sum(axis=1 if who == 0 else 2))
    for c in range(n_nodes - 1, 0, -1):  # the beliefs' pass backwards: children first
        came = int(system.came[c])
        if came == CHANCE:
            continue
        i = came if came >= 0 else TYPE_CHANCE - came
        g = moved[i][c] - system.belief[i][c] * moved[i][c].sum()
        log_mix[c, : game.n_types[i]] += g
        moved[i][system.source[i, game.parent[c]]] += g
    return Adjoint((log_mix[system.free] * system.mask).ravel(), table, log_mix, log_weight, chance,
                   [m[n_nodes] for m in moved], lam)


@dataclass
class _Direct:
    """The sum and its derivatives at given strategies."""

    probability: float
    log_mix: Floats
    type_prob: Floats
    chance: Floats
    prior: list[Floats]


def _direct(system: TypePairs, leaf_weights: Floats) -> _Direct:
    game = system.game
    came = np.full((game.n_nodes, *game.n_types), 0.0)  # R, without the priors
    expected = np.zeros_like(came)
    came[0] = 1.0
    expected[game.leaves] = leaf_weights[:, None, None]
    factor = []
    for c in range(game.n_nodes):
        mover = int(system.came[c])
        who = 0 if mover == CHANCE else mover if mover >= 0 else TYPE_CHANCE - mover
        types = 1 if mover == CHANCE else game.n_types[who]
        mix = system.answered[c, :types]
        factor.append(mix[:, None] if who == 0 else mix[None, :])
        if c:
            came[c] = came[game.parent[c]] * factor[c]
    for c in range(game.n_nodes - 1, 0, -1):
        expected[game.parent[c]] += factor[c] * expected[c]
    deal = np.outer(*game.prior)
    log_mix = np.zeros((game.n_nodes, system.widest))
    type_prob = np.zeros_like(log_mix)
    chance = np.zeros(game.n_nodes)
    for c in range(1, game.n_nodes):
        mover = int(system.came[c])
        by = deal * came[game.parent[c]] * expected[c]
        if mover == CHANCE:
            chance[c] = by.sum()
            continue
        i = mover if mover >= 0 else TYPE_CHANCE - mover
        by_type = by.sum(axis=1 - i)
        if mover >= 0:
            log_mix[c, : len(by_type)] = by_type * system.answered[c, : len(by_type)]
        else:
            type_prob[c, : len(by_type)] = by_type
    return _Direct(float((deal * expected[0]).sum()), log_mix, type_prob, chance,
                   [expected[0] @ game.prior[1], game.prior[0] @ expected[0]])


def interdependent_gradients(
    eq: Equilibrium, leaf_weights: Sequence[Floats]
) -> list[TreeGradient]:
    """Differentiate sums of reach probabilities; see `detente.equilibrium.gradient`.

    ``payoff`` holds two (m, T_0, T_1) arrays, as ``game.joint_payoff`` does.

    Raises
    ------
    SolveError
        At a fold, where no derivative exists.
    """
    game, lam = eq.game, float(eq.lam or 0.0)
    with np.errstate(under="ignore", over="ignore"):
        system = TypePairs(game)
        given = np.log(np.maximum(eq.pi[system.free, : system.widest], 1e-300))
        system.evaluate(np.where(system.mask, given, 0.0).ravel(), lam)
        memory = Memory(120)
        return [_one(eq, system, np.asarray(w, dtype=float), memory) for w in leaf_weights]


def _one(eq: Equilibrium, system: TypePairs, leaf_weights: Floats, memory: Memory) -> TreeGradient:
    game = eq.game
    if leaf_weights.shape != game.leaves.shape:
        raise SolveError(f"the weights have shape {leaf_weights.shape}; there must be one per "
                         "leaf, "
                         f"({len(game.leaves)},)")
    direct = _direct(system, leaf_weights)
    seed = (direct.log_mix[system.free] * system.mask).ravel()
    mu, residual, _ = gmres(lambda v: v - adjoint(system, v).x, seed, tolerance=1e-13,
                            limit=max(200, min(system.size, 600)), memory=memory)
    if residual > ENOUGH:
        raise SolveError("no derivative exists because the equilibrium is at a fold of its branch "
                         f"(adjoint residual {residual:.1e}); choose another lambda")
    growth = float(np.linalg.norm(mu)) / max(float(np.linalg.norm(seed)), 1e-300)
    left = eq.certificate.residual or 0.0
    if growth**2 * left > UNSURE:
        raise SolveError("no derivative is given because the equilibrium is near a fold: its "
                         "residual of "
                         f"{left:.1e} would be magnified {growth**2:.0e} times; choose another "
                         "lambda")
    return _collect(game, system, direct, adjoint(system, mu), residual)


def _collect(game: PublicTree, system: TypePairs, direct: _Direct, found: Adjoint,
             residual: float) -> TreeGradient:
    weight = np.where(system.came == CHANCE, direct.chance + found.chance,
                      found.log_weight / np.maximum(game.weight, FAINT))
    weight[0] = 0.0
    type_prob = np.zeros_like(game.type_prob)
    told = np.flatnonzero(game.type_row >= 0)
    rows = game.type_row[told]
    wide = type_prob.shape[1]
    type_prob[rows] = (direct.type_prob[told, :wide] + found.log_mix[told, :wide]
                       / np.maximum(game.type_prob[rows], FAINT))
    by_belief = [by / np.maximum(held, FAINT)
                 for by, held in zip(found.log_prior, system.held, strict=True)]
    seen: list[list[Floats]] | None = None
    if game.observer_prior is None:
        prior = [a + b for a, b in zip(direct.prior, by_belief, strict=True)]
    else:
        prior = direct.prior
        none = [np.zeros(t) for t in game.n_types]  # a player's belief about itself is not used
        seen = [[none[0], by_belief[1]], [by_belief[0], none[1]]]
    return TreeGradient(
        probability=direct.probability,
        payoff=(found.table[0][game.leaves], found.table[1][game.leaves]),
        weight=weight, type_prob=type_prob, prior=tuple(prior),
        observer_prior=None if seen is None else tuple(tuple(s) for s in seen),
        lam=found.lam, residual=residual,
    )
