"""The games of all rows as copies under one public chance move, so that one solve covers all.

A copy under a chance move has the same equilibrium as the game alone. The derivative of any sum
over the copies costs one adjoint solve.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

import numpy as np

from detente.arrays import Floats, Ints
from detente.equilibrium import gradient, solve
from detente.equilibrium.solution import Equilibrium
from detente.errors import SizeError
from detente.game.extensive import ExtensiveGame
from detente.game.tree import CHANCE, PublicTree
from detente.identifiers import CHANCE_ACTOR, Act

__all__ = ["Copies", "ExtensiveCopies", "TreeCopies", "copies_of", "side_by_side"]


BUDGET = 2_000_000
"""Largest number of nodes of all copies together."""

BLOCK = 32
"""Number of copies of a general game that are solved together."""


def side_by_side(game: PublicTree, copies: int) -> tuple[PublicTree, Ints, Ints]:
    """Place copies of a game under one uniform chance move.

    Returns
    -------
    PublicTree, row, leaf
        The new game; for each of its leaves, the copy and the index into the old ``leaves``.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> one = tree({"a": 1}, decide("a", {"x": end("x", a=0), "y": end("y", a=1)}))
    >>> many, row, leaf = side_by_side(one, 3)
    >>> many.n_nodes, row.tolist(), leaf.tolist()
    (10, [0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1])
    """
    n = game.n_nodes
    level = np.concatenate([[0], 1 + copies * game.level]).astype(np.int64)
    of = np.searchsorted(game.level, np.arange(n), side="right") - 1
    width = np.diff(game.level)
    base = 1 + copies * game.level[of] + (np.arange(n) - game.level[of])
    where = base[None, :] + np.arange(copies)[:, None] * width[of][None, :]  # (copies, n)

    def spread(old: Ints, root: int, links: bool = False) -> Ints:
        out = np.empty(1 + copies * n, dtype=np.int64)
        out[0] = root
        out[where] = np.where(old >= 0, where[:, np.maximum(old, 0)], old) if links else old
        return out

    parent = spread(game.parent, -1, links=True)
    parent[where[:, 0]] = 0
    # A terminal node has no first child; its ``first`` is 0.
    first = spread(np.where(game.count > 0, game.first, -1), 1, links=True)
    first[first < 0] = 0
    weight = np.ones(1 + copies * n)
    weight[where] = game.weight
    weight[where[:, 0]] = 1.0 / copies
    rows = len(game.type_prob)
    type_row = spread(game.type_row, -1)
    shift = np.arange(copies)[:, None] * rows
    type_row[where] = np.where(game.type_row >= 0, game.type_row + shift, -1)
    move = spread(game.move, -1)
    move[where[:, 0]] = len(game.moves)
    leaf_at = where[:, game.leaves]
    order = np.argsort(leaf_at, axis=None, kind="stable")
    m = len(game.leaves)
    row, leaf = order // m, order % m
    many = replace(
        game,
        mover=spread(game.mover, CHANCE), parent=parent, first=first,
        count=spread(game.count, copies), level=level,
        own=spread(game.own, -1, links=True), weight=weight, type_row=type_row,
        type_prob=np.tile(game.type_prob, (copies, 1)), leaves=leaf_at.ravel()[order],
        payoff=tuple(p[leaf] for p in game.payoff), outcome=game.outcome[leaf], move=move,
        moves=(*game.moves, Act(CHANCE_ACTOR, "row")),
        joints={
            int(where[r, v]): replace(
                j, own=tuple(int(where[r, o]) if o >= 0 else -1 for o in j.own)
            )
            for v, j in game.joints.items() for r in range(copies)
        },
        share=None if game.share is None else game.share[leaf],
    )
    return many, row, leaf


class Copies(ABC):
    """Interface of the copies to the likelihood.

    Attributes
    ----------
    game
        The game that is copied.
    row, leaf : (m,) int arrays
        For each leaf of all copies: its copy, and its leaf in the game.
    players, endings : tuple of str
    kind : int array
        The outcome of each leaf of the game.
    payoff : tuple of (leaves, T_i) arrays
        The payoffs of the game.
    """

    game: Any
    row: Ints
    leaf: Ints
    players: tuple[str, ...]
    endings: tuple[str, ...]
    kind: Ints
    payoff: tuple[Floats, ...]

    @abstractmethod
    def play(self, payoff: tuple[Floats, ...], lam: float) -> tuple[Floats, bool]:
        """Return each leaf's probability within its copy, and whether the solution is certified."""

    @abstractmethod
    def slopes(self, weights: Floats) -> tuple[Floats, ...]:
        """Return the derivatives of the weighted sum of probabilities by every payoff."""


class TreeCopies(Copies):
    """Copies of a public tree."""

    def __init__(self, game: PublicTree, copies: int) -> None:
        self.game, self.copies = game, copies
        self.many, self.row, self.leaf = side_by_side(game, copies)
        self.players, self.endings = game.players, game.outcome_names
        self.kind, self.payoff = game.outcome, game.payoff
        self.last: Equilibrium | None = None

    def play(self, payoff: tuple[Floats, ...], lam: float) -> tuple[Floats, bool]:
        moved = self.many.with_numbers(payoff=payoff)
        start = None
        if self.last is not None and self.last.lam == lam:
            start = replace(self.last, game=moved)
        self.last = solve(moved, lam, start=start)
        return self.last.leaf_reach * self.copies, self.last.certificate.certified

    def slopes(self, weights: Floats) -> tuple[Floats, ...]:
        assert self.last is not None
        return gradient(self.last, weights * self.copies).payoff


class ExtensiveCopies(Copies):
    """Copies of an extensive game, such as one from a Gambit file.

    They are solved in blocks, because the solver of such games uses dense matrices.
    """

    def __init__(self, game: ExtensiveGame, copies: int) -> None:
        self.game, self.copies = game, copies
        m = len(game.leaves)
        starts = range(0, copies, BLOCK)
        made: dict[int, ExtensiveGame] = {}
        self.blocks: list[tuple[ExtensiveGame, slice]] = []
        for start in starts:
            size = min(BLOCK, copies - start)
            many = made.setdefault(size, block_of(game, size))
            self.blocks.append((many, slice(start * m, (start + size) * m)))
        self.row, self.leaf = np.divmod(np.arange(m * copies), m)
        self.players = game.players
        names = [ending_name(game, int(k)) for k in game.leaves]
        self.endings = tuple(dict.fromkeys(names))
        self.kind = np.array([self.endings.index(x) for x in names])
        self.payoff = tuple(game.leaf_payoff[:, [i]] for i in range(game.n_players))
        self.last: list[Any] = [None] * len(self.blocks)

    def play(self, payoff: tuple[Floats, ...], lam: float) -> tuple[Floats, bool]:
        paid = np.concatenate(payoff, axis=1)
        out, certified = np.empty(len(paid)), True
        for k, (many, at) in enumerate(self.blocks):
            moved = many.with_numbers(outcome_payoff=paid[at])
            near = self.last[k]
            eq = solve(moved, lam, start=near if near is not None and near.lam == lam else None)
            out[at] = eq.leaf_reach * (at.stop - at.start) / len(self.kind)
            certified &= eq.certificate.certified
            self.last[k] = eq
        return out, certified

    def slopes(self, weights: Floats) -> tuple[Floats, ...]:
        by = np.concatenate([
            gradient(eq, weights[at] * ((at.stop - at.start) / len(self.kind))).leaf_payoff
            for eq, (_, at) in zip(self.last, self.blocks, strict=True)
        ])
        return tuple(by[:, [i]] for i in range(by.shape[1]))


def block_of(game: ExtensiveGame, copies: int) -> ExtensiveGame:
    """Place copies under one chance move, with a separate outcome per leaf of each copy.

    Outcome ``r * m + z`` is leaf ``z`` of copy ``r``, in the order of ``leaves``.
    """
    n, m, leaves = game.n_nodes, len(game.leaves), game.leaves
    moves, sets = len(game.move_label), game.n_sets
    which = np.arange(copies)[:, None]

    def spread(old: Ints, root: int, shift: int, first: int) -> Ints:
        """Shift indices by ``first``, and by ``shift`` per copy."""
        moved = np.where(old >= 0, old + first + which * shift, -1)
        return np.concatenate([[root], moved.ravel()]).astype(np.int64)

    parent = spread(game.parent, -1, n, 1)
    roots = 1 + np.arange(copies) * n
    parent[roots] = 0
    move = spread(game.move, -1, moves, copies)
    move[roots] = np.arange(copies)
    own = np.full(n, -1)
    own[leaves] = np.arange(m)
    return ExtensiveGame(
        title=game.title, comment="", players=game.players, parent=parent, move=move,
        infoset=spread(game.infoset, 0, sets, 1),
        set_player=np.concatenate([[-1], np.tile(game.set_player, copies)]),
        set_first=np.concatenate([
            [0], (copies + game.set_first[:-1] + which * moves).ravel(),
            [copies + moves * copies],
        ]).astype(np.int64),
        set_label=("row", *game.set_label * copies),
        set_number=np.arange(1 + sets * copies),
        move_label=(*(str(k) for k in range(copies)), *game.move_label * copies),
        chance=np.concatenate([np.full(copies, 1.0 / copies), np.tile(game.chance, copies)]),
        weight=np.concatenate([np.ones(copies), np.tile(game.weight, copies)]),
        outcome=spread(own, -1, m, 0),
        outcome_label=("",) * (m * copies), outcome_number=np.arange(1, m * copies + 1),
        outcome_payoff=np.tile(game.leaf_payoff, (copies, 1)),
    )


def ending_name(game: ExtensiveGame, node: int) -> str:
    """Return the name of a terminal node of a Gambit game: its outcome's name, else its number."""
    k = int(game.outcome[node])
    if k < 0:
        return "no outcome"
    return game.outcome_label[k] or str(int(game.outcome_number[k]))


def copies_of(game: PublicTree | ExtensiveGame, copies: int) -> Copies:
    """Return a game's copies.

    Raises
    ------
    SizeError
        The copies together have too many nodes.
    """
    if game.n_nodes * copies > BUDGET:
        raise SizeError(
            f"{copies:,} games of {game.n_nodes:,} nodes",
            expected=f"at most {BUDGET:,} nodes in total; use fewer rows with distinct covariates, "
            "or a smaller game",
        )
    if isinstance(game, ExtensiveGame):
        return ExtensiveCopies(game, copies)
    return TreeCopies(game, copies)
