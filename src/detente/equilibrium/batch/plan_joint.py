"""The batch kernels' program for a tree with simultaneous moves.

Each player's own view of the tree is swept: at a joint node the player's choice comes first and the
others' choices follow as public odds, so that the kernels need no case for simultaneous moves.
All copies of another's choice share one *slot*, one row of public odds: slot ``c`` is the move into
node ``c``, and slots from ``n`` on are the choices at joint nodes. Weights and strategies have the
same slots.
"""

from __future__ import annotations

import numpy as np

from detente.arrays import Ints
from detente.equilibrium.batch.layout import (
    CHOICE,
    GIVEN,
    PUBLIC,
    Layout,
    Menu,
    bayes,
    put_together,
)
from detente.equilibrium.batch.settled import settled
from detente.equilibrium.kernels.public import OWN, TELL
from detente.equilibrium.kernels.views import View, joint_slots, views
from detente.game.tree import TERMINAL, TYPE_CHANCE, PublicTree

__all__ = ["joint_layout"]


def _at(view: View, row: int) -> int:
    """Return the slot of the move into a row of a view."""
    assert view.slot is not None
    return int(view.slot[row])


def _held(view: View, k: int) -> int:
    """Return the slot of the belief that holds at an inner row, -1 for the prior."""
    source = int(view.own[k])
    return -1 if source == view.size else _at(view, source)


def _needed(view: View) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return the rows whose values a choice of the player depends on."""
    needed = np.zeros(view.size, dtype=bool)
    for k, a in enumerate(view.inner.astype(np.int64).tolist()):
        below = slice(int(view.first[k]), int(view.first[k] + view.count[k]))
        needed[a] |= view.kind[k] == OWN
        needed[below] |= needed[a]
    return needed


def joint_layout(game: PublicTree) -> Layout:
    """Return the arrays the batch kernels need for a tree with simultaneous moves.

    Nodes at or above a simultaneous node are evaluated in every sweep, nodes below it once.

    Examples
    --------
    >>> from detente.game import end, together, tree
    >>> ends = {(x, y): end(x + y, a=x == y, b=x != y) for x in "HT" for y in "HT"}
    >>> plan = joint_layout(tree({"a": 1, "b": 1}, together({"a": "HT", "b": "HT"}, ends)))
    >>> len(plan.once), plan.back[:, 0].tolist()   # each player's choice, after the other's odds
    (0, [2, 2, 0, 2, 2, 0])
    """
    n, types = game.n_nodes, game.n_types
    players = range(game.n_players)
    slots, seen = joint_slots(game), views(game)
    total = slots.total
    folded, fixed = settled(game)

    by = np.full(n, TERMINAL, dtype=np.int64)
    by[1:] = game.mover[game.parent[1:]]
    who = np.full(total, -1)
    who[:n] = np.where(by >= 0, by, np.where(by <= TYPE_CHANCE, TYPE_CHANCE - by, -1))
    chosen = np.zeros(total, dtype=bool)
    chosen[:n] = by >= 0
    chosen[n:] = True
    for node, starts in slots.start.items():
        joint = game.joints[node]
        for i, size, start in zip(joint.players, joint.sizes, starts, strict=True):
            who[start : start + size] = i
    width = np.array([types[i] if i >= 0 else 0 for i in who])
    strategy_row = np.where(who >= 0, np.cumsum(width) - width, -1)

    informs = np.zeros(total, dtype=bool)
    for i in players:
        for k in seen[i].own_inner.tolist():
            if types[i] > 1 and _held(seen[i], k) >= 0:
                informs[_held(seen[i], k)] = True
    kept = np.where(informs, width, 0)
    belief_row = np.where(informs, np.cumsum(kept) - kept, -1)
    beliefs = int(kept.sum())
    prior_row = beliefs + np.cumsum([0, *types])[:-1]
    n_beliefs = beliefs + sum(types)
    blocks = game.n_players if game.observer_prior is not None else 1

    movers = [i for i in players if bool((seen[i].kind == OWN).any())]
    value_row = np.full(game.n_players, -1, dtype=np.int64)
    values = 0
    for i in movers:
        value_row[i] = values
        values += seen[i].size * types[i]

    once: list[tuple[int, bool, list[int]]] = []
    back: list[list[list[int]]] = [[] for _ in players]
    for i in movers:
        view, needed = seen[i], _needed(seen[i])
        assert view.node is not None
        for k in range(len(view.inner) - 1, -1, -1):
            a, first = int(view.inner[k]), int(view.first[k])
            slot, node = _at(view, first), int(view.node[a])
            kind = {OWN: CHOICE, TELL: GIVEN}.get(int(view.kind[k]), PUBLIC)
            start = int(value_row[i])
            line = [kind, types[i], start + a * types[i], start + first * types[i],
                    int(view.count[k]), slot, int(strategy_row[slot]),
                    (i if blocks > 1 else 0) * total + slot]
            if node >= 0 and fixed[i, node]:
                once.append((-node, kind != CHOICE, [*line, int(kind == CHOICE and types[i] == 1)]))
            elif needed[a]:
                back[i].append(line)

    fore: list[list[int]] = [[] for _ in players]
    for i in players:
        view = seen[i]
        assert view.node is not None
        for k in view.own_inner.tolist():
            node = int(view.node[int(view.inner[k])])
            known = types[i] == 1 and (view.kind[k] == TELL or (node >= 0 and fixed[i, node]))
            if not known and not (node >= 0 and folded[node]):
                fore[i].append(k)

    moves = [sum(int(seen[i].count[k]) for k in fore[i]) for i in players]
    order = sorted((i for i in players if moves[i]), key=lambda i: -moves[i])
    def menu(view: View, k: int) -> Menu:
        i, held = view.player, _held(view, k)
        slot, count = _at(view, int(view.first[k])), int(view.count[k])
        now = prior_row[i] if held < 0 or not informs[held] else belief_row[held]
        return Menu(types[i], int(now), count, int(strategy_row[slot]), slot,
                    belief_row[slot : slot + count])

    told = bayes([(i, [menu(seen[i], k) for k in fore[i]]) for i in order], blocks, total,
                 n_beliefs)
    take_payoff: list[Ints] = []
    for i, t in enumerate(types):
        rows = np.full((len(game.leaves), t), -1)
        at = seen[i].row
        if value_row[i] >= 0 and at is not None:
            rows = value_row[i] + at[game.leaves][:, None] * t + np.arange(t)
        take_payoff.append(rows.ravel())
    itself = np.arange(total)
    return put_together(
        game, rows=total, old=itself, place=itself, values=values, width=width, views=blocks,
        beliefs=n_beliefs, take_payoff=np.concatenate(take_payoff), prior_row=prior_row,
        chosen=np.flatnonzero(chosen), by=by, who=who, strategy_row=strategy_row,
        once=[line for *_, line in sorted(once, key=lambda x: x[:2])],
        back=[back[i] for i in order], told=told)
