"""A user's table for the estimators: CSV or Parquet, with the kind of every used column."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from detente.errors import InputError, nearest
from detente.history.needs import need
from detente.tables.kinds import Column, Missing, key_column, text_column, typed_column
from detente.tables.text import MAX_CELLS, read_bytes, read_table

__all__ = ["ENDINGS", "Role", "kinds_of", "read_columns"]

ENDINGS = (".csv", ".tsv", ".txt", ".parquet")
"""File name extensions that are tables."""

Role = Literal["typed", "text", "key"]
"""Use of a column: by its kind, as names (outcomes of a game), or to tell groups apart."""

READERS = {"typed": typed_column, "text": text_column, "key": key_column}


def read_columns(
    path: str | Path, roles: Mapping[str, Role], missing: Sequence[str] = ()
) -> tuple[pd.DataFrame, list[Column], tuple[str, ...]]:
    """Return the named columns of a table, their kinds, and remarks about the file.

    The label of each row is its line in the file (CSV) or its number from 1 (Parquet).

    Parameters
    ----------
    path
        A file in CSV (with commas, semicolons or tabs) or Parquet.
    roles
        The columns to read, and the use of each. Other columns are not examined.
    missing
        Cells that count as missing, as ``TEXT`` or ``COLUMN=TEXT``, in addition to empty cells.

    Raises
    ------
    InputError
        The file is not a table, a column is absent, or one of its cells is doubtful.
    """
    if Path(path).suffix.lower() == ".parquet":
        return _parquet(path, roles, missing)
    table = read_table(path)
    declared = Missing.declared(missing, table.names)
    columns = [READERS[role](table, name, declared) for name, role in roles.items()]
    data = {c.name: _series(c) for c in columns}
    frame = pd.DataFrame(data)
    frame.index = pd.Index(table.lines, name="line")
    return frame, columns, table.notes


def _series(column: Column) -> Any:
    if column.kind in ("whole number", "yes/no"):
        if any(v is not None and abs(int(v)) >= 2**63 for v in column.values):
            return np.array([np.nan if v is None else float(v) for v in column.values])
        return pd.array([None if v is None else int(v) for v in column.values], dtype="Int64")
    if column.kind == "number":
        return np.array([np.nan if v is None else v for v in column.values], dtype=float)
    return np.array(column.values, dtype=object)


def _parquet(
    path: str | Path, roles: Mapping[str, Role], missing: Sequence[str]
) -> tuple[pd.DataFrame, list[Column], tuple[str, ...]]:
    parquet = need("pyarrow.parquet")
    name = str(path)
    if missing:
        raise InputError("--missing applies to text files", file=name,
                         expected="no --missing with Parquet, which marks missing values itself")
    content = read_bytes(path)
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        if file.metadata.num_rows * max(1, len(roles)) > MAX_CELLS:
            raise InputError("the table is too large", file=name,
                             expected=f"at most {MAX_CELLS:,} cells")
        known = [str(n) for n in file.schema_arrow.names]
        for column in roles:
            if column not in known:
                raise InputError(f"the table has no column {column!r}", file=name,
                                 expected="one of " + ", ".join(known[:12]),
                                 nearest=nearest(column, known))
        frame = file.read(columns=list(roles)).to_pandas()[list(roles)]
    except InputError:
        raise
    except Exception as error:  # pyarrow raises many kinds for damaged files
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(f"the file cannot be read as Parquet: {reason}", file=name,
                         expected="a table in CSV or Parquet") from None
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    for column, role in roles.items():
        values = frame[column]
        if values.map(lambda v: isinstance(v, (list, dict, bytes, np.ndarray))).any():
            raise InputError(f"the column {column!r} holds lists or bytes", file=name,
                             expected="numbers, yes/no or text")
        if role == "text":
            frame[column] = values.map(lambda v: None if pd.isna(v) else str(v)).astype(object)
    return frame, kinds_of(frame, list(roles)), ()


def kinds_of(frame: pd.DataFrame, names: Sequence[str]) -> list[Column]:
    """Return the kinds of columns that have types already, such as those of a data set."""
    out = []
    for name in names:
        values = frame[name]
        kind = "category"
        if pd.api.types.is_bool_dtype(values.dtype):
            kind = "yes/no"
        elif pd.api.types.is_integer_dtype(values.dtype):
            kind = "whole number"
        elif pd.api.types.is_numeric_dtype(values.dtype):
            kind = "number"
        elif pd.api.types.is_datetime64_any_dtype(values.dtype):
            kind = "date"
        out.append(Column(name, kind, (), int(values.isna().sum()), int(values.nunique())))
    return out
