"""Schema of the graph model file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from detente.scenario.model import FilePart, Name, Slug

__all__ = ["GraphFile", "IrreversibleEntry", "MakerEntry", "OptionEntry", "StatementEntry"]


def _says(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # an option by its number
    return {"says": value} if isinstance(value, str) else value


def _once(value: Any) -> Any:
    return {"option": value} if isinstance(value, str) else value


def _levels(value: Any) -> Any:
    """Convert each level of a ranking to a list, so that plain names are allowed."""
    if isinstance(value, list):
        return [[level] if isinstance(level, (str, int)) else level for level in value]
    return value


def _texts(value: Any) -> Any:
    """Convert names that are written as numbers to text."""
    if isinstance(value, list):
        return [str(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in value]
    return value


Texts = Annotated[list[str], BeforeValidator(_texts)]


class Source(FilePart):
    """A cited source."""

    id: Slug
    cite: str = Field(description="The citation to print.")
    date: str | None = Field(None, description="Date of publication or statement.")


class OptionEntry(FilePart):
    """An option that a decision maker can take or not take."""

    says: str = Field(description="The option in words.")
    reason: str | None = Field(None, description="Reason for including it.")


class StatementEntry(FilePart):
    """One preference statement. Statements are listed by importance."""

    says: str = Field(description="A statement about options, such as `accept if insist`.")
    strong: bool = Field(False, description="Whether a difference in it is a strong preference.")
    unknown: bool = Field(False, description="Whether its direction is not known.")
    reason: str | None = Field(None, description="Reason for ascribing it to the decision maker.")
    source: Slug | None = Field(None, description="Id of the source.")


class MakerEntry(FilePart):
    """A decision maker: its options and preferences."""

    name: str | None = Field(None, description="The name to print.")
    options: dict[Name, Annotated[OptionEntry, BeforeValidator(_says)]] = Field(
        default_factory=dict, description="Its options: id, and the option in words."
    )
    preferences: list[Annotated[StatementEntry, BeforeValidator(_says)]] | None = Field(
        None, description="Statements from most to least important (option prioritising)."
    )
    ranking: Annotated[list[Texts], BeforeValidator(_levels)] | None = Field(
        None,
        description="States from best to worst; a list is a tie, `>>` is a strong preference.",
    )
    unknown: list[Texts] = Field(
        default_factory=list, description="Pairs of states whose order is not known."
    )
    reason: str | None = Field(None, description="Reason for these preferences.")


class IrreversibleEntry(FilePart):
    """A move that cannot be made or cannot be reversed."""

    option: str | None = Field(None, description="The option that cannot be changed back.")
    once: Literal["taken", "withdrawn"] = Field(
        "taken", description="Whether it is fixed once taken or once withdrawn."
    )
    by: Name | None = Field(None, description="Or: the decision maker that cannot move")
    start: str | None = Field(None, alias="from", description="from states that match this")
    end: str | None = Field(None, alias="to", description="to states that match this.")


class GraphFile(FilePart):
    """A conflict as a graph model: options or states and moves, and ordinal preferences."""

    graph: Slug = Field(description="A short name of the model.")
    title: str = Field(description="The conflict in one line.")
    summary: str | None = Field(None, description="The conflict in a few sentences.")
    question: str | None = Field(None, description="The question that the model answers.")
    sources: list[Source] = Field(default_factory=list, description="Cited sources.")
    decision_makers: dict[Name, MakerEntry] = Field(
        min_length=1, max_length=12, description="The decision makers."
    )
    infeasible: list[Annotated[StatementEntry, BeforeValidator(_says)]] = Field(
        default_factory=list,
        description="Infeasible combinations: statements, or patterns such as `YY--`.",
    )
    irreversible: list[Annotated[IrreversibleEntry, BeforeValidator(_once)]] = Field(
        default_factory=list, description="Options and moves that cannot be reversed."
    )
    merged: dict[Name, str] = Field(
        default_factory=dict, description="Combinations that form one state: its name and pattern."
    )
    states: Annotated[list[str] | dict[Name, str], BeforeValidator(_texts)] = Field(
        default_factory=list,
        description="Names of states with their patterns; without options, a list of states.",
        union_mode="left_to_right",
    )
    moves: dict[Name, list[Texts]] = Field(
        default_factory=dict,
        description="Without options: the moves of each decision maker, as pairs [from, to].",
    )
    status_quo: str | None = Field(None, description="The present state: a name or pattern.")
    endings: dict[str, str] = Field(
        default_factory=dict,
        description="If the case is also a game: its outcome -> the corresponding states.",
    )
