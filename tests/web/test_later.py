"""Work in a thread: the app goes on meanwhile, and of several questions the newest is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("shiny", reason="the extra `app` is not installed")

from shiny import reactive

from detente.errors import InputError
from detente.web.later import Later


async def held(work: list[Callable[[], Any]]) -> tuple[list[Any], int]:
    """Return the values that were set, and how often the loop came round meanwhile."""
    into: reactive.Value[Any] = reactive.Value(None)
    made, rounds = [], 0
    later = Later(into)
    for one in work:
        later.ask(one)
        await asyncio.sleep(0)
    while later._task is not None and not later._task.done():
        await asyncio.sleep(0.01)
        rounds += 1
        with reactive.isolate():
            if into() is not None and into() not in made:
                made.append(into())
    return made, rounds


def slow(value: Any) -> Callable[[], Any]:
    def work() -> Any:
        time.sleep(0.3)
        return value
    return work


def test_the_loop_goes_on_while_a_thread_works() -> None:
    made, rounds = asyncio.run(held([slow("a")]))
    assert made == ["a"] and rounds > 5  # 30 rounds of .01 s fit; a blocked loop has one


def test_the_newest_question_is_answered() -> None:
    made, _ = asyncio.run(held([slow("a"), slow("b"), slow("c")]))
    assert made == ["a", "c"]


def test_an_error_is_a_value() -> None:
    wrong = InputError("no", expected="yes")

    def fail() -> None:
        raise wrong

    made, _ = asyncio.run(held([fail]))
    assert made == [wrong]


def test_work_may_go_on_elsewhere_and_ends_with_the_window() -> None:
    begun: list[str] = []
    ended = []

    async def far(value: str, seconds: float) -> str:
        begun.append(value)
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            ended.append(value)
            raise
        return value

    async def work() -> list[Any]:
        into: reactive.Value[Any] = reactive.Value(None)
        later, made = Later(into), []
        for value, seconds in (("soon", 0.0), ("never", 60.0)):
            later.ask(lambda value=value, seconds=seconds: far(value, seconds))
            async with asyncio.timeout(10):
                while value not in begun:
                    await asyncio.sleep(0)
                if value == "never":
                    later._end()
                await asyncio.wait([later._task])
            with reactive.isolate():
                made.append(into())
        return made

    assert asyncio.run(work()) == ["soon", "soon"] and ended == ["never"]


def test_a_fault_of_the_program_is_said_and_the_next_question_is_answered(
    capsys: pytest.CaptureFixture[str]
) -> None:
    def fault() -> None:
        raise KeyError("/home/ann")

    made, _ = asyncio.run(held([fault]))
    assert "fault of the program (KeyError)" in str(made[0]) and "ann" not in str(made[0])
    assert "KeyError: '/home/ann'" in capsys.readouterr().err


def test_a_value_that_takes_long_is_said_to_until_it_is_there(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detente.web.later.SLOW", 0.05)

    async def work() -> list[tuple[bool, Any]]:
        later, seen = Later(reactive.Value(None)), []
        for one in (lambda: "soon", slow("late")):
            later.ask(one)
            while later._task is not None and not later._task.done():
                await asyncio.sleep(0.01)
                with reactive.isolate():
                    seen.append((later.slow(), later.into()))
        return seen

    seen = asyncio.run(work())
    assert (True, None) not in seen and (True, "soon") in seen
    assert seen[-1] == (False, "late") and (True, "late") not in seen
