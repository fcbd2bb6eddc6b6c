"""Checks of a crisis file that need the declarations of its mechanisms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detente.errors import nearest, one_of
from detente.mechanisms import present, private_read
from detente.scenario.habits import ACTIONS, EVEN
from detente.scenario.problems import Problem

__all__ = ["habitless", "unread"]


def unread(scenario: Any) -> Iterator[Problem]:
    """Yield every private quantity of an actor that no mechanism of the crisis reads."""
    readable = private_read(scenario)
    for name, actor in scenario.actors.items():
        known = readable.get(name, ())
        for quantity in actor.private:
            if quantity not in known:
                yield Problem(
                    ("actors", name, "private", quantity),
                    f"no payoff of {name} depends on a private {quantity!r}",
                    expected=one_of(quantity, known) or "no private quantity; remove it",
                    nearest=nearest(quantity, known),
                    at_key=True,
                )


def habitless(scenario: Any) -> Iterator[Problem]:
    """Yield every weight under `habits` for a kind of move that no actor, or not this one, has."""
    added = tuple(dict.fromkeys(k for cls, _, _ in present(scenario) for k in cls.habit_kinds))
    every = (*ACTIONS, *added)
    given: list[tuple[tuple[str, ...], Any, tuple[str, ...], str]] = [
        (("habits",), scenario.habits, every, "no actor has")
    ]
    given += [
        (("actors", name, "habits"), actor.habits,
         every if actor.role == "principal" else added,
         f"{name} has no")
        for name, actor in scenario.actors.items()
    ]
    for place, weights, known, who in given:
        if weights is None or weights == EVEN:
            continue
        for kind in weights:
            if kind not in known:
                yield Problem(
                    (*place, kind),
                    f"{who} moves of the kind {kind!r}",
                    expected=one_of(kind, known) or "no weights for this actor; remove them",
                    nearest=nearest(kind, known),
                    at_key=True,
                )
