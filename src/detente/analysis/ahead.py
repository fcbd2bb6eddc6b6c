"""Work that begins before its result is wanted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["ahead"]

T = TypeVar("T")


def ahead(work: Callable[[], T], workers: int) -> Callable[[], T]:
    """Begin ``work`` in a thread, and return a function that waits for its result.

    With one worker the work is done when its result is wanted. An error of the work is raised
    there.

    Examples
    --------
    >>> ahead(lambda: 6 * 7, workers=2)()
    42
    """
    if workers == 1:
        return work
    pool = ThreadPoolExecutor(1, thread_name_prefix="ahead")
    begun = pool.submit(work)
    pool.shutdown(wait=False)
    return begun.result
