"""How far a job is, and work that tells it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

__all__ = ["Progress", "Tell", "told"]

Tell = Callable[[int, int, str], None]


class Progress(NamedTuple):
    """How far a job is; an item that it may yield at any time.

    Attributes
    ----------
    done, total : int
        ``total`` is 0 if it is not known.
    what : str
    """

    done: int
    total: int
    what: str


def told(work: Callable[[Tell], Any]) -> Iterator[Any]:
    """Yield the progress that a function tells while it works, then its result."""
    items: queue.Queue[tuple[str, Any]] = queue.Queue()

    def run() -> None:
        try:
            items.put(("done", work(lambda d, n, what: items.put(("told", Progress(d, n, what))))))
        except BaseException as wrong:
            items.put(("wrong", wrong))

    threading.Thread(target=run, daemon=True).start()
    while True:
        kind, item = items.get()
        while kind == "told" and not items.empty():  # the latest news is enough
            kind, item = items.get()
        if kind == "wrong":
            raise item
        yield item
        if kind == "done":
            return
