"""What can be settled about a tree before any of its variants is solved.

The batch kernels see a tree relabelled so that the nodes whose values change from sweep to sweep
come first. A *folded* node (an ending, a chance between folded nodes, or a choice between them of a
player without private types) has the same value whatever the others do, and is evaluated once for
each variant. The same holds player by player: the last mover's choice between endings is the same
in every sweep. In realistic crises that is most of the tree.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.game.tree import CHANCE, JOINT, TERMINAL, TYPE_CHANCE, PublicTree

__all__ = ["CHOICE", "GIVEN", "PUBLIC", "Layout", "layout"]

CHOICE, GIVEN, PUBLIC = 0, 1, 2
"""How a player's value at a node follows from those below: its own choice, a chance that depends
on its own type, or public odds."""

Ints = NDArray[np.int64]
Rows = NDArray[np.uint64]
"""Rows of tables are unsigned: signed indices cost a test at every access."""


class Layout(NamedTuple):
    """The programs the kernels run: integer tables of rows, one line for each node or copy.

    Nodes are renumbered. Rows of values, strategies, public odds and beliefs are those of `Space`;
    where priors are unlike there is one *view* (block of odds and beliefs) for each observer.
    """

    old: Ints
    """The tree's number of each node here."""
    sizes: Ints
    """Rows of values, strategies, odds, beliefs; number of nodes; of views."""
    take_payoff: Ints
    """(row of values, row of payoffs)."""
    take_prior: Ints
    """(row of beliefs, row of priors: views, then players, then types)."""
    take_weight: Ints
    """(row here, node of the tree) of every menu weight and chance."""
    chance: Ints
    """(row of odds, row of weights) of public chances."""
    given: Ints
    """(row of strategies, row of chances by type)."""
    given_odds: Ints
    """(row of odds, row of strategies) to fill in at the start."""
    once: Rows
    """Evaluations made once a variant, deepest first; columns as in ``back``, then whether the
    choice is public because the player has a single type."""
    back: Rows
    """Evaluations of every sweep: kind, types, row of the node's value, of its first child's,
    number of children, first child, its row of strategies, row of odds of its move."""
    back_from: Rows
    """Where each player's part of ``back`` begins, in the order of the sweep."""
    fore: Rows
    """Applications of Bayes' rule: types, row of the belief before, number of children, row of
    strategies of the first, its row of odds, where its line in ``after`` stands."""
    fore_from: Rows
    after: Ints
    """Row of the belief after each move, -1 where nobody will need it."""
    state_row: Rows
    """Rows of the public odds that make up the state, menu after menu: those of all players but
    the first of the order."""
    odds_row: Rows
    """Rows of the public odds of all players, in the order of the sweep; the state is their end."""
    odds_from: Rows
    """Where each player's part of them begins."""
    state_weight: Ints
    """Row of menu weights of each of them."""
    menu_from: Rows
    edge_player: Ints
    """The player whose strategy the move into each node of the tree (then each choice at its
    simultaneous nodes) belongs to, or -1."""
    edge_row: Ints
    """Row of strategies of the move into each node of the tree."""


def as_ints(x: object) -> Ints:
    return np.ascontiguousarray(np.asarray(x, dtype=np.int64))


def as_rows(x: object) -> Rows:
    return np.ascontiguousarray(np.asarray(x, dtype=np.uint64))


def as_table(rows: list[list[int]] | list[tuple[int, int]], columns: int) -> Ints:
    """Return lines of a program as an array, (lines, columns)."""
    return as_ints(rows).reshape(-1, columns)


def copies(to: Ints) -> Ints:
    """Return (row to, row from) of a copy, leaving out the rows nobody needs."""
    return as_ints(np.stack([to, np.arange(len(to))], axis=1)[to >= 0])


def settled(game: PublicTree) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which nodes are folded, and for each player where its value never changes.

    Simultaneous nodes and all above them are neither.
    """
    n, types = game.n_nodes, game.n_types
    folded = np.zeros(n, dtype=bool)
    fixed = np.zeros((game.n_players, n), dtype=bool)
    for a in range(n - 1, -1, -1):
        m = int(game.mover[a])
        if m == TERMINAL:
            folded[a] = True
            fixed[:, a] = True
            continue
        if m == JOINT:
            continue
        below = slice(int(game.first[a]), int(game.first[a] + game.count[a]))
        who = m if m >= 0 else TYPE_CHANCE - m
        if m == CHANCE:
            fixed[:, a] = fixed[:, below].all(axis=1)
            folded[a] = folded[below].all()
        elif types[who] == 1:
            fixed[:, a] = fixed[:, below].all(axis=1)
            if m >= 0:
                fixed[:, a] &= fixed[who, below].all()
            folded[a] = folded[below].all()
        else:
            fixed[who, a] = fixed[who, below].all()
    return folded, fixed


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
    >>> len(plan.once), len(plan.back)   # settled once and for all
    (1, 0)
    """
    if game.joint_payoff is not None:
        raise ValueError("interdependent payoffs are solved one by one")
    if game.joints:
        from detente.equilibrium.batch_plan_joint import joint_layout

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
    public: list[int] = []
    public_from = [0]
    menus = [0]
    ahead: list[list[list[int]]] = []
    after: list[int] = []
    for place, i in enumerate(order):
        part: list[list[int]] = []
        for view in range(views):
            if views > 1 and view == i:
                continue
            base = view * n_beliefs
            for a in fore[i]:
                child, k = int(game.first[a]), int(game.count[a])
                now = prior_row[i] if own[a] < 0 else belief_row[own[a]]
                odds = view * n + int(new[child])
                part.append([types[i], base + int(now), k, int(strategy_row[child]), odds,
                             len(after)])
                rows = belief_row[child:child + k]
                after += np.where(rows < 0, -1, base + rows).tolist()
                public += range(odds, odds + k)
                if place > 0:
                    menus.append(len(public) - public_from[1])
        ahead.append(part)
        public_from.append(len(public))
    state = public[public_from[1] :] if order else []

    take_payoff = np.concatenate([
        value_row[i] + (new[game.leaves][:, None] * t + np.arange(t)).ravel()
        if value_row[i] >= 0 else np.full(len(game.leaves) * t, -1)
        for i, t in enumerate(types)
    ])
    heads = np.concatenate([prior_row[i] + np.arange(t) for i, t in enumerate(types)])
    weighted = np.flatnonzero((by >= 0) | (by == CHANCE))
    chance, given = np.flatnonzero(by == CHANCE), np.flatnonzero(by <= TYPE_CHANCE)
    width = game.type_prob.shape[1]

    return Layout(
        old=as_ints(old),
        sizes=as_ints([values, int(size.sum()), views * n, views * n_beliefs, n, views]),
        take_payoff=copies(take_payoff),
        take_prior=copies(np.concatenate([v * n_beliefs + heads for v in range(views)])),
        take_weight=as_table([(int(new[c]), int(c)) for c in weighted], 2),
        chance=as_table(
            [(v * n + int(new[c]), int(new[c])) for v in range(views) for c in chance], 2),
        given=as_table([
            (int(strategy_row[c]) + t, int(game.type_row[c]) * width + t)
            for c in given for t in range(int(size[c]))], 2),
        given_odds=as_table([
            (v * n + int(new[c]), int(strategy_row[c])) for v in range(views) for c in given], 2),
        once=as_rows(as_table(once, 9)),
        back=as_rows(as_table([row for i in order for row in back[i]], 8)),
        back_from=as_rows(np.cumsum([0, *(len(back[i]) for i in order)])),
        fore=as_rows(as_table([row for part in ahead for row in part], 6)),
        fore_from=as_rows(np.cumsum([0, *map(len, ahead)])),
        after=as_ints(after), state_row=as_rows(state),
        odds_row=as_rows(public), odds_from=as_rows(public_from),
        state_weight=as_ints([x % n for x in state]),
        menu_from=as_rows(menus), edge_player=as_ints(np.where(by >= 0, who, -1)),
        edge_row=as_ints(strategy_row),
    )
