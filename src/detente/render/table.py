"""Tables of values under named columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.render.plain import cell, plain

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Column", "Table"]


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    name
        The heading, and the key in JSON and pandas.
    unit
        Shown after the heading, such as ``"points"`` or ``"share of the stake"``.
    format
        As in :func:`detente.render.plain.cell`: ``"percent"``, ``".2f"``, ... ; empty for text.
    bar
        Draw the number, a share in [0, 1], as a bar too.
    later
        The first screen of a terminal leaves it out.
    on_paper
        Whether a printed page has the column; the screen always has it.

    Examples
    --------
    >>> Column("deliberate", format="percent").show(0.184)
    '18 %'
    """

    name: str
    unit: str | None = None
    format: str = ""
    bar: bool = False
    on_paper: bool = True
    later: bool = False

    def show(self, value: object) -> str:
        """Return the formatted value."""
        return cell(value, self.format)

    @property
    def heading(self) -> str:
        """Name and unit."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


@dataclass(frozen=True)
class Table:
    """Rows under named columns.

    Parameters
    ----------
    title
        Shown above the table; may be empty.
    columns
        A plain name makes a text column.
    rows
        One sequence of values per row, or one mapping from column names (missing keys are None).
    later
        The first screen of a terminal leaves it out.
    printed
        Most rows on a printed page, which says how many it leaves out; all if not given. The
        screen always has all rows.

    Raises
    ------
    ValueError
        The length of a row differs from that of the columns, or a row has an unknown column.

    Examples
    --------
    >>> table = Table("Outcomes", ["outcome", Column("deliberate", format="percent")],
    ...               [("war", 0.184), ("settlement", float("nan"))])
    >>> table.as_dict()["rows"]
    [{'outcome': 'war', 'deliberate': 0.184}, {'outcome': 'settlement', 'deliberate': None}]
    >>> Table.from_pandas(table.to_pandas(), title="Outcomes").as_dict()["rows"][0]
    {'outcome': 'war', 'deliberate': 0.184}
    """

    title: str
    columns: Sequence[Column | str]
    rows: Sequence[Sequence[Any] | Mapping[str, Any]]
    later: bool = False
    printed: int | None = None

    def __post_init__(self) -> None:
        columns = tuple(Column(c) if isinstance(c, str) else c for c in self.columns)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "rows", tuple(self._row(row) for row in self.rows))

    def _row(self, row: Sequence[Any] | Mapping[str, Any]) -> tuple[Any, ...]:
        names = [c.name for c in self.heads]
        if isinstance(row, Mapping):
            if unknown := set(row) - set(names):
                raise ValueError(
                    f"table {self.title!r} has no column {sorted(unknown)}; use {', '.join(names)}"
                )
            return tuple(row.get(name) for name in names)
        if len(row) != len(names):
            raise ValueError(
                f"table {self.title!r}: {len(row)} values for {len(names)} columns; give one each"
            )
        return tuple(row)

    @property
    def unprinted(self) -> int:
        """Number of rows that a printed page leaves out."""
        return 0 if self.printed is None else max(0, len(self.rows) - self.printed)

    @property
    def heads(self) -> tuple[Column, ...]:
        """The columns, each a :class:`Column`."""
        return tuple(Column(c) if isinstance(c, str) else c for c in self.columns)

    @classmethod
    def from_pandas(
        cls, frame: pd.DataFrame, title: str = "", columns: Sequence[Column | str] | None = None
    ) -> Table:
        """Return the table of a data frame, of the ``columns`` named or of all."""
        heads = columns or [str(c) for c in frame.columns]
        names = [c if isinstance(c, str) else c.name for c in heads]
        return cls(title, heads, frame[names].to_numpy(dtype=object).tolist())

    def to_pandas(self) -> pd.DataFrame:
        """Return a data frame with the columns' names."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=[c.name for c in self.heads])

    def as_dict(self) -> dict[str, Any]:
        """Return a dictionary for JSON."""
        names = [c.name for c in self.heads]
        return {
            "title": self.title,
            "columns": [{"name": c.name, "unit": c.unit} for c in self.heads],
            "rows": [dict(zip(names, map(plain, row), strict=True)) for row in self.rows],
        }

    def _repr_html_(self) -> str:
        from detente.render.html import table_html

        return table_html(self)
