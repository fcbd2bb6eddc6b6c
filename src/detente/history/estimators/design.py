"""Design matrices, one per index of a model, from a formula with ``|`` parts."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.errors import InputError, nearest, one_of
from detente.history.estimators.dual import Array
from detente.history.estimators.formula import Part, part
from detente.history.estimators.parameters import Parameter
from detente.history.needs import need

__all__ = ["Design", "as_numbers", "build", "left_columns", "rows_text", "split"]

FUNCTIONS: dict[str, Any] = {"sqrt": np.sqrt, "log1p": np.log1p, "abs": np.abs}
"""Functions of a formula in addition to formulaic's own."""

MOST_LEVELS = 200
"""Largest number of categories of a covariate."""

MOST_COLUMNS = 1_000
"""Largest number of coefficients."""

DEPENDENT = 1e-8
"""A column is collinear with others if this share of it, or less, is independent of them."""


@dataclass(frozen=True)
class Design:
    """Linear indices eta_k = offset_k + X_k theta_k.

    Attributes
    ----------
    indices
        K names (utilities, then log scales).
    X
        K matrices (n, p_k).
    columns
        K tuples of column names.
    offset
        (K,) fixed values.
    left
        The left-hand side columns, (n, L).
    rows
        Labels of the rows that are used.
    dropped
        Number of rows omitted because a variable is missing.
    specs
        Formulaic's specifications, which build the same columns from new data.
    frame
        The used rows with all columns.
    named
        Column of the table to its neutral name in the specifications.
    """

    indices: tuple[str, ...]
    X: tuple[Floats, ...]
    columns: tuple[tuple[str, ...], ...]
    offset: Floats
    left: pd.DataFrame
    rows: Sequence[Any]
    dropped: int
    specs: tuple[Any, ...]
    frame: pd.DataFrame
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return len(self.rows)

    @property
    def slices(self) -> tuple[slice, ...]:
        ends = np.cumsum([0] + [x.shape[1] for x in self.X])
        return tuple(slice(a, b) for a, b in pairwise(ends))

    @property
    def parameters(self) -> list[Parameter]:
        return [Parameter(i, c)
                for i, cs in zip(self.indices, self.columns, strict=True) for c in cs]

    @property
    def names(self) -> list[str]:
        """The parameters in words, for display."""
        return list(map(str, self.parameters))

    def numbers(self, column: str) -> Floats:
        """Return a column of the used rows as numbers; yes/no is 1 and 0.

        Raises
        ------
        InputError
            A cell is not a number.
        """
        return as_numbers(self.frame, column)

    def eta(self, theta: Array) -> Array:
        """Return the indices, (K, n)."""
        parts = zip(self.X, self.slices, self.offset, strict=True)
        return np.stack([o + x @ theta[s] for x, s, o in parts])

    def again(self, data: pd.DataFrame) -> tuple[Floats, ...]:
        """Return the same columns built from new data, without missing values."""
        made = []
        for spec, columns in zip(self.specs, self.columns, strict=True):
            if spec is None:
                made.append(np.zeros((len(data), 0)))
                continue
            absent = [c for c in self.named if c not in data.columns]
            if absent:
                raise InputError(f"the new data has no column {absent[0]!r}",
                                 expected="every column of the formula",
                                 nearest=nearest(absent[0], map(str, data.columns)))
            plain = _neutral(data, self.named)
            try:
                with np.errstate(all="ignore"):
                    x = spec.get_model_matrix(plain, na_action="ignore", context=FUNCTIONS)
                values = np.asarray(x, dtype=float)
            except Exception as error:
                raise InputError(f"cannot build {', '.join(columns)}: {_first(error)}",
                                 expected="columns of the same kinds as in the fit") from error
            _finite(values, columns, data, self.named)
            made.append(values)
        return tuple(made)


def _first(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _neutral(data: pd.DataFrame, named: Mapping[str, str]) -> pd.DataFrame:
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


def _finite(
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


def split(formula: str, count: int, indices: Sequence[str]) -> tuple[str, list[str]]:
    """Return the left-hand side and the ``count`` right-hand parts of a formula.

    Raises
    ------
    InputError
        The formula has no ``~``, or not ``count`` parts.

    Examples
    --------
    >>> split("esc + war ~ x | 0", 2, ["u11", "u13"])
    ('esc + war', ['x', '0'])
    """
    left, tilde, right = formula.partition("~")
    parts = [p.strip() or "0" for p in right.split("|")]
    if not tilde or len(parts) != count:
        raise InputError(
            f"the formula {formula!r} has {len(parts) if tilde else 0} parts after '~'",
            expected=f"{count}, separated by '|', for {', '.join(indices)}",
        )
    return left.strip(), parts


def build(
    left: str,
    parts: Mapping[str, str],
    data: pd.DataFrame,
    fixed: Mapping[str, float] | None = None,
    extra: Sequence[str] = (),
    *,
    full_rank: bool = True,
) -> Design:
    """Build the design matrices over the rows in which no variable is missing.

    Parameters
    ----------
    left
        Left-hand side, such as ``esc + war``; may be empty.
    parts
        Index name to its right-hand side; ``0`` keeps the index at its fixed value (or 0).
    data
        The table.
    fixed
        Values of indices that are not estimated.
    extra
        Further columns that must be present (clusters, plug-in probabilities).
    full_rank
        Whether to refuse constant and collinear columns and fewer rows than coefficients.

    Raises
    ------
    InputError
        A formula is invalid, a column is absent or of the wrong kind, a transformed value is not
        finite, or (with ``full_rank``) the columns of a part are not linearly independent.
    """
    formulaic = need("formulaic")
    fixed = dict(fixed or {})
    for name in fixed:
        if name not in parts:
            raise InputError(f"no index is called {name!r}",
                             expected=one_of(name, parts), nearest=nearest(name, parts))
        if not np.isfinite(fixed[name]):
            raise InputError(f"{name} is held at {fixed[name]}", expected="a finite number")
    known = [str(c) for c in data.columns]
    numbers = {c: k for k, c in enumerate(known)}
    texts = {k: part("0" if k in fixed else p, known, numbers) for k, p in parts.items()}
    outcomes = left_columns(left)
    named: dict[str, str] = {}
    for one in texts.values():
        named |= one.columns
    needed = list(dict.fromkeys([*outcomes, *named, *extra]))
    for name in needed:
        if name not in numbers:
            raise InputError(f"the data has no column {name!r}", expected=one_of(name, known),
                             nearest=nearest(name, known))
    kept = data.dropna(subset=needed)
    if not len(kept):
        raise InputError("every row lacks a variable of the formula",
                         expected="rows with all variables; remove a variable")
    for c in named:
        _covariate(kept, c)
        if isinstance(kept[c].dtype, pd.CategoricalDtype):
            kept = kept.assign(**{c: kept[c].cat.remove_unused_categories()})
    plain = _neutral(kept, named)
    xs: list[Floats] = []
    columns: list[tuple[str, ...]] = []
    specs: list[Any] = []
    for index, one in texts.items():
        try:
            f = formulaic.Formula(one.text)
            if len(f):
                _bounded(f, one, kept)
                with np.errstate(all="ignore"), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    made = f.get_model_matrix(plain, na_action="ignore", context=FUNCTIONS)
                x = np.asarray(made, dtype=float)
        except InputError:
            raise
        except Exception as error:
            raise InputError(
                f"cannot read the formula: {one.shown(_first(error))} in {one.written[:80]!r}",
                expected="names of columns joined by +, such as x + log(z)") from error
        if not len(f):
            xs.append(np.zeros((len(kept), 0)))
            columns.append(())
            specs.append(None)
            continue
        labels = tuple("const" if c == "Intercept" else one.shown(str(c)) for c in made.columns)
        _finite(x, labels, kept, one.columns)
        if full_rank:
            _independent(x, labels, index)
        xs.append(x)
        columns.append(labels)
        specs.append(made.model_spec)
    count = sum(x.shape[1] for x in xs)
    if full_rank and count > len(kept):
        raise InputError(f"{count} coefficients, but only {len(kept)} rows without missing values",
                         expected="more rows than coefficients; remove variables")
    offset = np.array([float(fixed.get(k, 0.0)) for k in parts])
    return Design(
        tuple(parts), tuple(xs), tuple(columns), offset, kept[outcomes], list(kept.index),
        len(data) - len(kept), tuple(specs), kept, named,
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


def _bounded(formula: Any, one: Part, data: pd.DataFrame) -> None:
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


def _covariate(data: pd.DataFrame, name: str) -> None:
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


def _independent(x: Floats, labels: Sequence[str], index: str) -> None:
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
