"""Fits on the workers of a Dask scheduler."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from typing import Any

from detente.analysis.sweep_dask import connect
from detente.backtest.splits import Split
from detente.backtest.tasks import Part, one
from detente.errors import InputError
from detente.history.outcomes.table import Crises

__all__ = ["spread"]


def spread(
    jobs: list[tuple[str, Split]], table: Crises, seed: int, scheduler: str, wait: float,
    say: Callable[[str], None],
) -> Iterator[tuple[str, Split, Part]]:
    """Yield finished fits in the order in which the workers return them.

    Raises
    ------
    InputError
        dask is not installed, no scheduler answers, there is no worker, or the workers stop.
    """
    client = connect(scheduler, wait, say)
    import distributed

    finished: Any = distributed.as_completed

    try:
        say("waiting for a worker")
        try:
            client.wait_for_workers(1, timeout=wait)
        except TimeoutError as late:
            raise InputError(f"the scheduler at {scheduler} has no worker", field="--scheduler",
                             expected=f"a worker: start one with `dask worker {scheduler}`"
                             ) from late
        (shared,) = client.scatter([table], broadcast=True)
        sent = {client.submit(one, name, shared, split, seed, pure=False): (name, split)
                for name, split in jobs}
        for done in finished(list(sent), loop=client.loop):
            try:
                part = done.result()
            except (distributed.KilledWorker, CancelledError, OSError) as lost:
                raise InputError(
                    f"the workers of {scheduler} stopped during a fit", field="--scheduler",
                    expected="workers that stay until the end",
                    remedy="run the same command again; finished fits are kept in --out",
                ) from lost
            yield (*sent[done], part)
    finally:
        client.close()
