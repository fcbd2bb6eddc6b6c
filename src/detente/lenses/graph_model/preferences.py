"""Preferences from a ranking, or from ordered statements (option prioritising).

Option prioritising [fang-hipel-kilgour-peng-2003] lists statements in order of importance. The
score of a state is the sum of ``2^(k-j)`` over the statements ``j`` that are true in it. Two states
are therefore ordered by the first statement in which they differ. If that statement is *strong*,
the preference is strong; strong statements come first, so that strength is transitive. If it is
*unknown*, its direction is not known, and the order of the two states is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.lenses.graph_model.model import Preference

__all__ = ["STRONG", "Statement", "by_ranking", "by_statements"]

STRONG = ">>"
"""In a ranking: the states before it are strongly preferred to the states after it."""


@dataclass(frozen=True)
class Statement:
    """One preference statement: the states in which it holds, and its kind.

    Attributes
    ----------
    holds : (S,) bool
    text : str
        The statement as written, for tables.
    strong, unknown : bool
        See the module.
    """

    holds: NDArray[np.bool_]
    text: str = ""
    strong: bool = False
    unknown: bool = False


def by_ranking(
    levels: Sequence[Iterable[int] | int | str],
    states: int,
    unknown: Iterable[tuple[int, int]] = (),
) -> Preference:
    """Return the preference of a ranking from best to worst.

    Parameters
    ----------
    levels
        State indices, or groups of them that are equally good, from best to worst;
        ``">>"`` between two levels makes the step a strong one.
    states
        Number of states; each must be ranked once.
    unknown
        Pairs of states whose order is not known.

    Raises
    ------
    InputError
        A state is missing or ranked twice.

    Examples
    --------
    >>> by_ranking([2, [0, 1]], 3).rank.tolist()
    [0, 0, 1]
    >>> by_ranking([2, 0, ">>", 1], 3).tier.tolist()
    [1, 0, 1]
    """
    groups: list[list[int]] = []
    strong_steps: list[int] = []
    for level in levels:
        if isinstance(level, str):
            if level != STRONG or not groups:
                raise InputError(f"{level!r} in a ranking", expected=f"a state, or {STRONG!r}")
            strong_steps.append(len(groups))
        else:
            groups.append([level] if isinstance(level, (int, np.integer)) else list(level))
    ranked = [s for group in groups for s in group]
    if len(set(ranked)) != len(ranked):
        twice = next(s for s in ranked if ranked.count(s) > 1)
        raise InputError(f"state number {twice + 1} is ranked twice", expected="each state once")
    if set(ranked) != set(range(states)):
        missing = sorted(set(range(states)) - set(ranked))
        raise InputError(f"{len(missing)} of {states} states are not ranked",
                         expected="each state once")
    rank = np.empty(states, dtype=np.int32)
    tier = np.zeros(states, dtype=np.int32)
    for depth, group in enumerate(groups):
        rank[group] = len(groups) - 1 - depth
        tier[group] = sum(step > depth for step in strong_steps)
    pairs = np.array([sorted(p) for p in unknown], dtype=np.int64).reshape(-1, 2)
    return Preference(rank, tier if strong_steps else None, pairs)


def by_statements(statements: Sequence[Statement]) -> Preference:
    """Return the preference that ordered statements define.

    Parameters
    ----------
    statements
        From most to least important, at least one.

    Raises
    ------
    InputError
        There is no statement, or a strong statement follows one that is not strong.

    Examples
    --------
    Two options. The first matters more; the second is preferred if not taken:

    >>> a, b = np.array([False, True, False, True]), np.array([False, False, True, True])
    >>> by_statements([Statement(a), Statement(~b)]).rank.tolist()
    [1, 3, 0, 2]
    """
    if not statements:
        raise InputError("no preference statements", expected="at least one statement")
    rank: NDArray[np.int32] = np.zeros(len(statements[0].holds), dtype=np.int32)
    tier: NDArray[np.int32] | None = None
    splits: list[tuple[NDArray[np.int32], NDArray[np.bool_]]] = []
    weak_seen = False
    for statement in statements:
        if statement.strong and (weak_seen or statement.unknown):
            raise InputError(
                f"the strong statement {statement.text!r} follows one that is not strong",
                expected="strong statements first, none of them unknown",
            )
        weak_seen = weak_seen or not statement.strong
        if statement.unknown:
            splits.append((rank, statement.holds))
        # the ranking by the first j statements, refined by the next; dense, so at most S
        _, refined = np.unique(rank.astype(np.int64) * 2 + statement.holds, return_inverse=True)
        rank = refined.astype(np.int32)
        if statement.strong:
            tier = rank
    return Preference(rank, tier, unknown_splits=tuple(splits))
