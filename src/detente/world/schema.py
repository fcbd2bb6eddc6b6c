"""Schema of a ties file: actors with sizes, signed ties by definition, and shocks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from detente.scenario.beside import Source, Text
from detente.scenario.model import ActorRef, FilePart, Name, Slug, SourceRef, wrong
from detente.scenario.quantity import LARGEST, Limits
from detente.scenario.ranges import Quantity

__all__ = ["DATA", "Actor", "Definition", "FromData", "Shock", "Tie", "TiesSchema"]

DATA = Literal["force", "force-5", "rivalry", "force+rivalry", "votes", "votes-narrow",
               "force+rivalry+votes"]
"""The definitions of ties from the registered data; see `detente.world.fromdata`."""

DefinitionName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_+-]*$", max_length=80)]

Value = Annotated[Quantity, Limits(-1.0, 1.0, "a number from -1 (hostile) to 1 (friendly), in all "
                                   "of its range")]

Size = Annotated[Quantity, Limits(0.0, LARGEST, "a number above 0 and at most 1e6, in all of its "
                                  "range; write all sizes in a larger unit", open_below=True)]
Precision = Annotated[Quantity, Limits(0.0, LARGEST, "a number above 0 and at most 1e6, in all of "
                                       "its range", open_below=True)]
Pull = Annotated[Quantity, Limits(0.0, LARGEST, "a number from 0 to 1e6, in all of its range")]
Incentive = Annotated[Quantity, Limits(-LARGEST, LARGEST, "a number from -1e6 to 1e6, in all of "
                                       "its range")]


class Definition(FilePart):
    """One answer to the question of what counts as a tie."""

    says: Text = Field("", description="What counts as a tie, in one sentence. A definition from "
                       "data has a sentence of its own.")
    data: DATA | None = Field(None, description="The definition of `detente world` by which the "
                              "ties are taken from the registered data (with `from`).")


class Actor(FilePart):
    """A state or another party."""

    title: str = Field("", description="The name to print, different for each actor.")
    size: Size | None = Field(None, description="Its size, on the scale that `sizes` explains; "
                                  "1 if not given.")


class Tie(FilePart):
    """A friendly or hostile tie between two actors."""

    between: Annotated[list[ActorRef], Field(min_length=2, max_length=2)] = Field(
        description="The two actors.")
    value: Value = Field(description="From -1 (hostile) to 1 (friendly); the centre of a range is "
                         "not 0.")
    both: bool = Field(False, description="The two are friend and enemy at once. The value is then "
                       "negative.")
    counts: Annotated[list[DefinitionName], Field(min_length=1)] = Field(
        description="The definitions by which it counts as a tie.")
    because: Text = Field(description="The facts on which the value rests.")
    source: SourceRef | None = Field(None, description="The id of the source.")

    @model_validator(mode="after")
    def _sensible(self) -> Tie:
        if self.between[0] == self.between[1]:
            raise wrong("a tie joins an actor to itself", at=("between",),
                        expected="two different actors")
        if self.value.centre == 0:
            raise wrong("the centre of the value is 0", at=("value",),
                        expected="a range with a centre above or below 0; leave the tie out if "
                                 "neither sign is more probable")
        if not self.because.strip():
            raise wrong("the reason is empty", at=("because",),
                        expected="the facts on which the value rests")
        if self.both and self.value.centre > 0:
            raise wrong("the two are friend and enemy at once, with a positive value",
                        at=("value",), expected="a negative value")
        return self


class Shock(FilePart):
    """A shock that may not be undone when its cause ends; see `detente.world.fold`."""

    title: str = Field("", description="The name to print.")
    precision: Precision = Field(description="Precision beta of coordination.")
    pull: Pull = Field(description="Pull J of the others' behaviour.")
    before: Incentive = Field(description="Incentive h before the shock.")
    during: Incentive = Field(description="Incentive h while the cause lasts.")
    after: Incentive = Field(description="Incentive h after it.")
    because: Text = Field(description="The reason for the numbers.")
    source: SourceRef | None = Field(None, description="The id of the source.")


class FromData(FilePart):
    """Ties from the registered data of one year."""

    year: Annotated[int, Field(ge=1816, le=2019)] = Field(description="The year.")


class TiesSchema(FilePart):
    """A signed network with one or more definitions of a tie."""

    name: Slug = Field(alias="ties", description="The name of the file, or of its case.")
    title: str = Field(description="The name to print.")
    year: Annotated[int, Field(ge=1, le=9999)] | None = Field(
        None, description="The year that the ties describe.")
    summary: Text = Field("", description="Remarks.")
    sources: list[Source] = Field([], description="The sources of the numbers.")
    definitions: Annotated[dict[DefinitionName, Definition], Field(max_length=12)] = Field(
        {}, description="What counts as a tie: at least one definition, better two. A file with "
        "shocks only has none.")
    sizes: Text = Field("", description="What a size measures.")
    actors: Annotated[dict[Name, Actor], Field(max_length=200)] = Field(
        {}, description="The actors by name.")
    pairs: Annotated[list[Tie], Field(max_length=2000)] = Field([], description="The ties.")
    from_: FromData | None = Field(
        None, alias="from", description="Take actors and ties from the registered data.")
    shocks: dict[Slug, Shock] = Field({}, description="Shocks, by name.")
