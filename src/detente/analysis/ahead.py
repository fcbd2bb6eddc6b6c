"""Work that begins before its result is wanted, and work that goes on side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["ahead", "in_step"]

K = TypeVar("K")
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


def in_step(streams: Mapping[K, Iterator[T]], workers: int) -> Iterator[dict[K, T]]:
    """Yield the next item of every stream, as long as each of them has one.

    The streams go on in ``workers`` threads, each stream in one thread at a time.

    Examples
    --------
    >>> list(in_step({"a": iter([1, 2]), "b": iter([3, 4])}, workers=2))
    [{'a': 1, 'b': 3}, {'a': 2, 'b': 4}]
    """
    if not streams:
        return
    with ThreadPoolExecutor(max(1, workers), thread_name_prefix="stream") as pool:
        while True:
            items = list(pool.map(lambda stream: list(_first(stream)), streams.values()))
            if not all(items):
                return
            yield {key: item[0] for key, item in zip(streams, items, strict=True)}


def _first(stream: Iterator[T]) -> Iterator[T]:
    """Yield the next item of a stream, or nothing at its end."""
    for item in stream:
        yield item
        return
