"""The principal branch in pieces, each up to a point at which another branch crosses it.

The pieces are joined by `detente.equilibrium.general.crossings`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.general import newton as n
from detente.equilibrium.general import trace as t
from detente.game.extensive import ExtensiveGame

__all__ = ["Branch", "Side"]


STEPS = 20_000
"""Most steps of one piece."""
Side = tuple[Floats, float, Floats, float]


class Branch:
    """A trace under way.

    Parameters
    ----------
    game
        The game.
    a
        Its arrays.
    target
        Precision at which equilibria are wanted, in the units of ``a``.
    reach
        Precision up to which the search for more of them continues, in the same units.
    """

    def __init__(self, game: ExtensiveGame, a: Any, target: float, reach: float) -> None:
        self.game, self.a, self.stake = game, a, game.relative.span
        self.target, self.reach = target, reach
        self.start(np.zeros(int(a.row[-1])))

    def start(self, y: Floats) -> None:
        """Begin at lambda 0."""
        self.y, self.lam = y, 0.0
        self.row, self.row_lam = np.zeros(len(y)), 1.0
        self.status = t.TIRED
        self.found: list[Floats] = []
        self.folds: list[float] = []
        self.forks: list[tuple[float, bool]] = []
        self.away: list[Side] = []
        self.landed: list[Floats] = []
        self._paths: list[tuple[Floats, Floats]] = []

    def go(self, fineness: float, kept: int) -> None:
        """Follow the branch from its last point."""
        size = len(self.y)
        follow = t.follow if size <= n.COMPILED else t.follow_large
        self._plan = (fineness, kept)
        (
            self.status, crossings, found, path_lam, path_y, stored, folds, bends, y, lam, _,
        ) = follow(
            self.a, self.y, self.lam, self.target, self.stake, STEPS, 0.1, self.reach, kept,
            fineness, self.row, self.row_lam,
        )
        self.y, self.lam = y, float(lam)
        self.found += [crossings[k].copy() for k in range(found)]
        self.folds += [float(f) for f in folds[:bends]]
        self._paths.append((path_lam[:stored].copy(), path_y[:stored].copy()))

    def path(self) -> tuple[Floats, Floats]:
        """Return the points passed."""
        lams, points = zip(*self._paths, strict=True)
        return np.concatenate(lams), np.concatenate(points)

    def note(self) -> str:
        """Return a note: the precisions of crossings, and if the other sides are mirror images."""
        parts = []
        written = self.game.relative.written_precision
        for symmetric, text in (
            (True, "a symmetry of the game splits the branch at lambda {}; "
                   "the mirror image is a solution, too"),
            (False, "another branch of solutions crosses this branch at lambda {}"),
        ):
            at = ", ".join(f"{written(lam):.6g}" for lam, found in self.forks if found == symmetric)
            if at:
                parts.append(text.format(at))
        return "; ".join(parts)

    def other_sides(self) -> list[Floats]:
        """Solve on the other side of every crossing."""
        found = list(self.landed)
        for y, lam, v, v_lam in self.away:
            other = Branch(self.game, self.a, self.target, self.target)
            other.y, other.lam, other.row, other.row_lam = y, lam, v, v_lam
            other.go(self._plan[0], 1)
            found += other.found
        return found
