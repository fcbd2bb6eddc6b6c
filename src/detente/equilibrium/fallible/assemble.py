"""From log public probabilities to an `Equilibrium`, and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.equilibrium.fallible.sweeps import FAINT, PlayerSweep, Sweeps
from detente.equilibrium.kernels import public as kernels
from detente.equilibrium.kernels.views import spans
from detente.equilibrium.profile import reach_of
from detente.equilibrium.solution import Equilibrium
from detente.game.tree import CHANCE, TYPE_CHANCE, PublicTree

__all__ = ["analyst_columns", "assemble", "public_log_q"]


def assemble(
    sweeps: Sweeps,
    y: Floats,
    lam: float,
    *,
    found_from: str,
    reached_by: str,
    folds: Sequence[float] = (),
    note: str = "",
    trace: object = None,
    last: bool = False,
) -> Equilibrium:
    """Return the equilibrium at log public probabilities ``y``, certified.

    With ``last`` the sweeps are not needed afterwards, so their arrays are freed for the
    certificate.
    """
    from detente.equilibrium.certificates.public import certify

    game = sweeps.game
    n, widest = game.n_nodes, max(game.n_types)
    out = y.copy()
    for p in sweeps.players:
        p.respond(y, lam, out)
    log_q = out[0]
    posterior = [p.belief[0] for p in sweeps.players]
    if game.observer_prior is not None:
        log_q = sweeps.y0[0].copy()
        posterior = [_analyst(game, p, log_q) for p in sweeps.players]

    pi, belief = np.zeros((n, widest)), np.zeros((n, widest))
    pi[0] = 1.0
    came = game.mover[np.maximum(game.parent, 0)]
    came[0] = CHANCE - 1  # no move leads to the root
    pi[came == CHANCE] = game.weight[came == CHANCE, None]
    joint_pi: dict[int, list[Floats]] = {j: [np.empty(0)] * len(game.joints[j].players)
                                         for j in game.joints}
    joint_belief = {j: list(v) for j, v in joint_pi.items()}
    for i, p in enumerate(sweeps.players):
        types, row = game.n_types[i], p.view.row
        c = np.flatnonzero((came == i) | (came == TYPE_CHANCE - i))
        rows = c if row is None else row[c]
        pi[c, :types] = p.mix[rows, :types]
        belief[c, :types] = posterior[i][rows, :types]
        for node, joint in game.joints.items():
            if i not in joint.players:
                continue
            assert row is not None
            seat = joint.players.index(i)
            a = p.view.first_child(row[node])
            joint_pi[node][seat] = p.mix[a : a + joint.sizes[seat], :types].copy()
            joint_belief[node][seat] = posterior[i][a : a + joint.sizes[seat], :types].copy()
    with np.errstate(under="ignore"):
        q = np.exp(log_q[:n])
    for node, joint in game.joints.items():
        product = np.ones(())
        for seat in range(len(joint.players)):
            i = joint.players[seat]
            mix = joint_pi[node][seat]
            held = _held(game, sweeps.players[i], posterior[i], node, joint.own[seat])
            product = np.multiply.outer(product, mix @ held)
        a = int(game.first[node])
        q[a : a + product.size] = product.ravel()
        pi[a : a + product.size] = 1.0
    q[0] = 1.0
    value = tuple(
        p.value[:, : game.n_types[i]].copy() if p.view.row is None
        else p.value[p.view.row, : game.n_types[i]]
        for i, p in enumerate(sweeps.players)
    )
    mixes = {j: tuple(v) for j, v in joint_pi.items()}
    del posterior, out
    if last:
        sweeps.release()
    certificate = certify(game, pi, reading="fallible", lam=lam, joint_pi=mixes or None,
                          reached_by=reached_by, folds=folds, note=note)
    return Equilibrium(
        game=game, reading="fallible", lam=lam, epsilon=None, found_from=found_from, pi=pi, q=q,
        reach=reach_of(game, q), belief=belief, value=value, certificate=certificate,
        joint_pi=mixes, joint_belief={j: tuple(v) for j, v in joint_belief.items()}, trace=trace,
    )


def _held(game: PublicTree, p: PlayerSweep, posterior: Floats, node: int, own: int) -> Floats:
    """Return the belief about a player's type that holds at a joint node."""
    assert p.view.row is not None
    row = p.view.size if own < 0 else p.view.held_at(p.view.row[node])
    return np.asarray(posterior[row, : game.n_types[p.view.player]])


def analyst_columns(sweeps: Sweeps) -> list[Floats]:
    """Return, per player, the analyst's beliefs about it at every row."""
    log_q = sweeps.y0[0].copy()
    return [_analyst(sweeps.game, p, log_q) for p in sweeps.players]


def _analyst(game: PublicTree, p: PlayerSweep, log_q: Floats) -> Floats:
    """Update the analyst's prior by the player's mixes; fills ``log_q``, returns beliefs."""
    belief = np.zeros_like(p.belief[0])
    prior = np.maximum(game.prior[p.view.player], FAINT)
    belief[p.view.size, : len(prior)] = prior
    rows, q = np.zeros(p.view.size), np.zeros(p.view.size)
    kernels.forward(*p.informing, p.mix, belief, q, rows, *p.shape)
    if p.view.slot is None:
        children = _children(p)
        log_q[children] = rows[children]
    else:
        p._scatter(rows, log_q)
    return belief


def _children(p: PlayerSweep) -> NDArray[np.int64]:
    """Return the rows reached by the player's moves, single ones included."""
    k = p.view.own_inner
    return spans(p.view.first[k].astype(np.int64), p.view.count[k].astype(np.int64))


def public_log_q(sweeps: Sweeps, eq: Equilibrium) -> Floats:
    """Return the log public probabilities that ``eq``'s strategies imply in ``sweeps``' game."""
    y = sweeps.y0.copy()
    game = sweeps.game
    came = game.mover[np.maximum(game.parent, 0)]
    for i in sweeps.strategic:
        p = sweeps.players[i]
        types = game.n_types[i]
        c = np.flatnonzero(came == i)
        c = c[c > 0]
        rows = c if p.view.row is None else p.view.row[c]
        p.mix[rows, :types] = np.maximum(eq.pi[c, :types], 1e-300)
        for node, joint in game.joints.items():
            if i in joint.players:
                assert p.view.row is not None
                seat = joint.players.index(i)
                a = p.view.first_child(p.view.row[node])
                p.mix[a : a + joint.sizes[seat], :types] = eq.joint_pi[node][seat]
        p.publish(y, np.zeros(p.view.size))
    return np.maximum(y, -700.0)
