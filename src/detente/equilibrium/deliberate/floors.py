"""The path of tremble floors along which learning goes."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["floors", "halves"]

ROUNDING = 1e-9
"""Relative difference of two floors that count as equal."""


def halves(largest: float, least: float) -> Iterator[float]:
    """Yield the halves of ``largest`` that are not below ``least``.

    Examples
    --------
    >>> list(halves(0.01, 0.0025)), list(halves(0.01, 0.003)), list(halves(0.01, 0.01))
    ([0.005, 0.0025], [0.005], [])
    """
    at = largest / 2
    while at >= least * (1 - ROUNDING):
        yield at
        at /= 2


def floors(largest: float | None, last: float) -> Iterator[float]:
    """Yield ``largest``, its halves as long as they are above ``last``, and ``last``.

    Examples
    --------
    >>> list(floors(0.01, 0.0025)), list(floors(None, 0.01)), list(floors(0.001, 0.01))
    ([0.01, 0.005, 0.0025], [0.01], [0.01])
    """
    if largest is not None and largest > last * (1 + ROUNDING):
        yield largest
        yield from (at for at in halves(largest, last) if at > last * (1 + ROUNDING))
    yield last
