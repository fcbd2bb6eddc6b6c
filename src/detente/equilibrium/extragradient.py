"""Extragradient steps on all players' public probabilities at once.

The large eigenvalues of the answer map belong to bluff and call: raise one and the other follows,
and back. On both players' probabilities together they are rotations, which plain iteration
amplifies and an extragradient step (Korpelevich 1976) damps: half a step to ``x + a F(x) / 2``,
then a whole one with F found there. Subtrees settle side by side, each in its own time, which is
what a large tree needs: Newton's method would wait at every fold of every subtree.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.equilibrium.gaps import distance, gap
from detente.equilibrium.newton import Point, System, Work

__all__ = ["extragradient"]

Floats = NDArray[np.float64]

SAFE = 1.5
"""Largest product of step and local Lipschitz constant at which a step is kept."""


def extragradient(
    system: System,
    x: Floats,
    lam: float,
    *,
    tolerance: float = 1e-3,
    limit: int = 400,
    work: Work | None = None,
) -> Point:
    """Settle play at one precision.

    Parameters
    ----------
    system
        All strategic players' equations.
    x
        Start, (size,).
    lam
        Precision.
    tolerance
        On the largest entry of ``H - x``.
    limit
        Most double steps.
    """
    work = work or Work()
    step, size = 0.5, np.inf
    f, g = np.empty_like(x), np.empty_like(x)
    for _ in range(limit):
        size, length = gap(system.evaluate(x, lam), x, f)
        work.sweeps += 1
        if size <= tolerance or not np.isfinite(length) or work.spent:
            break
        while True:
            half = x + 0.5 * step * f
            gap(system.evaluate(half, lam), half, g)
            work.sweeps += 1
            lipschitz = distance(f, g) / (0.5 * step * length)
            if step * lipschitz <= SAFE or step < 1e-4:
                break
            step = 0.7 / lipschitz
        x = np.minimum(x + step * g, system.ceiling)
        step = min(1.0, 1.1 * step, SAFE * 0.7 / max(lipschitz, 1e-300))
    return Point(x, size, size <= tolerance)
