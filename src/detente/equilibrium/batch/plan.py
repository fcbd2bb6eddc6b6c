"""The evaluations of a tree, planned before any of its variants is solved.

The batch kernels see a tree relabelled so that the nodes whose values change from sweep to sweep
come first. A *folded* node (a terminal node, a chance between folded nodes, or a choice between
them of a player without private types) has the same value for all strategies of the others, and is
evaluated once per variant. The same holds player by player: the last mover's choice between
terminal nodes is the same in every sweep. In realistic crises that is most of the tree.
"""

from __future__ import annotations

import numpy as np

from detente.equilibrium.batch.layout import (
    CHOICE,
    GIVEN,
    PUBLIC,
    Layout,
    Menu,
    bayes,
    put_together,
)
from detente.equilibrium.batch.plan_joint import joint_layout
from detente.equilibrium.batch.settled import settled
from detente.game.tree import TERMINAL, TYPE_CHANCE, PublicTree

__all__ = ["layout"]


def layout(game: PublicTree) -> Layout:
    """Return the arrays the batch kernels need.

    Raises
    ------
    ValueError
        The tree has interdependent payoffs.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1}, decide("a", {"x": end("x", a=1), "y": end("y")}))
    >>> plan = layout(game)
    >>> len(plan.once), len(plan.back)   # evaluated once
    (1, 0)
    """
    if game.joint_payoff is not None:
        raise ValueError("a batch cannot have payoffs that depend on both types; solve them one "
                         "by one")
    if game.joints:
        return joint_layout(game)
    n, types = game.n_nodes, game.n_types
    players = range(game.n_players)
    folded, fixed = settled(game)
    kept = ~folded
    kept[1:] |= kept[game.parent[1:]]
    kept[0] = True
    old = np.concatenate([np.flatnonzero(kept), np.flatnonzero(~kept)])
    new = np.empty(n, dtype=np.int64)
    new[old] = np.arange(n)

    by = np.full(n, TERMINAL, dtype=np.int64)
    by[1:] = game.mover[game.parent[1:]]
    who = np.where(by >= 0, by, np.where(by <= TYPE_CHANCE, TYPE_CHANCE - by, -1))
    size = np.array([types[w] if w >= 0 else 0 for w in who])
    strategy_row = np.full(n, -1, dtype=np.int64)
    rows = np.cumsum(size) - size
    strategy_row[who >= 0] = rows[who >= 0]
    typed = np.array([t > 1 for t in types])
    informs = np.zeros(n, dtype=bool)
    for a in np.flatnonzero(game.own >= 0).tolist():
        if not folded[a] and typed[who[game.own[a]]]:
            informs[game.own[a]] = True
    belief_row = np.full(n, -1, dtype=np.int64)
    width = np.where(informs, size, 0)
    belief_row[informs] = (np.cumsum(width) - width)[informs]
    beliefs = int(width.sum())
    prior_row = beliefs + np.cumsum([0, *types])[:-1]
    own = np.where((game.own >= 0) & informs[np.maximum(game.own, 0)], game.own, -1)

    movers = [i for i in players if bool((game.mover == i).any())]
    value_row = np.full(game.n_players, -1, dtype=np.int64)
    values = 0
    for i in movers:
        value_row[i] = values
        values += n * types[i]

    once: list[list[int]] = []
    back: list[list[list[int]]] = [[] for _ in players]
    fore: list[list[int]] = [[] for _ in players]
    needed = np.zeros((game.n_players, n), dtype=bool)
    for i in movers:
        needed[i] = game.mover == i
        for c in range(1, n):
            needed[i, c] |= needed[i, game.parent[c]]
    views = game.n_players if game.observer_prior is not None else 1
    n_beliefs = beliefs + sum(types)

    def line(a: int, i: int, kind: int) -> list[int]:
        child = int(game.first[a])
        below, view = int(new[child]), i if views > 1 else 0
        start = int(value_row[i])
        return [kind, types[i], start + int(new[a]) * types[i], start + below * types[i],
                int(game.count[a]), below, int(strategy_row[child]), view * n + below]

    for a in range(n - 1, -1, -1):
        m = int(game.mover[a])
        if m == TERMINAL:
            continue
        for i in sorted(movers, key=lambda i: i != m):
            kind = CHOICE if m == i else GIVEN if m == TYPE_CHANCE - i else PUBLIC
            if fixed[i, a]:
                once.append([*line(a, i, kind), int(m == i and types[i] == 1)])
            elif needed[i, a]:
                back[i].append(line(a, i, kind))
    for a in np.flatnonzero(~folded).tolist():
        m, i = int(game.mover[a]), int(who[game.first[a]])
        if i >= 0 and not (types[i] == 1 and (m <= TYPE_CHANCE or bool(fixed[i, a]))):
            fore[i].append(a)

    moves = [sum(int(game.count[a]) for a in fore[i]) for i in players]
    order = sorted((i for i in players if moves[i]), key=lambda i: -moves[i])
    def menu(a: int, i: int) -> Menu:
        child = int(game.first[a])
        now = prior_row[i] if own[a] < 0 else belief_row[own[a]]
        return Menu(types[i], int(now), int(game.count[a]), int(strategy_row[child]),
                    int(new[child]), belief_row[child : child + int(game.count[a])])

    told = bayes([(i, [menu(a, i) for a in fore[i]]) for i in order], views, n, n_beliefs)
    take_payoff = np.concatenate([
        value_row[i] + (new[game.leaves][:, None] * t + np.arange(t)).ravel()
        if value_row[i] >= 0 else np.full(len(game.leaves) * t, -1)
        for i, t in enumerate(types)
    ])
    return put_together(
        game, rows=n, old=old, place=new, values=values, width=size, views=views,
        beliefs=n_beliefs, take_payoff=take_payoff, prior_row=prior_row,
        chosen=np.flatnonzero(by >= 0), by=by, who=who, strategy_row=strategy_row, once=once,
        back=[back[i] for i in order], told=told)
