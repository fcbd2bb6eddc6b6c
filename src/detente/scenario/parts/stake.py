"""The stake, and the outcome if nothing divides it."""

from __future__ import annotations

import re
from typing import Annotated, Any, Union

from pydantic import Discriminator, Field, Tag

from detente.scenario.model import FilePart, PrincipalRef, segment
from detente.scenario.quantity import CostBy, Is, Kind, NonNegativeBy, Probability

__all__ = ["Issue", "Label", "NoDeal", "Stake", "weight_key"]

Label = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_ -]*$", max_length=60)]
"""The name of an issue, a level or a package."""
MOST_ISSUES, MOST_LEVELS = 8, 8
WEIGHT_OF = "weight_of_"
_WORDS = re.compile(r"^\s*[A-Za-z]")


def weight_key(issue: str) -> str:
    """Return the private quantity that holds an actor's weight on an issue.

    Examples
    --------
    >>> weight_key("missiles in Cuba")
    'weight_of_missiles_in_Cuba'
    """
    return WEIGHT_OF + segment(issue).replace("-", "_")


def _level_or_number(raw: Any) -> str:
    return "level" if isinstance(raw, str) and _WORDS.match(raw) else "number"


class Issue(FilePart):
    """One issue of a stake that has several."""

    weight: Annotated[NonNegativeBy, Is(Kind.WEIGHT)] | None = Field(
        None, description="Weight of the issue, compared with the other issues; one for each actor "
        "if they differ. Weights are divided by their sum (default: the same for all issues). A "
        "private weight stands under `private` of its actor, as `weight_of_<issue>`."
    )
    levels: Annotated[
        dict[Label, Annotated[Probability, Is(Kind.SHARE)]],
        Field(min_length=2, max_length=MOST_LEVELS),
    ] = Field(
        description="The ways in which the issue may be settled. Each gives the share of the issue "
        "that `stake.first` then has."
    )
    status_quo: Annotated[
        Union[  # noqa: UP007 - a tagged union needs its members spelt out
            Annotated[Label, Tag("level")],
            Annotated[Annotated[Probability, Is(Kind.SHARE)], Tag("number")],
        ],
        Discriminator(_level_or_number),
    ] = Field(
        description="The level of the issue in the status quo, or the share of the issue that "
        "`stake.first` then has. An issue that a package does not name stays there."
    )


class Stake(FilePart):
    """The object of the dispute, which the principals divide; shares lie in [0, 1]."""

    name: str = Field(description="The object of the dispute, in words.")
    first: PrincipalRef = Field(description="The principal to whom a share of 1 gives everything.")
    status_quo: Annotated[Probability, Is(Kind.SHARE)] | None = Field(
        None, description="The share of `first` in the status quo; required without `issues`."
    )
    issues: Annotated[dict[Label, Issue], Field(min_length=1, max_length=MOST_ISSUES)] | None = (
        Field(None, description="Several issues that can be traded, by name. Each actor weighs "
              "them, and settlements are packages of levels.")
    )


class NoDeal(FilePart):
    """The outcome if the deadline passes without a deal."""

    cost: CostBy = Field(
        description="Cost (stakes) to each principal, beyond the status quo, if the deadline "
        "passes.",
    )
