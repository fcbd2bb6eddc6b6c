"""A sweep's parts on a Dask cluster: solved by any free worker, with a limit on every wait."""

from __future__ import annotations

import logging
import re
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import InputError, SolveError

if TYPE_CHECKING:
    from detente.analysis.sweep import Job

__all__ = ["connect", "spread"]

RETRIES = 3
"""Attempts at a part after a worker fails."""
POLL = 1.0
"""Seconds between two looks at the cluster."""
AHEAD, LEAST_AHEAD = 2, 8
"""Parts that are sent to the cluster at the same time: per thread of it, and at least."""
AGAIN = "the same command again, which continues with the finished parts"
ADDRESS = re.compile(r"(tcp|tls|ws|wss)://\S+:\d{1,5}")
_jobs: dict[tuple[Any, ...], Job] = {}


def _part(job: Job, first: int, length: int, version: str) -> Any:
    """Solve one part on a worker, which compiles the game and solves its centre once."""
    from detente.version import __version__

    if version != __version__:
        raise SolveError(f"a worker has detente {__version__}, not {version}")
    key = (repr(job.scenario), job.n, job.seed)
    if key not in _jobs:
        _jobs.clear()
        _jobs[key] = job
    job = _jobs[key]
    rows = np.arange(first, min(first + length, job.n))
    (found,) = job.solve(rows, length)
    return job.table(rows, found)


def spread(
    job: Job, left: list[int], length: int, scheduler: str, wait: float,
    say: Callable[[str], None],
) -> Iterator[tuple[int, Any]]:
    """Yield (first row, table) of parts as a cluster's workers finish them.

    If a worker fails, only its present parts are lost; the scheduler gives them to another worker.

    Parameters
    ----------
    wait
        Seconds to wait for the scheduler, and for a worker if there is none.
    say
        Called with the present stage.

    Raises
    ------
    InputError
        dask is not installed, no scheduler answers, or there is no worker.
    SolveError
        A part failed on every worker that tried it, its result never arrived, or the cluster was
        lost.
    """
    from detente.version import __version__

    client = connect(scheduler, wait, say)
    waiting = list(reversed(left))
    sent: dict[Any, int] = {}
    failed: dict[int, int] = {}  # how often the result of a part could not be received
    ready: SimpleQueue[Any] = SimpleQueue()
    try:
        threads = _threads_in_time(client, scheduler, wait, say)
        say("samples")
        seen = time.monotonic()  # the last time at which the cluster had a worker
        while waiting or sent:
            while waiting and len(sent) < max(LEAST_AHEAD, AHEAD * threads):
                first = waiting.pop()
                future = client.submit(_part, job, first, length, __version__, pure=False,
                                       retries=RETRIES)
                sent[future] = first
                future.add_done_callback(ready.put)
            try:
                future = ready.get(timeout=POLL)
            except Empty:
                found = _threads(client, wait)
                if found:
                    seen, threads = time.monotonic(), found
                    for future in [f for f in sent if f.status == "lost"]:
                        waiting.append(sent.pop(future))  # the connection was made again
                elif time.monotonic() - seen > wait:
                    raise _lost(client, scheduler, wait, found) from None
                elif found == 0:
                    say(f"no worker is left; waiting for one, at most {wait:g} s")
                continue
            if future not in sent:
                continue  # it was lost with the connection and has been sent again
            if future.status == "finished":
                first, (table, reason) = sent.pop(future), _result(future, wait)
                if table is None:  # the worker that held it was lost
                    failed[first] = failed.get(first, 0) + 1
                    if failed[first] > RETRIES:
                        raise _failed(reason)
                    waiting.append(first)
                    continue
                future.release()
                yield first, table
            elif future.status == "error":
                raise _failed(_reason(future, wait))
            elif client.status != "running":
                raise _lost(client, scheduler, wait, None)
            else:  # its result was lost with a worker, so it is sent again
                waiting.append(sent.pop(future))
                future.release()
    finally:
        _close(client, list(sent))


def connect(scheduler: str, wait: float, say: Callable[[str], None]) -> Any:
    """Connect to a scheduler within the wait."""
    try:
        import distributed
    except ImportError as missing:
        raise InputError(
            "--scheduler needs dask",
            expected="the extra `cluster`. In the folder of the clone run: "
            ".venv/bin/python -m pip install -e '.[cluster]'",
        ) from missing
    # The library prints tracebacks if a connection breaks; `spread` says it in one line.
    for name in ["distributed", "tornado", *logging.root.manager.loggerDict]:
        if name.partition(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    library: Any = distributed
    if not ADDRESS.fullmatch(scheduler):
        raise InputError(
            f"{scheduler!r} is not the address of a scheduler", field="--scheduler",
            expected="tcp://HOST:PORT or tls://HOST:PORT, as `dask scheduler` prints it")
    say(f"waiting for the scheduler, at most {wait:g} s")

    def attempt() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # different versions of libraries
            return library.Client(scheduler, timeout=wait, set_as_default=False)

    done, found = _bounded(attempt, wait + POLL)
    if done and not isinstance(found, BaseException):
        return found
    reason = ""
    if isinstance(found, BaseException) and not isinstance(found, OSError):
        reason = f" ({' '.join(str(found).split())[:100]})"
    raise InputError(
        f"no scheduler answers at {scheduler} within {wait:g} s{reason}", field="--scheduler",
        expected="the address of a running dask scheduler, such as tcp://host:8786; "
        "start one with `dask scheduler`",
    )


def _threads_in_time(client: Any, scheduler: str, wait: float, say: Callable[[str], None]) -> int:
    """Return the number of threads of the workers; wait for the first worker."""
    say(f"waiting for a worker, at most {wait:g} s")
    until = time.monotonic() + wait
    while not (found := _threads(client, wait)):
        if time.monotonic() > until:
            raise InputError(
                f"no worker has joined the scheduler at {scheduler} within {wait:g} s",
                field="--scheduler", expected="at least one worker; start one with "
                f"`dask worker {scheduler}`, or leave --scheduler out",
            )
        time.sleep(0.1)
    return found


def _threads(client: Any, wait: float) -> int | None:
    """Return the number of threads of the workers, None if the scheduler does not answer."""
    if client.status != "running":
        return None
    done, found = _bounded(client.nthreads, wait)
    return sum(found.values()) if done and isinstance(found, dict) else None


def _result(future: Any, wait: float) -> tuple[Any, str]:
    """Return the table of a finished part, or None and the reason why it did not arrive."""
    limit = max(wait, 10.0)
    done, found = _bounded(future.result, limit)
    if not done:
        return None, f"its result did not arrive within {limit:g} s"
    return (None, _words(found)) if isinstance(found, BaseException) else (found, "")


def _reason(future: Any, wait: float) -> str:
    done, found = _bounded(future.exception, wait)
    return _words(found) if done else "the reason is not known"


def _words(wrong: Any) -> str:
    return " ".join(f"{type(wrong).__name__}: {wrong}".split())[:300]


def _failed(reason: str) -> SolveError:
    from detente.version import __version__

    return SolveError(
        f"a part failed on the cluster: {reason}; expected workers with detente {__version__}; "
        f"correct the workers, then give {AGAIN}")


def _lost(client: Any, scheduler: str, wait: float, found: int | None) -> SolveError:
    what = (f"all workers of the scheduler at {scheduler} are lost, and none has joined within "
            f"{wait:g} s" if found == 0 else f"the scheduler at {scheduler} is lost")
    need = "at least one worker" if found == 0 else "a running scheduler with a worker"
    return SolveError(f"{what}; expected {need}; start it, then give {AGAIN}")


def _bounded(work: Callable[[], Any], seconds: float) -> tuple[bool, Any]:
    """Do some work in another thread; return (whether it ended in time, result or exception)."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        except Exception as wrong:
            found.append(wrong)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    return bool(found), found[0] if found else None


def _close(client: Any, sent: list[Any]) -> None:
    """Cancel what is still sent and leave, within a few seconds."""
    def leave() -> None:
        if sent and client.status == "running":
            with suppress(Exception):
                client.cancel(sent)
        client.close(timeout=2)

    _bounded(leave, 5.0)
