"""Nodes whose values stay the same while a batch is solved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.game.tree import CHANCE, JOINT, TERMINAL, TYPE_CHANCE, PublicTree

__all__ = ["settled"]


def settled(game: PublicTree) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the folded nodes, and for each player the nodes at which its value never changes.

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
