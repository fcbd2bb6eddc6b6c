"""The contract of a strategy, and the view that it decides by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from traceback import extract_tb
from typing import ClassVar

import numpy as np

from detente.arrays import Floats
from detente.errors import DetenteError, SolveError
from detente.game.tree import JOINT
from detente.identifiers import Act, ActionProfile
from detente.play.board import Board

__all__ = ["Mixes", "Ranked", "Strategy", "Turn", "mixes", "ready"]


@dataclass(frozen=True)
class Turn:
    """One decision as a strategy sees it.

    A node of the tree is a public history, so everything that was public can be read from it.

    Attributes
    ----------
    board : Board
        The game.
    node : int
        The place.
    player : int
        The player who chooses.
    type : int
        Its own type, which only it knows.
    acts : tuple of Act
        Its menu.
    """

    board: Board
    node: int
    player: int
    type: int
    acts: tuple[Act, ...]

    @property
    def name(self) -> str:
        """The player's name."""
        return self.board.tree.players[self.player]

    @property
    def history(self) -> list[Act]:
        """All acts so far, those of chance included, in their order."""
        return [act for move in self.board.tree.history(self.node)
                for act in (move.acts if isinstance(move, ActionProfile) else (move,))]

    @property
    def answered(self) -> Act | None:
        """The last act of another principal; None if there was none."""
        tree, node = self.board.tree, self.node
        others = self.board.others(self.name)
        while tree.parent[node] >= 0:
            move = tree.move_into(node)
            for act in move.acts if isinstance(move, ActionProfile) else (move,):
                if act.actor in others:
                    return act
            node = int(tree.parent[node])
        return None

    def find(self, verb: str) -> list[int]:
        """Return the positions on the menu of the acts with a verb."""
        return [k for k, act in enumerate(self.acts) if act.verb == verb]

    def only(self, *positions: int) -> list[float]:
        """Return weights for these positions of the menu alone."""
        return [float(k in positions) for k in range(len(self.acts))]

    @property
    def even(self) -> list[float]:
        """Equal weights for all moves."""
        return [1.0] * len(self.acts)


class Strategy(ABC):
    """One way to play; a file of this folder holds one class.

    Attributes
    ----------
    name : str
        By which commands know it.
    about : str
        The rule in one sentence, for tables.
    memory : bool
        Whether the choice depends on more than the public history and the type, for example on a
        draw in `begin`. Such a strategy is simulated in a tournament; the others are exact.
    typed : bool
        Whether the choice depends on the player's own type.
    """

    name: ClassVar[str]
    about: ClassVar[str]
    memory: ClassVar[bool] = False
    typed: ClassVar[bool] = False

    def begin(self, rng: np.random.Generator) -> None:  # noqa: B027 - most have nothing to draw
        """Prepare for a game; a strategy with a memory draws its intentions here."""

    @abstractmethod
    def mix(self, turn: Turn) -> Sequence[float]:
        """Return a weight for each move of ``turn.acts``, at least one of them positive."""

    def probabilities(self, turn: Turn) -> Floats:
        """Return the weights of `mix` as probabilities.

        Raises
        ------
        SolveError
            `mix` fails, or its weights are not numbers from 0, one per move, with a positive sum.
        """
        with _blamed(type(self)):
            given = self.mix(turn)
        try:
            weights = [float(w) for w in given]
        except (TypeError, ValueError):
            weights = []
        total = sum(weights)
        if len(weights) != len(turn.acts) or not (isfinite(total) and total > 0) or (
                min(weights) < 0):
            raise SolveError(
                f"the strategy {self.name!r} gave the weights {given!r} for {len(turn.acts)} "
                "moves; return one number from 0 per move, not all of them 0"
            )
        return np.array([w / total for w in weights])


def ready(strategy: type[Strategy], rng: np.random.Generator | None = None) -> Strategy:
    """Return a strategy for one game; with ``rng`` it has begun.

    Raises
    ------
    SolveError
        Its own code fails.

    Examples
    --------
    >>> from detente.play.strategies import load
    >>> ready(load("dove")).name
    'dove'
    """
    with _blamed(strategy):
        made = strategy()
        if rng is not None:
            made.begin(rng)
    return made


@contextmanager
def _blamed(strategy: type[Strategy]) -> Iterator[None]:
    """Turn an exception of a strategy's own code into a message that names its place."""
    try:
        yield
    except DetenteError:
        raise
    except Exception as wrong:
        last = extract_tb(wrong.__traceback__)[-1]
        raise SolveError(
            f"the strategy {strategy.name!r} failed with {type(wrong).__name__}: {wrong} "
            f"({last.filename}, line {last.lineno}); mend its file or choose another strategy"
        ) from wrong


class Ranked(Strategy):
    """A strategy that makes the first kind of move in an order that is on the menu.

    If none is on the menu, as in a game with other moves, it chooses at random.

    Attributes
    ----------
    order : tuple of str
        Verbs, the most wanted first.
    last : bool
        Of several acts with one verb, take the last one. Offers stand in the order in which their
        maker would concede, so the last offer is the most generous.
    """

    order: ClassVar[tuple[str, ...]] = ()
    last: ClassVar[bool] = False

    def mix(self, turn: Turn) -> Sequence[float]:
        for verb in self.order:
            found = turn.find(verb)
            if found:
                return turn.only(found[-1 if self.last else 0])
        return turn.even


@dataclass(frozen=True)
class Mixes:
    """A memoryless strategy of one player as tables: (node, type) to probability.

    Attributes
    ----------
    pi : (n, T) array
        At the children of the player's own nodes, the probability of the move; elsewhere 1.
    joint : dict from joint node to (moves, T) array
        Its mix at the nodes where several players choose at once.
    """

    pi: Floats
    joint: dict[int, Floats]


def mixes(board: Board, player: int, strategy: Strategy) -> Mixes:
    """Return a memoryless strategy as tables.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> from detente.play.strategies import load
    >>> board = Board(tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace")})))
    >>> mixes(board, 0, load("random")()).pi[1:, 0].tolist()
    [0.5, 0.5]
    """
    tree = board.tree
    types = tree.n_types[player]
    pi = np.ones((tree.n_nodes, types))
    joint: dict[int, Floats] = {}
    for node in np.flatnonzero((tree.mover == player) | (tree.mover == JOINT)).tolist():
        acts = board.acts(node, player)
        if not acts:
            continue
        each = range(types) if strategy.typed else range(1)
        found = np.stack([strategy.probabilities(Turn(board, node, player, t, acts))
                          for t in each], axis=1)
        found = np.broadcast_to(found, (len(acts), types))
        if int(tree.mover[node]) == JOINT:
            joint[node] = np.array(found)
        else:
            kids = tree.children(node)
            pi[kids.start:kids.stop] = found
    return Mixes(pi, joint)
