"""Downloaded data sets as views of a DuckDB database in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from detente.errors import InputError, nearest, one_of
from detente.history.joined import Joined
from detente.history.needs import need
from detente.history.read import load

__all__ = ["ABSENT", "FIRST", "LAST", "account", "asked", "members", "views"]

FIRST, LAST = 1816, 2022
"""First year of the state system, and last year that any joined source covers."""

OUTSIDE = "outside the years asked for"
ABSENT = "a state was not a member of the state system in that year"
OTHERS = "not among the pairs asked for"


def views(folder: Path | None = None, tables: Iterable[str] = ()) -> Any:
    """Return a DuckDB connection in which each named data set is a view.

    A hyphen in the name of a data set becomes an underscore in the name of the view.

    Parameters
    ----------
    folder
        Folder of the downloaded files.
    tables
        Names of the data sets.

    Raises
    ------
    InputError
        A data set does not exist or has not been downloaded.
    """
    connection = need("duckdb").connect()
    for name in tables:
        table = load(name, folder)
        for c in table.columns:
            if isinstance(table[c].dtype, pd.CategoricalDtype):
                table[c] = table[c].astype("string")
        connection.register(name.replace("-", "_"), table)
    return connection


def asked(parts: Iterable[str], known: Collection[str], start: int, end: int) -> list[str]:
    """Return the requested parts without repetition.

    Raises
    ------
    InputError
        A part is unknown, ``start`` is after ``end``, or a year is outside `FIRST` to `LAST`.

    Examples
    --------
    >>> asked(["majors", "trade", "majors"], ["majors", "trade"], 1816, 2010)
    ['majors', 'trade']
    """
    wanted = list(dict.fromkeys(parts))
    for part in wanted:
        if part not in known:
            raise InputError(f"unknown part {part!r}", expected=one_of(part, known),
                             nearest=nearest(part, known))
    if start > end:
        raise InputError(f"the years run from {start} to {end}",
                         expected="a first year that is not after the last year")
    if start < FIRST or end > LAST:
        raise InputError(f"the years run from {start} to {end}",
                         expected=f"years from {FIRST}, when the state system begins, to {LAST}, "
                         "the last year of any joined source")
    return wanted


def members(c: Any, first: int, last: int) -> list[str]:
    """Create the table ``member`` of states by year, and return a note on years carried forward.

    The source ends before other sources. A state that is a member on its last day is taken to
    remain one until ``last``.
    """
    c.execute(f"""
        CREATE TEMP TABLE member AS
        SELECT DISTINCT ccode, y.year FROM cow_states s,
          (SELECT unnest(range({first}, {last + 1})) AS year) y
        WHERE y.year BETWEEN s.styear AND CASE
          WHEN s.endyear = (SELECT max(endyear) FROM cow_states)
            AND s.endmonth = 12 AND s.endday = 31
          THEN greatest(s.endyear, {last}) ELSE s.endyear END
        """)
    (ends,) = c.execute("SELECT max(endyear) FROM cow_states").fetchone()
    if last <= ends:
        return []
    (n,) = c.execute(f"SELECT count(*) FROM member WHERE year = {last}").fetchone()
    return [f"cow-states ends in {ends}: its {n} members at the end of {ends} are carried forward "
            f"to {last}"]


def account(
    c: Any, source: str, rows: str, keys: Sequence[str], years: tuple[int, int], system: str,
    table: str,
) -> Joined:
    """Return how many rows of a source were joined, and why the others were left out.

    Parameters
    ----------
    source
        Name of the data set.
    rows
        Table of the source with a column ``id`` per row and the columns ``keys``, of which the last
        is ``year``. A row that holds several years appears once per year.
    keys
        Columns that identify a row of the joined table.
    years
        First and last year of the joined table.
    system
        Table with ``keys`` of everything in the state system.
    table
        The joined table, with ``keys``.
    """
    on = ", ".join(keys)
    kept, inside, absent = c.execute(f"""
        WITH near AS (SELECT * FROM {rows} WHERE year BETWEEN {years[0]} AND {years[1]})
        SELECT (SELECT count(DISTINCT id) FROM near SEMI JOIN {table} USING ({on})),
          (SELECT count(DISTINCT id) FROM near),
          (SELECT count(DISTINCT id) FROM near SEMI JOIN {system} USING ({on}))""").fetchone()
    (total,) = c.execute(f"SELECT count(DISTINCT id) FROM {rows}").fetchone()
    dropped = {OUTSIDE: total - inside, ABSENT: inside - absent, OTHERS: absent - kept}
    return Joined(source, kept, {why: n for why, n in dropped.items() if n})
