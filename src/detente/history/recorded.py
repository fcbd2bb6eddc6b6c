"""A rate of the record: a number counted by a function, with its dull rival beside it.

The module imports no data package, so that the names of the rates load fast.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from inspect import getdoc
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.history.clustered import Scale, clustered_share, jackknife
from detente.intervals import wilson

if TYPE_CHECKING:
    from detente.history.panel import Panel

__all__ = ["Found", "Part", "RecordRate", "share_of", "statistic_of"]


@dataclass(frozen=True)
class Part:
    """One number with its interval.

    Attributes
    ----------
    value
        A share, a correlation, or a mean; nan if nothing was counted.
    n
        Number of observations.
    hits
        For a share, the number of observations with the event; else None.
    low, high
        95 % interval; clustered if there are at least two clusters, nan without an interval.
    clusters
        Number of clusters.
    words
        Description of the rows, for a number that stands beside another.
    """

    value: float
    n: int
    hits: int | None
    low: float
    high: float
    clusters: int
    words: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the number, ready for JSON: None for nan."""
        def plain(x: float) -> float | None:
            return None if np.isnan(x) else float(x)

        return {"words": self.words, "value": plain(self.value), "n": self.n, "hits": self.hits,
                "low": plain(self.low), "high": plain(self.high), "clusters": self.clusters}


@dataclass(frozen=True)
class Found:
    """The count behind a rate.

    Attributes
    ----------
    part
        The rate.
    rival
        The base rate beside it: the same event without the condition.
    by_year
        Number of observations by year.
    left_out
        Number of observations left out, by reason.
    parts
        Further numbers by name, such as the values of single decades.
    """

    part: Part
    rival: Part
    by_year: dict[int, int]
    left_out: dict[str, int] = field(default_factory=dict)
    parts: dict[str, float] = field(default_factory=dict)


def share_of(hits: ArrayLike, labels: ArrayLike, words: str = "") -> Part:
    """Return the share of rows with an event, with its interval clustered by labels.

    Examples
    --------
    >>> found = share_of([True, False, False, False], [1, 1, 2, 3], "all rows")
    >>> found.value, found.n, found.hits, found.clusters
    (0.25, 4, 1, 3)
    """
    x = np.asarray(hits, dtype=bool)
    if not len(x):
        return Part(float("nan"), 0, 0, float("nan"), float("nan"), 0, words)
    interval, clusters = clustered_share(x, labels)
    low, high = interval or wilson(int(x.sum()), len(x))
    return Part(float(x.mean()), len(x), int(x.sum()), low, high, clusters, words)


def statistic_of(
    statistic: Callable[[NDArray[np.bool_]], float], labels: ArrayLike, n: int, words: str = "",
    scale: Scale = "plain",
) -> Part:
    """Return a statistic of rows with its interval by the jackknife over clusters.

    Examples
    --------
    >>> x = np.array([1.0, 3.0])
    >>> statistic_of(lambda keep: float(x[keep].mean()), [1, 2], 2).value
    2.0
    """
    value, interval, clusters = jackknife(statistic, labels, scale)
    low, high = interval or (float("nan"), float("nan"))
    return Part(value, n, None, low, high, clusters, words)


@dataclass(frozen=True)
class RecordRate:
    """A rate that a function counts, because no condition on one table expresses it.

    Attributes
    ----------
    name
        Identifier in the registry of base rates.
    sentence
        The common sentence that the rate is about.
    title
        The question in words.
    count
        The function that counts. Its docstring is the definition. ``{rows}`` in it stands for
        ``rows``.
    needs
        Names of the data sets.
    warning
        Interpretation that the data does not support.
    clusters
        The groups of rows that may depend on one another.
    unit
        ``share``, ``correlation``, ``AUC`` or ``change of the index per year``.
    beside
        Outcome of a crisis file that is most similar; empty if none is.
    rows
        The rows that several rates count, in words.
    """

    name: str
    sentence: str
    title: str
    count: Callable[[Panel], Found]
    needs: tuple[str, ...]
    warning: str
    clusters: str
    unit: str = "share"
    beside: str = ""
    rows: str = ""

    @property
    def data(self) -> str:
        """The data sets, in words."""
        return ", ".join(self.needs)

    @property
    def sets(self) -> tuple[str, ...]:
        """The data sets to download."""
        return self.needs

    @property
    def definition(self) -> str:
        """The definition: the docstring of the function that counts, in one paragraph."""
        text = (getdoc(self.count) or "").partition("\n\nReferences\n")[0]
        text = text.replace("{rows}", self.rows)
        return f"{' '.join(text.split())} Intervals are clustered by {self.clusters}."
