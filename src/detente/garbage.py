"""A pause of Python's search for cyclic garbage, for work that makes many small objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["uncollected"]


@contextmanager
def uncollected() -> Iterator[None]:
    """Make objects without a search for cycles among them.

    The states of a game are kept, so each search visits all of them and finds nothing: 40 % of the
    time for a game of 41,000 states. Threads may enter it at once; the search goes on when the one
    that stopped it leaves.

    Examples
    --------
    >>> import gc
    >>> with uncollected():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
