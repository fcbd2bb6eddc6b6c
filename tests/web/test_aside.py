"""Work in a thread holds no other window: the lock of all effects is free meanwhile."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")

from shiny import reactive

from detente.errors import InputError
from detente.web.aside import Aside


async def until(what: Any) -> None:
    while not what():
        await asyncio.sleep(0.01)


def test_effects_of_others_run_while_a_thread_works() -> None:
    async def work() -> list[str]:
        goes_on, told = threading.Event(), []
        Aside().do(lambda: goes_on.wait(30), lambda made, wrong: told.append(f"done {made}"))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(10), reactive.lock():  # an effect of another window holds it
            told.append("other")
            await reactive.flush()
        goes_on.set()
        await asyncio.wait_for(until(lambda: len(told) == 2), 10)
        return told

    assert asyncio.run(work()) == ["other", "done True"]


def test_work_is_done_in_turn_and_an_error_ends_one_piece_only() -> None:
    wrong_one = InputError("no", expected="yes")

    async def work() -> list[Any]:
        told: list[Any] = []
        aside = Aside()

        def fail() -> None:
            raise wrong_one

        async def then(made: Any, wrong: Exception | None) -> None:
            await asyncio.sleep(0.02)
            told.append(made if wrong is None else wrong)

        for piece in (lambda: "first", fail, lambda: len(told)):
            aside.do(piece, then)
        await asyncio.wait_for(until(lambda: len(told) == 3), 10)
        return told

    assert asyncio.run(work()) == ["first", wrong_one, 2]
