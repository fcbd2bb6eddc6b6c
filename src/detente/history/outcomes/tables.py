"""The tables of crises by name."""

from __future__ import annotations

from pathlib import Path

from detente.errors import InputError, nearest, one_of
from detente.history.outcomes import icb, mid
from detente.history.outcomes.table import Crises

__all__ = ["TABLES", "crises"]

TABLES = {"mid": mid.table, "rungs": mid.table, "icb": icb.table}
"""The function that builds each table."""


def crises(name: str, folder: Path | None = None, *, filled: bool = True) -> Crises:
    """Return a table of crises with known endings.

    Parameters
    ----------
    name
        ``mid``: militarized disputes; ``rungs``: the same disputes by the force that was used;
        ``icb``: international crises.
    folder
        Folder of the downloaded files.
    filled
        Replace missing values of features: by the first later value of the state, else by the
        median of the table. Both use crises that a forecast must not know. A comparison of
        forecasts therefore needs False, which keeps them missing, and
        `detente.history.outcomes.table.Crises.filled` on its training rows, as `detente backtest`
        does.

    Raises
    ------
    InputError
        No table has this name, or a data set has not been downloaded.

    References
    ----------
    [gibler-miller-little-2016], [brecher-wilkenfeld-1997]

    Examples
    --------
    >>> crises("mids")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: no table of crises is called 'mids'; expected one of mid, rungs, icb
    (did you mean 'mid'?)
    """
    if name not in TABLES:
        raise InputError(f"no table of crises is called {name!r}",
                         expected=one_of(name, TABLES), nearest=nearest(name, TABLES))
    return TABLES[name](name, folder, filled=filled)
