"""Numbers that the analyst knows, or gives as a range with its reason.

`detente.scenario.quantity` reads them from a file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["ByActor", "Kind", "Quantity"]


class Kind(StrEnum):
    """The kind of a number of the file; each field of the schema declares it."""

    COST = "cost"
    VALUE = "value"
    WEIGHT = "weight"
    SHARE = "share of the stake"
    PART = "part of a cost"
    ODDS = "odds of war"
    SHIFT = "change of the odds of war"
    ACCIDENT = "chance of an accident"
    CHANCE = "chance of an event"
    RESPONSE = "chance of a response"
    BELIEF = "belief"
    PRIVATE = "private information"
    DURATION = "duration"
    HABIT = "habitual weight of a move"
    PRECISION = "precision of choice"
    OTHER = "number"


@dataclass(frozen=True)
class Quantity:
    """A number that the analyst knows or gives as a range.

    Parameters
    ----------
    low, mode, high
        The least, most probable and greatest value; all equal for a known number. For a uniform
        range the mode is the midpoint, for a log-uniform one the median.
    dist
        How the analyst's uncertainty is spread: ``point``, ``uniform``, ``triangular`` or
        ``log-uniform``.
    because, source
        The reason, and the id of the source.
    least, most, above
        The values that make sense here (0 and 1 for a probability), as the schema says; with
        ``above`` the least itself is excluded.
    kind : Kind
        What the number is, as the field of the schema that holds it declares.
    path : str
        Its path in the file; set by `detente.scenario.paths.numbers`.
    owner : str
        The actor below whose name it stands in the file; empty if there is none.
    words : tuple of str
        Its name in words, without the actor.
    by : str
        The actor for whom it is given, if the file gives one number for each actor.

    Examples
    --------
    >>> Quantity.uniform(0.2, 0.6).centre
    0.4
    >>> Quantity.point(0.3).is_range
    False
    """

    low: float
    mode: float
    high: float
    dist: Literal["point", "uniform", "triangular", "log-uniform"] = "point"
    because: str = ""
    source: str = ""
    least: float = field(default=-math.inf, compare=False)
    most: float = field(default=math.inf, compare=False)
    above: bool = field(default=False, compare=False)
    kind: Kind = field(default=Kind.OTHER, compare=False)
    path: str = field(default="", compare=False)
    owner: str = field(default="", compare=False)
    words: tuple[str, ...] = field(default=(), compare=False)
    by: str = field(default="", compare=False)

    @classmethod
    def point(cls, value: float, because: str = "") -> Quantity:
        """Return a known number."""
        return cls(float(value), float(value), float(value), because=because)

    @classmethod
    def uniform(cls, low: float, high: float, because: str = "") -> Quantity:
        """Return a range in which all values are equally plausible."""
        return cls(float(low), (low + high) / 2, float(high), "uniform", because)

    @classmethod
    def log_uniform(
        cls, low: float, high: float, because: str = "", middle: float | None = None
    ) -> Quantity:
        """Return a range in which equal ratios are equally plausible; both ends are positive.

        Half of the plausible values lie below ``middle``, in equal ratios, and half above it. It
        is the geometric mean of the ends if not given.

        Examples
        --------
        >>> Quantity.log_uniform(5, 45).centre
        15.0
        """
        centre = math.sqrt(low * high) if middle is None else middle
        return cls(float(low), float(centre), float(high), "log-uniform", because)

    @classmethod
    def triangular(cls, low: float, mode: float, high: float, because: str = "") -> Quantity:
        """Return a range with a most probable value."""
        return cls(float(low), float(mode), float(high), "triangular", because)

    @property
    def is_range(self) -> bool:
        """Whether the number is a range."""
        return self.dist != "point"

    @property
    def centre(self) -> float:
        """The median of the range.

        It is the midpoint of a uniform range, and the geometric mean of the ends of a log-uniform
        one unless that names another. Of a triangular range it lies between the mode and the
        midpoint.
        """
        if self.dist == "triangular":
            return float(self.ppf(0.5))
        if self.dist == "log-uniform":
            return self.mode
        return self.low if self.dist == "point" else (self.low + self.high) / 2

    def allows(self, value: ArrayLike) -> bool:
        """Whether all values are numbers that make sense here.

        Examples
        --------
        >>> from dataclasses import replace
        >>> odds = replace(Quantity.point(0.5), least=0.0, most=1.0)
        >>> odds.allows([0.0, 1.0]), odds.allows(7), odds.allowed
        (True, False, 'between 0 and 1')
        """
        return bool(self.each_allowed(value).all())

    def each_allowed(self, value: ArrayLike) -> NDArray[np.bool_]:
        """Return which values are numbers that make sense here, in the shape of ``value``."""
        x = np.asarray(value, dtype=float)
        low = x > self.least if self.above else x >= self.least
        return np.asarray(low & (x <= self.most))

    @property
    def allowed(self) -> str:
        """The numbers that make sense here, in words."""
        if self.above:
            return f"above {self.least:g} and at most {self.most:g}"
        return f"between {self.least:g} and {self.most:g}"

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Return the value below which a share ``u`` of the plausible values lies.

        Parameters
        ----------
        u
            Shares in [0, 1], of any shape.

        Returns
        -------
        ndarray
            Values, in the shape of ``u``.

        Examples
        --------
        >>> Quantity.uniform(0.2, 0.6).ppf([0, 0.25, 1]).round(3).tolist()
        [0.2, 0.3, 0.6]
        """
        share = np.asarray(u, dtype=float)
        width = self.high - self.low
        if self.dist == "triangular":
            rising, falling = self.mode - self.low, self.high - self.mode
            left = self.low + np.sqrt(share * width * rising)
            right = self.high - np.sqrt((1 - share) * width * falling)
            value = np.where(share * width <= rising, left, right)
        elif self.dist == "log-uniform":
            below = self.low * (self.mode / self.low) ** (2 * share)
            above = self.mode * (self.high / self.mode) ** (2 * share - 1)
            value = np.where(share < 0.5, below, above)
        else:
            value = self.low + share * width
        # Rounding must not leave the range: a probability stays one.
        return np.clip(value, self.low, self.high)

    def __str__(self) -> str:
        if self.dist == "point":
            return f"{self.low:g}"
        if self.dist == "uniform":
            return f"{self.low:g} to {self.high:g}"
        if self.dist == "log-uniform":
            return f"{self.low:g} to {self.high:g}, in equal ratios"
        return f"{self.low:g} to {self.high:g}, most probable {self.mode:g}"


@dataclass(frozen=True)
class ByActor:
    """One number for all, or one for each of some actors (an actor left out has none).

    Examples
    --------
    >>> cost = ByActor(each={"aland": Quantity.point(0.2)})
    >>> cost.of("aland").centre, cost.of("bland")
    (0.2, None)
    """

    common: Quantity | None = None
    each: Mapping[str, Quantity] = field(default_factory=dict)

    def of(self, actor: str) -> Quantity | None:
        """Return the actor's number, or None if the file gives it none."""
        return self.common if self.common is not None else self.each.get(actor)

    def path(self, base: str, actor: str) -> str | None:
        """Return the path of the actor's number, ``base`` being the path of the whole."""
        if self.common is not None:
            return base
        return f"{base}.{actor}" if actor in self.each else None

    def items(self) -> Iterator[tuple[str, Quantity]]:
        """Yield (suffix of the path, number): the suffix is empty for a common number."""
        if self.common is not None:
            yield "", self.common
        yield from self.each.items()
