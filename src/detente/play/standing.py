"""The state of a game in progress, as it may be looked at: turn, menus, views, result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.errors import InputError
from detente.identifiers import Act, Outcome, Terms
from detente.play.seats import View

if TYPE_CHECKING:
    from detente.arrays import Floats
    from detente.play.board import Board
    from detente.play.seats import Seat, Step

__all__ = ["Standing"]


class Standing:
    """The state of a game. `detente.play.table.Table` changes it.

    Attributes
    ----------
    board : Board
    seats : dict of Seat
    types : dict
        The position of every actor's type.
    steps : list of Step
        The steps that were made.
    closed : bool
        Whether the types were revealed or the game was left.
    """

    board: Board
    seats: dict[str, Seat]
    types: dict[str, int]
    steps: list[Step]
    closed: bool
    _pending: dict[str, tuple[int, str]]
    """Choices that wait for others: the position on the menu, and by whom."""

    @property
    def node(self) -> int:
        """The place in the tree."""
        return self.steps[-1].child if self.steps else 0

    @property
    def over(self) -> bool:
        """Whether the crisis has ended."""
        return self.board.over(self.node)

    @property
    def movers(self) -> tuple[str, ...]:
        """Who chooses at this place; no one at chance and at the end."""
        return self.board.movers(self.node)

    @property
    def persons(self) -> tuple[str, ...]:
        """The actors whose seat a person has."""
        return tuple(k for k, seat in self.seats.items() if seat.strategy is None)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The persons whose move is needed now."""
        return tuple(k for k in self.movers if k in self.persons and k not in self._pending)

    @property
    def outcome(self) -> Outcome | None:
        """How the crisis ended; None before."""
        if not self.over:
            return None
        tree = self.board.tree
        return tree.outcome_kinds[int(tree.outcome[self._leaf])]

    @property
    def terms(self) -> Terms | None:
        """The terms on which it ended; None before, and in a game without terms."""
        tree = self.board.tree
        if not self.over or tree.terms is None:
            return None
        return tree.term_kinds[int(tree.terms[self._leaf])]

    @property
    def _leaf(self) -> int:
        return int(np.searchsorted(self.board.tree.leaves, self.node))

    def payoff(self, actor: str) -> float:
        """Return an actor's payoff, in units of the game's payoffs.

        Raises
        ------
        InputError
            The crisis has not ended.
        """
        if not self.over:
            raise InputError("the crisis has not ended, so there is no payoff",
                             expected="a game that has ended; make the moves that are left")
        tree, i = self.board.tree, self.board.player(actor)
        if tree.joint_payoff is not None:
            one, two = (self.types[p] for p in tree.players)
            return float(tree.joint_payoff[i][self._leaf, one, two])
        return float(tree.payoff[i][self._leaf, self.types[tree.players[i]]])

    def view(self, actor: str, *, beliefs: bool = False) -> View:
        """Return a seat's view; with ``beliefs`` what it would believe in the equilibrium."""
        board, i = self.board, self.board.player(actor)
        name, node = board.tree.players[i], self.node
        held: dict[str, Floats] = {}
        if beliefs:
            for j, other in enumerate(board.tree.players):
                if j != i and board.tree.n_types[j] > 1:
                    held[other] = board.profile.posterior(i, j)[0][node]
        return View(
            name, node, self.over, self.movers, self.legal(name),
            board.tree.types[i][self.types[name]], tuple(board.tree.history(node)), held)

    def legal(self, actor: str) -> tuple[Act, ...]:
        """Return the moves that an actor may make now; none if it is not its turn."""
        name = self.board.tree.players[self.board.player(actor)]
        if self.closed or name in self._pending:
            return ()
        return self.board.acts(self.node, self.board.player(actor))
