"""A finding: one module with a part of the results of an analysis, in every form of output.

A finding is data (``rows``), a table of numbers, a chart and a section of words. The registry
(`detente.findings.registry`) finds every module of this package that has a ``FINDING``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from detente.identifiers import Act, ActionProfile, Move

if TYPE_CHECKING:
    import pandas as pd

    from detente.analysis.analysis import Analysis
    from detente.render import Chart, Section

__all__ = ["RESERVED", "ActRow", "Finding", "act_row", "act_rows", "frame"]

RESERVED = frozenset({
    "case", "title", "file_sha256", "version", "seed", "answer", "question", "lambda", "epsilon",
    "certificate", "samples", "warnings", "added", "brief",
})
"""Keys of the JSON document that belong to no finding."""


class ActRow(TypedDict):
    """One act as data; the actor is empty if chance makes it, the object if there is none."""

    actor: str
    verb: str
    object: str


def act_row(act: Act) -> ActRow:
    """Return an act as data."""
    return {"actor": act.actor, "verb": act.verb, "object": act.object}


def act_rows(move: Move) -> list[ActRow]:
    """Return the acts of a move as data: one, or several that are made at once.

    Examples
    --------
    >>> act_rows(Act("aland", "hold"))
    [{'actor': 'aland', 'verb': 'hold', 'object': ''}]
    """
    return list(map(act_row, move.acts if isinstance(move, ActionProfile) else (move,)))


@dataclass(frozen=True)
class Finding:
    """A plug-in of the report.

    Parameters
    ----------
    key : str
        Its name in ``found.tables``, ``found.charts`` and the JSON document. It is an identifier;
        the section of the report has it with hyphens.
    title : str
        Title of the section: a noun.
    order : int
        Place in the report and in the JSON document. The smallest comes first.
    section : callable
        Takes the analysis. Returns the section, several sections, or None if there is nothing to
        show.
    rows : callable, optional
        Takes the analysis. Returns data with numeric values; JSON holds them under the key.
    kind : type, optional
        Type of what ``rows`` returns, from which the JSON Schema is made.
    table : callable, optional
        Takes the analysis. Returns the data frame of ``found.tables``; by default `frame` of the
        rows.

    Raises
    ------
    ValueError
        The key is one of the document's own (`RESERVED`).

    Examples
    --------
    >>> from detente.render import Section
    >>> made = Finding("size", "Size of the game", 1,
    ...                section=lambda analysis: Section("", "", f"{analysis} nodes."))
    >>> made.sections(3)[0].id, made.sections(3)[0].title, made.sections(3)[0].lead
    ('size', 'Size of the game', '3 nodes.')
    """

    key: str
    title: str
    order: int
    section: Callable[[Any], Section | Sequence[Section] | None]
    rows: Callable[[Any], Any] | None = None
    kind: Any = None
    table: Callable[[Any], pd.DataFrame] | None = None

    def __post_init__(self) -> None:
        if not self.key.isidentifier():
            raise ValueError(f"the key of a finding is {self.key!r}; use letters, digits and _")
        if self.key in RESERVED:
            raise ValueError(f"the key {self.key!r} belongs to the document; choose another key")

    def sections(self, analysis: Analysis) -> list[Section]:
        """Return its sections of the report; a single section gets the key and the title."""
        made = self.section(analysis)
        if made is None:
            return []
        if isinstance(made, Sequence):
            return list(made)
        return [replace(made, id=self.key.replace("_", "-"), title=self.title)]

    def data(self, analysis: Analysis) -> Any:
        """Return its rows; None if it has no data."""
        return None if self.rows is None else self.rows(analysis)

    def frame(self, analysis: Analysis) -> pd.DataFrame:
        """Return its table for a notebook; probabilities and errors are numbers."""
        return self.table(analysis) if self.table else frame(self.data(analysis) or [])

    def charts(self, analysis: Analysis) -> list[Chart]:
        """Return its charts."""
        return [chart for made in self.sections(analysis) for chart in made.charts]


def frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as a data frame: numbers as numbers, one column per entry of a mapping.

    Lists of text are joined by arrows; other lists are left out because a cell holds one value.

    Examples
    --------
    >>> rows = [{"name": "war", "low": None, "outcomes": {"war": 0.2}, "moves": ["hold", "yield"]},
    ...         {"name": "peace", "low": None, "outcomes": {"war": 0.1}, "moves": []}]
    >>> made = frame(rows)
    >>> list(made.columns), str(made["low"].dtype), made["moves"][0]
    (['name', 'low', 'outcomes.war', 'moves'], 'float64', 'hold → yield')
    """
    import pandas as pd

    hidden = {name for row in rows for name, value in row.items()
              if isinstance(value, (list, tuple)) and not all(isinstance(x, str) for x in value)}
    flat: list[dict[str, Any]] = []
    for row in rows:
        out: dict[str, Any] = {}
        for name, value in row.items():
            if isinstance(value, Mapping):
                out.update({f"{name}.{inner}": x for inner, x in value.items()})
            elif not isinstance(value, (list, tuple)):
                out[name] = value
            elif name not in hidden:
                out[name] = " → ".join(value)
        flat.append(out)
    made = pd.DataFrame(flat)
    for name in made.columns:
        values = made[name]
        if values.dtype == object and all(
            x is None or (isinstance(x, (int, float)) and not isinstance(x, bool)) for x in values
        ):
            made[name] = values.astype(float)
    return made
