"""Observations of a game: outcomes, complete histories or incomplete histories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.errors import InputError, nearest, one_of
from detente.game.tree import CHANCE, TERMINAL, TYPE_CHANCE, PublicTree
from detente.history.estimators.columns import rows_text
from detente.history.estimators.copies import Copies
from detente.history.estimators.design import Design

__all__ = ["SEPARATOR", "Observed", "history_leaves", "observed"]


SEPARATOR = ";"
"""Separator of the moves of a history, such as ``one: go; two: fight``."""


@dataclass(frozen=True)
class Observed:
    """Names of possible observations, the leaves of each, and its counts in each row.

    Attributes
    ----------
    names : tuple of str
    masks : (C, leaves) bool array
    counts : (n, C) array
    """

    names: tuple[str, ...]
    masks: NDArray[np.bool_]
    counts: Floats


def observed(copies: Copies, design: Design, outcome: str | Mapping[str, str]) -> Observed:
    """Read the outcome column, or the columns of counts.

    Raises
    ------
    InputError
        A value is neither an outcome of the game nor a history in it.
    """
    known = copies.endings
    by_ending = np.stack([copies.kind == k for k in range(len(known))])
    if not isinstance(outcome, str):
        counts = np.zeros((design.n, len(known)))
        for ending, column in outcome.items():
            if ending not in known:
                raise InputError(
                    f"the game has no outcome {ending!r}", nearest=nearest(ending, known),
                    expected=one_of(ending, known)
                )
            seen = design.numbers(column)
            bad = (seen < 0) | (seen != seen.round())
            if bad.any():
                raise InputError(
                    f"the column {column!r} holds a value that is not a count in "
                    + rows_text(design.frame, bad), expected="whole numbers of at least 0")
            counts[:, known.index(ending)] = seen
        return Observed(known, by_ending, counts)
    values = [str(v).strip() for v in design.frame[outcome]]
    names = [*known, *sorted(set(values) - set(known))]
    masks = list(by_ending)
    for name in names[len(known):]:
        found = None
        if isinstance(copies.game, PublicTree):
            found = history_leaves(copies.game, name)
        if found is None:
            raise InputError(
                f"the column {outcome!r} holds {name[:80]!r} in "
                + rows_text(design.frame, np.array(values) == name)
                + ", which is not an outcome of the game"
                + (" and not a history in it" if SEPARATOR in name or ":" in name else ""),
                expected=f"{one_of(name, known)}; or moves joined by '{SEPARATOR}'",
                nearest=nearest(name, known),
            )
        masks.append(found)
    counts = np.zeros((design.n, len(names)))
    counts[np.arange(design.n), [names.index(v) for v in values]] = 1.0
    kept = np.ones(len(names), dtype=bool)
    if len(names) > len(known):  # with histories, outcomes that no row names are omitted
        kept[:len(known)] = counts[:, :len(known)].any(axis=0)
    return Observed(
        tuple(n for n, k in zip(names, kept, strict=True) if k), np.stack(masks)[kept],
        counts[:, kept],
    )


def history_leaves(game: PublicTree, text: str) -> NDArray[np.bool_] | None:
    """Return the leaves that a history leads to, or None if the game has no such history.

    A history may omit chance moves. It may omit the mover's name if the move is unambiguous.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> two = decide("b", {"yield": end("peace"), "fight": end("war")})
    >>> game = tree({"a": 1, "b": 1}, decide("a", {"stop": end("calm"), "go": two}))
    >>> [str(game.outcome_names[k]) for k in game.outcome[history_leaves(game, "go; fight")]]
    ['war']
    >>> history_leaves(game, "fight") is None
    True
    """
    moves = [m.strip().lower() for m in text.split(SEPARATOR)]
    reached = [set[int]() for _ in range(game.n_nodes)]  # numbers of moves read on the path
    reached[0].add(0)
    found = np.zeros(game.n_nodes, dtype=bool)
    for node in range(game.n_nodes):
        if node:
            up = int(game.parent[node])
            move = game.move_into(node)
            words = (move.words().lower(), move.deed().lower())
            found[node] = found[up]
            by_chance = int(game.mover[up]) == CHANCE or int(game.mover[up]) <= TYPE_CHANCE
            for k in reached[up]:
                if k < len(moves) and moves[k] in words:
                    reached[node].add(k + 1)
                elif by_chance:
                    reached[node].add(k)
        if len(moves) in reached[node]:
            found[node] = True
    leaves = found[game.leaves] & (game.mover[game.leaves] == TERMINAL)
    return leaves if leaves.any() else None
