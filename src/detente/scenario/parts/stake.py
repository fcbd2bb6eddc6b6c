"""The stake, and the outcome if nothing divides it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from detente.scenario.model import FilePart, PrincipalRef
from detente.scenario.quantity import CostBy, Is, Kind, Probability

__all__ = ["NoDeal", "Stake"]


class Stake(FilePart):
    """The object of the dispute, which the principals divide; shares lie in [0, 1]."""

    name: str = Field(description="The object of the dispute, in words.")
    first: PrincipalRef = Field(description="The principal to whom a share of 1 gives everything.")
    status_quo: Annotated[Probability, Is(Kind.SHARE)] = Field(
        description="The share of `first` in the status quo."
    )


class NoDeal(FilePart):
    """The outcome if the deadline passes without a deal."""

    cost: CostBy = Field(
        description="Cost (stakes) to each principal, beyond the status quo, if the deadline "
        "passes.",
    )
