"""Extensive games too large for dense linear algebra: anneal lambda, as for public trees.

The unknowns are the log-odds. A product with the Jacobian costs one tangent sweep. Newton's method
with GMRES follows the branch. At a fold, extragradient steps on the fixed-point map find a solution
at a slightly higher lambda.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.general.kernels import residual, slope, sweep
from detente.equilibrium.methods.anneal import anneal as climb_to
from detente.equilibrium.methods.newton import newton
from detente.game.extensive import ExtensiveGame
from detente.kernel_cache import njit

__all__ = ["anneal", "polish", "product"]


@njit()
def product(
    a: Any, lam: float, dy: Any, prob: Any, belief: Any, value: Any, worth: Any
) -> Any:  # pragma: no cover - compiled
    """Multiply dR/dy by a direction, in one sweep down and one up, (U,)."""
    n, players = a.payoff.shape
    sets = a.set_player.shape[0]
    d_log = np.zeros(a.chance.shape[0])
    for h in range(sets):
        if a.set_player[h] >= 0:
            first, row = a.set_first[h], a.row[h] - 1
            mean = 0.0
            for m in range(first + 1, a.set_first[h + 1]):
                mean += prob[m] * dy[row + m - first]
            d_log[first] = -mean
            for m in range(first + 1, a.set_first[h + 1]):
                d_log[m] = dy[row + m - first] - mean
    d_reach = np.zeros(n)
    d_value = np.zeros((n, players))
    d_mass = np.zeros(sets)
    for k in range(n):
        if k > 0:
            d_reach[k] = d_reach[a.parent[k]] + d_log[a.move[k]]
        if belief[k] > 0.0:
            d_mass[a.infoset[k]] += belief[k] * d_reach[k]
    d_worth = np.zeros(a.chance.shape[0])
    for k in range(n - 1, 0, -1):
        up, m = a.parent[k], a.move[k]
        p = prob[m]
        for i in range(players):
            d_value[up, i] += p * (d_value[k, i] + d_log[m] * value[k, i])
        h = a.infoset[up]
        who = a.set_player[h]
        if who >= 0 and belief[up] > 0.0:
            d_worth[m] += belief[up] * (
                d_value[k, who] + (d_reach[up] - d_mass[h]) * (value[k, who] - worth[m])
            )
    out = np.empty(a.row[-1])
    for h in range(sets):
        if a.set_player[h] >= 0:
            first, row = a.set_first[h], a.row[h] - 1
            for j in range(1, a.set_first[h + 1] - first):
                out[row + j] = lam * (d_worth[first + j] - d_worth[first]) - dy[row + j]
    return out


class LogOdds:
    """The fixed point ``y = y + R(y)`` of a general game, for the annealing of public trees.

    Precision is per stake, so that steps have the same meaning in every game. ``stake`` is that of
    the arrays, between 1 and 2.
    """

    ceiling = np.inf

    def __init__(self, a: Any, stake: float) -> None:
        self.a, self.stake = a, stake
        self.size = int(a.row[-1])

    def whole(self, x: Floats, lam: float) -> tuple[LogOdds, Floats]:
        """Return the system itself: no player is eliminated."""
        return self, x

    def part(self, x: Floats) -> Floats:
        return x

    def evaluate(self, x: Floats, lam: float) -> Floats:
        """Return y + R(y), and keep that point."""
        self._lam = lam / self.stake
        _, self._prob, _, self._belief, self._value, self._worth = sweep(self.a, x)
        return np.asarray(x + residual(self.a, x, self._lam, self._worth))

    def tangent(self, dx: Floats, dlam: float = 0.0) -> Floats:
        """Return its derivative along (dx, dlam)."""
        out = dx + product(self.a, self._lam, np.ascontiguousarray(dx), self._prob, self._belief,
                           self._value, self._worth)
        if dlam != 0.0:
            out = out + (dlam / self.stake) * slope(self.a, self._worth)
        return np.asarray(out)


def polish(a: Any, y: Floats, lam: float, stake: float) -> Floats | None:
    """Newton's method with GMRES at one precision; None if it does not converge."""
    tolerance = 1e-12 * (1.0 + float(np.abs(y).max(initial=0.0)))
    point = newton(LogOdds(a, stake), y, lam * stake, tolerance=tolerance, limit=30)
    return point.x if point.residual < 1e-9 else None


def anneal(a: Any, game: ExtensiveGame, lam: float) -> tuple[Floats, str]:
    """Raise lambda from 0 as `detente.equilibrium.methods.anneal` does, and polish.

    ``lam`` is in the units of ``a``, the note in those of the game.

    Returns
    -------
    y, note
        The log-odds, polished if that succeeded, and otherwise a note on the failure.
    """
    span = game.relative.span
    equations = LogOdds(a, span)
    y = residual(a, np.zeros(equations.size), 0.0, np.zeros(len(a.chance)))  # the menus' weights
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        climb = climb_to(equations, y, 0.0, lam * span, follow=True)
    y = climb.point.x

    def written(lam: float) -> float:
        return game.relative.written_precision(lam / span)

    if climb.lam != lam * span:
        return y, f"annealing failed at lambda {written(climb.lam):.6g}"
    near = polish(a, y, lam, span)
    note = ""
    if climb.jumps:
        note = ("the branch folds or was lost; another solution was found at lambda "
                + ", ".join(f"{written(j):.4g}" for j in climb.jumps))
    return (y if near is None else near), note
