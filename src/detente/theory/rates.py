"""The theoretical rates at which a solver's answer approaches the closed form of a model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["EXACT", "Convergence", "margin", "power", "strict"]


@dataclass(frozen=True)
class Convergence:
    """The theoretical rate at which the solver's answer approaches the closed form.

    The rate holds at the parameters in ``given`` and, for the others, at their defaults. At other
    parameters `detente.theory.base.Model.convergence` measures the differences.

    Parameters
    ----------
    kind
        ``"power"``: the largest difference falls at least as ``1 / lambda**order``.
        ``"log"``: it falls as ``ln(lambda) / lambda``, because a proposer leaves the other side a
        margin above indifference.
        ``"exponential"``: it is at most ``size * exp(-gain * lambda)``, because every choice on the
        equilibrium path is strictly best.
        ``"exact"``: only rounding is left, at every grid and precision.
    order
        The power; or the gain of the best choice over the second best, in the payoffs' unit.
    points
        At least two points ``(grid, lambda)``, from coarse to fine, at which a test measures it.
    size
        The factor of an exponential bound.
    along
        The quantity that grows in proportion to lambda, in words; empty if the grid is fixed.
    given
        Parameters at which the rate is measured, if the defaults take too long.
    """

    kind: str
    order: float
    points: tuple[tuple[int, float], ...]
    size: float = 1.0
    along: str = ""
    given: Mapping[str, float] = field(default_factory=dict)

    def bound(self, lam: float) -> float:
        """Return the bound on the largest difference, up to a factor for powers and logs.

        Examples
        --------
        >>> power(2, (2, 10.0), (2, 20.0)).bound(10.0)
        0.01
        """
        if self.kind == "exact":
            return 1e-9
        if self.kind == "exponential":
            return self.size * math.exp(-self.order * lam)
        return float((math.log(lam) if self.kind == "log" else 1.0) / lam ** self.order)


def power(order: float, *points: tuple[int, float], along: str = "", **given: float) -> Convergence:
    """Return the rate ``1 / lambda**order``, measured at points ``(grid, lambda)``."""
    return Convergence("power", order, points, along=along, given=given)


def margin(*points: tuple[int, float], along: str = "", **given: float) -> Convergence:
    """Return the rate ``ln(lambda)/lambda`` of a proposer that leaves a margin for error."""
    return Convergence("log", 1.0, points, along=along, given=given)


def strict(
    gain: float, *lams: float, size: float = 10.0, grid: int = 2, **given: float
) -> Convergence:
    """Return the rate ``size exp(-gain lambda)`` of an equilibrium in strict best replies."""
    return Convergence("exponential", gain, tuple((grid, x) for x in lams), size=size, given=given)


EXACT = Convergence("exact", 0.0, ((2, 0.5), (2, 1.0), (2, 2.0)))
