"""Large regular trees: two players alternate, every history is public, payoffs are random."""

from __future__ import annotations

import numpy as np

from detente.game.tree import TERMINAL, PublicTree
from detente.identifiers import Act, Outcome


def regular_tree(moves: int, depth: int, types: int, seed: int = 0,
                 span: float | None = None) -> PublicTree:
    """Return a tree of ``depth`` alternate decisions with ``moves`` moves and ``types`` types each.

    A payoff is a sum over the path: the move at depth d adds a number uniform on +-.5 times .8 to
    the power d, and as much again, times .3, along a private trait between -1 and 1. Early moves
    matter most, as in a crisis, and every move tells something about the mover. Payoffs span some
    3.7 units so; with ``span`` they are scaled to span that much, 1 being the stake.
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
    base, slope = np.zeros((2, n)), np.zeros((2, n))
    for d in range(1, depth + 1):
        a, b = level[d], level[d + 1]
        add = rng.uniform(-0.5, 0.5, size=(4, b - a)) * 0.8 ** (d - 1)
        base[:, a:b] = base[:, parent[a:b]] + add[:2]
        slope[:, a:b] = slope[:, parent[a:b]] + 0.3 * add[2:]
    base, slope = base[:, leaves], slope[:, leaves]
    if span is not None:
        reach = np.abs(slope)
        scale = span / float((base + reach).max() - (base - reach).min())
        base, slope = scale * base, scale * slope
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
        outcome=np.arange(len(leaves)) % 2, outcome_kinds=(Outcome("even"), Outcome("odd")),
        move=move,
        moves=tuple(Act("", f"move {k}") for k in range(moves)),
    )
