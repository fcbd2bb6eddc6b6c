"""Checks of the table that a backtest is given, and of its settings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from detente.errors import InputError, nearest, one_of
from detente.history.outcomes.table import Crises

__all__ = ["sound", "whole"]

NEEDED = ("crisis", "year", "pair", "ending")
"""Columns that a table of crises must have beside its features."""


def sound(table: Crises) -> None:
    """Refuse a table that no forecaster could be scored on.

    A missing feature is allowed: each fit fills it from its training rows.

    Raises
    ------
    InputError
        The table has no rows, lacks a column or a value, has an ending that is not listed, or a
        feature that is not a number.
    """
    rows, about = table.rows, f"table {table.name}"
    for name in (*NEEDED, *table.features):
        if name not in rows.columns:
            raise InputError(f"{about} has no column {name!r}", field=name,
                             expected=f"the columns {', '.join(NEEDED)} and one per feature")
    if not len(rows):
        raise InputError(f"{about} has no crises",
                         expected="at least one crisis per fold or origin")
    if len(set(table.endings)) < 2 or len(set(table.endings)) != len(table.endings):
        raise InputError(f"{about} has the endings {', '.join(table.endings) or 'none'}",
                         field="endings", expected="two different endings or more")
    for name in NEEDED:
        gone = rows[name].isna().to_numpy()
        if gone.any():
            raise InputError(f"{about}: {name} is missing in row {int(gone.argmax()) + 1}",
                             field=name, expected=f"a {name} in every row; leave the row out if it "
                             "is not known")
    _numbers(rows, "year", about, whole_numbers=True)
    for name in table.features:
        _numbers(rows, name, about)
    for k, ending in enumerate(rows["ending"]):
        if ending not in table.endings:
            raise InputError(f"{about}: row {k + 1} ends with {ending!r}", field="ending",
                             expected=one_of(str(ending), table.endings),
                             nearest=nearest(str(ending), table.endings))


def _numbers(rows: pd.DataFrame, name: str, about: str, *, whole_numbers: bool = False) -> None:
    """Refuse a column with words or infinite numbers."""
    try:
        values = rows[name].to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise InputError(f"{about}: the column {name} holds words", field=name,
                         expected="numbers") from None
    wrong = np.isinf(values) | (whole_numbers & (values != np.floor(values)))
    if wrong.any():
        k = int(wrong.argmax())
        raise InputError(f"{about}: {name} is {values[k]:g} in row {k + 1}", field=name,
                         expected="whole numbers" if whole_numbers else
                         "finite numbers, or nothing where a value is not known")


def whole(value: object, option: str, least: int) -> None:
    """Refuse a setting that is not a whole number from ``least`` on.

    Examples
    --------
    >>> whole(2.5, "--step", 1)
    Traceback (most recent call last):
    ...
    detente.errors.InputError: --step: 2.5 is not a whole number from 1 on; expected 1 or more
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise InputError(f"{value!r} is not a whole number from {least} on", field=option,
                         expected=f"{least} or more")
