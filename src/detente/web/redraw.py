"""Change values of a page from a task, and draw what depends on them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from shiny import reactive

__all__ = ["redraw"]

_going: set[asyncio.Task[None]] = set()
"""Drawings that go on; the loop itself would not keep them."""


async def redraw(change: Callable[[], Any]) -> None:
    """Call ``change``, which sets values, and draw all that depends on them.

    One drawing serves all windows. If the task that waits for it is cancelled, because its window
    is closed, the drawing goes on: a part of another window that was being drawn would never be
    drawn again. So ``change`` must see for itself whether it is still wanted.
    """
    async def whole() -> None:
        async with reactive.lock():
            change()
            await reactive.flush()

    task = asyncio.create_task(whole())
    _going.add(task)
    task.add_done_callback(_going.discard)
    await asyncio.shield(task)
