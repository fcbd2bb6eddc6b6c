"""The actors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal, Union

from pydantic import Discriminator, Field, Tag

from detente.scenario.model import FilePart, Name, PrincipalRef
from detente.scenario.parts.habits import Habits
from detente.scenario.parts.stake import Label
from detente.scenario.private import Private
from detente.scenario.quantity import Is, Kind, Number, Quantity

__all__ = ["Actor"]

Demand = Annotated[
    Union[  # noqa: UP007 - a tagged union needs its members spelt out
        Annotated[float, Field(ge=0, le=1), Tag("share")],
        Annotated[dict[Label, Label], Field(min_length=1), Tag("levels")],
    ],
    Discriminator(lambda raw: "levels" if isinstance(raw, Mapping) else "share"),
]


class Actor(FilePart):
    """A government or another party that makes decisions or is affected by them."""

    role: Literal["principal", "mediator", "third party"] = Field(
        description="Principals divide the stake and move in turn. Others move if a "
        "mechanism asks them to.",
    )
    title: str = Field("", description="The name to print.")
    private: dict[Name, Private] = Field(
        {}, description="Private information of this actor: quantities whose value only this "
        "actor knows. Each gives the possible values (types) and the others' prior over them. A "
        "value that all actors know stands in the public key, not here."
    )
    sides_with: PrincipalRef | None = Field(
        None, description="The principal whose payoff this actor shares."
    )
    stake_weight: Annotated[Number, Is(Kind.WEIGHT)] = Field(
        replace(Quantity.point(1.0), kind=Kind.WEIGHT),
        description="Value of the whole stake to this actor, in units of the stake.",
        json_schema_extra={"default": 1.0},
    )
    demand: Demand | None = Field(
        None, description="The share of the stake it publicly demands for itself (default: all). "
        "If the stake has issues, the levels that it demands; an issue left out stays at the "
        "status quo (default: its best level of every issue)."
    )
    habits: Habits | None = Field(
        None, description="Its own habits, by kind of move; as `habits` of the file."
    )
    will_not: Annotated[
        list[Literal["escalate", "offer", "accept", "yield", "attack"]], Field(max_length=5)
    ] = Field(
        [], description="Kinds of moves that this principal never makes, such as `[offer]` for a "
        "government that will not negotiate (structure)."
    )
