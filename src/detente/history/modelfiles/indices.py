"""Linear indices of covariates with shared coefficients, and links from indices to numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from detente.arrays import Floats, Ints
from detente.errors import InputError, nearest, one_of

__all__ = ["Indices", "Scaling", "inverse", "link", "slope"]


def link(kind: str, value: float) -> float:
    """Return the index of a number: itself, its log or its log-odds.

    Examples
    --------
    >>> link("logit", 0.5), link("log", 1.0), link("identity", 0.3)
    (0.0, 0.0, 0.3)
    """
    if kind == "log":
        return float(np.log(value))
    return float(np.log(value / (1.0 - value))) if kind == "logit" else float(value)


FAR = 200.0
"""Indices are cut here: exp of them and of their negatives still divides without overflow."""


def inverse(kind: str, eta: Floats) -> Floats:
    """Return numbers from indices; indices beyond `FAR` are cut.

    Examples
    --------
    >>> bool(np.isfinite(1 / inverse("log", np.array([-1e9]))[0]))
    True
    """
    if kind == "log":
        return np.exp(np.clip(eta, -FAR, FAR))
    if kind == "logit":
        return 1.0 / (1.0 + np.exp(-np.clip(eta, -FAR, FAR)))
    return eta


def slope(kind: str, value: Floats) -> Floats:
    """Return the derivative of numbers by their indices, from the numbers."""
    if kind == "log":
        return value
    return value * (1.0 - value) if kind == "logit" else np.ones_like(value)


@dataclass(frozen=True)
class Scaling:
    """Mean and standard deviation of each covariate in the rows of a fit.

    A coefficient is per standard deviation, so that one prior suits all covariates.
    """

    names: tuple[str, ...]
    mean: Floats
    sd: Floats

    @classmethod
    def of(
        cls, names: Sequence[str], rows: pd.DataFrame, weights: Floats | None = None
    ) -> Scaling:
        """Measure the covariates, with (n,) weights of rows; a constant one keeps its unit."""
        x = columns(names, rows)
        if not len(x):
            return cls(tuple(names), np.zeros(len(names)), np.ones(len(names)))
        if weights is None:
            mean, sd = x.mean(axis=0), x.std(axis=0)
        else:
            size, each = weights.sum(), weights[:, None]
            mean = (each * x).sum(axis=0) / size
            sd = np.sqrt((each * (x - mean) ** 2).sum(axis=0) / size)
        return cls(tuple(names), mean, np.where(sd > 1e-12, sd, 1.0))

    def design(self, rows: pd.DataFrame) -> Floats:
        """Return a column of ones and the scaled covariates, (n, 1 + C)."""
        x = (columns(self.names, rows) - self.mean) / self.sd
        return np.column_stack([np.ones(len(x)), x])


def columns(names: Sequence[str], rows: pd.DataFrame) -> Floats:
    """Return the covariates as numbers, (n, C).

    Raises
    ------
    InputError
        The rows lack a covariate, or one is not a finite number.
    """
    for name in names:
        if name not in rows.columns:
            known = [str(c) for c in rows.columns]
            raise InputError(f"the rows have no covariate {name!r}", field=name,
                             expected=one_of(name, known), nearest=nearest(name, known))
        try:
            values = rows[name].to_numpy(dtype=float)
        except (TypeError, ValueError):
            raise InputError("a covariate that is not a number", field=name,
                             expected="a column of numbers") from None
        if not np.isfinite(values).all():
            at = rows.index[~np.isfinite(values)][0]
            raise InputError(f"the covariate is missing or infinite in row {at}", field=name,
                             expected="a finite number in every row")
    return rows[list(names)].to_numpy(dtype=float).reshape(len(rows), len(names))


@dataclass(frozen=True)
class Indices:
    """I linear indices of covariates; a coefficient may occur in several.

    Attributes
    ----------
    names : tuple of str
        The indices.
    coefficients : tuple of str
        The p coefficients.
    covariates : tuple of str
        The C covariates.
    index, column, coefficient : (E,) int arrays
        Entry e multiplies column ``column[e]`` (0 is the constant) with a coefficient in an index.
    offset : (I,) array
        A constant part of each index.
    """

    names: tuple[str, ...]
    coefficients: tuple[str, ...]
    covariates: tuple[str, ...]
    index: Ints
    column: Ints
    coefficient: Ints
    offset: Floats

    @classmethod
    def of(
        cls, parts: Mapping[str, Sequence[tuple[str | None, str]]], offset: Sequence[float]
    ) -> Indices:
        """Number coefficients and covariates in the order of their first use.

        Parameters
        ----------
        parts
            By index: pairs of a covariate (None: the constant) and its coefficient.
        offset
            The constant part of each index.
        """
        coefficients = list(dict.fromkeys(c for p in parts.values() for _, c in p))
        covariates = list(dict.fromkeys(x for p in parts.values() for x, _ in p if x is not None))
        entries = [
            (i, 0 if x is None else 1 + covariates.index(x), coefficients.index(c))
            for i, p in enumerate(parts.values()) for x, c in p
        ]
        index, column, coefficient = np.array(entries, dtype=np.int64).reshape(-1, 3).T
        return cls(tuple(parts), tuple(coefficients), tuple(covariates), index, column,
                   coefficient, np.asarray(offset, dtype=float))

    def eta(self, theta: Floats, design: Floats) -> Floats:
        """Return the indices, (I, n), of a design (n, 1 + C)."""
        matrix = np.zeros((len(self.names), design.shape[1]))
        np.add.at(matrix, (self.index, self.column), theta[self.coefficient])
        return np.asarray(matrix @ design.T) + self.offset[:, None]

    def gradient(self, by: Floats, design: Floats) -> Floats:
        """Convert derivatives by indices, (I, n), to those of the sum by coefficients, (p,)."""
        both = by @ design
        return np.asarray(np.bincount(
            self.coefficient, weights=both[self.index, self.column],
            minlength=len(self.coefficients)), dtype=float)

    def scores(self, by: Floats, design: Floats) -> Floats:
        """Convert derivatives by indices, (I, n), to those of each row by coefficients, (n, p)."""
        out = np.zeros((design.shape[0], len(self.coefficients)))
        for i, column, k in zip(self.index, self.column, self.coefficient, strict=True):
            out[:, k] += by[i] * design[:, column]
        return out
