"""``detente sweep``: thousands of samples of a case's ranges in one Parquet file."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from detente.commands._options import AsJson, Case, Lambda, Seed
from detente.defaults import SEED, WORKERS
from detente.limits import WAIT

NAME = "sweep"
HELP = "Solve samples of a case's ranges into a Parquet file; continue after an interruption."
EPILOG = "Example: detente sweep cuba-1962 --samples 4096 --out cuba.parquet"


def command(
    case: Case,
    out: Annotated[str, typer.Option(help="The Parquet file to write.")],
    samples: Annotated[
        int, typer.Option(min=1, help="Samples of the ranges, at most 1,000,000.")
    ] = 4096,
    scheduler: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Address of a Dask scheduler (tcp://...) whose workers do the work."),
    ] = None,
    wait: Annotated[
        float, typer.Option(min=0.1, max=86400.0, help="Seconds to wait for the scheduler and for "
                            "a worker.")
    ] = WAIT,
    seed: Seed = SEED,
    lam: Lambda = None,
    workers: Annotated[int, typer.Option(min=1, help="Threads, without scheduler.")] = WORKERS,
    json: AsJson = False,
) -> None:
    """Solve many samples of a case's ranges into a Parquet file.

    If it is interrupted, the finished parts stay in FILE.parts/. The same command continues from
    there.
    """
    from detente.analysis.sweep import sweep
    from detente.commands._common import check_output, emit_json, finish, progress
    from detente.render.numbers import percent, span

    check_output(out, case, force=True)  # a sweep knows its own file by its settings
    with progress("building the game") as told:
        found = sweep(
            case, out, samples=samples, seed=seed, lam=lam, workers=workers, scheduler=scheduler,
            wait=wait, tell=told,
        )
    for note in found.notes:
        typer.echo(f"detente: {note}", err=True)
    if json:
        emit_json(found.as_dict())
    else:
        again = f" ({found.resumed} of them from an earlier run)" if found.resumed else ""
        typer.echo(f"{found.path}: {found.n} samples{again}, {found.certified} certified")
        for name, p in found.outcomes.items():
            words = found.words.get(name, name)
            typer.echo(f"  P({words}): mean {percent(p['mean'])}, 5 to 95 % of samples "
                       f"{span(p['low'], p['high'])}")
    finish(found.certified == found.n)
