"""A public tree with equal subtrees merged, which makes backward induction several times shorter.

Two subtrees are merged if they have the same movers, the same moves with the same base weights, the
same payoffs and the same endings. Values, choices and probabilities of endings are then the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import Floats, Ints
from detente.game.compile import Compiled
from detente.game.tree import CHANCE, TERMINAL

__all__ = ["Folded", "fold"]


@dataclass(frozen=True)
class Folded:
    """The merged tree; node k has only children below k, and the leaves come first.

    Attributes
    ----------
    mover : (D,) int array
        Player, or TERMINAL or CHANCE.
    first : (D + 1,) int array
        The edges of node k are ``first[k]:first[k + 1]``.
    child, row : (E,) int arrays
        The child of each edge, and the row of its weight or chance in ``rows``; -1 if its weight is
        a constant.
    constant : (E,) float array
        Log of the part of the weight that does not vary.
    rows : (R,) int array
        Rows of the polynomials' ``chance`` that are used.
    leaf_row, leaf_ending : (L,) int arrays
        Row of the polynomials' ``payoff`` and the ending of each leaf.
    """

    mover: Ints
    first: Ints
    child: Ints
    row: Ints
    constant: Floats
    rows: Ints
    leaf_row: Ints
    leaf_ending: Ints


def fold(compiled: Compiled, ending: Ints) -> Folded:
    """Merge equal subtrees.

    Parameters
    ----------
    compiled
        A crisis without private types and without simultaneous moves.
    ending : (m,) int array
        The ending of each leaf of its tree.
    """
    tree, p = compiled.tree, compiled.polynomials
    place = {int(leaf): k for k, leaf in enumerate(tree.leaves)}
    weight_row = p.chance_edge.copy()
    weight_row[p.chosen] = p.habit
    rows = np.unique(weight_row[weight_row >= 0])
    column = np.where(weight_row >= 0, np.searchsorted(rows, weight_row), -1)
    with np.errstate(divide="ignore"):
        constant = np.log(p.menu)
    number: dict[int, tuple[object, ...]] = {}
    leaves: dict[tuple[object, ...], int] = {}
    for node, k in place.items():
        number[node] = (TERMINAL, int(p.leaf_row[k]), int(ending[k]))
        leaves.setdefault(number[node], len(leaves))
    known, at = dict(leaves), {node: leaves[key] for node, key in number.items()}
    for node in range(tree.n_nodes - 1, -1, -1):
        if node in at:
            continue
        edges = tuple((at[c], int(column[c]), float(constant[c])) for c in tree.children(node))
        at[node] = known.setdefault((int(tree.mover[node]), edges), len(known))
    mover = np.full(len(known), TERMINAL, dtype=np.int64)
    first, flat = [0], list[tuple[int, int, float]]()
    for key, k in known.items():
        if k >= len(leaves):
            mover[k] = key[0]  # type: ignore[call-overload]
            flat += key[1]  # type: ignore[arg-type]
        first.append(len(flat))
    assert set(mover[len(leaves):]) <= {CHANCE, *range(tree.n_players)}
    return Folded(
        mover, np.array(first), np.array([e[0] for e in flat], dtype=np.int64),
        np.array([e[1] for e in flat], dtype=np.int64), np.array([e[2] for e in flat]), rows,
        np.array([key[1] for key in leaves], dtype=np.int64),
        np.array([key[2] for key in leaves], dtype=np.int64),
    )
