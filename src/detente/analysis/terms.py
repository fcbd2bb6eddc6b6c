"""The terms on which the crisis ends: packages by name, shares by value, concessions by actor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import Floats
from detente.identifiers import Act, Terms

if TYPE_CHECKING:
    from detente.analysis.samples import Band
    from detente.equilibrium import Equilibrium
    from detente.game.compile import Compiled
    from detente.game.tree import PublicTree

__all__ = ["NearTie", "near_ties", "over", "probabilities"]

TIE = 0.01
"""Offers whose values differ by less than this part of the stake are near-ties."""
SHOWN = 0.02
"""Terms that are less probable than this are not compared."""


def probabilities(tree: PublicTree, leaf_reach: Floats) -> Floats:
    """Return the probability of each of the tree's terms from that of each leaf, (m,) or (m, S)."""
    assert tree.terms is not None
    out = np.zeros((len(tree.term_kinds), *leaf_reach.shape[1:]))
    np.add.at(out, tree.terms, leaf_reach)
    return out


def over(tree: PublicTree, band: Band) -> Floats | None:
    """Return the probability of each of the terms in the samples whose odds are kept, (terms, S).

    Only certified samples count. None if the batch kept no odds.
    """
    from detente.equilibrium.profile import reach_of

    q = None if band.solved is None else band.solved.q
    if q is None:
        return None
    good = band.certified[: q.shape[1]]
    return probabilities(tree, reach_of(tree, q[:, good])[tree.leaves])


@dataclass(frozen=True)
class NearTie:
    """Two offers that are worth nearly the same to the actor who chooses between them.

    Attributes
    ----------
    actor : str
        The actor who chooses.
    one, two : Terms
        The settlements that the offers propose.
    difference : float
        Mean absolute difference of their values, in stakes.
    """

    actor: str
    one: Terms
    two: Terms
    difference: float


def near_ties(compiled: Compiled, eq: Equilibrium) -> list[NearTie]:
    """Return the pairs of settlements between which an actor is nearly indifferent.

    Both settlements have a probability of at least 0.02. The values are compared at the actor's
    decisions that offer both, weighed by reach and by its types.
    """
    tree = compiled.tree
    p = probabilities(tree, eq.leaf_reach)
    shown = [k for k, t in enumerate(tree.term_kinds)
             if t.outcome.kind == "settlement" and p[k] >= SHOWN]
    found = []
    for i, actor in enumerate(tree.players):
        gaps = _gaps(tree, eq, i, {_label(tree.term_kinds[k]): k for k in shown})
        found += [
            NearTie(actor, tree.term_kinds[a], tree.term_kinds[b], gap)
            for (a, b), gap in gaps.items() if gap < TIE
        ]
    return sorted(found, key=lambda tie: tie.difference)


def _label(terms: Terms) -> str:
    """Return the object of the act that offers these terms."""
    from detente.identifiers import share_text

    return terms.package or ("" if terms.share is None else share_text(terms.share))


def _gaps(
    tree: PublicTree, eq: Equilibrium, i: int, wanted: dict[str, int]
) -> dict[tuple[int, int], float]:
    """Return the mean difference of value between two offers, for each pair of terms."""
    total: dict[tuple[int, int], float] = {}
    weight: dict[tuple[int, int], float] = {}
    types = tree.n_types[i]
    for node in np.flatnonzero((tree.mover == i) & (eq.reach > 1e-4)).tolist():
        offers: list[tuple[int, int]] = []
        for child in tree.children(node):
            act = tree.move_into(child)
            if isinstance(act, Act) and act.verb in ("offer", "propose") and act.object in wanted:
                offers.append((wanted[act.object], child))
        if len(offers) < 2:
            continue
        held = eq.belief_at(node, i)[:types]
        for x, (a, one) in enumerate(offers):
            for b, two in offers[x + 1 :]:
                gap = float(held @ np.abs(eq.value[i][one] - eq.value[i][two])[:types])
                key = (min(a, b), max(a, b))
                total[key] = total.get(key, 0.0) + eq.reach[node] * gap
                weight[key] = weight.get(key, 0.0) + eq.reach[node]
    return {key: total[key] / weight[key] for key in total}
