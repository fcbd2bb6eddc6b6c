"""Downloaded data sets as views of a DuckDB database in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from detente.errors import InputError, nearest, one_of
from detente.history.needs import need
from detente.history.read import load

__all__ = ["asked", "views"]


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
        A part is unknown, or ``start`` is after ``end``.

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
    return wanted
