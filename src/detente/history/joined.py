"""Record of a join: how many rows of a source were kept, and why the others were left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

__all__ = ["Joined", "joined", "notes", "record"]


@dataclass(frozen=True)
class Joined:
    """The rows of one source in one join.

    Attributes
    ----------
    source
        Name of the joined data set.
    kept
        Number of its rows that found their place in the table.
    dropped
        Number of its rows that did not, by reason.

    Examples
    --------
    >>> print(Joined("atop", 8450, {"outside the years asked for": 12}))
    atop: 8,450 rows joined; left out: 12 (outside the years asked for)
    """

    source: str
    kept: int
    dropped: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the record, ready for JSON."""
        return {"source": self.source, "kept": self.kept, "dropped": dict(self.dropped)}

    def __str__(self) -> str:
        text = f"{self.source}: {self.kept:,} rows joined"
        if self.dropped:
            text += "; left out: " + ", ".join(f"{n:,} ({w})" for w, n in self.dropped.items())
        return text


def record(table: pd.DataFrame, made: Iterable[Joined], words: Iterable[str] = ()) -> None:
    """Keep records of joins, and notes on them, in the attributes of a table."""
    table.attrs["joined"] = [*table.attrs.get("joined", ()), *(j.as_dict() for j in made)]
    table.attrs["notes"] = list(dict.fromkeys([*table.attrs.get("notes", ()), *words]))


def joined(table: pd.DataFrame) -> list[Joined]:
    """Return the records of the joins that made a table.

    Examples
    --------
    >>> table = pd.DataFrame({"x": [1]})
    >>> record(table, [Joined("atop", 1)])
    >>> joined(table)
    [Joined(source='atop', kept=1, dropped={})]
    """
    return [Joined(**j) for j in table.attrs.get("joined", ())]


def notes(table: pd.DataFrame) -> list[str]:
    """Return the notes on the joins that made a table, such as years carried forward."""
    return list(table.attrs.get("notes", ()))
