"""Truth of a condition in three values, with its margin and whether it is too close to call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.arrays import Bools, Floats

__all__ = ["Truth", "either", "join", "over_types"]


@dataclass(frozen=True)
class Truth:
    """Truth of a condition.

    Attributes
    ----------
    holds : (types..., S) array
        1 if it holds, 0 if it fails, nan if its condition has probability zero.
    margin : (types..., S) array
        Difference of the compared sides, in their units; positive if the condition holds.
    least, most : (types..., S) array
        ``holds`` if every comparison that is too close to call fails, and if it holds.
    """

    holds: Floats
    margin: Floats
    least: Floats
    most: Floats

    @property
    def close(self) -> Bools:
        """Whether the errors of the solution decide if it holds: too close to call."""
        return np.asarray(~np.isnan(self.holds) & ~(self.least == self.most))

    @property
    def decided(self) -> Floats:
        """``holds``, but nan if it is too close to call."""
        return np.where(self.close, np.nan, self.holds)

    def each(self, change: Callable[[Floats], Floats]) -> Truth:
        """Return the four arrays changed alike."""
        return Truth(*(change(x) for x in (self.holds, self.margin, self.least, self.most)))


def join(a: Truth, b: Truth, some: bool) -> Truth:
    """Join two conditions by ``or`` (some) or ``and``, in three values."""
    decisive = 1.0 if some else 0.0

    def joined(x: Floats, y: Floats) -> Floats:
        decided = (x == decisive) | (y == decisive)
        none = np.isnan(x) | np.isnan(y)
        return np.where(decided, decisive, np.where(none, np.nan, 1 - decisive))

    holds = joined(a.holds, b.holds)
    pick = np.fmax if some else np.fmin
    margin = np.where(np.isnan(holds), np.nan, pick(a.margin, b.margin))
    return Truth(holds, margin, joined(a.least, b.least), joined(a.most, b.most))


def either(central: Truth, other: Truth) -> Truth:
    """Return a condition's truth, with that under other values of the numbers from outside.

    No answer under the other values leaves it open whether it holds.
    """
    none = np.isnan(central.holds)
    least = np.fmin(central.least, np.where(np.isnan(other.least), 0.0, other.least))
    most = np.fmax(central.most, np.where(np.isnan(other.most), 1.0, other.most))
    return Truth(central.holds, central.margin, np.where(none, np.nan, least),
                 np.where(none, np.nan, most))


def over_types(found: Truth, axis: int, some: bool) -> Truth:
    """Require a condition for every type along an axis, or for some.

    Types that do not reach the decision do not count.
    """
    held = np.isnan(found.holds)
    none = held.all(axis=axis, keepdims=True)

    def over(x: Floats, neutral: float) -> Floats:
        filled = np.where(np.isnan(x) | held, neutral, x)
        pick = filled.max if some else filled.min
        return np.where(none, np.nan, pick(axis=axis, keepdims=True))

    truth = 0.0 if some else 1.0
    return Truth(over(found.holds, truth), over(found.margin, -np.inf if some else np.inf),
                 over(found.least, truth), over(found.most, truth))
