"""Stated beliefs about another actor's type, and their score against Bayes' rule [brier-1950]."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from detente.arrays import Bools
from detente.identifiers import Attribute
from detente.play.board import Board

__all__ = ["Question", "Scored", "question", "questions", "score"]


@dataclass(frozen=True)
class Question:
    """A yes-or-no statement about the type of an actor.

    Attributes
    ----------
    about : str
        The actor.
    statement : str
        The statement in words, without the actor, such as ``war cost is 0.8 or more``.
    holds : (T,) bool array
        The types for which it is true.
    """

    about: str
    statement: str
    holds: Bools


@dataclass(frozen=True)
class Scored:
    """A stated probability and its scores; a Brier score is the squared error, 0 is best.

    Attributes
    ----------
    about, statement : str
        The actor and the statement.
    stated, bayes : float
        The person's probability, and that of Bayes' rule in the board's equilibrium.
    true : bool
        Whether the statement is true.
    brier, bayes_brier : float
        ``(p - x)**2``, where x is 1 if the statement is true and 0 if not.
    excess : float
        ``(stated - bayes)**2``: by how much the expected Brier score is above that of Bayes.
    """

    about: str
    statement: str
    stated: float
    bayes: float
    true: bool
    brier: float
    bayes_brier: float
    excess: float


def question(board: Board, about: str) -> Question | None:
    """Return the question about an actor's type: whether its first private quantity is high.

    "High" begins at the value that divides the prior most evenly. None if nothing is private.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> board = Board(tree({"a": {"weak": 0.3, "tough": 0.7}}, decide("a", {"x": end("x")})))
    >>> question(board, "a").statement
    'type is tough'
    """
    tree = board.tree
    i = board.player(about)
    types = tree.types[i]
    if len(types) < 2 or not types[0].attributes:
        return None
    values = sorted({t.attributes[0].position: t.attributes[0] for t in types}.values(),
                    key=lambda a: (a.value if a.value is not None else a.position))
    if len(values) < 2:
        return None
    prior = np.array([sum(float(p) for p, t in zip(tree.prior[i], types, strict=True)
                          if t.attributes[0].position == v.position) for v in values])
    above = prior[::-1].cumsum()[::-1]
    cut = 1 + int(np.argmin(np.abs(above[1:] - 0.5)))
    high = {v.position for v in values[cut:]}
    holds = np.array([t.attributes[0].position in high for t in types])
    return Question(tree.players[i], _words(values, cut), holds)


def questions(board: Board, actor: str) -> list[Question]:
    """Return the questions to an actor about the other principals, in the order of `others`."""
    return [q for other in board.others(actor) if (q := question(board, other)) is not None]


def _words(values: list[Attribute], cut: int) -> str:
    first = values[cut]
    if first.value is None or any(a.value is None for a in values):
        return f"{first.quantity_words} is {' or '.join(a.label for a in values[cut:])}"
    if any(a.value == b.value for a, b in pairwise(values)):
        return f"{first.quantity_words} is high"
    return f"{first.quantity_words} is {first.label}{' or more' if cut < len(values) - 1 else ''}"


def score(
    board: Board, asked: Question, observer: str, node: int, stated: float, type: int
) -> Scored:
    """Score a stated probability at a place against Bayes' rule and the truth.

    Parameters
    ----------
    board, asked
        The game and the question.
    observer
        Whose belief.
    node
        The place.
    stated
        The stated probability.
    type
        The true type.
    """
    i, j = board.player(observer), board.player(asked.about)
    bayes = float(board.profile.posterior(i, j)[0][node][asked.holds].sum())
    x = float(asked.holds[type])
    return Scored(asked.about, asked.statement, stated, bayes, bool(x), (stated - x) ** 2,
                  (bayes - x) ** 2, (stated - bayes) ** 2)
