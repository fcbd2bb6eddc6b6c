"""Inverse analysis: which preferences would make a wanted state stable?

Whether ``s`` is stable for ``i`` depends, the others' moves being given, on one thing only: the
set B of states that ``i`` prefers to ``s``. So the answer is a list of conditions, one per move
``s1`` open to ``i``: *either s1 is no better than s, or one of these sanctions is no better than
s*. From them follow the share of all rankings that make ``s`` stable, how far ``s`` would have to
rise in the present ranking, and the fewest states that would have to fall below it. Sources:
Kinsara, Kilgour & Hipel 2015; Wang, Hipel, Fang & Dang 2018. Under SEQ the others' improvements
depend on *their* preferences, so a change made for several is checked by analysing the changed
model.
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
"""The most states inverse analysis is computed for: its conditions are listed one by one."""

MOST_EXACT = 16
"""Up to this many states that matter, the share of rankings is computed exactly."""


@dataclass(frozen=True)
class Clause:
    """One condition: ``move`` is no better than the wanted state, or some sanction bites.

    Attributes
    ----------
    move : int
        A state the decision maker can go to.
    sanctions : tuple of frozenset of int
        Each is a set of states: if *all* of one set are no better than the wanted state, going to
        ``move`` is deterred. (A single state under GMR and SEQ; with its replies under SMR.)
    """

    move: int
    sanctions: tuple[frozenset[int], ...]

    def holds(self, better: frozenset[int]) -> bool:
        """Whether the condition is met where exactly ``better`` are preferred to the state."""
        return self.move not in better or any(not (s & better) for s in self.sanctions)


@dataclass(frozen=True)
class Inverse:
    """What makes a state stable for one decision maker under one concept.

    Attributes
    ----------
    maker : int
    concept : str
    clauses : tuple of Clause
        All must hold. Empty: stable whatever is preferred.
    stable : bool
        Whether it is stable now.
    share : float or None
        Share of all strict rankings of the states under which it is stable; None where too many
        states matter to count them.
    rise : int
        Places the state must rise in the present ranking (0 where it is stable).
    lower : tuple of int or None
        A smallest set of states which, ranked no better than it, would do; None where more than
        four would be needed.
    """

    maker: int
    concept: str
    clauses: tuple[Clause, ...]
    stable: bool
    share: float | None
    rise: int
    lower: tuple[int, ...] | None


def invert(model: GraphModel, s: int, concept: str = "SEQ") -> list[Inverse]:
    """Say for every decision maker what would make ``s`` stable under a concept.

    Raises
    ------
    SolveError
        Some preference is unknown.
    SizeError
        The model has more than :data:`LIMIT` states.

    Examples
    --------
    What would make mutual cooperation a Nash equilibrium? That each prefers it to defecting alone:
    half of all rankings, one place up in the present one.

    >>> from detente.lenses.graph_model.canon import prisoners_dilemma
    >>> row = invert(prisoners_dilemma(), 0, "Nash")[0]
    >>> row.stable, row.share, row.rise, row.lower
    (False, 0.5, 1, (2,))
    """
    if model.has_unknown:
        raise SolveError("inverse analysis needs every preference to be known")
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
    """Return the model with ``s`` moved up that many places in ``i``'s ranking.

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
        if frozenset() not in sanctions:  # going back to s itself always deters
            out.append(Clause(s1, tuple(sanctions)))
    return out


def _minimal(clauses: list[Clause]) -> tuple[Clause, ...]:
    """Drop sanctions that contain s1 (then s1 tempts nobody anyway) or a smaller sanction."""
    out = []
    for clause in clauses:
        useful = [x for x in set(clause.sanctions) if clause.move not in x]
        if len(useful) < 400:
            useful = [x for x in useful if not any(y < x for y in useful)]
        out.append(Clause(clause.move, tuple(sorted(useful, key=sorted))))
    return tuple(out)


def _share(clauses: tuple[Clause, ...]) -> float | None:
    """Count the rankings: a set B of r states is what stands above s in 1/((r+1) C(r, |B|))."""
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
    """Fewest places up: the fewer states stand above s, the more conditions hold."""
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
