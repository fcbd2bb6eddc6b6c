"""Inverse analysis: preferences that make a given state stable.

If the others' moves are given, the stability of ``s`` for ``i`` depends only on the set B of states
that ``i`` prefers to ``s``. The result is one condition per move ``s1`` of ``i``: *s1 is not better
than s, or one of these sanctions is not better than s*. The conditions determine the share of all
rankings that make ``s`` stable, the places that ``s`` must rise in the present ranking, and the
smallest set of states that must fall below it. Under SEQ the others' improvements depend on *their*
preferences, so a change for several decision makers is checked by analysing the changed model.
Sources: [kinsara-kilgour-hipel-2015]; [wang-hipel-fang-dang-2018].
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from detente.errors import SizeError, SolveError
from detente.lenses.graph_model.model import GraphModel, Preference
from detente.lenses.graph_model.reach import reachable

__all__ = ["LIMIT", "Clause", "Inverse", "invert", "raised"]

LIMIT = 512
"""Largest number of states for inverse analysis, which lists its conditions one by one."""

MOST_EXACT = 16
"""Largest number of relevant states for which the share of rankings is computed (exactly)."""


@dataclass(frozen=True)
class Clause:
    """One condition: ``move`` is not better than the wanted state, or a sanction deters it.

    Attributes
    ----------
    move : int
        A state that the decision maker can move to.
    sanctions : tuple of frozenset of int
        Sets of states. If *all* states of one set are not better than the wanted state, the move
        is deterred. A set is one state under GMR and SEQ, and a state with its replies under SMR.
    """

    move: int
    sanctions: tuple[frozenset[int], ...]

    def holds(self, better: frozenset[int]) -> bool:
        """Return whether the condition holds if exactly ``better`` are preferred to the state."""
        return self.move not in better or any(not (s & better) for s in self.sanctions)


@dataclass(frozen=True)
class Inverse:
    """Conditions for the stability of a state for one decision maker under one concept.

    Attributes
    ----------
    maker : int
    concept : str
    clauses : tuple of Clause
        All must hold. Empty: the state is stable under every preference.
    stable : bool
        Whether it is stable under the present ranking.
    share : float or None
        Share of all strict rankings of the states under which it is stable; None if too many
        states are relevant.
    rise : int
        Places that the state must rise in the present ranking; 0 if it is stable.
    lower : tuple of int or None
        A smallest set of states that must not rank above it for stability; None if the set needs
        more than four states.
    """

    maker: int
    concept: str
    clauses: tuple[Clause, ...]
    stable: bool
    share: float | None
    rise: int
    lower: tuple[int, ...] | None


def invert(model: GraphModel, s: int, concept: str = "SEQ") -> list[Inverse]:
    """Return for every decision maker the conditions that make ``s`` stable under a concept.

    Raises
    ------
    SolveError
        A preference is unknown.
    SizeError
        The model has more than :data:`LIMIT` states.

    Examples
    --------
    Mutual cooperation is a Nash equilibrium if each prefers it to defecting alone. This holds in
    half of all rankings, and after a rise of one place in the present ranking.

    >>> from detente.lenses.graph_model.canon import prisoners_dilemma
    >>> row = invert(prisoners_dilemma(), 0, "Nash")[0]
    >>> row.stable, row.share, row.rise, row.lower
    (False, 0.5, 1, (2,))
    """
    if model.has_unknown:
        raise SolveError("inverse analysis requires known preferences, and some are unknown")
    if model.size > LIMIT:
        raise SizeError(
            f"{model.size} states are too many for inverse analysis", expected=f"at most {LIMIT}"
        )
    out = []
    for i in range(model.n):
        rank = model.preferences[i].rank
        clauses = _minimal(_clauses(model, i, s, concept))
        better = frozenset(np.nonzero(rank > rank[s])[0].tolist())
        holds = all(c.holds(better) for c in clauses)
        out.append(
            Inverse(
                maker=i,
                concept=concept,
                clauses=clauses,
                stable=holds,
                share=_share(clauses),
                rise=0 if holds else _rise(rank, s, clauses),
                lower=() if holds else _lower(clauses, better),
            )
        )
    return out


def raised(model: GraphModel, i: int, s: int, places: int) -> GraphModel:
    """Return the model with ``s`` moved up by ``places`` in the ranking of ``i``.

    Examples
    --------
    >>> from detente.lenses.graph_model import analyse
    >>> from detente.lenses.graph_model.canon import prisoners_dilemma
    >>> changed = prisoners_dilemma()
    >>> for i in (0, 1):
    ...     changed = raised(changed, i, 0, 1)
    >>> analyse(changed).names("Nash")
    ['CC', 'DD']
    """
    rank = model.preferences[i].rank
    above = np.unique(rank[rank > rank[s]])
    if not places:
        return model
    target = int(above[places - 1]) if places <= len(above) else int(rank.max())
    moved = rank.astype(np.int64) * 2
    moved[s] = target * 2 + 1
    _, dense = np.unique(moved, return_inverse=True)
    return model.with_preference(i, Preference(dense.astype(np.int32)))


def _clauses(model: GraphModel, i: int, s: int, concept: str) -> list[Clause]:
    others = np.arange(model.n) != i
    by = model.improvements if concept == "SEQ" else model.moves
    out = []
    for s1 in model.moves.of(i, s).tolist():
        sanctions: list[frozenset[int]] = []
        if concept != "Nash":
            for s2 in np.nonzero(reachable(by, others, s1))[0].tolist():
                needed = {s2}
                if concept == "SMR":
                    needed |= set(model.moves.of(i, s2).tolist())
                sanctions.append(frozenset(needed - {s}))
        if frozenset() not in sanctions:  # a return to s itself always deters
            out.append(Clause(s1, tuple(sanctions)))
    return out


def _minimal(clauses: list[Clause]) -> tuple[Clause, ...]:
    """Drop sanctions that contain s1 (then s1 is not better) or that contain a smaller sanction."""
    out = []
    for clause in clauses:
        useful = [x for x in set(clause.sanctions) if clause.move not in x]
        if len(useful) < 400:
            useful = [x for x in useful if not any(y < x for y in useful)]
        out.append(Clause(clause.move, tuple(sorted(useful, key=sorted))))
    return tuple(out)


def _share(clauses: tuple[Clause, ...]) -> float | None:
    """Return the share: of r states, B is the set above s with share 1/((r+1) C(r, |B|))."""
    matter = sorted({x for c in clauses for x in (c.move, *(y for s in c.sanctions for y in s))})
    r = len(matter)
    if r > MOST_EXACT:
        return None
    bit = {x: 1 << k for k, x in enumerate(matter)}
    above = np.arange(2**r)
    good = np.ones(2**r, dtype=bool)
    for clause in clauses:
        met = above & bit[clause.move] == 0
        for sanction in clause.sanctions:
            met |= above & sum(bit[x] for x in sanction) == 0
        good &= met
    size = np.bitwise_count(above)
    weight = 1.0 / np.array([(r + 1) * comb(r, k) for k in range(r + 1)])
    return float(weight[size[good]].sum())


def _rise(rank: NDArray[np.int32], s: int, clauses: tuple[Clause, ...]) -> int:
    """Return the fewest places: if fewer states are above s, more conditions hold."""
    levels = np.unique(rank[rank > rank[s]])
    for places, level in enumerate(levels, start=1):
        better = frozenset(np.nonzero(rank > level)[0].tolist())
        if all(c.holds(better) for c in clauses):
            return places
    return len(levels)


def _lower(clauses: tuple[Clause, ...], better: frozenset[int]) -> tuple[int, ...] | None:
    matter = sorted(
        better & {x for c in clauses for x in (c.move, *(y for s in c.sanctions for y in s))}
    )
    for size in range(1, 5):
        if comb(len(matter), size) > 50_000:
            return None
        for drop in combinations(matter, size):
            if all(c.holds(better - set(drop)) for c in clauses):
                return drop
    return None
