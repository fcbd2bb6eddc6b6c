"""The file's levers, and the outcome along each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Bools, Floats
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.analysis.offramps.target import Target
    from detente.equilibrium import Equilibrium
    from detente.game.compile import Compiled

__all__ = ["LeverRanges", "Line", "levers_of", "lines"]

POINTS = 17
STILL = 1e-6
"""A lever that moves by less than this share of its range counts as unchanged."""
SAME = 2e-3
"""Settings of a lever that differ by less than this share of its range are one proposal. The target
is met to a hundredth of a percentage point, which leaves settings open by about as much."""


@dataclass(frozen=True)
class LeverRanges:
    """The K levers of a case.

    Attributes
    ----------
    paths : tuple of str
    column : (K,) int array
        Their places among the file's numbers.
    now, low, high : (K,) arrays
        The value of each at the centre of the file, and the ends of its range.
    price : (K,) array
        Cost of moving it by one unit; moving it over its whole range costs its difficulty.
    who : tuple of str or None
    """

    paths: tuple[str, ...]
    column: NDArray[np.int64]
    now: Floats
    low: Floats
    high: Floats
    price: Floats
    who: tuple[str | None, ...]

    def cost(self, x: Floats) -> float:
        """Return the cost of moving from the present values to ``x`` (K,)."""
        return float(self.price @ np.abs(x - self.now))

    def moved(self, x: Floats) -> Bools:
        """Return which levers (K,) are moved by more than `STILL` of their range."""
        return np.asarray(np.abs(x - self.now) > STILL * (self.high - self.low))

    def alike(self, x: Floats, y: Floats) -> bool:
        """Whether two settings move the same levers to the same values, up to `SAME`."""
        apart = np.abs(x - y) <= SAME * (self.high - self.low)
        return bool((self.moved(x) == self.moved(y)).all() and apart.all())

    def theta(self, centre: Floats, x: Floats) -> Floats:
        """Return the file's numbers with the levers at ``x``."""
        out = centre.copy()
        out[self.column] = x
        return out


@dataclass(frozen=True)
class Line:
    """The outcome along one lever: values (P,), probabilities (P,), which are certified (P,)."""

    path: str
    values: Floats
    p: Floats
    certified: NDArray[np.bool_]


def levers_of(compiled: Compiled) -> LeverRanges:
    """Return the case's levers.

    Raises
    ------
    InputError
        The file has none.
    """
    levers = compiled.scenario.levers
    if not levers:
        raise InputError(
            "the file has no levers", field="levers",
            expected="numbers that an actor could change, with from, to and difficulty",
        )
    paths = tuple(levers)
    column = np.array([compiled.paths.index(p) for p in paths])
    now = compiled.centre[column]
    ends = np.array([sorted((lever.from_, lever.to)) for lever in levers.values()])
    low, high = np.minimum(ends[:, 0], now), np.maximum(ends[:, 1], now)
    span = np.array([abs(lever.to - lever.from_) for lever in levers.values()])
    price = np.array([lever.difficulty for lever in levers.values()]) / np.maximum(span, 1e-12)
    return LeverRanges(paths, column, now, low, high, price, tuple(v.who for v in levers.values()))


def lines(
    compiled: Compiled, moves: LeverRanges, target: Target, start: Equilibrium, workers: int
) -> list[Line]:
    """Solve along every lever, from its present value to both ends of its range, in one batch."""
    from detente.equilibrium import solve_batch

    values = [
        np.unique(np.append(np.linspace(a, b, POINTS), x))
        for a, b, x in zip(moves.low, moves.high, moves.now, strict=True)
    ]
    theta = np.repeat(compiled.centre[None, :], sum(map(len, values)), axis=0)
    ends = np.cumsum([0, *map(len, values)])
    for k, column in enumerate(moves.column):
        theta[ends[k] : ends[k + 1], column] = values[k]
    found = solve_batch(
        compiled.tree, lambda which: compiled.numbers(theta[which]), len(theta),
        lam=compiled.lam, start=start, workers=workers,
    )
    p = found.outcomes[:, target.mask].sum(axis=1)
    return [
        Line(path, values[k], p[ends[k] : ends[k + 1]], found.certified[ends[k] : ends[k + 1]])
        for k, path in enumerate(moves.paths)
    ]
