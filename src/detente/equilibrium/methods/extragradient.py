"""Extragradient steps on all players' public probabilities at once.

The large eigenvalues of the reply map belong to bluff and call: each rises after the other. On both
players' probabilities together they are rotations. Plain iteration amplifies a rotation, and an
extragradient step (Korpelevich 1976) damps it: F is evaluated at ``x + a F(x)``, and the step uses
that value. `detente.equilibrium.methods.alternating` is much faster if it converges. Extragradient
steps are used after it, and for games whose equations are not divided by player.
"""

from __future__ import annotations

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.methods.newton import Point, System, Work
from detente.equilibrium.methods.norms import distance, gap

__all__ = ["extragradient"]


SAFE, AIM = 0.8, 0.45
"""The largest product of step and local Lipschitz constant at which a step is kept, and the product
aimed at. The local constant is a lower bound, and a step that is too long costs more than one that
is short."""


def extragradient(
    system: System,
    x: Floats,
    lam: float,
    *,
    tolerance: float = 1e-3,
    limit: int = 400,
    work: Work | None = None,
) -> Point:
    """Iterate to a solution at one precision.

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
        Most steps, of two evaluations each.
    """
    work = work or Work()
    step, size = 0.5, np.inf
    # Fresh arrays of millions cost more in page faults than the arithmetic on them.
    x = x.copy()
    f, g, ahead = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    for _ in range(limit):
        size, length = gap(system.evaluate(x, lam), x, f)
        work.sweeps += 1
        if size <= tolerance or not np.isfinite(length) or work.spent:
            break
        while True:
            np.multiply(f, step, out=ahead)
            np.add(ahead, x, out=ahead)
            gap(system.evaluate(ahead, lam), ahead, g)
            work.sweeps += 1
            lipschitz = distance(f, g) / (step * length)
            if not np.isfinite(lipschitz):
                return Point(x, size, False)
            if step * lipschitz <= SAFE or step < 1e-4:
                break
            step = AIM / lipschitz
        np.multiply(g, step, out=ahead)
        np.add(x, ahead, out=x)
        np.minimum(x, system.ceiling, out=x)
        step = min(1.0, 1.1 * step, AIM / max(lipschitz, 1e-300))
    return Point(x, size, size <= tolerance)
