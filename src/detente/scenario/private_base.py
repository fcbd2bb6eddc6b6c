"""A private quantity of an actor: its types, their values and the prior over them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from detente.scenario.model import FilePart, SourceRef, wrong
from detente.scenario.quantity import Quantity

__all__ = ["MAX_TYPES", "PrivateSpec", "TypeTable", "Values", "even", "grid", "levels", "pair",
           "rising"]

Values = NDArray[Any]  # real or complex
MAX_TYPES = 64


@dataclass(frozen=True)
class TypeTable:
    """The types of one private quantity.

    Parameters
    ----------
    labels
        Words for each of the T types, for display: ``low`` and ``high``, or the value at the
        centre.
    centre
        The value of each type at the centre of the file's ranges, in the quantity's units.
    levels
        The level of each type: ``low``, ``middle`` or ``high``.
    numbers
        The numbers that the values and the prior depend on, by their path below the quantity.
    values_prior
        A function from those numbers to values (T, ...) and prior (T, ...). It is smooth, takes
        floats, complex numbers or arrays of any one shape, and adds that shape after the types.
    """

    labels: tuple[str, ...]
    centre: tuple[float, ...]
    levels: tuple[str, ...]
    numbers: Mapping[str, Quantity]
    values_prior: Callable[[Mapping[str, Any]], tuple[Values, Values]]

    @property
    def n_types(self) -> int:
        """The number of types."""
        return len(self.labels)


class PrivateSpec(FilePart, ABC):
    """A private quantity; each subclass is one form in which a file gives its types."""

    because: str = Field("", description="The reason for the prior.")
    source: SourceRef | None = Field(None, description="The id of the source of the prior.")

    said: ClassVar[Mapping[str, str | tuple[str, ...]]] = {}
    """The words for each part: of a list, one for each item, or one with ``{}`` for its number."""

    def words(self, part: str, position: int | None = None) -> str:
        """Return the words for a part of the prior, or for one item of a part that is a list.

        Examples
        --------
        >>> from detente.scenario.private import UniformTypes
        >>> ends = UniformTypes(between=[0.1, 0.4])
        >>> ends.words("between", 1)
        'greatest'
        """
        said = self.said.get(part, part.replace("_", " "))
        if position is None:
            return said if isinstance(said, str) else part.replace("_", " ")
        if isinstance(said, tuple):
            return said[position]
        return said.format(position + 1) if "{}" in said else f"{said}, {position + 1}"

    @property
    @abstractmethod
    def numbers(self) -> dict[str, Quantity]:
        """The numbers of the spec by their path below it, such as ``low`` or ``between.0``."""

    @property
    @abstractmethod
    def n_types(self) -> int:
        """The number of types."""

    @abstractmethod
    def values_prior(self, numbers: Mapping[str, Any]) -> tuple[Values, Values]:
        """Return the value and the prior of each type, given the numbers.

        Parameters
        ----------
        numbers
            Floats, complex numbers or arrays of one shape, by the keys of `numbers`.

        Returns
        -------
        values, prior : ndarray (T, ...)
        """

    def discretise(self) -> TypeTable:
        """Return the types with their values at the centre, and labels and levels made from them.

        Examples
        --------
        >>> from detente.scenario.private import UniformTypes
        >>> spec = UniformTypes(between=[0.1, 0.5], types=4)
        >>> spec.discretise().labels
        ('0.15', '0.25', '0.35', '0.45')
        >>> spec.discretise().levels
        ('low', 'low', 'middle', 'high')
        """
        values = self._centre()
        labels = tuple(f"{v:.3g}" for v in values)
        if len(set(labels)) < len(labels):
            labels = tuple(f"type {k + 1}" for k in range(len(labels)))
        words, rank = levels(len(values)), np.argsort(np.argsort(values, kind="stable"))
        return TypeTable(labels, values, tuple(words[int(r)] for r in rank), self.numbers,
                         self.values_prior)

    def _centre(self) -> tuple[float, ...]:
        values, _ = self.values_prior({path: q.centre for path, q in self.numbers.items()})
        return tuple(map(float, values))


def levels(count: int) -> tuple[str, ...]:
    """Return the level of each of ``count`` types in rising order: thirds, or low and high.

    Examples
    --------
    >>> levels(2), levels(5)
    (('low', 'high'), ('low', 'low', 'middle', 'middle', 'high'))
    """
    if count == 2:
        return ("low", "high")
    thirds = np.array_split(np.arange(count), 3)
    return tuple(word for word, third in zip(("low", "middle", "high"), thirds, strict=True)
                 for _ in third)


def pair(name: str, ends: tuple[Quantity, Quantity] | list[Quantity]) -> dict[str, Quantity]:
    """Return two ends of a range by their paths."""
    return {f"{name}.{k}": q for k, q in enumerate(ends)}


def grid(numbers: Mapping[str, Any], n: int) -> NDArray[np.float64]:
    """Return edges 0, 1/n, ..., 1 with as many trailing axes as the numbers have."""
    axes = max(np.ndim(v) for v in numbers.values())
    return np.linspace(0.0, 1.0, n + 1).reshape((-1,) + (1,) * axes)


def even(values: Values) -> tuple[Values, Values]:
    """Return values with an even prior."""
    return values, np.full(values.shape, 1.0 / len(values))


def rising(low: Quantity, high: Quantity, at: str) -> None:
    """Refuse ends of a range that overlap or fall."""
    if not low.high <= high.low:
        raise wrong(f"the low end ({low}) is not below the high end ({high})", at=(at, 1),
                    expected=f"a value above {low.high:g}")
