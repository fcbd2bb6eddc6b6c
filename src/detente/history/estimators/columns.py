"""Columns of a table and of a design matrix: their kinds, and which of them no fit can use."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.errors import InputError
from detente.history.estimators.formula import Part

__all__ = ["as_numbers", "bounded", "covariate", "finite", "independent", "left_columns",
           "neutral", "rows_text"]

MOST_LEVELS = 200
"""Largest number of categories of a covariate."""

MOST_COLUMNS = 1_000
"""Largest number of coefficients."""

DEPENDENT = 1e-8
"""A column is collinear with others if this share of it, or less, is independent of them."""


def neutral(data: pd.DataFrame, named: Mapping[str, str]) -> pd.DataFrame:
    """Return the named columns under neutral names, with kinds that formulaic reads as meant.

    Nullable numbers become floats, yes/no becomes 0 and 1, and unused categories are removed.
    """
    out: dict[str, Any] = {}
    for name, neutral in named.items():
        column = data[name]
        if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_numeric_dtype(column.dtype):
            column = column.astype(float)
        elif not isinstance(column.dtype, pd.CategoricalDtype):
            column = column.astype(object)
        out[neutral] = column
    return pd.DataFrame(out, index=data.index)


def rows_text(data: pd.DataFrame, chosen: NDArray[np.bool_], most: int = 8) -> str:
    """Return the labels of chosen rows in words, such as ``rows 3, 7 and 2 more``.

    Examples
    --------
    >>> rows_text(pd.DataFrame(index=[4, 5, 6]), np.array([True, False, True]))
    'rows 4 and 6'
    """
    labels = [str(x) for x in data.index[chosen]]
    kind = "line" if data.index.name == "line" else "row"
    if len(labels) == 1:
        return f"{kind} {labels[0]}"
    if len(labels) > most:
        return f"{kind}s {', '.join(labels[:most])} and {len(labels) - most:,} more"
    return f"{kind}s {', '.join(labels[:-1])} and {labels[-1]}"


def finite(
    x: Floats, columns: Sequence[str], data: pd.DataFrame, named: Mapping[str, str]
) -> None:
    """Refuse a design matrix with a value that is not finite."""
    bad = ~np.isfinite(x)
    if not bad.any():
        return
    k = int(np.flatnonzero(bad.any(axis=0))[0])
    row = int(np.flatnonzero(bad[:, k])[0])
    used = [n for n in named
            if re.search(rf"(?<![\w.]){re.escape(n)}(?![\w.])", columns[k])]
    given = ", ".join(f"{n} = {data[n].iloc[row]}" for n in used)
    raise InputError(
        f"{columns[k]} has no finite value in {rows_text(data, bad[:, k])}"
        + (f", such as at {given}" if given else ""),
        expected="a finite number in every row; transform the column otherwise, or make these "
        "cells missing",
    )


def as_numbers(data: pd.DataFrame, column: str) -> Floats:
    """Return a column as numbers, nan if missing.

    Raises
    ------
    InputError
        A cell is not a number.

    Examples
    --------
    >>> as_numbers(pd.DataFrame({"go": [True, False]}), "go").tolist()
    [1.0, 0.0]
    """
    values = data[column]
    if values.dtype.kind in "biuf" or pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype=float, na_value=np.nan)
    numbers = pd.to_numeric(values.astype(object), errors="coerce").to_numpy(dtype=float)
    wrong = np.isnan(numbers) & ~values.isna().to_numpy()
    if wrong.any():
        first = values[wrong].iloc[0]
        raise InputError(f"the column {column!r} holds {str(first)[:40]!r} in "
                         + rows_text(data, wrong), expected="a number in every row")
    return numbers


def bounded(formula: Any, one: Part, data: pd.DataFrame) -> None:
    """Refuse a part with more columns than `MOST_COLUMNS`, before they are built."""
    levels = {
        neutral: data[name].nunique() for name, neutral in one.columns.items()
        if not pd.api.types.is_numeric_dtype(data[name].dtype)
        or re.search(rf"\bC\(\s*{neutral}", one.text)
    }
    total = 0
    for term in formula:
        width = 1
        for name in re.findall(r"c_\d+_", str(term)):
            width *= max(1, levels.get(name, 1))
        total += width
    if total > MOST_COLUMNS:
        raise InputError(f"the part {one.written[:80]!r} has {total:,} coefficients",
                         expected=f"at most {MOST_COLUMNS:,}; use fewer categories")


def left_columns(left: str) -> list[str]:
    """Return the columns of a left-hand side.

    Examples
    --------
    >>> left_columns("go + `did fight`")
    ['go', 'did fight']
    """
    names = [n.strip() for n in re.findall(r"(?:`[^`]*`|[^+`])+", left)]
    return [" ".join(n.strip("`").split()) for n in names if n]


def covariate(data: pd.DataFrame, name: str) -> None:
    """Refuse a column that can be neither a number nor a category."""
    column = data[name]
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_numeric_dtype(column.dtype):
        if np.iscomplexobj(column.to_numpy()):
            raise InputError(f"the column {name!r} holds complex numbers",
                             expected="real numbers, or names")
        return
    levels = column.nunique()
    if levels > max(20, min(MOST_LEVELS, len(column) // 4)):
        raise InputError(
            f"the column {name!r} is text with {levels:,} different values in {len(column):,} rows",
            expected="numbers, or a category with at most 20 values (up to 200 if each has four "
            "rows on average); group the values",
        )


def independent(x: Floats, labels: Sequence[str], index: str) -> None:
    """Refuse a part with a column that the others of the part determine."""
    size = np.sqrt((x * x).mean(axis=0))
    if not size.all():
        k = int(np.flatnonzero(size == 0)[0])
        raise InputError(f"{labels[k]} in {index} is 0 in every row",
                         expected="a variable that varies; leave it out")
    unit = x / (size * np.sqrt(len(x)))
    basis = np.zeros((len(x), 0))
    for k, column in enumerate(unit.T):
        rest = column - basis @ (basis.T @ column)
        rest = rest - basis @ (basis.T @ rest)
        length = float(np.linalg.norm(rest))
        if length > DEPENDENT:
            basis = np.column_stack([basis, rest / length])
            continue
        weights = np.linalg.lstsq(unit[:, :k], column, rcond=None)[0]
        others = [name for name, w in zip(labels, weights, strict=False) if abs(w) > 1e-6]
        if others == ["const"]:
            raise InputError(f"{labels[k]} in {index} is constant: it has one value in every row",
                             expected="a variable that varies, or no constant (0 + ...); leave it "
                             "out")
        raise InputError(
            f"{labels[k]} in {index} is a linear combination of {', '.join(others)} (collinear)",
            expected="variables that are not determined by the others; leave one of them out",
        )
