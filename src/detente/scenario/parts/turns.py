"""Who moves when, and where the crisis begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Union

from pydantic import Discriminator, Field, Tag

from detente.scenario.model import FilePart, PrincipalRef, RungRef
from detente.scenario.parts.lists import or_list
from detente.scenario.quantity import CostBy
from detente.scenario.structural import MOST_TURNS

__all__ = ["Start", "Turns"]

_TURNS, _TURNS_SCHEMA = or_list(MOST_TURNS, "turns")


class Turns(FilePart):
    """Who moves first, and how long the crisis may last."""

    first: PrincipalRef = Field(description="The principal who moves first.")
    each: Annotated[int, Field(ge=1, le=MOST_TURNS), _TURNS, _TURNS_SCHEMA] = Field(
        description="Number of turns of each principal (structure). A list such as `[1, 2, 3]` "
        "holds alternatives of equal weight; the middle one is the file's own."
    )


def _one_or_each(raw: Any) -> str:
    return "each" if isinstance(raw, Mapping) else "one"


class Start(FilePart):
    """The rung or rungs on which the crisis begins."""

    rung: Annotated[
        Union[  # noqa: UP007 - a tagged union needs its members spelt out
            Annotated[RungRef, Tag("one")], Annotated[dict[PrincipalRef, RungRef], Tag("each")]
        ],
        Discriminator(_one_or_each),
    ] = Field(description="The rung on which the principals stand, or one for each.")
    commitments: CostBy | None = Field(
        None,
        description="Audience costs (stakes) that the principals have incurred before the "
        "crisis begins.",
    )
