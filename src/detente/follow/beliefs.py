"""Beliefs about private information: those of the other side, and those of the analyst.

For fixed numbers of the file both are the same: the sides know the numbers. The analyst does not,
and averages over the samples; the spread of the samples' beliefs is what the side may believe.
Types have other values in other samples, so beliefs are pooled by what a type is (its levels), and
never by its index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.analysis.spread import band
from detente.arrays import Floats

if TYPE_CHECKING:
    from detente.follow.following import Following

__all__ = ["Belief", "beliefs"]


@dataclass(frozen=True)
class Belief:
    """A belief about one private quantity of one actor, after some events.

    Attributes
    ----------
    events : int
        How many events have happened.
    actor, quantity, level : str
        Whose, which, and the level meant (``high``, or the last of its words).
    analyst : float
        The analyst's probability.
    low, high : float or None
        5th and 95th percentile of what the other side believes, over the samples.
    """

    events: int
    actor: str
    quantity: str
    level: str
    analyst: float
    low: float | None
    high: float | None


def beliefs(found: Following) -> list[Belief]:
    """Return the beliefs before the events and after each, for every private quantity.

    The level is the upper half of the types by that quantity.
    """
    rows: list[Belief] = []
    pool = found.pool
    if any(not p.found.types for p in pool.parts):
        return rows
    by = {s.label: s for s in found.structures}
    tree = found.structures[0].compiled.tree
    sides = found.scenario.principals
    for i, actor in enumerate(tree.players):
        names = [a.quantity for a in tree.types[i][0].attributes]
        for name in names:
            tops = {}
            for label, s in reversed(by.items()):  # the file as written is last, for the words
                kinds = [t.attribute(name) for t in s.compiled.tree.types[i]]
                places = sorted({a.position for a in kinds})
                cut = places[len(places) // 2]
                tops[label] = np.array([a.position >= cut for a in kinds])
            if len(places) < 2:
                continue
            words = " or ".join(dict.fromkeys(
                a.label for a in (t.attribute(name) for t in tree.types[i])
                if a.position >= cut)) if len(places) <= 3 else "upper half"
            for k in range(found.count + 1):
                values: list[Floats] = []
                held: list[Floats] = []
                weights: list[Floats] = []
                for p in pool.parts:
                    like = p.found.likelihood[k]
                    top = tops[p.structure]
                    own = p.found.types[i][k]
                    # Unlike priors: the other side's belief is not the analyst's.
                    other = next((p.found.beliefs[who, actor][k] for who in sides
                                  if (who, actor) in p.found.beliefs), own)
                    for mass, into in ((own, values), (other, held)):
                        into.append(np.divide(mass[:, top].sum(axis=1), like,
                                              out=np.zeros_like(like), where=like > 0))
                    weights.append(pool.posterior(p, k))
                x, w = np.concatenate(values), np.concatenate(weights)
                total = w.sum()
                if not total > 0:
                    continue
                low, high = band(np.concatenate(held), w / total * pool.effective(k))
                rows.append(Belief(k, actor, names_of(tree.types[i][0].attribute(name)), words,
                                   float(w @ x / total), low, high))
    return rows


def names_of(attribute: object) -> str:
    """Return a private quantity in words."""
    return str(attribute.quantity_words)  # type: ignore[attr-defined]
