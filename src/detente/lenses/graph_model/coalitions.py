"""Coalition improvements and coalition stability.

A *coalition improvement* of H from ``s`` is a state in ``R_H(s)``, reached by legal moves of H's
members alone, that every member prefers to ``s`` [kilgour-hipel-fang-peng-2001]. Coalition
stability (CNash, CGMR, CSMR, CSEQ) replaces unilateral improvements by coalition improvements
[inohara-hipel-2008]. A state is a sanction if *some* member does not prefer it to ``s``. Under CSEQ
the others reply by sequences of their own coalition improvements.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Bools
from detente.errors import SizeError, SolveError
from detente.lenses.graph_model.model import GraphModel, Moves
from detente.lenses.graph_model.reach import reachable_matrix, shortest_paths

__all__ = [
    "LIMIT",
    "CoalitionImprovement",
    "coalition_improvements",
    "coalition_stability",
    "coalitions",
]

LIMIT = 1024
"""Largest number of states for which coalition stability is computed."""


@dataclass(frozen=True)
class CoalitionImprovement:
    """A state that a coalition can reach and that all its members prefer.

    Attributes
    ----------
    members : tuple of int
    start, end : int
        States.
    path : tuple of (decision maker, state)
        A shortest legal sequence.
    """

    members: tuple[int, ...]
    start: int
    end: int
    path: tuple[tuple[int, int], ...]


def coalitions(n: int, least: int = 1) -> Iterator[tuple[int, ...]]:
    """Yield the coalitions of at least ``least`` of n members, in ascending size.

    Examples
    --------
    >>> list(coalitions(3, least=2))
    [(0, 1), (0, 2), (1, 2), (0, 1, 2)]
    """
    for size in range(least, n + 1):
        yield from combinations(range(n), size)


def coalition_improvements(
    model: GraphModel, s: int, *, least: int = 2
) -> list[CoalitionImprovement]:
    """List the coalition improvements from ``s``, with the moves that lead to each.

    An improvement is listed for minimal coalitions only. A coalition is omitted if a proper subset
    of at least ``least`` members has an improvement to the same state.

    Raises
    ------
    SolveError
        A preference is unknown.

    Examples
    --------
    Elmira: only the ministry and Uniroyal together can move from s5 to s8.

    >>> from detente.lenses.graph_model.canon import elmira
    >>> [(c.members, elmira().states[c.end]) for c in coalition_improvements(elmira(), 4)]
    [((0, 1), 's8')]
    """
    _known(model)
    found: list[CoalitionImprovement] = []
    for members in coalitions(model.n, least):
        reached, paths = shortest_paths(model.moves, _mask(members, model.n), s)
        better = reached & _all_prefer(model, members, s)
        for t in np.nonzero(better)[0].tolist():
            if not any(c.end == t and set(c.members) < set(members) for c in found):
                found.append(CoalitionImprovement(members, s, t, tuple(paths[t])))
    return found


def coalition_stability(
    model: GraphModel, concepts: Sequence[str] = ("Nash", "GMR", "SMR", "SEQ")
) -> dict[tuple[int, ...], dict[str, Bools]]:
    """Return the states that are stable for each coalition.

    Returns
    -------
    dict of coalition -> concept -> (S,) bool
        A state that is stable for every coalition is *universally* coalition stable.

    Raises
    ------
    SizeError
        The model has more than :data:`LIMIT` states, or more than 8 decision makers.
    SolveError
        A preference is unknown.

    Examples
    --------
    >>> from detente.lenses.graph_model.canon import elmira
    >>> found = coalition_stability(elmira())
    >>> bool(found[0, 1]["Nash"][4]), bool(found[0, 1]["Nash"][7])
    (False, True)
    """
    _known(model)
    if model.size > LIMIT or model.n > 8:
        raise SizeError(
            f"{model.size} states and {model.n} decision makers are too many for coalition "
            "stability",
            expected=f"at most {LIMIT} states and 8 decision makers",
        )
    n, everyone = model.n, range(model.n)
    ranks = np.stack([p.rank for p in model.preferences])
    reach = {h: reachable_matrix(model.moves, _mask(h, n)) for h in coalitions(n)}
    reach[()] = np.zeros((model.size, model.size), dtype=bool)
    gains = {h: _gains(reach[h], ranks[list(h)]) for h in coalitions(n)}
    out: dict[tuple[int, ...], dict[str, Bools]] = {}
    for h in coalitions(n):
        rest = tuple(i for i in everyone if i not in h)
        answers = {"GMR": reach[rest], "SMR": reach[rest]}
        if "SEQ" in concepts:
            answers["SEQ"] = _answers(gains, rest, model.size)
        out[h] = {c: _stable(c, h, ranks, gains[h], reach[h], answers) for c in concepts}
    return out


def _stable(
    concept: str,
    h: tuple[int, ...],
    ranks: NDArray[np.int32],
    gains: Bools,
    own: Bools,
    answers: dict[str, Bools],
) -> Bools:
    tempted = np.asarray(gains.any(axis=1))
    if concept == "Nash":
        return ~tempted
    states = ranks.shape[1]
    stable = np.ones(states, dtype=bool)
    members = ranks[list(h)]
    for s in np.nonzero(tempted)[0]:
        deters = np.asarray((members <= members[:, s, None]).any(axis=0))
        if concept == "SMR":
            deters = deters & ~np.asarray((own & ~deters).any(axis=1))
        stable[s] = bool((answers[concept][gains[s]] & deters).any(axis=1).all())
    return stable


def _answers(gains: dict[tuple[int, ...], Bools], rest: tuple[int, ...], states: int) -> Bools:
    """Return states reached by the others' coalition improvements, none moving twice in a row."""
    parts = [h for h in gains if set(h) <= set(rest)]
    if not parts:
        return np.zeros((states, states), dtype=bool)
    start = np.zeros((len(parts), states + 1), dtype=np.int64)
    to: list[NDArray[np.int32]] = []
    done = 0
    for k, h in enumerate(parts):
        start[k] = done
        start[k, 1:] += np.cumsum(gains[h].sum(axis=1))
        to.append(np.nonzero(gains[h])[1].astype(np.int32))
        done += len(to[-1])
    return reachable_matrix(Moves(start, np.concatenate(to)), np.ones(len(parts), dtype=bool))


def _gains(reach: Bools, members: NDArray[np.int32]) -> Bools:
    """Return which of the reached states every member prefers to the initial state."""
    out = reach.copy()
    for rank in members:
        out &= rank[None, :] > rank[:, None]
    return out


def _all_prefer(model: GraphModel, members: Sequence[int], s: int) -> Bools:
    ranks = np.stack([model.preferences[i].rank for i in members])
    return np.asarray((ranks > ranks[:, s, None]).all(axis=0))


def _mask(members: Sequence[int], n: int) -> Bools:
    mask = np.zeros(n, dtype=bool)
    mask[list(members)] = True
    return mask


def _known(model: GraphModel) -> None:
    if model.has_unknown:
        raise SolveError("coalition analysis requires known preferences, and some are unknown")
