"""Predicted probabilities along one variable, with intervals, and their chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import norm

from detente.errors import InputError, nearest, one_of
from detente.history.estimators.dual import STEP
from detente.history.estimators.results import FitResult
from detente.render.palette import colours

__all__ = ["profile", "profile_chart", "typical"]


def typical(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a typical row: means of real numbers, medians of whole numbers, modes of labels."""
    row: dict[str, Any] = {}
    for name in frame.columns:
        column = frame[name].dropna()
        if not len(column):
            continue
        if not pd.api.types.is_numeric_dtype(column):
            row[str(name)] = column.mode().iloc[0]
        else:
            values = column.to_numpy(dtype=float)
            whole = bool((values == values.round()).all())
            row[str(name)] = float(np.median(values) if whole else values.mean())
    return row


def profile(
    result: FitResult,
    variable: str,
    values: Sequence[Any] | None = None,
    *,
    at: Mapping[str, Any] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return predicted probabilities along one variable, with the others at typical values.

    Parameters
    ----------
    result
        The fitted model.
    variable
        Variable that varies.
    values
        Its values. The default is 25 points over its range, or all its labels.
    at
        Values of other variables that replace the typical ones.
    level
        Level of the intervals (delta method on the logit scale, with exact derivatives).

    Returns
    -------
    DataFrame
        Columns: the variable, outcome, probability, low, high.

    Raises
    ------
    InputError
        The data has no such variable.
    """
    frame = result.frame
    for name in (variable, *(at or {})):
        if name not in frame.columns:
            raise InputError(
                f"the data has no column {name!r}", expected=one_of(name, map(str, frame.columns)),
                nearest=nearest(name, map(str, frame.columns)),
            )
    column = frame[variable]
    if values is None:
        if pd.api.types.is_numeric_dtype(column):
            x = column.to_numpy(dtype=float)
            values = list(np.linspace(x.min(), x.max(), 25))
        else:
            values = sorted(column.dropna().unique())
    base = typical(frame) | dict(at or {})
    grid = pd.DataFrame([base | {variable: v} for v in values])
    p = np.real(result.predictor(result.params, grid))
    slopes = _jacobian(result, grid)
    variance = np.einsum("njp,pq,njq->nj", slopes, result.cov, slopes)
    bounded = bool(((p > 0) & (p < 1)).all())
    z = float(norm.ppf(0.5 + level / 2.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        if bounded:
            middle, half = np.log(p / (1 - p)), z * np.sqrt(variance) / (p * (1 - p))
            low, high = (expit(middle + s * half) for s in (-1, 1))
        else:
            low, high = p - z * np.sqrt(variance), p + z * np.sqrt(variance)
    parts = [
        pd.DataFrame({
            variable: list(values), "outcome": name, "probability": p[:, j], "low": low[:, j],
            "high": high[:, j],
        })
        for j, name in enumerate(result.endings)
    ]
    return pd.concat(parts, ignore_index=True)


def _jacobian(result: FitResult, grid: pd.DataFrame) -> NDArray[np.float64]:
    """Return derivatives of every probability by every parameter, (n, J, p)."""
    columns = []
    for k in range(len(result.params)):
        dual = result.params.astype(complex)
        dual[k] += 1j * STEP
        columns.append(np.imag(result.predictor(dual, grid)) / STEP)
    return np.stack(columns, axis=-1)


def profile_chart(table: pd.DataFrame) -> Any:
    """Return an Altair chart of a `profile`: a line and its interval per outcome."""
    import altair as alt

    variable = str(table.columns[0])
    number = pd.api.types.is_numeric_dtype(table[variable])
    kind = "Q" if number else "N"
    x = alt.X(f"{variable}:{kind}", title=variable)
    hues = colours(table.outcome)
    colour = alt.Color(
        "outcome:N", title="outcome", scale=alt.Scale(domain=list(hues), range=list(hues.values())))
    base = alt.Chart(table).encode(x=x, color=colour)
    y = alt.Y("probability:Q", title="predicted probability")
    limits = {"y": alt.Y("low:Q", title="predicted probability"), "y2": "high:Q"}
    if number:
        return base.mark_area(opacity=0.2).encode(**limits) + base.mark_line().encode(y=y)
    shift = alt.XOffset("outcome:N")
    return base.mark_rule().encode(xOffset=shift, **limits) + base.mark_point(filled=True).encode(
        xOffset=shift, y=y
    )
