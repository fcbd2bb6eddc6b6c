"""The programs of the batch kernels: integer tables of rows, and how they are put together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Ints
from detente.game.tree import CHANCE, TYPE_CHANCE, PublicTree

__all__ = ["CHOICE", "GIVEN", "PUBLIC", "Layout", "Menu", "Told", "bayes", "put_together"]

CHOICE, GIVEN, PUBLIC = 0, 1, 2
"""Rule for a player's value at a node from the values below: its own choice, a chance that depends
on its own type, or public odds.
"""

Rows = NDArray[np.uint64]
"""Rows of tables are unsigned: signed indices cost a test at every access."""


class Layout(NamedTuple):
    """The programs the kernels run: integer tables of rows, one line for each node or copy.

    Nodes are renumbered. Rows of values, strategies, public odds and beliefs are those of `Space`;
    if priors are unlike there is one *view* (block of odds and beliefs) per observer.
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
    """Evaluations made once per variant, deepest first; columns as in ``back``, then whether the
    choice is public because the player has a single type.
    """
    back: Rows
    """Evaluations of every sweep: kind, types, row of the node's value, of its first child's,
    number of children, first child, its row of strategies, row of odds of its move."""
    back_from: Rows
    """Start of each player's part of ``back``, in the order of the sweep."""
    fore: Rows
    """Applications of Bayes' rule: types, row of the belief before, number of children, row of
    strategies of the first, its row of odds, the position of its line in ``after``."""
    fore_from: Rows
    after: Ints
    """Row of the belief after each move, -1 if it is not used."""
    state_row: Rows
    """Rows of the public odds that make up the state, menu after menu: those of all players but
    the first of the order."""
    odds_row: Rows
    """Rows of the public odds of all players, in the order of the sweep; the state is their end."""
    odds_from: Rows
    """Start of each player's part of them."""
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
    """Return (row to, row from) of a copy, without the rows that are not used."""
    return as_ints(np.stack([to, np.arange(len(to))], axis=1)[to >= 0])


class Menu(NamedTuple):
    """The data for Bayes' rule at one choice that reveals something about a player."""

    types: int
    now: int
    """Row of the belief before it, in the first view."""
    moves: int
    strategy: int
    """Row of strategies of the first move."""
    odds: int
    """Row of odds of the first move, in the first view."""
    after: Ints
    """Rows of the beliefs after each move, -1 if they are not used."""


class Told(NamedTuple):
    """The part of a `Layout` that describes belief updates; fields as there."""

    ahead: list[list[list[int]]]
    after: list[int]
    public: list[int]
    public_from: list[int]
    menu_from: list[int]

    @property
    def state(self) -> list[int]:
        return self.public[self.public_from[1] :] if len(self.public_from) > 1 else []


def bayes(parts: list[tuple[int, list[Menu]]], views: int, rows: int, beliefs: int) -> Told:
    """Lay out the applications of Bayes' rule: per player in order, in every other's view.

    ``rows`` and ``beliefs`` are the numbers of rows of odds and of beliefs in a view.
    """
    told = Told([], [], [], [0], [0])
    for place, (i, menus) in enumerate(parts):
        part: list[list[int]] = []
        for view in range(views):
            if views > 1 and view == i:
                continue
            base = view * beliefs
            for m in menus:
                odds = view * rows + m.odds
                part.append([m.types, base + m.now, m.moves, m.strategy, odds, len(told.after)])
                told.after.extend(np.where(m.after < 0, -1, base + m.after).tolist())
                told.public.extend(range(odds, odds + m.moves))
                if place > 0:
                    told.menu_from.append(len(told.public) - told.public_from[1])
        told.ahead.append(part)
        told.public_from.append(len(told.public))
    return told


def put_together(
    game: PublicTree, *, rows: int, old: Ints, place: Ints, values: int, width: Ints, views: int,
    beliefs: int, take_payoff: Ints, prior_row: Ints, chosen: Ints, by: Ints, who: Ints,
    strategy_row: Ints, once: list[list[int]], back: list[list[list[int]]], told: Told,
) -> Layout:
    """Return the layout of a tree from its evaluations and updates.

    Parameters
    ----------
    rows, beliefs
        Rows of odds, and of beliefs, in a view.
    old, place
        The tree's number of each row, and the row of each of the tree's nodes.
    values
        Rows of values.
    width
        Types of the player whose move leads into each node or slot.
    take_payoff, prior_row
        Row of values of every payoff; first row of beliefs of every player.
    chosen, by, who
        Nodes and slots reached by a player's choice; the mover into each node, with chances by type
        distinguished; the player whose type a move into a node or slot depends on.
    once, back
        Evaluations made once, and in every sweep by player in the order of the sweep.
    told
        The belief updates.
    """
    heads = np.concatenate([prior_row[i] + np.arange(t) for i, t in enumerate(game.n_types)])
    chance, given = np.flatnonzero(by == CHANCE), np.flatnonzero(by <= TYPE_CHANCE)
    weighted = np.sort(np.concatenate([chosen, chance]))
    columns = game.type_prob.shape[1]
    mover = np.full(len(who), -1)
    mover[chosen] = who[chosen]
    return Layout(
        old=as_ints(old),
        sizes=as_ints([values, int(width.sum()), views * rows, views * beliefs, rows, views]),
        take_payoff=copies(take_payoff),
        take_prior=copies(np.concatenate([v * beliefs + heads for v in range(views)])),
        take_weight=as_table([(int(place[c]), int(c)) for c in weighted], 2),
        chance=as_table([(v * rows + int(place[c]), int(place[c]))
                         for v in range(views) for c in chance], 2),
        given=as_table([(int(strategy_row[c]) + t, int(game.type_row[c]) * columns + t)
                        for c in given for t in range(int(width[c]))], 2),
        given_odds=as_table([(v * rows + int(place[c]), int(strategy_row[c]))
                             for v in range(views) for c in given], 2),
        once=as_rows(as_table(once, 9)),
        back=as_rows(as_table([line for part in back for line in part], 8)),
        back_from=as_rows(np.cumsum([0, *map(len, back)])),
        fore=as_rows(as_table([line for part in told.ahead for line in part], 6)),
        fore_from=as_rows(np.cumsum([0, *map(len, told.ahead)])),
        after=as_ints(told.after), state_row=as_rows(told.state),
        odds_row=as_rows(told.public), odds_from=as_rows(told.public_from),
        state_weight=as_ints([x % rows for x in told.state]), menu_from=as_rows(told.menu_from),
        edge_player=as_ints(mover), edge_row=as_ints(strategy_row),
    )
