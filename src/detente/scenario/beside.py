"""What a crisis file says about its crisis beside the crisis itself.

Sources, levers, claims with the base rates and published models that bear on them, and variants.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

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

__all__ = ["Claim", "Lever", "Source", "Text", "Variant"]

Text = Annotated[str, Field(max_length=4000)]


class Source(FilePart):
    """Where a number or a claim comes from."""

    id: Slug = Field(description="The name by which the file refers to it.")
    cite: Text = Field(description="The reference as a reader would cite it.")
    date: str = Field("", description="When it appeared.")
    url: str = Field("", description="Where it can be read.")


class Lever(FilePart):
    """A number that somebody could change."""

    from_: float = Field(alias="from", description="The least value within reach.")
    to: float = Field(description="The greatest value within reach.")
    difficulty: Annotated[float, Field(gt=0)] = Field(
        1.0, description="What moving it over its whole reach costs, beside the other levers."
    )
    who: ActorRef | None = Field(None, description="Who could move it.")


class Claim(FilePart):
    """Something somebody says about the crisis."""

    id: Slug = Field(description="The name of the claim.")
    says: Text = Field(description="The claim in words.")
    source: SourceRef | None = Field(None, description="Who says it.")
    holds_if: Text | None = Field(None, description="The claim as a condition on the model.")
    cannot: Text | None = Field(None, description="Why the model cannot express the claim.")
    note: Text = Field("", description="A remark.")
    rate: RateRef | None = Field(
        None, description="The base rate that bears on it, as `detente data rates` names it."
    )
    model: ModelRef | None = Field(
        None, description="The published model that bears on it, as `detente models` names it."
    )
    given: dict[str, float] = Field(
        {}, alias="set", description="Parameters of that model and the values they take instead."
    )
    proposition: PropositionRef | None = Field(
        None, description="Which of the model's propositions it is (default: each it has)."
    )


class Variant(FilePart):
    """The same crisis with changes only."""

    title: str = Field("", description="The name to print.")
    changes: dict[str, float] = Field(
        {}, alias="set", description="Numbers and the values they take instead, by path."
    )
    without: list[MechanismRef] = Field([], description="Mechanisms that are left out, by id.")
