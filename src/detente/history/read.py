"""Read a registered file into a typed table with documented columns."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from detente.errors import InputError
from detente.history.dataset import DataSet, Variable
from detente.history.needs import need
from detente.history.registry import get
from detente.history.store import path_of

__all__ = ["load", "read_file", "typed"]

WHOLE = ("country", "year", "count", "code", "flag")


def load(name: str, folder: Path | None = None) -> pd.DataFrame:
    """Return a downloaded data set as a typed table.

    Whole numbers are ``Int64``, codes for missing values are missing, and days are timestamps. The
    citation is in ``table.attrs["citation"]``.

    Raises
    ------
    InputError
        The data set has not been downloaded, or its columns are not the registered ones.
    """
    data = get(name)
    return typed(read_file(path_of(name, folder), data), data)


def read_file(path: Path, data: DataSet) -> pd.DataFrame:
    """Return the raw table of an ``.rda`` or ``.csv`` file."""
    try:
        if data.address.endswith(".csv"):
            return _read_csv(path)
        rdata = need("rdata")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            contents = rdata.read_rda(path)
    except (InputError, MemoryError):
        raise
    except Exception as error:
        raise InputError(
            f"cannot read the file of {data.name}: {error}", file=str(path),
            expected=f"the published file; fetch it again with `detente data fetch {data.name}`",
        ) from error
    tables = [t for t in contents.values() if isinstance(t, pd.DataFrame)]
    if len(tables) != 1:
        raise InputError(f"{len(tables)} tables in the file of {data.name}", expected="one")
    return tables[0].reset_index(drop=True)


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, encoding="utf-8-sig", low_memory=False)
    except UnicodeDecodeError:
        table = pd.read_csv(path, encoding="latin-1", low_memory=False)
        return table.rename(columns=lambda c: c.removeprefix("ï»¿"))


def typed(raw: pd.DataFrame, data: DataSet) -> pd.DataFrame:
    """Return the table with types, missing codes removed and every registered column checked.

    Raises
    ------
    InputError
        A registered column is absent, or holds a value that its kind does not allow.
    """
    raw = raw.rename(columns=str.strip).dropna(how="all").reset_index(drop=True)
    absent = [v.name for v in data.variables if v.name not in raw.columns]
    if absent:
        raise InputError(
            f"the file of {data.name} lacks the columns {', '.join(absent)}",
            expected=", ".join(v.name for v in data.variables),
        )
    columns = {str(c): _column(raw[c], data.variable(str(c)), data) for c in raw.columns}
    table = pd.DataFrame(columns)
    table.attrs.update(name=data.name, citation=list(data.citation), traps=list(data.traps))
    return table


def _column(column: pd.Series[Any], about: Variable | None, data: DataSet) -> pd.Series[Any]:
    kind = about.kind if about else None
    if kind in ("text", "category") or not pd.api.types.is_numeric_dtype(column):
        return column.astype("string") if kind in (None, "text") else column.astype("category")
    codes = about.missing if about and about.missing is not None else data.missing
    column = column.astype("Float64").mask(column.isin(codes))
    if kind == "date":
        days = column.to_numpy(dtype=float, na_value=float("nan"))
        return pd.Series(pd.to_datetime(days, unit="D", origin="unix"), name=column.name)
    if kind in WHOLE:
        if bool((column != column.round()).any()):  # a cast would drop the fraction
            raise InputError(
                f"the column {column.name} of {data.name} holds a fraction", expected=f"a {kind}"
            )
        return column.astype("Int64")
    plain = column.astype(float)
    whole = plain.dropna()
    if kind is None and len(whole) and bool((whole == whole.round()).all()):
        return column.astype("Int64")
    return plain
