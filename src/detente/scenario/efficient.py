"""The efficient packages of a stake with several issues, and the packages that a file offers.

A package is efficient if no other combination of levels is better for one principal and no worse
for the other. With weights that add up, a package that gives each issue to the side that values it
more, compared with the other issues, is efficient (Raiffa 1982).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.scenario.parts.offers import Package
from detente.scenario.parts.stake import weight_key

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario

__all__ = [
    "MOST_COMBINATIONS", "centre_weights", "combinations", "levels_in_words", "packages_of",
    "pareto", "thinned",
]

MOST_COMBINATIONS = 4096
"""Combinations of levels of a file, at most."""


def combinations(scenario: Scenario) -> list[dict[str, str]]:
    """Return every combination of levels, one level for each issue; the last issue runs fastest."""
    assert scenario.stake is not None
    issues = scenario.stake.issues or {}
    return [dict(zip(issues, levels, strict=True))
            for levels in product(*(issue.levels for issue in issues.values()))]


def centre_weights(scenario: Scenario, actor: str) -> NDArray[np.float64]:
    """Return an actor's weights on the issues, which sum to 1, at the centre of the ranges.

    A private weight is the mean over its types. An actor without weights of its own has those of
    the principal that it sides with; otherwise the issues are equal.
    """
    assert scenario.stake is not None
    found = []
    for name, issue in (scenario.stake.issues or {}).items():
        found.append(_weight(scenario, actor, name, issue))
    weights = np.array(found, dtype=float)
    return np.asarray(weights / weights.sum())


def _weight(scenario: Scenario, actor: str, name: str, issue: Any) -> float:
    spec = scenario.actors[actor]
    private = spec.private.get(weight_key(name))
    if private is not None:
        values, prior = private.values_prior({k: q.centre for k, q in private.numbers.items()})
        return float(values @ prior)
    public = None if issue.weight is None else issue.weight.of(actor)
    if public is not None:
        return float(public.centre)
    if issue.weight is not None and spec.sides_with is not None:
        return _weight(scenario, str(spec.sides_with), name, issue)
    return 1.0


def pareto(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the rows that no other row dominates, from the best to the worst in column 0.

    Of equal rows the first counts.

    Examples
    --------
    >>> pareto(np.array([[1.0, 0.0], [0.0, 1.0], [0.4, 0.4], [0.6, 0.6], [0.6, 0.5]])).tolist()
    [0, 3, 1]
    """
    order = np.lexsort((-values[:, 1], -values[:, 0]))
    kept, best = [], -np.inf
    for k in order:
        if values[k, 1] > best + 1e-12:
            kept.append(int(k))
            best = values[k, 1]
    return np.array(kept, dtype=np.int64)


def thinned(values: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """Return ``n`` rows of an efficient set, ends included, as evenly spread as possible.

    Examples
    --------
    >>> thinned(np.array([[1.0, 0.0], [0.9, 0.2], [0.5, 0.6], [0.0, 1.0]]), 3).tolist()
    [0, 2, 3]
    """
    if n >= len(values):
        return np.arange(len(values))
    at = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(values, axis=0)).sum(axis=1))])
    if n == 1:
        return np.array([0])
    wanted = np.linspace(0.0, at[-1], n)
    return np.unique(np.abs(at[:, None] - wanted[None]).argmin(axis=0))


def levels_in_words(scenario: Scenario, named: Mapping[str, str]) -> str:
    """Return the levels of a package in words; issues left out stay at the status quo.

    Examples
    --------
    >>> from detente.cases import loads
    >>> crisis = loads('''
    ... crisis: a
    ... title: A
    ... actors: {aland: {role: principal}, bland: {role: principal}}
    ... stake:
    ...   name: a border
    ...   first: aland
    ...   issues:
    ...     land: {levels: {kept: 0, ceded: 1}, status_quo: kept}
    ...     water: {levels: {kept: 0, ceded: 1}, status_quo: kept}
    ... ''')
    >>> levels_in_words(crisis, {"land": "ceded"})
    'land: ceded, and the rest as in the status quo'
    """
    assert scenario.stake is not None
    said = ", ".join(f"{issue}: {level}" for issue, level in named.items())
    rest = set(scenario.stake.issues or {}) - set(named)
    return f"{said}, and the rest as in the status quo" if rest else said


def packages_of(scenario: Scenario) -> tuple[Package, ...]:
    """Return the packages of a crisis: those of the file, then those that `efficient` asks for.

    Examples
    --------
    >>> from detente.cases import loads
    >>> crisis = loads('''
    ... crisis: a
    ... title: A
    ... actors: {aland: {role: principal}, bland: {role: principal}}
    ... stake:
    ...   name: a border
    ...   first: aland
    ...   issues:
    ...     land: {weight: {aland: 0.7, bland: 0.3}, levels: {kept: 0, ceded: 1}, status_quo: kept}
    ...     water: {weight: {aland: 0.3, bland: 0.7}, levels: {kept: 0, ceded: 1}, status_quo: kept}
    ... turns: {first: aland, each: 1}
    ... delay_cost: 0.02
    ... offers: {efficient: 3}
    ... ''')
    >>> [p.name for p in packages_of(crisis)]
    ['land ceded water ceded', 'land ceded', 'no change']
    """
    made: tuple[Package, ...] = scenario.once("packages", lambda: _packages(scenario))
    return made


def _packages(scenario: Scenario) -> tuple[Package, ...]:
    offers = scenario.offers
    if offers is None:
        return ()
    given = tuple(offers.packages or ())
    if offers.efficient is None or scenario.stake is None or not scenario.stake.issues:
        return given
    made = _generated(scenario, offers.efficient, [p.name for p in given])
    listed = [_settled(scenario, p.levels or {}) for p in given]
    return (*given, *(p for p in made if _settled(scenario, p.levels or {}) not in listed))


def _settled(scenario: Scenario, named: Mapping[str, str]) -> list[Any]:
    """Return the level of every issue under a package; the status quo for one left out."""
    assert scenario.stake is not None and scenario.stake.issues
    return [named.get(name, issue.status_quo) for name, issue in scenario.stake.issues.items()]


def _generated(scenario: Scenario, n: int, taken: Sequence[str]) -> list[Package]:
    assert scenario.stake is not None
    every = combinations(scenario)
    first, second = scenario.stake.first, scenario.second
    assert second is not None
    held = np.array([[scenario.stake.issues[i].levels[level].centre  # type: ignore[index]
                      for i, level in one.items()] for one in every])
    values = np.column_stack([held @ centre_weights(scenario, first),
                              (1 - held) @ centre_weights(scenario, second)])
    best = pareto(values)
    made: list[Package] = []
    for k in best[thinned(values[best], n)]:
        name = _name(scenario, every[k], [*taken, *(p.name for p in made)])
        made.append(Package.model_validate({"name": name, "levels": every[k]}))
    return made


def _name(scenario: Scenario, levels: Mapping[str, str], taken: Sequence[str]) -> str:
    """Return a name from the levels that differ from the status quo."""
    assert scenario.stake is not None and scenario.stake.issues
    moved = [f"{issue} {level}" for issue, level in levels.items()
             if scenario.stake.issues[issue].status_quo != level]
    name = " ".join(moved) or "no change"
    if len(name) > 60:
        name = " ".join(level for issue, level in levels.items()
                        if scenario.stake.issues[issue].status_quo != level)[:60].strip()
    once, number = name, 2
    while name in taken:  # a name is that of one package
        name = f"{once[:56]} {number}"
        number += 1
    return name
