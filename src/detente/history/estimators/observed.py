"""What was observed of each play: its ending, its whole history, or the beginning of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.errors import InputError, nearest
from detente.game.tree import CHANCE, TERMINAL, TYPE_CHANCE, PublicTree
from detente.history.estimators.copies import Copies
from detente.history.estimators.design import Design

__all__ = ["SEPARATOR", "Observed", "history_leaves", "observed"]


SEPARATOR = ";"
"""Between the moves of a history, such as ``one: go; two: fight``."""


@dataclass(frozen=True)
class Observed:
    """Names of what may be observed, the leaves each stands for, and how often each row shows it.

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
        A value is neither an ending of the game nor a history in it.
    """
    known = copies.endings
    by_ending = np.stack([copies.kind == k for k in range(len(known))])
    if not isinstance(outcome, str):
        counts = np.zeros((design.n, len(known)))
        for ending, column in outcome.items():
            if ending not in known:
                raise InputError(
                    f"the game has no ending {ending!r}", nearest=nearest(ending, known)
                )
            counts[:, known.index(ending)] = design.frame[column].to_numpy(dtype=float)
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
                f"the column {outcome!r} holds {name!r}, which is no ending of the game"
                + (" and no history in it" if SEPARATOR in name or ":" in name else ""),
                expected="one of " + ", ".join(known)
                + f"; or moves joined by '{SEPARATOR}'", nearest=nearest(name, known),
            )
        masks.append(found)
    counts = np.zeros((design.n, len(names)))
    counts[np.arange(design.n), [names.index(v) for v in values]] = 1.0
    kept = np.ones(len(names), dtype=bool)
    if len(names) > len(known):  # endings that nobody names are left out beside histories
        kept[:len(known)] = counts[:, :len(known)].any(axis=0)
    return Observed(
        tuple(n for n, k in zip(names, kept, strict=True) if k), np.stack(masks)[kept],
        counts[:, kept],
    )


def history_leaves(game: PublicTree, text: str) -> NDArray[np.bool_] | None:
    """Return which leaves a history leads to, None where no play begins so.

    Moves of chance may be left out of a history; a mover's name before its move too, where the
    move is then still clear.

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
    reached = [set[int]() for _ in range(game.n_nodes)]  # how many moves were read on the way
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
