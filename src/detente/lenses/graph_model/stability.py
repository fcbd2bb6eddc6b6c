"""Stability of every state under Nash, GMR, SMR and SEQ, for any number of decision makers.

``s`` is stable for ``i`` if every unilateral improvement ``s1`` in ``R_i+(s)`` is deterred:

======  ==========================================================================================
Nash    there is no improvement
GMR     some ``s2`` in ``R_{N-i}(s1)`` is no better for ``i`` than ``s``
SMR     as GMR, and every reply ``s3`` in ``R_i(s2)`` is no better for ``i`` than ``s`` either
SEQ     as GMR, the others using improvements only
======  ==========================================================================================

Only the *least* reachable rank matters, so one backward search per concept decides all states
(:func:`detente.lenses.graph_model.reach.least_reachable`). Sources: [nash-1950b]; GMR and SMR
[howard-1971]; SEQ [fraser-hipel-1979]; graph form with n decision makers [fang-hipel-kilgour-1993].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Bools
from detente.errors import SolveError
from detente.kernel_cache import njit
from detente.lenses.graph_model.model import GraphModel
from detente.lenses.graph_model.reach import NOTHING, least_reachable

__all__ = ["CONCEPTS", "Stability", "analyse"]

CONCEPTS = ("Nash", "GMR", "SMR", "SEQ")


@dataclass(frozen=True)
class Stability:
    """Stability of every state for every decision maker.

    Attributes
    ----------
    model : GraphModel
    stable : dict of concept -> (n, S) bool
    variant : str
        ``"simple"``, ``"strong"``, or an extension such as ``"unknown a"``.
    """

    model: GraphModel
    stable: dict[str, Bools]
    variant: str = "simple"

    def equilibria(self, concept: str) -> NDArray[np.int64]:
        """Return the states stable for every decision maker."""
        return np.nonzero(self.stable[concept].all(axis=0))[0]

    def names(self, concept: str) -> list[str]:
        """Return the names of the equilibria."""
        return [self.model.states[s] for s in self.equilibria(concept)]

    def sets(self) -> dict[str, frozenset[int]]:
        """Return the equilibria of each concept as sets of state indices."""
        return {c: frozenset(self.equilibria(c).tolist()) for c in self.stable}


def analyse(
    model: GraphModel, concepts: Sequence[str] = CONCEPTS, *, strong: bool = False
) -> Stability:
    """Find the stable states of each decision maker, with known preferences.

    Parameters
    ----------
    model
        A model with known preferences. For unknown preferences see
        :func:`detente.lenses.graph_model.extended.analyse_extended`.
    concepts
        Any of Nash, GMR, SMR, SEQ.
    strong
        Sanctions count only if they leave the mover *strongly* worse off
        [hamouda-kilgour-hipel-2004]. Nash has no strong form and is omitted.

    Raises
    ------
    SolveError
        A preference is unknown.

    Examples
    --------
    Elmira: the agreement that was signed (s5) is an equilibrium under every concept.

    >>> from detente.lenses.graph_model.canon import elmira
    >>> analyse(elmira()).names("SEQ")
    ['s5', 's8', 's9']
    """
    if model.has_unknown:
        raise SolveError("analyse requires known preferences, and some are unknown; use "
                         "analyse_extended")
    stable: dict[str, Bools] = {}
    for concept in concepts:
        if strong and concept == "Nash":
            continue
        stable[concept] = np.stack([_stable_for(model, i, concept, strong) for i in range(model.n)])
    return Stability(model, stable, "strong" if strong else "simple")


def _stable_for(model: GraphModel, i: int, concept: str, strong: bool) -> Bools:
    preference, gains = model.preferences[i], model.improvements
    limit = preference.rank
    if strong:
        tier = preference.tier
        limit = np.zeros_like(limit) if tier is None else tier
    worth = limit
    if concept == "Nash":
        worst = np.full(model.size, NOTHING, dtype=np.int32)
    else:
        if concept == "SMR":
            worth = _after_best_reply(model.moves.start[i], model.moves.to, limit)
        others = np.arange(model.n) != i
        by = gains if concept == "SEQ" else model.moves
        worst = least_reachable(by, others, worth)
    # a move is deterred if the least rank that the others can impose is at most that of s
    return np.asarray(_deterred(gains.start[i], gains.to, worst, limit - 1 if strong else limit))


@njit()
def _after_best_reply(start, to, rank):  # type: ignore[no-untyped-def]
    """Return the best rank of i after a sanction: at that state, or after one own move."""
    out = rank.copy()
    for s in range(len(rank)):
        for e in range(start[s], start[s + 1]):
            if rank[to[e]] > out[s]:
                out[s] = rank[to[e]]
    return out


@njit()
def _deterred(start, to, worst, limit):  # type: ignore[no-untyped-def]
    out = np.ones(len(limit), dtype=np.bool_)
    for s in range(len(limit)):
        for e in range(start[s], start[s + 1]):
            if worst[to[e]] > limit[s]:
                out[s] = False
                break
    return out
