"""Subtrees that are never reached: play there follows from the rest and does not act on it.

A move into such a subtree is made with a probability below the accuracy of any certificate, so what
is done inside cannot be felt outside. At high precision most of a large tree is such subtrees, and
most folds are theirs.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.equilibrium.fallible.systems import Block, System
from detente.equilibrium.methods.alternating import alternate
from detente.equilibrium.methods.newton import Work
from detente.equilibrium.profile import reach_of

__all__ = ["NEVER", "Unreached", "decision_reach", "follow_on"]

Flags = NDArray[np.bool_]

NEVER = 1e-12
"""A decision reached with less than this probability counts as never reached."""


def decision_reach(equations: System) -> Floats:
    """Return how likely the decision behind every unknown is, (size,), where the system stands.

    All are 1 where moves are simultaneous or three players hold unlike priors: there unknowns do
    not stand for moves one by one.
    """
    game = equations.sweeps.game
    if game.joints or len(equations.y) > 1:
        return np.ones(equations.size)
    with np.errstate(under="ignore"):
        reach = reach_of(game, np.exp(equations.y[0]))
    return equations.pack(reach[game.parent][None, :])


class Unreached:
    """Some of a block's unknowns, for players to take turns on while the others stand.

    Parameters
    ----------
    block
        The equations, standing at a point.
    mine : bool array, (size,)
        Which unknowns move.
    """

    def __init__(self, block: Block, mine: Flags) -> None:
        self.block = block
        self._within = [np.flatnonzero(mine[seat]) for seat in block.seats]
        self._index = [block.index[seat][k]
                       for seat, k in zip(block.seats, self._within, strict=True)]
        ends = [0, *(int(e) for e in np.cumsum([len(k) for k in self._within]))]
        self.seats = [slice(a, b) for a, b in pairwise(ends)]

    def seat(self, x: Floats) -> None:
        """Stand at ``x``."""
        for k, seat in enumerate(self.seats):
            self.move(k, x[seat])

    def move(self, k: int, x: Floats) -> None:
        """Put those of seat k's unknowns that move at ``x``."""
        self.block.place(self._index[k], x)

    def reply(self, k: int, lam: float) -> Floats:
        """Return what seat k answers there."""
        return np.asarray(self.block.reply(k, lam)[self._within[k]])


def follow_on(equations: System, x: Floats, lam: float, *, rounds: int, tolerance: float,
              work: Work) -> tuple[Floats, float]:
    """Let play where nobody comes follow the rest, which stands.

    Returns
    -------
    x : (size,) array
        The unknowns, changed where the decision is never reached.
    residual : float
        The largest that is left there.
    """
    whole, full = equations.whole(x, lam)
    if not isinstance(whole, Block):
        return x, np.inf
    whole.seat(full)
    everywhere = decision_reach(whole)
    mine = everywhere < NEVER
    if not mine.any():
        return x, 0.0
    point = alternate(Unreached(whole, mine), full[mine], lam, tolerance=tolerance, limit=rounds,
                       first=0.1, work=work)
    full[mine] = point.x
    return equations.part(full), point.residual
