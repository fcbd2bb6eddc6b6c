"""Design matrices, one per index of a model, from a formula with ``|`` parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from detente.arrays import Floats
from detente.errors import InputError, nearest, one_of
from detente.history.estimators.dual import Array
from detente.history.needs import need

__all__ = ["Design", "build", "split"]

FUNCTIONS: dict[str, Any] = {
    "sqrt": np.sqrt, "log": np.log, "log1p": np.log1p, "exp": np.exp, "abs": np.abs,
}
"""Functions that a formula may use in addition to formulaic's transforms."""


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

    @property
    def n(self) -> int:
        return len(self.rows)

    @property
    def slices(self) -> tuple[slice, ...]:
        ends = np.cumsum([0] + [x.shape[1] for x in self.X])
        return tuple(slice(a, b) for a, b in pairwise(ends))

    @property
    def names(self) -> list[str]:
        return [f"{i}:{c}" for i, cs in zip(self.indices, self.columns, strict=True) for c in cs]

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
            try:
                x = spec.get_model_matrix(_plain(data), na_action="raise", context=FUNCTIONS)
            except Exception as error:
                raise InputError(
                    f"cannot build {', '.join(columns)}: {_first(error)}",
                    expected="data with the variables and levels of the fitted data",
                ) from error
            made.append(np.asarray(x, dtype=float))
        return tuple(made)


def _first(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _plain(data: pd.DataFrame, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the table with pandas' nullable numbers as plain floats, which formulaic expects."""
    kinds = {}
    for c in data.columns if columns is None else dict.fromkeys(columns):
        if pd.api.types.is_extension_array_dtype(data[c].dtype) and (
            pd.api.types.is_numeric_dtype(data[c].dtype)
        ):
            kinds[c] = float
    return data.astype(kinds)


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
    """
    formulaic = need("formulaic")
    fixed = dict(fixed or {})
    for name in fixed:
        if name not in parts:
            raise InputError(f"no index is called {name!r}", expected=one_of(name, parts),
                             nearest=nearest(name, parts))
    texts = {k: ("0" if k in fixed else p) for k, p in parts.items()}
    try:
        formulas = {k: formulaic.Formula(p) for k, p in texts.items()}
        used = set[str]().union(*(set(map(str, f.required_variables)) for f in formulas.values()))
        used -= set(FUNCTIONS) | {"np"}
    except Exception as error:
        raise InputError(
            f"cannot read the formula: {_first(error)}",
            expected="outcome ~ one part per utility, such as: y ~ x | 0 | z; correct the formula",
        ) from error
    outcomes = [name.strip() for name in left.split("+")] if left else []
    needed = [*outcomes, *sorted(used), *extra]
    for name in needed:
        if name not in data.columns:
            raise InputError(
                f"the data has no column {name!r}", expected=one_of(name, map(str, data.columns)),
                nearest=nearest(name, map(str, data.columns)),
            )
    kept = _plain(data.dropna(subset=needed), needed)
    if not len(kept):
        raise InputError("every row lacks a variable of the formula",
                         expected="rows with all variables; remove a variable")
    for c in dict.fromkeys(needed):
        if isinstance(kept[c].dtype, pd.CategoricalDtype):
            kept = kept.assign(**{str(c): kept[c].cat.remove_unused_categories()})
    xs: list[Floats] = []
    columns: list[tuple[str, ...]] = []
    specs: list[Any] = []
    try:
        for f in formulas.values():
            if not len(f):
                xs.append(np.zeros((len(kept), 0)))
                columns.append(())
                specs.append(None)
                continue
            x = f.get_model_matrix(kept, na_action="raise", context=FUNCTIONS)
            xs.append(np.asarray(x, dtype=float))
            columns.append(tuple("const" if c == "Intercept" else str(c) for c in x.columns))
            specs.append(x.model_spec)
    except Exception as error:
        raise InputError(
            f"cannot build the formula's columns: {_first(error)}",
            expected="terms that the data can give; correct the formula",
        ) from error
    offset = np.array([float(fixed.get(k, 0.0)) for k in parts])
    return Design(
        tuple(parts), tuple(xs), tuple(columns), offset, kept[outcomes], list(kept.index),
        len(data) - len(kept), tuple(specs), kept,
    )
