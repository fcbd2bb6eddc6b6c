"""Intervals that allow for dependence inside clusters, for shares and for any statistic."""

from __future__ import annotations

from collections.abc import Callable
from math import atanh, exp, log, sqrt, tanh
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.intervals import wilson

__all__ = ["Scale", "clustered_share", "effective", "jackknife"]

Scale = Literal["plain", "correlation", "share"]
"""Scale of a normal interval: the value itself, Fisher's z, or log odds."""

TO: dict[Scale, Callable[[float], float]] = {
    "plain": float, "correlation": atanh, "share": lambda p: log(p / (1 - p))}
BACK: dict[Scale, Callable[[float], float]] = {
    "plain": float, "correlation": tanh, "share": lambda x: 1 / (1 + exp(-x))}


def _codes(labels: ArrayLike) -> NDArray[np.intp]:
    return np.unique(np.asarray(labels), return_inverse=True)[1].ravel()


def effective(
    hits: NDArray[np.float64], n: NDArray[np.float64], labels: ArrayLike
) -> tuple[float, int]:
    """Return the effective number of observations under clustering, and the clusters.

    The variance is the linearised variance of a ratio over g clusters, times g/(g-1). The result
    is at most the number of observations. No label is missing.

    Parameters
    ----------
    hits, n
        (rows,) number of events and of observations of each row.
    labels
        (rows,) cluster of each row.

    Examples
    --------
    >>> effective(np.array([1.0, 1.0, 0.0, 0.0]), np.ones(4), ["a", "a", "b", "b"])
    (1.0, 2)
    """
    codes = _codes(labels)
    g = int(codes.max()) + 1
    total, p = float(n.sum()), float(hits.sum() / n.sum())
    residual = np.zeros(g)
    np.add.at(residual, codes, hits - p * n)
    variance = float((residual**2).sum()) * g / max(g - 1, 1) / total**2
    simple = p * (1 - p)
    return (min(total, simple / variance) if variance > 0 and simple > 0 else total), g


def clustered_share(
    hits: NDArray[np.bool_], labels: ArrayLike
) -> tuple[tuple[float, float] | None, int]:
    """Return Wilson's interval of a share with the effective number, and the clusters.

    The interval is None if all rows are in one cluster. A share of 0 or 1 has no variance between
    clusters, so the number of clusters then counts, not the number of rows.

    Examples
    --------
    >>> found, clusters = clustered_share(np.array([True, True, False, False]), [1, 1, 2, 2])
    >>> found == wilson(0.5, 1), clusters
    (True, 2)
    """
    x = np.asarray(hits, dtype=float)
    size, g = effective(x, np.ones(len(x)), labels)
    if x.all() or not x.any():
        size = float(g)
    return (wilson(float(x.mean()) * size, size) if g > 1 else None), g


def jackknife(
    statistic: Callable[[NDArray[np.bool_]], float], labels: ArrayLike, scale: Scale = "plain"
) -> tuple[float, tuple[float, float] | None, int]:
    """Return a statistic, its 95 % interval by the jackknife over clusters, and the clusters.

    Each cluster is left out in turn. The squared deviations of the results from their mean, times
    (g - 1)/g over g clusters, are the variance, on a scale on which the interval is normal.

    Parameters
    ----------
    statistic
        Function of a mask (rows,) of the rows that stay.
    labels
        (rows,) cluster of each row.
    scale
        Scale of the normal interval.

    Examples
    --------
    The mean of independent numbers has the textbook's standard error:

    >>> x = np.array([1.0, 2.0, 4.0, 9.0])
    >>> value, (low, high), clusters = jackknife(lambda keep: float(x[keep].mean()), range(4))
    >>> se = x.std(ddof=1) / 2
    >>> value, clusters, bool(np.isclose(high - low, 2 * 1.959964 * se))
    (4.0, 4, True)
    """
    codes = _codes(list(labels) if isinstance(labels, range) else labels)
    g = int(codes.max()) + 1
    value = statistic(np.ones(len(codes), dtype=bool))
    if g < 2:
        return value, None, g
    parts = np.array([TO[scale](statistic(codes != k)) for k in range(g)])
    half = NormalDist().inv_cdf(0.975) * sqrt((g - 1) / g * ((parts - parts.mean()) ** 2).sum())
    centre = TO[scale](value)
    return value, (BACK[scale](centre - half), BACK[scale](centre + half)), g
