"""A public tree in sequence form: one small table of own moves per player.

Player i's *sequences* are its own moves (and the chance moves that depend on its type), numbered
breadth first from 1; sequence 0 is the empty sequence. Moves of the others disappear: a terminal
node reaches player i only through its last sequence and the probability that all others play
towards it. Because types are independent, that probability is a product of one public number per
other player (von Stengel 1996; this avoids the product over type profiles).

A simultaneous-move node is one menu per participant like any other. Terminal nodes that share every
player's last sequence differ only by public chance and are merged into one *cell*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats, Ints
from detente.game.tree import CHANCE, JOINT, TYPE_CHANCE, PublicTree

__all__ = ["FormNumbers", "PlayerForm", "SequenceForm"]


@dataclass(frozen=True)
class PlayerForm:
    """The sequences of one player.

    Attributes
    ----------
    node : (G,)
        The node of each menu, breadth first.
    first, count, parent : (G,)
        First sequence, number of moves, and the sequence that leads to the menu.
    fixed : (G,)
        Whether the menu is a chance that depends on the player's type.
    seat : (G,)
        The player's seat at a simultaneous node, else -1.
    menu : (K,)
        The menu of each sequence; -1 for sequence 0.
    child : (K,)
        The node a sequence leads to; -1 at simultaneous nodes and for sequence 0.
    cell_start : (K + 1,)
        Cells whose last sequence is s are ``cell_start[s]:cell_start[s + 1]`` of `cells`.
    cells : (C,)
        The game's cells in the order of this player's sequences.
    """

    node: Ints
    first: Ints
    count: Ints
    parent: Ints
    fixed: NDArray[np.bool_]
    seat: Ints
    menu: Ints
    child: Ints
    cell_start: Ints
    cells: Ints

    @property
    def n_sequences(self) -> int:
        return len(self.menu)


@dataclass(frozen=True)
class SequenceForm:
    """Every player's sequences, and the sequences at each terminal node.

    Attributes
    ----------
    player : tuple of PlayerForm
    last : (n, N)
        Each player's last sequence at each node.
    cell : (m,)
        The cell of each leaf.
    cell_last : (C, N)
        Each player's last sequence at each cell.
    """

    player: tuple[PlayerForm, ...]
    last: Ints
    cell: Ints
    cell_last: Ints

    @classmethod
    def of(cls, game: PublicTree) -> SequenceForm:
        """Build the sequence form of a tree; it depends on structure only."""
        drafts = [_sequences(game, i) for i in range(game.n_players)]
        last = np.stack([_last(game, edge) for *_, edge in drafts], axis=1)
        cell_last, cell = np.unique(last[game.leaves], axis=0, return_inverse=True)
        cell = np.asarray(cell).reshape(-1)
        players = []
        for i, (node, first, count, seat, _) in enumerate(drafts):
            total = 1 + int(count.sum())
            menu = np.concatenate([[-1], np.repeat(np.arange(len(node)), count)])
            step = np.arange(1, total) - first[menu[1:]]
            child = np.full(total, -1)
            child[1:] = np.where(seat[menu[1:]] < 0, game.first[node[menu[1:]]] + step, -1)
            order = np.argsort(cell_last[:, i], kind="stable")
            start = np.searchsorted(cell_last[order, i], np.arange(total + 1))
            players.append(PlayerForm(
                node=node, first=first, count=count, parent=last[node, i],
                fixed=game.mover[node] == TYPE_CHANCE - i, seat=seat, menu=menu, child=child,
                cell_start=start, cells=order,
            ))
        return cls(tuple(players), last, cell, cell_last)


def _sequences(game: PublicTree, player: int) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Return menus (node, first, count, seat) and the sequence on the move into each node."""
    seat_at = {k: j.players.index(player) for k, j in game.joints.items() if player in j.players}
    mine = (game.mover == player) | (game.mover == TYPE_CHANCE - player)
    mine[list(seat_at)] = True
    node = np.flatnonzero(mine)
    count = game.count[node].copy()
    seat = np.full(len(node), -1)
    for k, s in seat_at.items():
        g = int(np.searchsorted(node, k))
        count[g], seat[g] = game.joints[k].sizes[s], s
    first = 1 + np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)[: len(node)]
    edge = np.full(game.n_nodes, -1)
    plain = np.flatnonzero(seat < 0)
    if len(plain):
        size = count[plain]
        step = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
        edge[np.repeat(game.first[node[plain]], size) + step] = np.repeat(first[plain], size) + step
    for k, s in seat_at.items():
        profile = np.indices(game.joints[k].sizes).reshape(len(game.joints[k].sizes), -1)
        c = int(game.first[k])
        edge[c : c + int(game.count[k])] = first[np.searchsorted(node, k)] + profile[s]
    return node, first, count, seat, edge


def _last(game: PublicTree, edge: Ints) -> Ints:
    last = np.zeros(game.n_nodes, dtype=np.int64)
    for d in range(1, len(game.level) - 1):
        a, b = int(game.level[d]), int(game.level[d + 1])
        last[a:b] = np.where(edge[a:b] >= 0, edge[a:b], last[game.parent[a:b]])
    return last


@dataclass(frozen=True)
class FormNumbers:
    """The numbers of one game in the order of its sequence form, laid flat player after player.

    Attributes
    ----------
    payoff : tuple of (C, T_i) or (C, T_i, T_other)
        Each player's payoff at each cell in the order of its own `PlayerForm.cells`, times the
        public chance of the cell; with the other's type last if payoffs are interdependent.
    weight : tuple of (K,)
        Menu weight of each sequence (1 for sequence 0 and for chances by type).
    chance : tuple of (K, T_i)
        Probability by type of the sequences that are chances; 0 elsewhere.
    prior : tuple of tuple of (T_j,)
        ``prior[i][j]``: player i's prior over player j's types.
    public : (n,)
        Product of the public chances on the way to each node.
    """

    payoff: tuple[Floats, ...]
    weight: tuple[Floats, ...]
    chance: tuple[Floats, ...]
    prior: tuple[tuple[Floats, ...], ...]
    public: Floats

    @classmethod
    def of(cls, game: PublicTree, form: SequenceForm) -> FormNumbers:
        """Read a game's numbers into the order of its sequence form."""
        public = _public_chance(game)
        tables = game.payoff if game.joint_payoff is None else game.joint_payoff
        payoff, weight, chance = [], [], []
        at_leaf = public[game.leaves]
        order = np.argsort(form.cell, kind="stable")
        begin = np.searchsorted(form.cell[order], np.arange(len(form.cell_last)))
        for i, p in enumerate(form.player):
            table = tables[i] if game.joint_payoff is None or i == 0 else tables[i].swapaxes(1, 2)
            scaled = table * at_leaf.reshape(-1, *[1] * (table.ndim - 1))
            total = np.add.reduceat(scaled[order], begin, axis=0)
            payoff.append(np.ascontiguousarray(total[p.cells]))
            w = np.where(p.child >= 0, game.weight[p.child], 1.0)
            for g in np.flatnonzero(p.seat >= 0).tolist():
                joint = game.joints[int(p.node[g])]
                w[p.first[g] : p.first[g] + p.count[g]] = joint.weights[int(p.seat[g])]
            rows = np.zeros((p.n_sequences, game.n_types[i]))
            luck = np.flatnonzero((p.menu >= 0) & p.fixed[p.menu]) if len(p.node) else p.node
            rows[luck] = game.type_prob[game.type_row[p.child[luck]], : game.n_types[i]]
            w[luck] = 1.0
            weight.append(w)
            chance.append(rows)
        seen = game.observer_prior
        prior = tuple(
            tuple(game.prior) if seen is None else tuple(seen[i]) for i in range(game.n_players)
        )
        return cls(tuple(payoff), tuple(weight), tuple(chance), prior, public)


def _public_chance(game: PublicTree) -> Floats:
    by = np.where(game.parent >= 0, game.mover[game.parent], JOINT)
    step = np.where(by == CHANCE, game.weight, 1.0)
    public = np.ones(game.n_nodes)
    for d in range(1, len(game.level) - 1):
        a, b = int(game.level[d]), int(game.level[d + 1])
        public[a:b] = public[game.parent[a:b]] * step[a:b]
    return public


def behaviour(
    form: SequenceForm, game: PublicTree, sigma: Sequence[Floats]
) -> tuple[Floats, dict[int, tuple[Floats, ...]]]:
    """Return node-indexed strategies ``(n, max T)`` and joint mixes from mixes by sequence.

    Children of chance nodes carry the chance, children of TYPE_CHANCE nodes the chance by type,
    the root and the children of simultaneous nodes 1.
    """
    pi = np.zeros((game.n_nodes, max(game.n_types)))
    by = np.where(game.parent >= 0, game.mover[game.parent], JOINT)
    plain = (by == CHANCE) | (by == JOINT)
    pi[plain] = np.where(by == CHANCE, game.weight, 1.0)[plain, None]
    joint: dict[int, list[Floats]] = {k: [np.empty(0)] * len(j.players)
                                      for k, j in game.joints.items()}
    for i, p in enumerate(form.player):
        there = p.child >= 0
        pi[p.child[there], : game.n_types[i]] = sigma[i][there]
        for g in np.flatnonzero(p.seat >= 0).tolist():
            rows = slice(int(p.first[g]), int(p.first[g] + p.count[g]))
            joint[int(p.node[g])][int(p.seat[g])] = np.array(sigma[i][rows])
    return pi, {k: tuple(v) for k, v in joint.items()}


def by_sequence(
    form: SequenceForm,
    game: PublicTree,
    pi: Floats,
    joint_pi: Mapping[int, Sequence[Floats]],
) -> list[Floats]:
    """Return mixes by sequence ``(K, T_i)`` per player; the inverse of `behaviour`."""
    out = []
    for i, p in enumerate(form.player):
        sigma = np.ones((p.n_sequences, game.n_types[i]))
        there = p.child >= 0
        sigma[there] = pi[p.child[there], : game.n_types[i]]
        for g in np.flatnonzero(p.seat >= 0).tolist():
            rows = slice(int(p.first[g]), int(p.first[g] + p.count[g]))
            sigma[rows] = joint_pi[int(p.node[g])][int(p.seat[g])]
        out.append(sigma)
    return out
