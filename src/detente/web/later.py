"""A value that a thread computes, so that the app goes on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from shiny import reactive

from detente.errors import DetenteError

__all__ = ["Later"]


class Later:
    """Compute values in a thread, one at a time; of those that are asked for meanwhile the newest.

    Parameters
    ----------
    into
        Takes each value, or the exception in its place, so that the page can tell it.
    """

    def __init__(self, into: reactive.Value[Any]) -> None:
        self.into = into
        self._wanted: Callable[[], Any] | None = None
        self._task: asyncio.Task[None] | None = None

    def ask(self, work: Callable[[], Any]) -> None:
        """Ask for the value that a function returns."""
        self._wanted = work
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._wanted is not None:
            work, self._wanted = self._wanted, None
            try:
                made: Any = await asyncio.to_thread(work)
            except (DetenteError, MemoryError) as wrong:  # said on the page
                made = wrong
            async with reactive.lock():
                self.into.set(made)
                await reactive.flush()
