"""Work in processes of its own: progress, an end at any time, and a message after a crash.

A job calls a function of `detente.web.work` by name. The function is a generator; each item that it
yields reaches the page at once. Ending a job ends its process, so nothing goes on for a window that
was closed, and a solver that crashes takes nothing else with it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from detente.errors import DetenteError, InputError
from detente.web.unexpected import LostError

__all__ = ["Jobs", "LostError", "prepare"]

T = TypeVar("T")

NICE = 3
"""By how much jobs yield to the app itself."""
GRACE = 2.0
"""Seconds between asking a process to end and ending it."""


def prepare() -> None:
    """Load what every job needs once, so that a new process starts in a moment."""
    context().set_forkserver_preload(["detente.web.work.ready"])
    one = context().Process(target=_nothing)
    one.start()
    one.join()


def context() -> Any:
    """Return the way in which processes are started: from a server that has no threads."""
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return multiprocessing.get_context(method)


class Jobs:
    """The processes of one app; at most ``most`` work at once, and others wait in turn.

    Work that a person needs for the next step has as many processes of its own, so that it does
    not wait for analyses.

    Parameters
    ----------
    most
        Number of processes that may work at once (default: one for each processor).
    """

    def __init__(self, most: int | None = None) -> None:
        self.most = most or os.cpu_count() or 1
        self.waiting = 0
        self._slots = asyncio.Semaphore(self.most)
        self._soon = asyncio.Semaphore(self.most)
        # Each process has a thread that waits for it. With those of the loop, a few long jobs
        # would leave none to read the text of another window.
        self._threads = ThreadPoolExecutor(4 * self.most, "job")

    async def _aside(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    async def stream(self, name: str, *arguments: Any, soon: bool = False) -> AsyncIterator[Any]:
        """Yield what the function ``module:function`` of `detente.web.work` yields.

        Closing the iterator (or cancelling the task that reads it) ends the process and those that
        it started.

        Parameters
        ----------
        name, arguments
            The function and its arguments.
        soon
            Whether a person needs the result for the next step.

        Raises
        ------
        InputError
            As the function raised it.
        LostError
            The process ended without a result.
        """
        slots = self._soon if soon else self._slots
        self.waiting += not soon
        try:
            await slots.acquire()
        finally:
            self.waiting -= not soon
        here, there = context().Pipe(duplex=False)
        process = context().Process(target=_child, args=(there, name, arguments), daemon=True)
        ended = False
        try:
            await self._aside(process.start)
            there.close()
            while True:
                kind, item = await self._aside(_receive, here, process)
                ended = kind == "done" or (kind == "error" and not isinstance(item, LostError))
                if kind == "done":
                    return
                if kind == "error":
                    raise item
                yield item
        finally:
            slots.release()
            here.close()
            _end(process, group=not ended)

    async def result(self, name: str, *arguments: Any, soon: bool = False) -> Any:
        """Return the last item that a function yields."""
        found: Any = None
        async for item in self.stream(name, *arguments, soon=soon):
            found = item
        return found


def _receive(here: Connection, process: BaseProcess) -> tuple[str, Any]:
    try:
        while not here.poll(0.2):
            if not process.is_alive() and not here.poll(0):
                raise EOFError
        message: tuple[str, Any] = here.recv()
    except (EOFError, OSError):
        process.join(GRACE)
        code = process.exitcode
        return "error", LostError(
            f"the process that worked on this has ended (exit code {code}); the text of the "
            "crisis is kept; try again, or make the game smaller if it needs too much memory")
    return message


def _end(process: BaseProcess, *, group: bool) -> None:
    """End a process; ``group`` ends the programs that it started, too."""
    if process.pid is None:
        return
    if group:
        _signal(process.pid, "SIGTERM")
    with suppress(OSError, ValueError):
        process.terminate()
        process.join(0 if process.exitcode is not None else 0.05)
        if process.exitcode is None:
            process.kill()
    if group:
        _signal(process.pid, "SIGKILL")


def _signal(group: int, name: str) -> None:
    """Send a signal to a group of processes, if there is one and the system has groups."""
    with suppress(OSError, AttributeError):
        os.killpg(group, getattr(signal, name))


def _nothing() -> None:
    """Do nothing: starting it starts the server of processes."""


def _child(there: Connection, name: str, arguments: tuple[Any, ...]) -> None:
    module, _, function = name.partition(":")
    with suppress(OSError, AttributeError):
        os.setpgid(0, 0)  # a group of its own, so that its programs end with it
    with suppress(OSError, AttributeError):
        os.nice(NICE)  # an answer that a person waits for comes first
    try:
        work = getattr(import_module(f"detente.web.work.{module}"), function)
        items: Iterator[Any] = work(*arguments)
        for item in items:
            there.send(("item", item))
        there.send(("done", None))
    except DetenteError as wrong:
        there.send(("error", InputError(
            str(wrong), expected=None)))  # the words say it already
    except MemoryError:
        there.send(("error", InputError("there is not enough memory for this game",
                                        expected="a smaller game or fewer samples")))
    except (BrokenPipeError, KeyboardInterrupt):
        return
