"""Offers and packages."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from detente.scenario.model import ActorRef, FilePart, PrincipalRef
from detente.scenario.parts.lists import or_list
from detente.scenario.parts.stake import Label
from detente.scenario.quantity import Cost, Is, Kind, NonNegative, Probability
from detente.scenario.structural import MOST_OFFERS

__all__ = ["Offers", "Package", "SidePayment"]

MOST_EFFICIENT = 6
_OFFERS, _OFFERS_SCHEMA = or_list(MOST_OFFERS, "offers")


class SidePayment(FilePart):
    """A payment that goes with a package and that audiences do not see."""

    to: PrincipalRef = Field(description="The principal who receives it.")
    worth: Annotated[NonNegative, Is(Kind.VALUE)] = Field(
        description="Value to the receiver (stakes)."
    )
    cost: Cost | None = Field(
        None, description="Cost to the giver (stakes; default: `worth`)."
    )


class Package(FilePart):
    """A named settlement."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_ -]*$", max_length=60)] = Field(
        description="The name of the package."
    )
    share: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="The share of the stake that `stake.first` receives; required without "
        "`stake.issues`."
    )
    levels: Annotated[dict[Label, Label], Field(min_length=1)] | None = Field(
        None, description="The level of each issue, if the stake has issues. An issue left out "
        "stays at the status quo."
    )
    by: ActorRef | None = Field(
        None, description="The principal who may offer it (default: either), or the mediator who "
        "alone proposes it."
    )
    side_payment: SidePayment | None = Field(None, description="A private side payment.")
    face_saving: Annotated[Probability, Is(Kind.PART)] | None = Field(
        None,
        description="The part of an audience cost that the package removes for the actor "
        "that retreats.",
    )
    ultimatum: bool = Field(
        False, description="Whether the other principal can only accept or refuse it, after which "
        "the one who set it moves."
    )


class Offers(FilePart):
    """The offers that the principals may make."""

    shares: list[Annotated[float, Field(ge=0, le=1)]] | None = Field(
        None, description="Shares for `stake.first` that may be offered (default: derived)."
    )
    shares_by: dict[PrincipalRef, list[Annotated[float, Field(ge=0, le=1)]]] | None = Field(
        None, description="Shares for `stake.first` that one principal may offer, in place of "
        "`shares`."
    )
    each: Annotated[int, Field(ge=1, le=MOST_OFFERS), _OFFERS, _OFFERS_SCHEMA] = Field(
        1, description="Number of offers that each principal may make (structure). A list such as "
        "`[1, 2]` holds alternatives of equal weight; of two, the larger is the file's own."
    )
    efficient: Annotated[int, Field(ge=1, le=MOST_EFFICIENT)] | None = Field(
        None, description="Number of packages taken from the efficient set of a stake with issues, "
        "at the centre of the ranges, from the best one of each principal to that of the other "
        "(structure). Either may offer them, besides those of `packages`."
    )
    packages: list[Package] | None = Field(None, description="Named settlements.")
