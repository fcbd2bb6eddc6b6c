"""Design matrices, one per index of a model, from a formula with ``|`` parts."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from detente.arrays import Floats
from detente.errors import InputError, nearest, one_of
from detente.history.estimators.columns import (
    as_numbers,
    bounded,
    covariate,
    finite,
    independent,
    left_columns,
    neutral,
)
from detente.history.estimators.dual import Array
from detente.history.estimators.formula import part
from detente.history.estimators.parameters import Parameter
from detente.history.needs import need

__all__ = ["Design", "build", "split"]

FUNCTIONS: dict[str, Any] = {"sqrt": np.sqrt, "log1p": np.log1p, "abs": np.abs}
"""Functions of a formula in addition to formulaic's own."""


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
            plain = neutral(data, self.named)
            try:
                with np.errstate(all="ignore"):
                    x = spec.get_model_matrix(plain, na_action="ignore", context=FUNCTIONS)
                values = np.asarray(x, dtype=float)
            except Exception as error:
                raise InputError(f"cannot build {', '.join(columns)}: {_first(error)}",
                                 expected="columns of the same kinds as in the fit") from error
            finite(values, columns, data, self.named)
            made.append(values)
        return tuple(made)


def _first(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


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
        covariate(kept, c)
        if isinstance(kept[c].dtype, pd.CategoricalDtype):
            kept = kept.assign(**{c: kept[c].cat.remove_unused_categories()})
    plain = neutral(kept, named)
    xs: list[Floats] = []
    columns: list[tuple[str, ...]] = []
    specs: list[Any] = []
    for index, one in texts.items():
        try:
            f = formulaic.Formula(one.text)
            if len(f):
                bounded(f, one, kept)
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
        finite(x, labels, kept, one.columns)
        if full_rank:
            independent(x, labels, index)
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
