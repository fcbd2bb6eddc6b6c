"""Polynomials in the numbers of a crisis file.

Every payoff and every chance of a compiled game is a polynomial in *symbols*: the file's numbers,
and quantities that an actor's type decides. Written once while the tree is explored, they are
evaluated for any number of samples by one matrix product, and their derivatives are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["ONE", "ZERO", "Expr", "Symbol", "Symbols"]

Scalar = int | float


class Expr:
    """A polynomial: a mapping from sorted tuples of symbol indices to coefficients.

    Examples
    --------
    >>> x, y = Expr.of(0), Expr.of(1)
    >>> (1 - x) * y + 0.5
    Expr({(0, 1): -1.0, (1,): 1.0, (): 0.5})
    """

    __slots__ = ("_hash", "terms")

    def __init__(self, terms: Mapping[tuple[int, ...], float]) -> None:
        self.terms = {k: v for k, v in terms.items() if v != 0.0}
        self._hash: int | None = None

    @classmethod
    def of(cls, symbol: int) -> Expr:
        return cls({(symbol,): 1.0})

    @classmethod
    def const(cls, value: Scalar) -> Expr:
        return cls({(): float(value)})

    def __add__(self, other: Expr | Scalar) -> Expr:
        other = other if isinstance(other, Expr) else Expr.const(other)
        if not other.terms:
            return self
        out = dict(self.terms)
        for k, v in other.terms.items():
            out[k] = out.get(k, 0.0) + v
        return Expr(out)

    __radd__ = __add__

    def __neg__(self) -> Expr:
        return Expr({k: -v for k, v in self.terms.items()})

    def __sub__(self, other: Expr | Scalar) -> Expr:
        return self + (-other)

    def __rsub__(self, other: Scalar) -> Expr:
        return -self + other

    def __mul__(self, other: Expr | Scalar) -> Expr:
        if not isinstance(other, Expr):
            return Expr({k: v * other for k, v in self.terms.items()})
        out: dict[tuple[int, ...], float] = {}
        for a, x in self.terms.items():
            for b, y in other.terms.items():
                k = tuple(sorted(a + b))
                out[k] = out.get(k, 0.0) + x * y
        return Expr(out)

    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expr) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __repr__(self) -> str:
        return f"Expr({self.terms})"


ZERO = Expr({})
ONE = Expr.const(1)

Given = Mapping[str, complex]
"""Values of the file's numbers by path; complex for derivatives."""


@dataclass(frozen=True)
class Symbol:
    """A quantity that payoffs and chances depend on.

    Attributes
    ----------
    name : str
        The path of a number of the file, or a name for a derived quantity.
    actor : str or None
        The actor whose type it depends on; None for a plain number.
    value : callable or None
        For a derived quantity: from the file's numbers (which may be complex, for derivatives)
        to a scalar, or to an array over the actor's types.
    reads : tuple of str
        The paths a derived quantity depends on.
    """

    name: str
    actor: str | None = None
    value: Callable[[Given], complex | NDArray[np.complex128]] | None = None
    reads: tuple[str, ...] = ()


@dataclass
class Symbols:
    """The table of symbols of one game."""

    table: list[Symbol] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)

    def add(self, symbol: Symbol) -> Expr:
        """Return the symbol as a polynomial, entering it in the table the first time."""
        if symbol.name not in self.index:
            self.index[symbol.name] = len(self.table)
            self.table.append(symbol)
        return Expr.of(self.index[symbol.name])
