"""Jobs in processes of their own: items at once, an end at any time, a message after a crash."""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from detente.errors import InputError
from detente.web.desk import Source
from detente.web.jobs import Jobs, LostError
from detente.web.work.report import Answer, Part
from tests.web.conftest import PATIENCE

SMALL = """
crisis: a-quarrel
title: A quarrel
actors: {aland: {role: principal}, bland: {role: principal}}
stake: {name: the strait, first: aland, status_quo: 0.5}
turns: {first: aland, each: 1}
delay_cost: 0.01 to 0.03
war: {win_chance: 0.6, cost: 0.2}
"""


def test_a_job_yields_answer_and_sections() -> None:
    async def work() -> list[object]:
        return [x async for x in Jobs().stream("report:analyse", Source("a", SMALL))]

    found = asyncio.run(work())
    assert any(isinstance(x, Answer) and x.checked for x in found)
    last = found[-1]
    assert isinstance(last, Part) and last.whole and "outcomes" in last.html
    assert last.headline and last.headline not in last.html["brief"]  # the first screen has it
    assert "solution checked" not in last.html["brief"]


def test_ties_are_shown_before_the_samples() -> None:
    from detente.cases import find
    from detente.web.work.report import analyse

    case = find("order-2020")
    source = Source("order-2020", case.read_text(encoding="utf-8"), case=case)
    seen = []
    for item in analyse(source):
        seen.append(item)
        if isinstance(item, Part) and item.html.get("world"):
            break
    assert any(isinstance(x, Answer) for x in seen)
    assert not seen[-1].whole


def test_bad_input_comes_back_as_such() -> None:
    async def work() -> None:
        await Jobs().result("report:analyse", Source("a", "crisis: 1"))

    with pytest.raises(InputError):
        asyncio.run(work())


def test_a_crash_gives_a_message_and_the_next_job_runs() -> None:
    async def work() -> None:
        jobs = Jobs(1)
        with pytest.raises(LostError, match="kept"):
            await jobs.result("crash:now")
        assert await jobs.result("crash:fine") == "fine"

    asyncio.run(work())


def test_closing_a_job_ends_its_process() -> None:
    async def work() -> int | None:
        jobs = Jobs(1)
        async with aclosing(jobs.stream("crash:forever")) as items:
            async for item in items:
                assert item == "begun"
                break
        return 1 if await jobs.result("crash:fine") == "fine" else None

    before = set(multiprocessing.active_children())
    assert asyncio.run(work()) == 1
    until = time.monotonic() + PATIENCE
    while set(multiprocessing.active_children()) - before and time.monotonic() < until:
        time.sleep(0.05)
    assert not set(multiprocessing.active_children()) - before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found in /proc")
def test_closing_a_job_ends_the_programs_that_it_started() -> None:
    async def work() -> int:
        async with aclosing(Jobs(1).stream("crash:program")) as items:
            async for pid in items:
                assert alive(pid)
                return int(pid)
        raise AssertionError

    pid = asyncio.run(work())
    until = time.monotonic() + PATIENCE
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(pid)


def alive(pid: int) -> bool:
    """Return whether a process runs; one that ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_a_person_waits_for_does_not_wait_for_analyses() -> None:
    async def work() -> Any:
        jobs = Jobs(1)
        async with aclosing(jobs.stream("crash:forever")) as items:
            await anext(items)
            waits = asyncio.create_task(jobs.result("crash:fine"))
            while not jobs.waiting:
                await asyncio.sleep(0.01)
            found = await asyncio.wait_for(anext(jobs.stream("crash:fine", soon=True)), 60)
            assert not waits.done()
        return found, await waits

    assert asyncio.run(work()) == ("fine", "fine")
