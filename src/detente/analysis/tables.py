"""Results as pandas tables and charts, made when they are asked for, and in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from detente.errors import misspelt

if TYPE_CHECKING:
    import pandas as pd

    from detente.render import Chart

__all__ = ["ResultCharts", "Tables", "in_notebook"]

LONGEST = 60
"""Rows of a table that a notebook shows; `tables` has them all."""

Rows = list[dict[str, Any]]


class Tables(Mapping[str, "pd.DataFrame"]):
    """Data frames by name, made from rows; numbers stay numbers.

    Parameters
    ----------
    made : mapping of str to callable
        The function that returns the rows of each table.

    Examples
    --------
    >>> tables = Tables({"outcomes": lambda: [{"outcome": "war", "fallible": 0.2}]})
    >>> tables, float(tables["outcomes"]["fallible"].sum())
    (tables: outcomes, 0.2)
    """

    def __init__(self, made: Mapping[str, Callable[[], Rows]]) -> None:
        self._rows = dict(made)
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, key: str) -> pd.DataFrame:
        import pandas as pd

        if key not in self._rows:
            raise KeyError(misspelt(key, self))
        if key not in self._made:
            frame = pd.DataFrame(self._rows[key]())
            for name in frame.columns:
                known = frame[name].dropna()
                if frame[name].dtype == object and len(known) and all(
                    isinstance(x, (int, float)) and not isinstance(x, bool) for x in known
                ):
                    frame[name] = frame[name].astype(float)
            self._made[key] = frame
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"tables: {', '.join(self)}"


class ResultCharts(Mapping[str, "Chart"]):
    """Charts by name, drawn when they are asked for.

    Parameters
    ----------
    made : mapping of str to callable
        The function that draws each chart.

    Examples
    --------
    >>> ResultCharts({})
    charts: none
    """

    def __init__(self, made: Mapping[str, Callable[[], Chart]]) -> None:
        self._draw = dict(made)

    def __getitem__(self, key: str) -> Chart:
        if key not in self._draw:
            raise KeyError(misspelt(key, self))
        return self._draw[key]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._draw)

    def __len__(self) -> int:
        return len(self._draw)

    def __repr__(self) -> str:
        return f"charts: {', '.join(self) or 'none'}"


def in_notebook(
    title: str, tables: Tables, charts: Mapping[str, Chart], *, certified: bool
) -> str:
    """Return a result as HTML: its summary, its charts and its tables.

    Examples
    --------
    >>> shown = in_notebook("a < b", Tables({"p": lambda: [{"war": 0.2}]}), {}, certified=True)
    >>> "a &lt; b" in shown, "0.2" in shown
    (True, True)
    """
    from detente.render import Section, Table

    made = []
    for name, frame in tables.items():
        if not len(frame.columns):
            continue
        shown = frame.iloc[:LONGEST]
        rows = [tuple(None if x != x else x for x in row)  # nan differs from itself
                for row in shown.astype(object).itertuples(index=False, name=None)]
        more = "" if len(frame) <= LONGEST else f" (first {LONGEST} of {len(frame)} rows)"
        made.append(Table(name + more, list(map(str, frame.columns)), rows))
    section = Section("result", title, tables=made, charts=list(charts.values()),
                      certified=certified)
    return section._repr_html_()
