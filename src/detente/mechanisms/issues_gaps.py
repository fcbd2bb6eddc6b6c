"""A remark on packages: pairs of types with room for a settlement that no package on offer fills.

The offers of a file are a list, so war between two types may follow from the list and not from
their interests. `detente.mechanisms.stake.gaps` is the same check for shares of the stake.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.mechanisms.reservation import SAMPLES, reservations, samples
from detente.scenario.efficient import combinations, pareto

__all__ = ["package_gaps"]

MOST_CANDIDATES = 64
"""Most combinations of levels that are tried; beyond it only the efficient ones at the centre."""

Floats = NDArray[np.float64]


def package_gaps(rules: Any) -> list[str]:
    """Return a remark if some pair of types has no package on offer that both prefer to war."""
    first, second = rules.principals
    numbers = samples(rules)
    low, high = reservations(rules, numbers)
    need = [_typed(rules, first, low), _typed(rules, second, 1 - high)]
    every = combinations(rules.scenario)
    listed = [k for k in range(len(rules.packages)) if _offered(rules, k)]
    if len(every) > MOST_CANDIDATES:
        centre = np.array([[rules.issues.at_centre(p, rules.issues.levels(c))
                            for p in (first, second)] for c in every])
        every = [every[k] for k in pareto(centre)][:MOST_CANDIDATES]
    has = [_inside(rules, rules.packages[k].levels, numbers, need) for k in listed]
    room = [_inside(rules, levels, numbers, need) for levels in every]
    filled = np.any(has, axis=0) if has else np.zeros_like(room[0])
    missing = np.any(room, axis=0) & ~filled
    if not missing.any():
        return []
    often = f"{missing.any(axis=(0, 1)).mean():.0%}".replace("%", " %")
    pairs, most = missing.shape[0] * missing.shape[1], int(missing.sum(axis=(0, 1)).max())
    best = every[int(np.argmax([(inside & missing).sum() for inside in room]))]
    remedy = "no principal may offer what the other may accept (will_not)"
    if listed:
        told = ", ".join(f"{issue}: {level}" for issue, level in best.items())
        remedy = "to close most of the gaps, add the package {" + told + "}"
    return [
        f"the packages leave a gap: in {often} of {SAMPLES} samples of the ranges, up to "
        f"{most} of {pairs} pairs of types of {first} and {second} have no package that both "
        f"prefer to war, although some combination of levels is one; war between these types is "
        f"an artefact of the list; {remedy}"
    ]


def _offered(rules: Any, k: int) -> bool:
    """Whether one principal may offer a package and the other may accept it."""
    actors = rules.scenario.actors
    return any("offer" not in actors[p].will_not and "accept" not in actors[rules.other(p)].will_not
               and rules.packages[k].by in (None, p) for p in rules.principals)


def _typed(rules: Any, actor: str, found: Any) -> Floats:
    """Return values as (T, S), from (S,) or (T, S)."""
    return np.broadcast_to(np.asarray(found, dtype=float), (rules.n_types(actor), SAMPLES))


def _inside(rules: Any, named: Mapping[str, str], numbers: Mapping[str, Any],
            need: list[Floats]) -> NDArray[np.bool_]:
    """Return the pairs of types that both prefer some levels to war, (T1, T2, S)."""
    levels = rules.issues.levels(named)
    ok = [_typed(rules, p, rules.issues.part(p, p, levels).value(numbers)) > least
          for p, least in zip(rules.principals, need, strict=True)]
    return np.asarray(ok[0][:, None] & ok[1][None])
