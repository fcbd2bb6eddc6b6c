"""Large regular trees: two players alternate, every history is public, payoffs are random."""

from __future__ import annotations

import numpy as np

from detente.game.tree import TERMINAL, PublicTree


def regular_tree(moves: int, depth: int, types: int, seed: int = 0) -> PublicTree:
    """Return a tree of ``depth`` alternate decisions with ``moves`` moves and ``types`` types each.

    Payoffs at an ending are uniform on [0, 1], the same for a player's types but for a private
    slope of a tenth, so that types differ and play is neither trivial nor chaotic.
    """
    rng = np.random.default_rng(seed)
    sizes = moves ** np.arange(depth + 1)
    level = np.concatenate(([0], np.cumsum(sizes)))
    n = int(level[-1])
    node = np.arange(n)
    mover = np.full(n, TERMINAL)
    own = np.full(n, -1)
    for d in range(depth):
        mover[level[d] : level[d + 1]] = d % 2
        if d >= 2:
            # The grandparent's child on the path: the parent's index one level up.
            own[level[d] : level[d + 1]] = level[d - 1] + np.arange(sizes[d]) // moves
    parent = np.maximum((node - 1) // moves, 0)
    parent[0] = -1
    inner = mover != TERMINAL
    first = np.where(inner, node * moves + 1, 0)
    leaves = np.flatnonzero(~inner)
    trait = np.linspace(-1, 1, types)
    base = rng.uniform(size=(2, len(leaves)))
    slope = rng.uniform(-0.1, 0.1, size=(2, len(leaves)))
    weight = np.full(n, 1.0 / moves)
    weight[0] = 1.0
    move = (node - 1) % moves
    move[0] = -1
    prior = np.full(types, 1.0 / types)
    labels = tuple(str(t) for t in range(types))
    return PublicTree(
        players=("first", "second"), type_labels=(labels, labels), prior=(prior, prior),
        mover=mover, parent=parent, first=first, count=np.where(inner, moves, 0), level=level,
        own=own, weight=weight, type_row=np.full(n, -1), type_prob=np.zeros((0, types)),
        leaves=leaves, payoff=tuple(base[i][:, None] + slope[i][:, None] * trait for i in (0, 1)),
        outcome=np.arange(len(leaves)) % 2, outcome_names=("even", "odd"), move=move,
        move_names=tuple(f"move {k}" for k in range(moves)),
    )
