"""A pause of Python's search for cyclic garbage, for work that makes many small objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

__all__ = ["uncollected"]

_lock = Lock()
_inside = 0
_ran = False
"""Whether the search went on before the first thread came in."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Make objects without a search for cycles among them.

    The states of a game are kept, so each search visits all of them and finds nothing: 40 % of the
    time for a game of 41,000 states. Several threads may be inside; the search goes on when the
    last of them leaves.

    Examples
    --------
    >>> import gc
    >>> with uncollected():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    global _inside, _ran
    entered = False
    try:
        with _lock:
            if not _inside:
                _ran = gc.isenabled()
            _inside += 1
            entered = True
            gc.disable()
        yield
    finally:
        with _lock:
            _inside -= entered
            if not _inside and _ran:
                gc.enable()
