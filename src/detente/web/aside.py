"""Work in a thread, and its result in the loop that answers all windows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

from shiny import reactive

from detente.web.unexpected import told_error

__all__ = ["Aside"]

Then = Callable[[Any, Exception | None], Awaitable[None] | None]


class Aside:
    """Work in a thread, one piece after the other.

    An effect that computes, or that waits for a thread, holds the effects of all windows. So it
    leaves the work here, and the rest is done when the result is there.
    """

    def __init__(self) -> None:
        self._last: asyncio.Task[None] | None = None

    def do(self, work: Callable[[], Any], then: Then) -> None:
        """Call a function in a thread, then ``then`` with its result, or None and its error."""
        self._last = asyncio.create_task(self._done(work, then, self._last))

    async def _done(
        self, work: Callable[[], Any], then: Then, before: asyncio.Task[None] | None
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        made: Any = None
        wrong: Exception | None = None
        try:
            made = await asyncio.to_thread(work)
        except Exception as error:  # said on the page
            wrong = told_error(error)
        async with reactive.lock():
            with reactive.isolate():
                waits = then(made, wrong)
                if isawaitable(waits):
                    await waits
            await reactive.flush()
