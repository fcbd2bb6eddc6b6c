"""Samples from the ranges of a file, which state the analyst's uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.scenario.paths import numbers
from detente.scenario.sobol import points

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario

__all__ = ["centre", "sample"]


def centre(scenario: Scenario) -> dict[str, float]:
    """Return every number of the file at its centre (the median of its range), by path.

    Examples
    --------
    >>> from detente.cases import loads
    >>> crisis = loads('''
    ... crisis: a
    ... title: A
    ... actors: {aland: {role: principal}, bland: {role: principal}}
    ... delay_cost: 0.1 to 0.3
    ... precision: 40
    ... habits: even
    ... ''')
    >>> centre(crisis)["delay_cost"]
    0.2
    """
    return {path: quantity.centre for path, quantity in numbers(scenario).items()}


def sample(
    scenario: Scenario, n: int, seed: int = 0
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Draw a scrambled Sobol' sample over all ranges of a file.

    Parameters
    ----------
    scenario
        The crisis.
    n
        Number of points. The sequence is balanced if it is a power of 2.
    seed
        Seed of the scrambling. The same seed gives the same sample.

    Returns
    -------
    paths : tuple of str
        Paths of the K numbers that are ranges, in the order of the file.
    values : ndarray (n, K)
        One row per point; columns are independent.

    References
    ----------
    Owen 1998, "Scrambling Sobol' and Niederreiter-Xing points".

    Examples
    --------
    >>> from detente.cases import loads
    >>> crisis = loads('''
    ... crisis: a
    ... title: A
    ... actors: {aland: {role: principal}, bland: {role: principal}}
    ... delay_cost: 0.1 to 0.3
    ... precision: 40
    ... habits: even
    ... ''')
    >>> paths, values = sample(crisis, 4)
    >>> paths, values.shape
    (('delay_cost',), (4, 1))
    """
    ranges = {path: q for path, q in numbers(scenario).items() if q.is_range}
    if not ranges or n == 0:
        return tuple(ranges), np.empty((n, len(ranges)))
    u = points(len(ranges), n, seed)
    columns = [quantity.ppf(u[:, k]) for k, quantity in enumerate(ranges.values())]
    return tuple(ranges), np.stack(columns, axis=1)
