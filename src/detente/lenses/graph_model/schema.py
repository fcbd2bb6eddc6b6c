"""The graph model file: what may stand in it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from detente.scenario.model import Model, Name, Slug

__all__ = ["GraphFile", "IrreversibleEntry", "MakerEntry", "OptionEntry", "StatementEntry"]


def _says(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # an option by its number
    return {"says": value} if isinstance(value, str) else value


def _once(value: Any) -> Any:
    return {"option": value} if isinstance(value, str) else value


def _levels(value: Any) -> Any:
    """Let a ranking hold plain names: each level becomes a list."""
    if isinstance(value, list):
        return [[level] if isinstance(level, (str, int)) else level for level in value]
    return value


def _texts(value: Any) -> Any:
    """Let names be written as numbers."""
    if isinstance(value, list):
        return [str(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in value]
    return value


Texts = Annotated[list[str], BeforeValidator(_texts)]


class Source(Model):
    """Where something comes from."""

    id: Slug
    cite: str = Field(description="The citation as it is to be printed.")
    date: str | None = Field(None, description="When it was published or said.")


class OptionEntry(Model):
    """Something a decision maker can do or leave."""

    says: str = Field(description="The option in words.")
    reason: str | None = Field(None, description="Why it is in the model.")


class StatementEntry(Model):
    """One preference statement, by importance."""

    says: str = Field(description="A statement about options, such as `accept if insist`.")
    strong: bool = Field(False, description="A difference in it is a strong preference.")
    unknown: bool = Field(False, description="It matters, but the direction is not known.")
    reason: str | None = Field(None, description="Why the decision maker is thought to want it.")
    source: Slug | None = Field(None, description="Who says so: the id of a source.")


class MakerEntry(Model):
    """A decision maker: its options and what it prefers."""

    name: str | None = Field(None, description="The name to print.")
    options: dict[Name, Annotated[OptionEntry, BeforeValidator(_says)]] = Field(
        default_factory=dict, description="What it can do: id, and the option in words."
    )
    preferences: list[Annotated[StatementEntry, BeforeValidator(_says)]] | None = Field(
        None, description="Statements from most to least important (option prioritising)."
    )
    ranking: Annotated[list[Texts], BeforeValidator(_levels)] | None = Field(
        None,
        description="States from best to worst; a list is a tie, `>>` a step of strong preference.",
    )
    unknown: list[Texts] = Field(
        default_factory=list, description="Pairs of states whose order is not known."
    )
    reason: str | None = Field(None, description="Why these preferences.")


class IrreversibleEntry(Model):
    """A move that cannot be made (again)."""

    option: str | None = Field(None, description="The option that cannot be changed back.")
    once: Literal["taken", "withdrawn"] = Field(
        "taken", description="Whether it is fixed once taken or once withdrawn."
    )
    by: Name | None = Field(None, description="Or: the decision maker who cannot move")
    start: str | None = Field(None, alias="from", description="from states like this")
    end: str | None = Field(None, alias="to", description="to states like this.")


class GraphFile(Model):
    """A conflict as a graph model: options or states and moves, and ordinal preferences."""

    graph: Slug = Field(description="A short name of the model.")
    title: str = Field(description="The conflict in a line.")
    summary: str | None = Field(None, description="What it is about, in a few sentences.")
    question: str | None = Field(None, description="What the model is to answer.")
    sources: list[Source] = Field(default_factory=list, description="Cited sources.")
    decision_makers: dict[Name, MakerEntry] = Field(
        min_length=1, max_length=12, description="Who decides."
    )
    infeasible: list[Annotated[StatementEntry, BeforeValidator(_says)]] = Field(
        default_factory=list,
        description="Combinations that cannot be: statements, or patterns such as `YY--`.",
    )
    irreversible: list[Annotated[IrreversibleEntry, BeforeValidator(_once)]] = Field(
        default_factory=list, description="Options and moves without a way back."
    )
    merged: dict[Name, str] = Field(
        default_factory=dict, description="Combinations that are one state: its name, and which."
    )
    states: Annotated[list[str] | dict[Name, str], BeforeValidator(_texts)] = Field(
        default_factory=list,
        description="Names for states, each with its pattern; without options, the states.",
        union_mode="left_to_right",
    )
    moves: dict[Name, list[Texts]] = Field(
        default_factory=dict,
        description="Without options: the moves of each decision maker, as pairs [from, to].",
    )
    status_quo: str | None = Field(None, description="Today's state: a name or pattern.")
    endings: dict[str, str] = Field(
        default_factory=dict,
        description="For a case that is also a game: its ending -> the states that mean it.",
    )
