"""Sobol' indices of a function by groups of its inputs, with bootstrap intervals.

References
----------
Saltelli et al. 2010, "Variance based sensitivity analysis of model output".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import Floats
from detente.errors import InputError
from detente.limits import check_count

if TYPE_CHECKING:
    from detente.scenario.quantity import Quantity

__all__ = ["Indices", "check_size", "design", "sobol"]

RESAMPLES = 500
RESOLVED = 0.95
"""Share of the resamples that must agree on the first five for a resolved ranking."""
STILL = 1e-6
"""Standard deviation below which a quantity counts as constant."""


@dataclass(frozen=True)
class Indices:
    """Sobol' indices of one quantity by G groups of inputs.

    Attributes
    ----------
    first, total : (G,) arrays
        First-order and total indices.
    first_band, total_band : (G, 2) arrays
        95 % bootstrap intervals (percentiles).
    mean, variance : float
        Of the quantity over the ranges.
    agreement : float
        Share of the resamples in which the five largest totals stand in the same order.
    at_a, at_b, at_ab : arrays (n,), (n,), (G, n)
        The design's values.
    """

    first: Floats
    total: Floats
    first_band: Floats
    total_band: Floats
    mean: float
    variance: float
    agreement: float
    at_a: Floats
    at_b: Floats
    at_ab: Floats

    @property
    def resolved(self) -> bool:
        """Whether the order of the five largest totals is resolved."""
        return self.agreement >= RESOLVED


def check_size(n: int, field: str = "--samples") -> None:
    """Refuse a design if its number of rows is not a power of 2.

    Raises
    ------
    InputError
        The number is too large or not a power of 2; the error names the option ``field``.
    """
    check_count(n, "rows", field=field, least=2)
    if n & (n - 1):
        raise InputError(f"{n} samples", field=field, expected="a power of 2, such as 128 or 256")


def design(
    quantities: Sequence[Quantity], groups: Sequence[Sequence[int]], n: int, seed: int
) -> Floats:
    """Return Saltelli's design over some ranges, ((G + 2) n, K): A, B, then A with each group of B.

    ``n`` is a power of 2.
    """
    from scipy.stats import qmc

    check_size(n)
    k = len(quantities)
    u = qmc.Sobol(d=2 * k, scramble=True, seed=seed).random(n)
    x = np.empty((n, 2 * k))
    for j, quantity in enumerate(quantities):
        x[:, j], x[:, k + j] = quantity.ppf(u[:, j]), quantity.ppf(u[:, k + j])
    a, b = x[:, :k], x[:, k:]
    blocks = [a, b]
    for group in groups:
        mixed = a.copy()
        mixed[:, list(group)] = b[:, list(group)]
        blocks.append(mixed)
    return np.concatenate(blocks)


def sobol(
    f: Callable[[Floats], Floats], quantities: Sequence[Quantity],
    groups: Sequence[Sequence[int]], n: int, seed: int = 0,
) -> Indices | None:
    """Return the Sobol' indices of a function by groups of its inputs.

    Parameters
    ----------
    f : callable
        Takes points (N, K) and returns values (N,).
    quantities : sequence of Quantity
        The K independent inputs.
    groups : sequence of sequences of int
        Which inputs are taken together; one each for the usual indices.
    n : int
        A power of 2; ``f`` is evaluated at n (G + 2) points.

    Returns
    -------
    Indices or None
        None if the function hardly varies, or is not finite at a point.

    Examples
    --------
    >>> from detente.scenario.quantity import Quantity
    >>> both = [Quantity.uniform(0, 1)] * 2
    >>> found = sobol(lambda x: x[:, 0] + 2 * x[:, 1], both, [[0], [1]], 256)
    >>> found.total.round(2).tolist()
    [0.2, 0.8]
    """
    from scipy.stats import sobol_indices

    values = np.asarray(f(design(quantities, groups, n, seed)), dtype=float)
    table = values.reshape(len(groups) + 2, n)
    if not np.isfinite(table).all() or float(table[:2].std()) < STILL:
        return None
    f_A, f_B, f_AB = table[0], table[1], table[2:]
    # scipy drops the axis of a single input, so the input is given twice.
    shown = f_AB if len(groups) > 1 else np.repeat(f_AB, 2, axis=0)
    done = sobol_indices(
        func={"f_A": f_A[None, :], "f_B": f_B[None, :], "f_AB": shown[:, None, :]}, n=n
    )
    first, total = (np.asarray(x)[: len(groups)] for x in (done.first_order, done.total_order))
    firsts, totals = resampled(f_A, f_B, f_AB, seed)
    top = np.argsort(-total, kind="stable")[:5]
    orders = np.argsort(-totals, axis=1, kind="stable")[:, : len(top)]
    both = np.concatenate([f_A, f_B])
    return Indices(
        first, total, np.percentile(firsts, [2.5, 97.5], axis=0).T,
        np.percentile(totals, [2.5, 97.5], axis=0).T, float(both.mean()), float(both.var()),
        float((orders == top).all(axis=1).mean()), f_A, f_B, f_AB,
    )


def resampled(f_A: Floats, f_B: Floats, f_AB: Floats, seed: int) -> tuple[Floats, Floats]:
    """Return first-order and total indices of bootstrap resamples of the rows, (R, G) each.

    The estimators are those of `scipy.stats.sobol_indices`, whose own bootstrap takes no seed.
    """
    rng = np.random.default_rng(seed)
    n = len(f_A)
    centre = np.mean([f_A, f_B])
    f_A, f_B, f_AB = f_A - centre, f_B - centre, f_AB - centre
    firsts, totals = np.empty((2, RESAMPLES, len(f_AB)))
    for r in range(RESAMPLES):
        rows = rng.integers(n, size=n)
        a, b, ab = f_A[rows], f_B[rows], f_AB[:, rows]
        middle = np.mean([a, b])
        a, b, ab = a - middle, b - middle, ab - middle
        variance = np.var([a, b]) or np.inf
        firsts[r] = np.mean(b * (ab - a), axis=1) / variance
        totals[r] = 0.5 * np.mean((a - ab) ** 2, axis=1) / variance
    return firsts, totals
