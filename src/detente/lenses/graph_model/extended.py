"""Stability with unknown preference, with strength of preference, and with both.

An unknown comparison can count for or against moving, and for or against a sanction. The four
readings are those of [li-hipel-kilgour-fang-2004]:

=======  =============================  ===============================
reading  moves to a state of unknown    a sanction of unknown standing
         standing tempt                 deters
=======  =============================  ===============================
a        yes                            no
b        no                             no
c        yes                            yes
d        no                             yes
=======  =============================  ===============================

Reading a has the fewest stable states and d the most. In SEQ the others may move to states that
are preferred or unknown, in every reading. With ``strong`` a sanction counts only if it leaves the
mover strongly worse off [hamouda-kilgour-hipel-2004]. For both together see
[xu-hipel-kilgour-chen-2010].

Unknown preferences are not transitive. The analysis therefore examines each state and stores its
reachable set, for models of at most :data:`LIMIT` states. Known preferences have no such limit, see
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
from detente.lenses.graph_model.stability import CONCEPTS, Stability

__all__ = ["LIMIT", "READINGS", "analyse_extended"]

READINGS = ("a", "b", "c", "d")
LIMIT = 2048
"""Largest number of states for which the extensions are computed."""


def analyse_extended(
    model: GraphModel,
    reading: str = "b",
    concepts: Sequence[str] = CONCEPTS,
    *,
    strong: bool = False,
) -> Stability:
    """Find the stable states of each decision maker if preferences may be unknown or strong.

    Parameters
    ----------
    model
        A model of at most :data:`LIMIT` states.
    reading
        ``"a"`` to ``"d"``, see the module. They coincide if all preferences are known.
    concepts
        Any of Nash, GMR, SMR, SEQ.
    strong
        Count strong sanctions only. Nash has no sanctions and is omitted.

    Raises
    ------
    SizeError
        The model has too many states.

    Examples
    --------
    If no preference is known, reading a finds no stable state that has a move, and reading d finds
    every state stable:

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
    return Stability(model, stable, variant.strip() or "simple")


def _deterrent(compared: NDArray[np.int8], reading: str, strong: bool) -> Bools:
    """Return which states deter the mover from leaving s."""
    out: Bools = compared <= -2 if strong else compared <= 0
    if reading in "cd":
        out = out | (compared == UNKNOWN)
    return out


def _matrix(moves: Moves, i: int, states: int) -> csr_array:
    start, to = moves.start[i], moves.to[moves.start[i, 0] : moves.start[i, -1]]
    ones = np.ones(len(to), dtype=np.int32)
    return csr_array((ones, to, start - start[0]), shape=(states, states))
