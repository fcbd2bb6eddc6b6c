"""A value that a thread computes, so that the app goes on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from inspect import iscoroutine
from typing import Any

from shiny import reactive
from shiny.session import get_current_session

from detente.web.unexpected import told_error

__all__ = ["Later"]

SLOW = 1.0
"""Seconds after which a value that is not there yet is said to take long."""


class Later:
    """Compute values in a thread, one at a time; of those that are asked for meanwhile the newest.

    Work that is too large for a thread of the app returns a coroutine, such as that of a job. It
    ends with the window.

    Parameters
    ----------
    into
        Takes each value, or the exception in its place, so that the page can tell it.

    Attributes
    ----------
    slow : reactive.Value of bool
        Whether the value that was asked for takes long, so that ``into`` has an earlier one.
    """

    def __init__(self, into: reactive.Value[Any]) -> None:
        self.into = into
        self.slow: reactive.Value[bool] = reactive.Value(False)
        self._wanted: Callable[[], Any] | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.Task[None] | None = None
        self._far: asyncio.Task[Any] | None = None
        session = get_current_session()
        if session is not None:
            session.on_ended(self._end)

    def ask(self, work: Callable[[], Any]) -> None:
        """Ask for the value that a function returns, or that its coroutine does."""
        self._wanted = work
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._wanted is not None:
            work, self._wanted = self._wanted, None
            ended = asyncio.Event()
            self._timer = asyncio.create_task(self._late(ended))
            try:
                made: Any = await asyncio.to_thread(work)
                if iscoroutine(made):
                    made = await self._afar(made)
            except Exception as wrong:  # said on the page
                made = told_error(wrong)
            finally:
                ended.set()
            async with reactive.lock():
                self.into.set(made)
                self.slow.set(False)
                await reactive.flush()

    async def _afar(self, work: Coroutine[Any, Any, Any]) -> Any:
        self._far = asyncio.create_task(work)
        try:
            return await self._far
        finally:
            self._far = None

    def _end(self) -> None:
        """End what the window waits for; a thread cannot be ended, and its value is not used."""
        self._wanted = None
        if self._far is not None:
            self._far.cancel()

    async def _late(self, ended: asyncio.Event) -> None:
        """Say that the work takes long if it has not ended in time; never cancelled in a flush."""
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), SLOW)
        if ended.is_set():
            return
        async with reactive.lock():
            if not ended.is_set():
                self.slow.set(True)
                await reactive.flush()
