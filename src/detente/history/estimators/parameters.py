"""The identity of an estimated coefficient: its index and its term, which may hold any text."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Parameter"]


@dataclass(frozen=True, order=True)
class Parameter:
    """One coefficient of a model.

    Attributes
    ----------
    index : str
        The linear index, such as ``u11``, or a player and an outcome.
    term : str
        The column of the index, such as ``const`` or ``x``.

    Examples
    --------
    >>> str(Parameter("u11", "x:z"))
    'u11:x:z'
    """

    index: str
    term: str

    def __str__(self) -> str:
        return f"{self.index}:{self.term}"
