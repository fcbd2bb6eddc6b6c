"""One drawing serves all windows, so a window that is closed in the middle of it ends none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")

from shiny import reactive

from detente.web.redraw import redraw
from detente.web.running import Running


class Slow:
    """In the place of `Jobs`: yields one item, then waits."""

    waiting = 0

    async def stream(self, name: str, *arguments: Any, soon: bool = False) -> AsyncIterator[Any]:
        yield "an item"
        await asyncio.sleep(60)


async def drawn_by_another_window(end: Any) -> list[str]:
    """Return what another window has drawn after ``end`` was called in the middle of it."""
    trigger: reactive.Value[int] = reactive.Value(0)
    drawn: list[str] = []
    running = Running(Slow())  # type: ignore[arg-type]

    @reactive.effect
    async def _other() -> None:
        trigger()
        drawn.append("begun")
        await asyncio.sleep(0.05)
        drawn.append("whole")

    await redraw(lambda: None)
    drawn.clear()
    async with reactive.lock():
        trigger.set(1)  # waits for the next drawing, which is that of the job's first item
        running.begin("any:job")
    while drawn != ["begun"]:
        await asyncio.sleep(0.001)
    end(running)
    await asyncio.sleep(0.2)
    return drawn


def test_a_closed_window_leaves_the_drawing_of_others_whole() -> None:
    assert asyncio.run(drawn_by_another_window(lambda running: running._stop())) == [
        "begun", "whole"]


def test_a_change_that_is_no_longer_wanted_is_not_made() -> None:
    async def late() -> tuple[Any, bool]:
        running = Running(Slow())  # type: ignore[arg-type]
        async with reactive.lock():
            running.begin("any:job")
            task = running._task
            for _ in range(5):
                await asyncio.sleep(0)  # its item waits for the lock
            running.cancel()
        assert task is not None
        with suppress(asyncio.CancelledError):
            await task
        await redraw(lambda: None)
        with reactive.isolate():
            return running.state().items, running.state().cancelled

    assert asyncio.run(late()) == ((), True)
