"""Coded facts of a crisis: the sides, the object, the template and the sources."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import Field

from detente.errors import InputError, nearest, one_of
from detente.scenario.beside import Source
from detente.scenario.model import FilePart, Slug
from detente.scenario.yamlfile import read_yaml, validate

__all__ = ["Facts", "Side", "facts", "named", "of_icb"]


class Side(FilePart):
    """A government in a crisis."""

    id: str = Field(description="Its name in the crisis file.", pattern=r"^[a-z][a-z_]*$")
    title: str = Field(description="The name to print.")
    cow: int = Field(description="Its number in the Correlates of War.")


class Facts(FilePart):
    """The coded facts of one crisis; nothing in them says how it ended."""

    name: Slug = Field(description="The name of the file.")
    icb: int | None = Field(None, description="Its number in International Crisis Behavior.")
    title: str = Field(description="The title to print.")
    date: str = Field(description="The day of the trigger.", pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")
    challenger: Side = Field(description="The source of the threat.")
    target: Side = Field(description="The government that first saw a threat.")
    object: str = Field(description="The object of the dispute, in words.")
    template: str = Field(description="The template.")
    why: str = Field(description="The answer to the question that decided the template.")
    summary: str = Field(description="The crisis until the day of the trigger.")
    sources: list[Source] = Field(description="The sources of the facts.")
    cannot: list[str] = Field(default_factory=list, description="Limits of the file.")

    @property
    def year(self) -> int:
        """The year of the trigger."""
        return int(self.date[:4])

    @property
    def pair(self) -> str:
        """The pair of states, the smaller number first."""
        low, high = sorted((self.challenger.cow, self.target.cow))
        return f"{low}-{high}"


def named() -> dict[str, Path]:
    """Return the files of coded facts by the name of their crisis, in the order of the years.

    Examples
    --------
    >>> len(named())
    32
    """
    folder = Path(str(files("detente.casebook"))) / "facts"
    found = sorted(folder.glob("*.yaml"), key=lambda file: (file.stem[-4:], file.stem))
    return {file.stem: file for file in found}


def facts(name: str) -> Facts:
    """Return the coded facts of a crisis of the casebook.

    Raises
    ------
    InputError
        The casebook has no such crisis.

    Examples
    --------
    >>> facts("book-memel-1939").pair
    '255-368'
    """
    known = named()
    if name not in known:
        raise InputError(f"the casebook has no crisis {name!r}", expected=one_of(name, known),
                         nearest=nearest(name, known))
    return validate(read_yaml(known[name]), Facts)


def of_icb(number: int) -> Facts | None:
    """Return the coded facts of an ICB crisis, or None if the casebook does not hold it.

    Examples
    --------
    >>> of_icb(69).name, of_icb(1)
    ('book-memel-1939', None)
    """
    return next((found for found in map(facts, named()) if found.icb == number), None)
