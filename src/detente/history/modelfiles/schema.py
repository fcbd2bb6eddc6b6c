"""Schema of the model file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from detente.scenario.model import FilePart, Slug

__all__ = ["EndingEntry", "IndexEntry", "LinkEntry", "ModelEntry", "PriorEntry", "Shrinkage"]


def _outcome(value: Any) -> Any:
    return {"outcome": [value]} if isinstance(value, str) else value


def _one(value: Any) -> Any:
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


def _list(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


class EndingEntry(FilePart):
    """A set of leaves of the tree: those with these outcomes and these climbs."""

    outcome: Annotated[list[str], BeforeValidator(_one)] | None = Field(
        None, description="Outcomes of the game; all of them if this key is left out.")
    escalated: Annotated[list[int], BeforeValidator(_one)] | None = Field(
        None, description="Numbers of actors who escalated on the way; any if left out.")


class IndexEntry(FilePart):
    """A linear index: an intercept and coefficients of covariates."""

    intercept: bool | str = Field(
        True, description="Name of the intercept; true names it after the index; false: none.")
    terms: dict[str, str] | list[str] = Field(
        default_factory=list,
        description="Covariates with the names of their coefficients, or a list of covariates.")


class LinkEntry(IndexEntry):
    """A number of the crisis file as a function of a linear index."""

    link: Literal["identity", "log", "logit"] = Field(
        "identity", description="The index is the number, its log or its log-odds.")


class PriorEntry(FilePart):
    """A Gaussian prior of one coefficient."""

    mean: float | None = Field(
        None, description="Mean; if left out, 0, or the value in the crisis for an intercept.")
    sd: float | None = Field(None, gt=0, description="Standard deviation.")


class Shrinkage(FilePart):
    """Standard deviations of the priors that `priors` does not name."""

    terms: float = Field(1.0, gt=0, description="Of coefficients of covariates.")
    intercepts: float = Field(2.0, gt=0, description="Of intercepts.")


class ModelEntry(FilePart):
    """A crisis whose numbers are functions of covariates, with the endings that a table codes."""

    model: Slug = Field(description="A short name of the model.")
    title: str = Field(description="The model in one line.")
    summary: str | None = Field(None, description="The model in a few sentences.")
    table: str | None = Field(None, description="The table of crises that it is written for.")
    weights: str | None = Field(
        None, description="Column of the table that weighs each row in the likelihood; a row of "
        "weight 2 counts as two rows. All rows count as one if this key is left out.")
    crisis: dict[str, Any] | str = Field(
        description="The template: a crisis, or the path of a crisis file.")
    endings: dict[str, Annotated[
        list[Annotated[EndingEntry, BeforeValidator(_outcome)]], BeforeValidator(_list)
    ]] = Field(min_length=2, description="The endings of the table as sets of leaves.")
    numbers: dict[str, LinkEntry] = Field(
        default_factory=dict, description="Numbers of the crisis that depend on covariates.")
    utilities: dict[str, IndexEntry] = Field(
        default_factory=dict,
        description="Indices that are added to a player's payoff: PLAYER at ENDING.")
    shrinkage: Shrinkage = Field(
        default_factory=lambda: Shrinkage(terms=1.0, intercepts=2.0),
        description="Standard deviations of the priors.")
    priors: dict[str, PriorEntry] = Field(
        default_factory=dict, description="Priors of single coefficients.")
