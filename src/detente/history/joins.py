"""One DuckDB connection to data sets and to the joined tables of states and of pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from detente.errors import InputError, nearest
from detente.history.actors import crisis_actors
from detente.history.countries import country_years
from detente.history.database import views
from detente.history.dyads import dyad_years
from detente.history.joined import joined

__all__ = ["connect"]

JOINS: dict[str, Callable[..., pd.DataFrame]] = {
    "dyad_years": dyad_years, "country_years": country_years, "crisis_actors": crisis_actors,
}
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
        ``dyad_years``, ``country_years`` (with their default years and all parts) or
        ``crisis_actors``. The view ``joined`` then holds, per join and source, the number of rows
        that were kept and left out, by reason.

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
    if made:
        connection.register("joined", pd.DataFrame(
            [(name, j.source, reason, rows) for name, table in made.items() for j in joined(table)
             for reason, rows in (("kept", j.kept), *j.dropped.items())],
            columns=["join", "source", "reason", "rows"]))
    return connection
