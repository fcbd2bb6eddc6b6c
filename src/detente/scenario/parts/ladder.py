"""The rungs of the ladder."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from detente.scenario.entries import one_key, read_body
from detente.scenario.model import FilePart, PrincipalRef, segment, wrong
from detente.scenario.quantity import CostBy, Is, Kind, ProbabilityBy

__all__ = ["Rung", "read_rung"]


class Rung(FilePart):
    """A rung of the ladder; in the file a bare name, or `{name: {...}}`."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_ -]*$", max_length=60)] = Field(
        description="The name of the rung."
    )
    by: PrincipalRef | None = Field(
        None, description="The principal whose rung it is; the other one passes over it (default: "
        "a rung of both)."
    )
    audience_cost: CostBy | None = Field(
        None,
        description="Audience cost (stakes) added on entry. The actor pays it if it ends "
        "below its demand.",
    )
    sunk_cost: CostBy | None = Field(None, description="Cost (stakes) paid on entry.")
    risk: Annotated[ProbabilityBy, Is(Kind.ACCIDENT)] | None = Field(
        None,
        description="Chance of an accident that leads to war, on entry and per turn on this "
        "rung. On the "
        "rung above war, the chance that a war escalates to it.",
    )
    ending: Literal["war", "loss to all"] | None = Field(
        None,
        description="The outcome that this rung stands for (default for a rung called war: `war`).",
    )
    loss: CostBy | None = Field(
        None, description="Loss (stakes) of each principal on the rung above war."
    )

    @property
    def segment(self) -> str:
        """The rung's name in paths."""
        return segment(self.name)


def read_rung(raw: Any) -> Any:
    if isinstance(raw, Rung):
        return raw
    name, body = one_key(raw, "rung")
    if "name" in body:
        raise wrong("`name` is given, but the name of a rung is its key", at=(name, "name"),
                    expected="no `name`; remove it", key=True)
    if "ending" not in body and name == "war":
        body["ending"] = "war"
    return read_body(name, Rung, {"name": name, **body}, hidden=("name",))
