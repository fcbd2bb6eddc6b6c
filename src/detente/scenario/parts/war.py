"""War."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from detente.scenario.model import FilePart
from detente.scenario.quantity import CostBy, Is, Kind, Number, Probability, ProbabilityBy

__all__ = ["War", "WarEndings"]


class Stalemate(FilePart):
    """A war that stops at a line."""

    chance: Annotated[ProbabilityBy, Is(Kind.CHANCE)] = Field(
        description="The chance that a war ends so; a mapping gives it by the principal that "
        "attacked, and a war by accident then has the mean."
    )
    share: Annotated[Probability, Is(Kind.SHARE)] = Field(
        description="The share of the stake that `stake.first` holds at the line."
    )
    cost: CostBy | None = Field(
        None, description="Cost (stakes) of this ending, beyond that of war."
    )


class Decided(FilePart):
    """A war that one side wins."""

    cost: CostBy = Field(description="Cost (stakes) of this ending, beyond that of war.")


class WarEndings(FilePart):
    """How a war may end: one side wins it, or it stops at a line."""

    stalemate: Stalemate = Field(description="The war stops at a line that divides the stake.")
    victory: Decided | None = Field(
        None, description="The cost to the principal that wins, beyond that of war."
    )
    defeat: Decided | None = Field(
        None, description="The cost to the principal that loses, beyond that of war."
    )


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
    endings: WarEndings | None = Field(
        None, description="How a war ends: victory, defeat, or stalemate at a line (default: one "
        "side wins the whole stake)."
    )
