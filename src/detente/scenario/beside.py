"""Parts of a crisis file that do not change the game.

They are sources, levers, claims with their base rates and published models, variants, and
structural alternatives.
"""

from __future__ import annotations

from typing import Annotated, Any, Union

from pydantic import Discriminator, Field, Tag

from detente.scenario.model import (
    ActorRef,
    FilePart,
    MechanismRef,
    ModelRef,
    PropositionRef,
    RateRef,
    Slug,
    SourceRef,
)

__all__ = ["Claim", "Lever", "Source", "StructureOf", "Text", "Variant"]

Text = Annotated[str, Field(max_length=4000)]


class Source(FilePart):
    """The source of a number or a claim."""

    id: Slug = Field(description="The name by which the file refers to it.")
    cite: Text = Field(description="The reference as a reader would cite it.")
    date: str = Field("", description="The date of publication.")
    url: str = Field("", description="The address at which it can be read.")


class Lever(FilePart):
    """A number that an actor could change."""

    from_: float = Field(alias="from", description="The smallest value within reach.")
    to: float = Field(description="The largest value within reach.")
    difficulty: Annotated[float, Field(gt=0)] = Field(
        1.0, description="Cost of moving it over its whole reach, relative to the other levers."
    )
    who: ActorRef | None = Field(None, description="The actor that could change it.")


class Claim(FilePart):
    """A statement about the crisis that the model can test."""

    id: Slug = Field(description="The name of the claim.")
    says: Text = Field(description="The claim in words.")
    source: SourceRef | None = Field(None, description="The id of the source that makes the claim.")
    holds_if: Text | None = Field(None, description="The claim as a condition on the model.")
    cannot: Text | None = Field(
        None, description="The reason why the model cannot express the claim."
    )
    note: Text = Field("", description="A remark.")
    rate: RateRef | None = Field(
        None,
        description="The base rate that applies to it, by its name in `detente data rates --list`.",
    )
    model: ModelRef | None = Field(
        None, description="The published model that applies to it, by its name in `detente models`."
    )
    given: dict[str, float] = Field(
        {},
        alias="set",
        description="Values for parameters of that model, in place of its defaults.",
    )
    proposition: PropositionRef | None = Field(
        None, description="The proposition of the model that it states (default: all)."
    )


def _set_as(raw: Any) -> str:
    if isinstance(raw, list):
        return "shares"
    return "name" if isinstance(raw, str) else "number"


SetValue = Annotated[
    Union[  # noqa: UP007 - a tagged union needs its members spelt out
        Annotated[float, Tag("number")], Annotated[str, Tag("name")],
        Annotated[list[float], Tag("shares")],
    ],
    Discriminator(_set_as),
]


class Variant(FilePart):
    """A change of the crisis, for comparison."""

    title: str = Field("", description="The name to print.")
    changes: dict[str, SetValue] = Field(
        {}, alias="set", description="New values by path: of numbers, or of structure "
        "(`turns.each`, `turns.first`, `offers.each`, `offers.shares` and the number of types, "
        "`actors.*.private.*.types`)."
    )
    without: list[MechanismRef] = Field([], description="Mechanisms that are left out, by id.")


class StructureOf(FilePart):
    """A structural alternative: the same crisis with other turns, first mover, offers or types."""

    title: str = Field("", description="The name to print.")
    changes: Annotated[dict[str, SetValue], Field(min_length=1)] = Field(
        alias="set", description="The structure that differs, by path: `turns.each`, "
        "`turns.first`, `offers.each`, `offers.shares` or the number of types, "
        "`actors.*.private.*.types`.",
    )
    weight: Annotated[float, Field(ge=0.001, le=1000)] = Field(
        1.0, description="Its weight. The file as written has weight 1; 0.5 is half as probable."
    )
    why: Text = Field("", description="The reason for this alternative.")
