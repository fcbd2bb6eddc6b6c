"""Extragradient steps on all players' public probabilities at once.

The large eigenvalues of the answer map belong to bluff and call: raise one and the other follows,
and back. On both players' probabilities together they are rotations, which plain iteration
amplifies and an extragradient step (Korpelevich 1976) damps: a look ahead to ``x + a F(x)``, then a
step with F found there. Looking half as far ahead is the midpoint rule: it takes longer steps and
half the time where play settles easily, but lets fast rotations grow; large crises at lambda 100
that it leaves unsettled are settled by whole steps. Subtrees settle side by side, each in its own
time, which is what a large tree needs: Newton's method would wait at every fold of every subtree.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.equilibrium.gaps import distance, gap
from detente.equilibrium.newton import Point, System, Work

__all__ = ["Look", "extragradient"]

Floats = NDArray[np.float64]

Look = Literal["half", "whole"]
LOOK: dict[Look, tuple[float, float, float]] = {"half": (0.5, 1.5, 1.05), "whole": (1.0, 0.8, 0.45)}
"""How far to look ahead, in steps; the largest product of step and local Lipschitz constant at
which a step is kept; the product aimed at. The local constant is a lower bound, and looking a whole
step ahead a step that is too long costs more than one that is short."""


def extragradient(
    system: System,
    x: Floats,
    lam: float,
    *,
    tolerance: float = 1e-3,
    limit: int = 400,
    work: Work | None = None,
    look: Look = "whole",
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
        Most steps, of two evaluations each.
    look
        How far ahead: half a step is quick, a whole one is sure.
    """
    work = work or Work()
    share, safe, best = LOOK[look]
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
            np.multiply(f, share * step, out=ahead)
            np.add(ahead, x, out=ahead)
            gap(system.evaluate(ahead, lam), ahead, g)
            work.sweeps += 1
            lipschitz = distance(f, g) / (share * step * length)
            if not np.isfinite(lipschitz):
                return Point(x, size, False)
            if step * lipschitz <= safe or step < 1e-4:
                break
            step = best / lipschitz
        np.multiply(g, step, out=ahead)
        np.add(x, ahead, out=x)
        np.minimum(x, system.ceiling, out=x)
        step = min(1.0, 1.1 * step, best / max(lipschitz, 1e-300))
    return Point(x, size, size <= tolerance)
