"""Gradual strengths of arguments with attacks and supports: DF-QuAD.

Each argument has a base score in [0, 1]. The strengths v_i of its attackers combine to
``1 - prod(1 - v_i)``, and so do those of its supporters. If attack exceeds support by d, the base
score b becomes ``b - b d``; if support exceeds attack by d, it becomes ``b + (1 - b) d``
[rago-et-al-2016]. A strength orders the arguments of one exchange by what was said for and against
them. It is not a probability, and it says nothing about the crisis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from detente.errors import InputError

__all__ = ["BASE", "combined", "df_quad"]

BASE = 0.5
"""The base score of every argument if none is given."""
STEP, MOST_STEPS = 0.5, 10_000
EXACT = 1e-12
"""Largest change of a strength in the last step; double precision allows about 1e-16."""


def combined(base: float, attackers: Iterable[float], supporters: Iterable[float]) -> float:
    """Return the strength of an argument from those of its attackers and supporters.

    More attack lowers it and more support raises it, everywhere in [0, 1].

    Examples
    --------
    >>> combined(0.5, [0.5], []), combined(0.5, [], [0.5])
    (0.25, 0.75)
    >>> round(combined(0.8, [0.5, 0.5], []), 12)
    0.2
    """
    against, behind = _aggregate(attackers), _aggregate(supporters)
    if against >= behind:
        return base - base * (against - behind)
    return base + (1 - base) * (behind - against)


def _aggregate(values: Iterable[float]) -> float:
    left = 1.0
    for v in values:
        left *= 1 - v
    return 1 - left


def df_quad(
    arguments: Iterable[str], attacks: Iterable[tuple[str, str]],
    supports: Iterable[tuple[str, str]], base: Mapping[str, float] | None = None,
) -> dict[str, float | None]:
    """Return the strength of every argument.

    Without cycles the values are exact. On a cycle they are the limit of the damped iteration from
    the base scores, as in the continuous semantics [potyka-2018]; None if it does not converge.

    Parameters
    ----------
    arguments
        The names.
    attacks, supports
        Pairs: from, to.
    base
        Base scores in [0, 1]; `BASE` for an argument that is not named.

    Raises
    ------
    InputError
        A base score is outside [0, 1], or a pair names no argument.

    Examples
    --------
    >>> df_quad("abc", [("a", "b")], [("b", "c")])
    {'a': 0.5, 'b': 0.25, 'c': 0.625}
    >>> found = df_quad("ab", [("a", "b"), ("b", "a")], [])
    >>> round(found["a"], 9)
    0.333333333
    """
    names = list(arguments)
    start = dict.fromkeys(names, BASE) | dict(base or {})
    for a, value in start.items():
        if not 0 <= value <= 1:
            raise InputError(f"the base score of {a!r} is {value}", expected="0 to 1")
    against: dict[str, list[str]] = {a: [] for a in names}
    behind: dict[str, list[str]] = {a: [] for a in names}
    for kind, pairs in ((against, attacks), (behind, supports)):
        for a, b in sorted(set(pairs)):
            if a not in against or b not in against:
                raise InputError(f"the relation {a!r} to {b!r} names no argument",
                                 expected="names of arguments")
            kind[b].append(a)
    def following(now: Mapping[str, float]) -> dict[str, float]:
        return {a: combined(start[a], (now[b] for b in against[a]), (now[b] for b in behind[a]))
                for a in names}

    now = {a: start[a] for a in names}
    for _ in names:  # as many steps as the longest path has, if there is no cycle
        now = following(now)
    if now == following(now):
        return dict(now)
    now = {a: start[a] for a in names}
    for _ in range(MOST_STEPS):
        new = following(now)
        moved = {a: abs(new[a] - now[a]) for a in names}
        if max(moved.values()) <= EXACT:
            return dict(new)
        now = {a: now[a] + STEP * (new[a] - now[a]) for a in names}
    # Arguments that still move, and everything that they reach, have no limit.
    lost = {a for a in names if moved[a] > EXACT}
    while more := {a for a in names if a not in lost and lost & {*against[a], *behind[a]}}:
        lost |= more
    return {a: None if a in lost else new[a] for a in names}
