"""Stability with unknown preference, with strength of preference, and with both.

An unknown comparison can count for or against moving, and for or against a sanction. The four
readings are those of Li, Hipel, Kilgour & Fang 2004:

=======  =============================  ===============================
reading  moves to a state of unknown    a sanction of unknown standing
         standing tempt                 deters
=======  =============================  ===============================
a        yes                            no
b        no                             no
c        yes                            yes
d        no                             yes
=======  =============================  ===============================

Under a the fewest states are stable and under d the most. In SEQ the others may use moves to
states preferred or unknown, in every reading. With ``strong`` only sanctions that leave the mover
strongly worse off count (Hamouda, Kilgour & Hipel 2004; both together: Xu, Kilgour, Hipel &
Kemkes 2010).

The relation is general, so this works state by state and holds the reachable sets: for models of
up to :data:`LIMIT` states. Known preferences of any size belong to
:mod:`detente.lenses.graph_model.stability`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from detente.arrays import Bools
from detente.errors import SizeError
from detente.lenses.graph_model.model import UNKNOWN, GraphModel, Moves
from detente.lenses.graph_model.reach import reachable_matrix
from detente.lenses.graph_model.stability import CONCEPTS, Analysis

__all__ = ["LIMIT", "READINGS", "analyse_extended"]

READINGS = ("a", "b", "c", "d")
LIMIT = 2048
"""The most states the extensions are computed for."""


def analyse_extended(
    model: GraphModel,
    reading: str = "b",
    concepts: Sequence[str] = CONCEPTS,
    *,
    strong: bool = False,
) -> Analysis:
    """Find what is stable for whom where preferences may be unknown or strong.

    Parameters
    ----------
    model
        Any model of at most :data:`LIMIT` states.
    reading
        ``"a"`` to ``"d"``, see the module; with all preferences known they coincide.
    concepts
        Any of Nash, GMR, SMR, SEQ.
    strong
        Count strong sanctions only (Nash, which knows no sanctions, is left out).

    Raises
    ------
    SizeError
        The model has too many states.

    Examples
    --------
    With nothing known the aggressive reading finds no state stable that can be left at all, the
    conservative one finds every state stable:

    >>> import detente.lenses.graph_model as gm
    >>> pd = gm.by_hand(["CC", "CD", "DC", "DD"],
    ...     moves={"row": [("CC", "DC"), ("DC", "CC"), ("CD", "DD"), ("DD", "CD")],
    ...            "column": [("CC", "CD"), ("CD", "CC"), ("DC", "DD"), ("DD", "DC")]},
    ...     ranking={"row": ["DC", "CC", "DD", "CD"], "column": ["CD", "CC", "DD", "DC"]},
    ...     unknown={"row": [("CC", "DC"), ("DD", "CD")], "column": [("CC", "CD"), ("DD", "DC")]})
    >>> gm.analyse_extended(pd, "a").names("Nash"), len(gm.analyse_extended(pd, "d").names("Nash"))
    ([], 4)
    """
    if reading not in READINGS:
        raise ValueError(f"reading must be one of {READINGS}, not {reading!r}")
    if model.size > LIMIT:
        raise SizeError(
            f"{model.size} states are too many for unknown or strong preference",
            expected=f"at most {LIMIT} states; known preferences have no such limit",
        )
    wanted = [c for c in concepts if not (strong and c == "Nash")]
    stable = {c: np.ones((model.n, model.size), dtype=bool) for c in wanted}
    tempting = model.improvements_or_unknown if reading in "ac" else model.improvements
    for i in range(model.n):
        others = np.arange(model.n) != i
        own = _matrix(model.moves, i, model.size)
        answers = {}
        if {"GMR", "SMR"} & set(wanted):
            answers["GMR"] = answers["SMR"] = reachable_matrix(model.moves, others)
        if "SEQ" in wanted:
            answers["SEQ"] = reachable_matrix(model.improvements_or_unknown, others)
        for s in range(model.size):
            temptations = tempting.of(i, s)
            if not len(temptations):
                continue
            deters = _deterrent(model.preferences[i].compare(s), reading, strong)
            escapes = np.asarray(own @ (~deters).astype(np.int32)) > 0
            for concept in wanted:
                if concept == "Nash":
                    stable[concept][i, s] = False
                    continue
                sanctions = deters & ~escapes if concept == "SMR" else deters
                met = (answers[concept][temptations] & sanctions).any(axis=1)
                stable[concept][i, s] = bool(met.all())
    variant = ("strong " if strong else "") + (f"unknown {reading}" if model.has_unknown else "")
    return Analysis(model, stable, variant.strip() or "simple")


def _deterrent(compared: NDArray[np.int8], reading: str, strong: bool) -> Bools:
    """Which states, seen from s, would deter from leaving it."""
    out: Bools = compared <= -2 if strong else compared <= 0
    if reading in "cd":
        out = out | (compared == UNKNOWN)
    return out


def _matrix(moves: Moves, i: int, states: int) -> csr_array:
    start, to = moves.start[i], moves.to[moves.start[i, 0] : moves.start[i, -1]]
    ones = np.ones(len(to), dtype=np.int32)
    return csr_array((ones, to, start - start[0]), shape=(states, states))
