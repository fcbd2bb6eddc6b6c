"""Derivatives over the ranges: a fast bound on each number's total Sobol' index.

References
----------
Sobol' and Kucherenko 2009, "Derivative based global sensitivity measures and their link with
global sensitivity indices": a total index is at most the mean squared derivative times L^2 / pi^2,
over the variance, for a uniform input of length L. The constant holds for every log-concave
density on an interval of that length, triangular ones among them (Payne and Weinberger 1960).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.analysis.question import chance_of
from detente.analysis.samples import draws
from detente.analysis.slopes import slope
from detente.arrays import Floats

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.compile import Compiled

__all__ = ["bound", "screen"]

POINTS = 64
"""Samples at which derivatives are taken."""



def bound(slopes: Floats, lengths: Floats, variance: float) -> Floats:
    """Return the bound on every total index, (K,).

    Parameters
    ----------
    slopes : (M, K) array
        Derivatives at M samples.
    lengths : (K,) array
        Lengths of the ranges.
    variance : float
        Of the function over the ranges.

    Examples
    --------
    >>> import numpy as np
    >>> bound(np.array([[1.0, 2.0]]), np.ones(2), 5 / 12).round(3).tolist()
    [0.243, 0.973]
    """
    return np.asarray((slopes**2).mean(axis=0) * lengths**2 / np.pi**2 / max(variance, 1e-300))


def screen(
    compiled: Compiled, start: Equilibrium, mask: NDArray[np.bool_], paths: list[str], seed: int,
    say: Callable[[int, int, str], None],
) -> tuple[dict[str, float], int]:
    """Return the bound on each open number's total index, and the number of samples.

    Without a certified sample there is no bound.
    """
    from detente.equilibrium import solve

    theta = draws(compiled, POINTS, seed)
    columns = [compiled.paths.index(p) for p in paths]
    numbers = compiled.graph.rules.numbers
    slopes, values = [], []
    for k, row in enumerate(theta):
        say(k, POINTS, "derivatives over the ranges")
        eq = solve(compiled.game(row), compiled.precision(row), start=start)
        found = slope(compiled, eq, mask, row)
        if found is not None:
            slopes.append(found[columns])
            values.append(chance_of(eq, mask))
    if not slopes:
        return {}, 0
    lengths = np.array([numbers[p].high - numbers[p].low for p in paths])
    bounds = bound(np.array(slopes), lengths, float(np.var(values)))
    return {p: float(b) for p, b in zip(paths, bounds, strict=True)}, len(slopes)
