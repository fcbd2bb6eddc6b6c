"""Checks of a crisis file that need the declarations of its mechanisms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detente.errors import nearest, one_of
from detente.mechanisms import private_read
from detente.scenario.problems import Problem

__all__ = ["unread"]


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
