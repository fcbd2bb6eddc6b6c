"""Search for the cheapest moves of levers that meet a target, in the fallible model.

One lever alone: along its line, the nearest point that meets the target, refined by bisection. All
together: sequential linear programming with the exact gradient of the outcome by every lever, a
trust region, and several starts, because the outcome need not be monotone or convex in them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

from detente.analysis.question import chance_of
from detente.analysis.slopes import slope
from detente.arrays import Floats

if TYPE_CHECKING:
    from detente.analysis.memo import Memo
    from detente.analysis.offramps.levers import LeverRanges, Line
    from detente.analysis.offramps.target import Target
    from detente.equilibrium import Equilibrium
    from detente.game.compile import Compiled

__all__ = ["Search", "cheapest", "single"]

STEPS = 10
BISECTIONS = 12
PENALTY = 1e3
"""Cost of missing the target by a probability of 1; so large that reaching it comes first."""
CLOSE = 1e-4
"""Tolerance on the target: a hundredth of a percentage point."""


@dataclass
class Search:
    """Solves games at lever settings; the last solution is the next neighbour.

    Attributes
    ----------
    memo : Memo
        The games of the crisis that are solved already.
    """

    memo: Memo
    moves: LeverRanges
    target: Target
    start: Equilibrium
    known: dict[bytes, tuple[float, Equilibrium]] = field(default_factory=dict)

    @property
    def compiled(self) -> Compiled:
        """The game."""
        return self.memo.compiled

    @property
    def lam(self) -> float:
        """Precision of choice."""
        return float(self.start.lam or 0.0)

    def theta(self, x: Floats) -> Floats:
        """Return the file's numbers with the levers at ``x``."""
        return self.moves.theta(self.compiled.centre, x)

    def at(self, x: Floats) -> tuple[float, Equilibrium]:
        """Return the outcome's probability with the levers at ``x``, and the equilibrium."""
        key = np.round(x, 12).tobytes()
        if key not in self.known:
            at = self.theta(x)
            found = self.memo.fallible(self.compiled.precision(at), at, start=self.start)
            p = chance_of(found, self.target.mask)
            self.known[key] = p, found
        return self.known[key]

    def slope(self, x: Floats) -> Floats:
        """Return the derivative of the outcome's probability by every lever, (K,)."""
        every = slope(self.compiled, self.at(x)[1], self.target.mask, self.theta(x))
        assert every is not None  # called only if the solution is certified
        return np.asarray(every[self.moves.column])

    def miss(self, x: Floats) -> float:
        """Return the distance of ``x`` from the target; an uncertified solution misses it."""
        p, eq = self.at(x)
        return float(self.target.miss(p)) if eq.certificate.certified else 1.0

    def edge(self, outside: Floats, inside: Floats) -> Floats:
        """Return a point that meets the target, near the edge between the two given."""
        for _ in range(BISECTIONS):
            middle = (outside + inside) / 2
            met = self.miss(middle)
            if met <= 0:
                inside = middle
                if met > -CLOSE:
                    break
            else:
                outside = middle
        return inside


def single(search: Search, line: Line, k: int) -> Floats | None:
    """Return the smallest move of lever ``k`` alone that meets the target, as all settings (K,).

    None if no point of its line does.
    """
    met = line.certified & (search.target.miss(line.p) <= 0)
    if not met.any():
        return None
    now = search.moves.now[k]
    best = min(np.flatnonzero(met), key=lambda i: abs(line.values[i] - now))
    inside = search.moves.now.copy()
    inside[k] = line.values[best]
    toward = -1 if line.values[best] > now else 1
    outside = search.moves.now.copy()
    if line.values[best] == now:
        return inside
    outside[k] = line.values[best + toward]
    return search.edge(outside, inside)


def cheapest(search: Search, starts: list[Floats]) -> Floats | None:
    """Return the cheapest combination found that meets the target, None if none was found."""
    best: Floats | None = None
    for start in starts:
        x = descend(search, start)
        if search.miss(x) <= 0 and (
            best is None or search.moves.cost(x) < search.moves.cost(best) - 1e-9
        ):
            best = x
    return best


def descend(search: Search, x: Floats) -> Floats:
    """Improve ``x`` by linear programs within a trust region."""
    moves = search.moves
    span = moves.high - moves.low
    radius = 0.5

    def merit(z: Floats) -> float:
        return moves.cost(z) + PENALTY * max(0.0, search.miss(z))

    here = merit(x)
    for _ in range(STEPS):
        p, eq = search.at(x)
        if not eq.certificate.certified:
            return x
        step = program(search, x, p, search.slope(x), radius * span)
        if step is None or np.abs(step - x).max() < 1e-6:
            break
        there = merit(step)
        if there < here - 1e-9:
            x, here, radius = step, there, min(1.0, radius * 1.5)
        else:
            radius /= 3.0
            if radius < 1e-3:
                break
    if 0.0 < search.miss(x) < 0.02:  # just outside: one more step along the gradient
        inward = -np.sign(search.slope(x)) * (-1 if search.target.at_least else 1)
        for share in (0.01, 0.02, 0.05, 0.1):
            z = np.clip(x + share * span * inward, moves.low, moves.high)
            if search.miss(z) <= 0:
                return search.edge(x, z)
    return x


def program(
    search: Search, x: Floats, p: float, by: Floats, radius: Floats
) -> Floats | None:
    """Solve one linear program: least cost, then least miss, within the trust region.

    Variables are the moves up and down from the present values, and the remaining miss.
    """
    moves, k = search.moves, len(x)
    low, high = np.maximum(moves.low, x - radius), np.minimum(moves.high, x + radius)
    sign = -1.0 if search.target.at_least else 1.0
    # sign * (p + by (z - x)) <= sign * level + miss, with z = now + up - down
    row = np.concatenate([sign * by, -sign * by, [-1.0]])
    bound = sign * (search.target.level - p) - 0.5 * CLOSE + sign * by @ (x - moves.now)
    box = np.vstack([
        np.hstack([np.eye(k), -np.eye(k), np.zeros((k, 1))]),
        np.hstack([-np.eye(k), np.eye(k), np.zeros((k, 1))]),
    ])
    found = linprog(
        np.concatenate([moves.price, moves.price, [PENALTY]]),
        A_ub=np.vstack([row[None, :], box]),
        b_ub=np.concatenate([[bound], high - moves.now, moves.now - low]),
        bounds=[(0, None)] * (2 * k + 1), method="highs",
    )
    if not found.success or found.x is None:
        return None
    z = moves.now + found.x[:k] - found.x[k : 2 * k]
    return np.asarray(np.clip(z, moves.low, moves.high))
