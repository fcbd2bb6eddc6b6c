"""Evaluate SQL conditions over a table, each checked to be a truth value or missing."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from detente.errors import InputError, nearest
from detente.history.needs import need

__all__ = ["evaluate", "truth"]

NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL",
           "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
SCALARS = (*NUMBERS, "BOOLEAN", "VARCHAR", "DATE", "TIMESTAMP", "TIME", "ENUM", "UUID")

TRUTH = ("a condition that is true or false in each row, such as viol = 4 AND yrtrig >= 1946, or a "
         "column of 0 and 1")


def evaluate(
    table: pd.DataFrame, expressions: dict[str, str], data: str
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return one column per SQL expression over the columns of a table, and its type.

    The expressions can read the table ``data`` and nothing else: no file and no address.

    Parameters
    ----------
    table
        The rows.
    expressions
        Each by its name in messages, such as ``event``.
    data
        Name of the table in messages.

    Raises
    ------
    InputError
        An expression cannot be read, does not give one plain value per row, or names a column that
        the table does not have.

    Examples
    --------
    >>> found, types = evaluate(pd.DataFrame({"x": [1, 2]}), {"event": "x = 2"}, "own")
    >>> found.event.tolist(), types
    ([False, True], {'event': 'BOOLEAN'})
    """
    duckdb = need("duckdb")
    plain = table.copy(deep=False)
    for c in plain.columns:
        if isinstance(plain[c].dtype, pd.CategoricalDtype):
            plain[c] = plain[c].astype("string")
    connection = duckdb.connect()
    types = {}
    try:
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        connection.register("data", plain)
        columns = {}
        for name, text in expressions.items():
            try:
                columns[name], types[name] = _one(connection, duckdb, name, text, len(plain), data)
            except duckdb.Error as error:
                words = str(error).splitlines()[0]
                unknown = re.search(r'column "([^"]+)" not found', words)
                raise InputError(
                    f"cannot read the question over {data}: {name} {text!r}: {words}",
                    expected="conditions on its columns, such as: viol = 4 AND yrtrig >= 1946",
                    nearest=nearest(unknown[1], list(plain.columns)) if unknown else None,
                    remedy="put single quotes around text and double quotes around the name of a "
                    "column that holds a space or is a word of SQL",
                ) from error
    finally:
        connection.close()
    return pd.DataFrame(columns), types


def _one(
    connection: Any, duckdb: Any, name: str, text: str, rows: int, data: str
) -> tuple[pd.Series[Any], str]:
    if not text.strip():
        raise InputError(f"cannot read the question over {data}: the {name} is empty",
                         expected=TRUTH, remedy="write a condition")
    # The line break ends a comment in the expression.
    query = f"SELECT ({text}\n) AS found FROM data"
    statements = duckdb.extract_statements(query)
    if len(statements) != 1 or ";" in re.sub(r"'[^']*'|\"[^\"]*\"", "", text):
        raise InputError(f"cannot read the question over {data}: {name} {text!r} holds a ';'",
                         expected="one condition", remedy="join conditions with AND or OR")
    described = connection.execute(f"DESCRIBE {query}").fetchall()
    kind = str(described[0][1]).partition("(")[0]
    if len(described) != 1 or described[0][0] != "found" or kind not in (*SCALARS, '"NULL"'):
        raise InputError(f"{name} {text!r} over {data} is not one plain value per row",
                         expected="a number, a text, or a condition that is true or false",
                         remedy="join conditions with AND or OR")
    found = connection.execute(query).df()["found"]
    if len(found) != rows:
        raise InputError(
            f"{name} {text!r} over {data} gives {len(found):,} values for {rows:,} rows",
            expected="one value per row", remedy="use no aggregate, such as count or sum")
    return found, kind


def truth(
    values: pd.Series[Any], kind: str, name: str, text: str, data: str
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return truth values as 1, 0 and nan (unknown).

    Numbers are truth values if each is 0, 1 or missing.

    Raises
    ------
    InputError
        The values are text, days or other numbers.

    Examples
    --------
    >>> truth(pd.Series([True, None, False]), "BOOLEAN", "event", "x = 1", "own")
    array([ 1., nan,  0.])
    >>> truth(pd.Series([4, 1]), "BIGINT", "event", "viol", "own")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: event 'viol' over own is not a truth value: it holds 4; expected ...
    """
    if kind == '"NULL"':
        wrong = "it is missing in every row"
    elif kind != "BOOLEAN" and kind not in NUMBERS:
        some = ", ".join(repr(str(v))[:40] for v in values.dropna().unique()[:3])
        wrong = f"it holds {some}" if some else f"its type is {kind}"
    else:
        numbers = np.asarray(values.astype("Float64").to_numpy(dtype=float, na_value=np.nan),
                             dtype=np.float64)
        others = np.unique(numbers[~np.isnan(numbers) & (numbers != 0) & (numbers != 1)])
        if not len(others):
            return numbers
        wrong = "it holds " + ", ".join(f"{v:g}" for v in others[:4])
    raise InputError(f"{name} {text!r} over {data} is not a truth value: {wrong}", expected=TRUTH,
                     remedy="compare the column with a value")
