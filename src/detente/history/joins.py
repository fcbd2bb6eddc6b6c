"""One DuckDB connection to data sets and to the joined tables of states and of pairs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from detente.errors import InputError, nearest
from detente.history.countries import country_years
from detente.history.database import views
from detente.history.dyads import dyad_years

__all__ = ["connect"]

JOINS = {"dyad_years": dyad_years, "country_years": country_years}
"""The joined tables by name."""


def connect(
    folder: Path | None = None, tables: Iterable[str] = (), joins: Iterable[str] = ()
) -> Any:
    """Return a DuckDB connection in which each named data set or join is a view.

    A hyphen in the name of a data set becomes an underscore in the name of the view.

    Parameters
    ----------
    folder
        Folder of the downloaded files.
    tables
        Names of data sets.
    joins
        ``dyad_years`` or ``country_years``: the joined tables with all years and parts.

    Raises
    ------
    InputError
        A data set or a join does not exist, or a data set has not been downloaded.
    """
    made = {}
    for name in joins:
        if name not in JOINS:
            raise InputError(f"no join is called {name!r}", expected=" or ".join(JOINS),
                             nearest=nearest(name, JOINS))
        made[name] = JOINS[name](folder=folder)
    connection = views(folder, tables)
    for name, table in made.items():
        connection.register(name, table)
    return connection
