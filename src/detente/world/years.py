"""States between two enemies, year by year, with the ties behind each: screen, report, document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typing_extensions import TypedDict

from detente.errors import InputError, nearest, one_of
from detente.publish import schema_of
from detente.render.section import Column, Report, Section, Table
from detente.world.between import Between, between_by_year, counts
from detente.world.document import BetweenRow
from detente.world.fromdata import DEFINITIONS, years
from detente.world.sections import cut_rows
from detente.world.ties import Ties
from detente.world.words import cut, short

__all__ = ["Years", "YearsDocument", "as_dict", "report", "schema", "study_years"]

STATES, NAMES = 10, 6
"""States on the first screen, and states named per year in the report."""

Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Years:
    """The states between two enemies in each year of a range.

    Attributes
    ----------
    definition : str
    found : tuple
        Year, ties, and each state between two enemies.
    state : str
        The only state that is listed; empty if all are.
    """

    definition: str
    found: tuple[tuple[int, Ties, list[Between]], ...]
    state: str = ""

    @property
    def title(self) -> str:
        """The range of years in words."""
        return f"States between two enemies, {self.found[0][0]} to {self.found[-1][0]}"


def study_years(
    first: int, last: int, definition: str, folder: Path | None = None, *, state: str = "",
    tell: Tell | None = None,
) -> Years:
    """Find the states between two enemies in every year of a range.

    Raises
    ------
    InputError
        The range is empty or outside the data, the definition is unknown, no state has the name, or
        the data has not been downloaded.

    Examples
    --------
    >>> study_years(1950, 1946, "force")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: the range 1950-1946 has no years; expected the earlier year first
    """
    if first > last:
        raise InputError(f"the range {first}-{last} has no years",
                         expected="the earlier year first")
    covered = years(definition)
    inside = [y for y in covered if first <= y <= last]
    if first < covered[0] or last > covered[-1] or not inside:
        raise InputError(f"the data does not cover the years {first}-{last}",
                         expected=f"years from {covered[0]} to {covered[-1]}"
                         f"{f' without {gap}' if (gap := _gaps(covered)) else ''} for the "
                         f"definition {definition}")
    found = []
    for row in between_by_year(inside, definition, folder):
        found.append(row)
        if tell is not None:
            tell(len(found), len(inside), "counting ties year by year")
    if not state:
        return Years(definition, tuple(found))
    known = sorted({a for _, ties, _ in found for a in ties.actors})
    name = {a.casefold(): a for a in known}.get(state.casefold())
    if name is None:
        raise InputError(f"there is no state {state!r} with a tie in these years",
                         expected=one_of(state, known), nearest=nearest(state, known))
    return Years(definition, tuple((y, ties, [b for b in rows if b.actor == name])
                                   for y, ties, rows in found), name)


def _gaps(held: Sequence[int]) -> str:
    """Return the years that are absent between the first and the last, in words."""
    return ", ".join(map(str, sorted({*range(held[0], held[-1])} - {*held})))


def _summary(made: Years) -> list[tuple[str, int, int, str]]:
    """Return each state with its years between two enemies, its most pairs, and the span."""
    held: dict[str, dict[int, int]] = {}
    for year, _, rows in made.found:
        for state, n in counts(rows).items():
            held.setdefault(state, {})[year] = n
    out = [(a, len(n), max(n.values()), f"{min(n)} to {max(n)}") for a, n in held.items()]
    return sorted(out, key=lambda r: (-r[1], -r[2], r[0]))


def report(made: Years, data: dict[str, Any] | None = None) -> Report:
    """Return the whole report, with the first screen as its brief."""
    every = _summary(made)
    some = sum(bool(rows) for _, _, rows in made.found)
    who = made.state or "at least one state"
    lead = (f"In {some} of {len(made.found)} years {who} has a friendly tie with each of two "
            "enemies.")
    words = f"Ties ({made.definition}): {DEFINITIONS[made.definition].rstrip('.')}."
    if gap := _gaps([year for year, _, _ in made.found]):
        words += f" Left out, because they have no data: {gap}."
    columns: list[Column | str] = [
        "state", Column("years", format=".0f"), Column("most pairs in a year", format=".0f"),
        "from the first to the last year"]
    sources = list(dict.fromkeys(made.found[0][1].sources))
    more = ([f"{len(every) - STATES} more states: see --full or --json."]
            if len(every) > STATES else [])
    top = [Table("", columns, every[:STATES])] if every else []
    brief = Section("brief", "First screen", f"{words}\n{lead}", top,
                    notes=[*more, "Data: " + "; ".join(map(short, sources)) + "."])
    by_year = [(f"{year}", ties.n, ties.m, len(rows),
                cut([f"{a} {n}" for a, n in counts(rows).items()], NAMES))
               for year, ties, rows in made.found]
    behind, left = cut_rows([
        (f"{year}", b.actor, " and ".join(b.enemies),
         *("; ".join(ties.evidence[e]) for e in b.ties)) for year, ties, rows in made.found
        for b in rows])
    sections = [
        Section("years", "By year", lead, [Table("", [
            "year", Column("states", format=".0f"), Column("ties", format=".0f"),
            Column("pairs of enemies", format=".0f"), "states between them (pairs)"], by_year),
            *([Table("States", columns, every)] if every else [])], notes=[words, *sources]),
        Section("behind", "Ties behind each", "Each row has the three ties of one state and year.",
                [Table("", ["year", "state", "enemies", "tie with the first",
                            "tie with the second", "their enmity"], behind)] if behind else [],
                notes=left)]
    return Report(made.title, "A signed network by year", lead, sections,
                  meta={"definition": made.definition}, brief=brief, data=data)


class YearBetween(TypedDict):
    """One year: its states, ties, and each state between two enemies with what the ties rest on."""

    year: int
    states: int
    ties: int
    between: list[BetweenRow]


class YearsDocument(TypedDict):
    """The document of ``detente world FIRST-LAST --json``; ``state`` is null if all are listed."""

    title: str
    definition: str
    words: str
    first: int
    last: int
    state: str | None
    years: list[YearBetween]
    sources: list[str]


def as_dict(made: Years) -> dict[str, Any]:
    """Return the years as plain data; see `YearsDocument`."""
    return {
        "title": made.title, "definition": made.definition, "words": DEFINITIONS[made.definition],
        "first": made.found[0][0], "last": made.found[-1][0], "state": made.state or None,
        "years": [{"year": year, "states": ties.n, "ties": ties.m,
                   "between": [b.as_dict(ties) for b in rows]}
                  for year, ties, rows in made.found],
        "sources": list(dict.fromkeys(made.found[0][1].sources)),
    }


def schema() -> dict[str, Any]:
    """Return the schema of the document."""
    return schema_of(YearsDocument, "detente world FIRST-LAST --json",
                     "Names are those of the Correlates of War list.")
