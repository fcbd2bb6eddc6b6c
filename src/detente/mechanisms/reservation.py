"""The value of war to each type as a share of the stake: what a settlement has to beat.

Remarks on gaps in the offers, for shares and for packages, and the default grid of shares read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["SAMPLES", "private", "reservations", "samples"]

SAMPLES, SEED = 256, 0
"""Sobol' samples of the ranges at which offers are checked for gaps."""


def samples(rules: Any) -> dict[str, Any]:
    """Return samples of the file's numbers, (S,) each; those without a range are repeated.

    A private quantity of known numbers would otherwise have no axis of samples.
    """
    from detente.scenario.sampling import sample

    paths, values = sample(rules.scenario, SAMPLES, SEED)
    out: dict[str, Any] = {path: np.full(SAMPLES, q.centre) for path, q in rules.numbers.items()}
    return out | {path: values[:, k] for k, path in enumerate(paths)}


def private(rules: Any, actor: str, quantity: str, numbers: Mapping[str, Any]) -> Any:
    """Return a private quantity by type, (T, ...); None if the actor has none of that name."""
    if quantity not in rules.quantities(actor):
        return None
    return np.real(rules._spread(actor, quantity, rules._table(actor, quantity, numbers)[0]))


def reservations(
    rules: Any, numbers: Mapping[str, Any] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the shares (to `stake.first`) at which each type of each principal would rather fight.

    ``p - c`` for the first principal, ``p + c`` for the second, by type: at the centre of the
    file's ranges with shape ``(T_i,)`` each, or at samples of the numbers with ``(T_i, S)``. If a
    war may end at a line, p and c are the means over its endings.
    """
    at: Mapping[str, Any] = numbers if numbers is not None else {
        path: q.centre for path, q in rules.numbers.items()}

    def of(path: str, actor: str) -> Any:
        return at.get(path, at.get(f"{path}.{actor}", 0.0))

    def typed(found: Any) -> np.ndarray:
        """Give a number its axis of types, and of samples if there are samples."""
        x = np.asarray(found)
        return np.atleast_1d(x) if numbers is None else np.atleast_2d(x)

    def by_type(actor: str, quantity: str) -> np.ndarray | None:
        found = private(rules, actor, quantity, at)
        if found is None or numbers is None:
            return None if found is None else np.asarray(found)
        made: np.ndarray = np.asarray(found).reshape(len(found), -1)
        return made

    first, second = rules.principals
    out = []
    for actor, sign in ((first, -1.0), (second, 1.0)):
        seen = at.get(f"war.seen_by.{actor}", at.get("war.seen_by", at.get("war.win_chance", 0.5)))
        wins = seen if actor == first else 1 - seen
        still = 0.5 * sum(of("war.endings.stalemate.chance", a) for a in (first, second))
        cost = typed(
            of("war.cost", actor) + still * of("war.endings.stalemate.cost", actor)
            + (1 - still) * (wins * of("war.endings.victory.cost", actor)
                             + (1 - wins) * of("war.endings.defeat.cost", actor)))
        own = by_type(actor, "war_cost")
        weight = by_type(actor, "stake_weight")
        if weight is None:
            weight = typed(at.get(f"actors.{actor}.stake_weight", 1.0))
        has = typed((1 - still) * seen + still * at.get("war.endings.stalemate.share", 0.0))
        out.append(has + sign * (cost if own is None else cost + own) / np.maximum(weight, 1e-9))
    return out[0], out[1]
