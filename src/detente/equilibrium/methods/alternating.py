"""Damped alternating replies: each player in turn moves a share of the way to its reply.

The large eigenvalues of the reply map belong to bluff and call, and are rotations. Simultaneous
steps amplify such a rotation unless they are short. Alternating steps, in which each player replies
to the other's newest strategy, do not amplify it (the semi-implicit Euler rule of mechanics; in
games Bailey, Gidel & Piliouras 2020). With replies

    x_1 <- x_1 + s (G_1(x_2) - x_1),        x_2 <- x_2 + s (G_2(x_1) - x_2)

a mode of rotation rate w shrinks by the share s per round if ``s^2 w^2 <= 4 (1 - s)``, with one
evaluation per round. Extragradient steps need s w near 1/2 and two evaluations.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.methods.newton import Point, Work
from detente.equilibrium.methods.norms import distance, gap

__all__ = ["Alternating", "alternate"]


CAUTION = 0.5
"""Share of the bound on ``s^2 w^2`` that is used, because local rates are underestimated."""
LEAST = 0.01
PATIENCE = 25
"""Rounds without progress after which the share is halved, down to LEAST."""


@runtime_checkable
class Alternating(Protocol):
    """A system whose unknowns belong to players that can reply one at a time."""

    @property
    def seats(self) -> list[slice]:
        """Return the positions of each player's unknowns."""

    def seat(self, x: Floats) -> None:
        """Set the point ``x``."""

    def reply(self, k: int, lam: float) -> Floats:
        """Return the reply of seat k to the others; the reply after the next overwrites it."""

    def move(self, k: int, x: Floats) -> None:
        """Set seat k's unknowns to ``x``."""


def alternate(
    table: Alternating,
    x: Floats,
    lam: float,
    *,
    tolerance: float = 1e-2,
    limit: int = 300,
    first: float = 0.5,
    work: Work | None = None,
) -> Point:
    """Iterate to a solution at one precision.

    Parameters
    ----------
    table
        All strategic players' equations.
    x
        Start, (size,).
    lam
        Precision.
    tolerance
        On the largest difference between a reply and the strategy that it replaces.
    limit
        Most rounds, of one reply per player.
    first
        Longest first step, before the rates are estimated.

    Returns
    -------
    Point
        Its residual is that of each player's last reply to the others' strategies at that time.
    """
    work = work or Work()
    x = x.copy()
    table.seat(x)
    seats = [x[part] for part in table.seats]
    f = [np.empty_like(own) for own in seats]
    before: list[Floats | None] = [None] * len(seats)
    moved, rate = np.zeros(len(seats)), np.ones(len(seats))
    step, share, best, idle = first, CAUTION, np.inf, 0
    size = np.inf
    for _ in range(limit):
        size, squares = 0.0, 0.0
        for k, own in enumerate(seats):
            answer = table.reply(k, lam)
            last = before[k]
            others = float(np.sqrt(moved @ moved - moved[k] ** 2)) if last is not None else 0.0
            if last is not None and others > 0.0:
                rate[k] = distance(answer, last) / others
            before[k] = answer
            largest, length = gap(answer, own, f[k])
            size, squares = max(size, largest), squares + length**2
            # Two players rotate at the mean of their rates; for more players the fastest pair
            # counts.
            turning = float(np.prod(rate)) if len(rate) == 2 else float(rate.max()) ** 2
            step = min(1.0, 1.1 * step, _longest(turning, share))
            np.multiply(f[k], step, out=f[k])
            np.add(own, f[k], out=f[k])
            np.minimum(f[k], 0.0, out=f[k])
            moved[k] = distance(f[k], own)
            own[:] = f[k]
            table.move(k, own)
        work.sweeps += 1
        if size <= tolerance or not np.isfinite(squares) or work.spent:
            break
        if squares < 0.8 * best:
            best, idle = squares, 0
            continue
        idle += 1
        if idle == PATIENCE:
            best, idle, share = squares, 0, max(0.5 * share, LEAST)
    return Point(x, size, size <= tolerance)


def _longest(turning: float, share: float) -> float:
    """Return the s with ``s^2 turning = 4 share (1 - s)``."""
    if not np.isfinite(turning):
        return LEAST
    # The form without cancellation; 1 if there is no rotation.
    return float(2.0 / (1.0 + np.sqrt(1.0 + turning / share)))
