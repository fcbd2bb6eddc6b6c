"""The path of tremble floors along which learning goes."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["floors"]


def floors(largest: float | None, last: float) -> Iterator[float]:
    """Yield ``largest``, its halves as long as they are above ``last``, and ``last``.

    Examples
    --------
    >>> list(floors(0.01, 0.0025)), list(floors(None, 0.01)), list(floors(0.001, 0.01))
    ([0.01, 0.005, 0.0025], [0.01], [0.01])
    """
    at = last if largest is None else largest
    while at > last * (1 + 1e-9):
        yield at
        at /= 2
    yield last
