"""The issues of a stake as a player's briefing tells them: weights, levels, demand, packages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from detente.render.numbers import number, percent
from detente.scenario.efficient import centre_weights, levels_in_words, packages_of
from detente.scenario.parts.stake import weight_key

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario

__all__ = ["issues_of"]


def issues_of(case: Scenario, name: str) -> Iterator[str]:
    """Yield the sentences on the issues of a stake for one principal; none without issues."""
    if case.stake is None or not case.stake.issues:
        return
    first = name == case.stake.first
    weights = centre_weights(case, name)
    for (issue, spec), weight in zip(case.stake.issues.items(), weights, strict=True):
        levels = ", ".join(f"{level} ({percent(q.centre if first else 1 - q.centre)})"
                           for level, q in spec.levels.items())
        quo = spec.status_quo
        if isinstance(quo, str):
            now = quo
        else:
            now = f"{percent(quo.centre if first else 1 - quo.centre)} of it for you"
        private = weight_key(issue) in case.actors[name].private
        heavy = "Its weight is your private information" if private else (
            f"It has {percent(float(weight))} of the weight of all issues for you")
        yield (f"Issue “{issue}”: {levels}; the percentage is the part that you then have. "
               f"{heavy}. In the status quo: {now}.")
    quo = sum(w * _mine(case, issue, first) for issue, w in zip(case.stake.issues, weights,
                                                               strict=True))
    yield f"In the status quo you have {number(float(quo))} of the stake by your weights."
    demand = case.actors[name].demand
    if isinstance(demand, Mapping):
        yield f"You publicly demand {levels_in_words(case, demand)}."
    else:
        yield "You publicly demand your best level of every issue."
    for package in packages_of(case):
        yield f"Package “{package.name}”: {levels_in_words(case, package.levels or {})}."


def _mine(case: Scenario, issue: str, first: bool) -> float:
    assert case.stake is not None and case.stake.issues is not None
    spec = case.stake.issues[issue]
    quo = spec.status_quo
    share = (spec.levels[quo] if isinstance(quo, str) else quo).centre
    return share if first else 1 - share
