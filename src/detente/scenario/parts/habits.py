"""Habits and the precision of choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Union

from pydantic import Discriminator, Tag, ValidatorFunctionWrapHandler, WrapValidator

from detente.errors import nearest
from detente.scenario.habits import DEFAULTS, EVEN
from detente.scenario.model import Name, shown, wrong
from detente.scenario.quantity import Is, Kind, Quantity, Ratio

__all__ = ["PRECISION", "Habits", "default_weight"]


def _read_habits(raw: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    if isinstance(raw, Mapping) or raw == EVEN:
        return handler(raw)
    raise wrong("empty" if raw is None else f"{shown(raw)} is not a set of habits",
                expected=f"{EVEN} (the same weight for every kind of move), or a mapping of kinds "
                "to weights such as {attack: 5, hold: 50}; remove the key for the default",
                nearest=nearest(raw, [EVEN]) if isinstance(raw, str) else None)


HabitWeight = Annotated[Ratio, Is(Kind.HABIT)]
Habits = Annotated[
    Union[  # noqa: UP007 - a tagged union needs its members spelt out
        Annotated[Literal["even"], Tag("even")], Annotated[dict[Name, HabitWeight], Tag("each")]
    ],
    Discriminator(lambda raw: "each" if isinstance(raw, Mapping) else "even"),
    WrapValidator(_read_habits),
]
PRECISION = replace(
    Quantity.log_uniform(
        5.0, 45.0,
        "estimates on 2,105 disputes and 486 crises, and two crises followed move by move",
    ), kind=Kind.PRECISION,
)
"""The default precision of choice; the documentation, "Precision", gives the three studies."""


def default_weight(kind: str) -> Quantity:
    low, middle, high = DEFAULTS[kind]
    made = Quantity.point(low) if low == high else Quantity.log_uniform(low, high, middle=middle)
    return replace(made, kind=Kind.HABIT, least=0.0, most=1e6,
                   because="calibrated on the outcomes of recorded crises")
