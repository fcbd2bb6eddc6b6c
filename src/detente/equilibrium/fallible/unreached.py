"""Subtrees that are never reached: their strategies depend on the rest, but not the reverse.

A move into such a subtree has a probability below the accuracy of any certificate, so strategies
inside it do not affect the rest of the tree. At high precision most of a large tree consists of
such subtrees, and most folds occur in them.
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
    """Return the probability of reaching the decision of every unknown, (size,).

    All are 1 if moves are simultaneous, or if three players have unlike priors, because unknowns do
    not then correspond to single moves.
    """
    game = equations.sweeps.game
    if game.joints or len(equations.y) > 1:
        return np.ones(equations.size)
    with np.errstate(under="ignore"):
        reach = reach_of(game, np.exp(equations.y[0]))
    return equations.pack(reach[game.parent][None, :])


class Unreached:
    """Some of a block's unknowns, for alternating replies with the others fixed.

    Parameters
    ----------
    block
        The equations, evaluated at a point.
    mine : bool array, (size,)
        The unknowns that change.
    """

    def __init__(self, block: Block, mine: Flags) -> None:
        self.block = block
        self._within = [np.flatnonzero(mine[seat]) for seat in block.seats]
        self._index = [block.index[seat][k]
                       for seat, k in zip(block.seats, self._within, strict=True)]
        ends = [0, *(int(e) for e in np.cumsum([len(k) for k in self._within]))]
        self.seats = [slice(a, b) for a, b in pairwise(ends)]

    def seat(self, x: Floats) -> None:
        """Set the point ``x``."""
        for k, seat in enumerate(self.seats):
            self.move(k, x[seat])

    def move(self, k: int, x: Floats) -> None:
        """Set the changing unknowns of seat k to ``x``."""
        self.block.place(self._index[k], x)

    def reply(self, k: int, lam: float) -> Floats:
        """Return the reply of seat k on these unknowns."""
        return np.asarray(self.block.reply(k, lam)[self._within[k]])


def follow_on(equations: System, x: Floats, lam: float, *, rounds: int, tolerance: float,
              work: Work) -> tuple[Floats, float]:
    """Solve the unreached subtrees with the rest fixed.

    Returns
    -------
    x : (size,) array
        The unknowns, changed at decisions that are never reached.
    residual : float
        The largest residual left there.
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
