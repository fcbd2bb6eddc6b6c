"""War."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from detente.scenario.model import FilePart
from detente.scenario.quantity import CostBy, Is, Kind, Number, Probability, ProbabilityBy

__all__ = ["War"]


class War(FilePart):
    """War as a costly lottery over the whole stake."""

    win_chance: Annotated[Probability, Is(Kind.ODDS)] = Field(
        description="The chance that `stake.first` wins."
    )
    seen_by: Annotated[ProbabilityBy, Is(Kind.ODDS)] | None = Field(
        None, description="The chance that `stake.first` wins, as a principal sees it; each acts "
        "on its own (default: `win_chance`)."
    )
    first_strike: Annotated[Number, Is(Kind.SHIFT)] | None = Field(
        None, description="Added to the attacker's chance of winning if it attacks first."
    )
    shift_per_turn: Annotated[Number, Is(Kind.SHIFT)] | None = Field(
        None,
        description="Change per round (one turn of each) in the chance that `stake.first` wins.",
    )
    cost: CostBy | None = Field(
        None,
        description="Publicly known cost of war (stakes). A private `war_cost` is added to it.",
    )
