"""A sweep's parts on a Dask cluster: solved by any free worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import InputError, SolveError

if TYPE_CHECKING:
    from detente.analysis.sweep import Job

__all__ = ["spread"]

TIMEOUT = "20s"
RETRIES = 3
"""Attempts at a part after a worker fails."""
_jobs: dict[tuple[Any, ...], Job] = {}


def _part(job: Job, first: int, length: int) -> Any:
    """Solve one part on a worker, which compiles the game and solves its centre once."""
    key = (repr(job.scenario), job.n, job.seed, job.lam)
    if key not in _jobs:
        _jobs.clear()
        _jobs[key] = job
    job = _jobs[key]
    rows = np.arange(first, min(first + length, job.n))
    (found,) = job.solve(rows, length)
    return job.table(rows, found)


def spread(job: Job, left: list[int], length: int, scheduler: str) -> Iterator[tuple[int, Any]]:
    """Yield (first row, table) of parts as a cluster's workers finish them.

    If a worker fails, only its present parts are lost; the scheduler gives them to another worker.

    Raises
    ------
    InputError
        dask is not installed, or no scheduler answers.
    SolveError
        A part failed on every worker that tried it.
    """
    try:
        import distributed
    except ImportError as missing:
        raise InputError(
            "--scheduler needs dask",
            expected="the extra `cluster`. In the folder of the clone run: "
            ".venv/bin/python -m pip install -e '.[cluster]'",
        ) from missing
    library: Any = distributed
    try:
        client = library.Client(scheduler, timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as wrong:
        raise InputError(
            f"no scheduler answers at {scheduler}", field="--scheduler",
            expected="the address of a running dask scheduler, such as tcp://host:8786",
        ) from wrong
    with client:
        sent = {
            client.submit(_part, job, first, length, pure=False, retries=RETRIES): first
            for first in left
        }
        waiting = library.as_completed(list(sent))
        try:
            for future in waiting:
                if future.status != "finished":
                    raise SolveError(f"a part failed on the cluster: {future.exception()}")
                first, table = sent.pop(future), future.result()
                future.release()
                yield first, table
        finally:
            if sent:
                client.cancel(list(sent))
