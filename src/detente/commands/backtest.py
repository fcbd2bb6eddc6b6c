"""``detente backtest``: forecasters scored on crises whose outcome is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Optional

import typer

from detente.commands._options import AsJson
from detente.limits import WAIT

NAME = "backtest"
HELP = "Score forecasters on crises whose outcome is known; continue after an interruption."
EPILOG = "Example: detente backtest icb --models logit,boosting --scheme forward --out icb-board"


def command(
    table: Annotated[str, typer.Argument(help="mid, rungs or icb: see `detente data crises`.")],
    models: Annotated[str, typer.Option(
        help="Forecasters, separated by commas; base, recent and time always run, and theory "
        "beside a game.")] = "base,recent,time,logit,boosting",
    scheme: Annotated[Literal["forward", "kfold"], typer.Option(
        help="forward: train on earlier years; kfold: ten folds of whole pairs of states."
    )] = "forward",
    first: Annotated[Optional[int], typer.Option(  # noqa: UP045
        "--from", help="First year that is forecast (forward).",
        show_default="1900, and 1950 for icb")] = None,
    step: Annotated[int, typer.Option(min=1, help="Years that one origin forecasts (forward)."
                                      )] = 10,
    cluster: Annotated[Literal["dyad"], typer.Option(
        help="Units of the intervals: pairs of states.")] = "dyad",
    features: Annotated[Literal["all", "before"], typer.Option(
        help="before: only features that are known before a crisis.")] = "all",
    out: Annotated[Optional[Path], typer.Option(  # noqa: UP045
        help="The folder for the results and for finished fits.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of folds, fits and intervals.")] = 0,
    scheduler: Annotated[Optional[str], typer.Option(  # noqa: UP045
        help="Address of a Dask scheduler (tcp://...) whose workers do the fits.")] = None,
    wait: Annotated[float, typer.Option(
        min=0.1, max=86400.0, help="Seconds to wait for the scheduler and for a worker.")] = WAIT,
    json: AsJson = False,
) -> None:
    """Score forecasters on crises whose outcome is known.

    The folder gets forecasts.parquet, leaderboard.csv, calibration.csv, params.csv, run.json and
    backtest.html. If the command is interrupted, finished fits stay in the folder, and the same
    command continues from there. A fit is only used again if table, settings, code and the
    forecaster's own file are unchanged.
    """
    from detente.backtest.document import document
    from detente.backtest.folder import held, save
    from detente.backtest.page import brief_table
    from detente.backtest.run import backtest
    from detente.commands._common import emit_json, progress
    from detente.errors import OutputError

    with held(out), progress("reading the table") as told:
        found = backtest(
            table, [m.strip() for m in models.split(",") if m.strip()], scheme=scheme, first=first,
            step=step, features=features, out=out, seed=seed, scheduler=scheduler, wait=wait,
            tell=told)
        failure: OutputError | None = None
        if out is not None:
            told(0, 0, "writing the page")
            try:
                save(found, out)
            except OutputError as wrong:  # the result is printed all the same
                failure = wrong
    if json:
        emit_json(document(found))
    else:
        from detente.render import Report, Section

        Report(
            f"Table {found.table.name}, {found.run['scheme']}",
            f"{found.run['scored']:,} crises scored", "",
            [Section("board", "Board", found.verdict,
                     tables=[brief_table(found.leaderboard)])],
        ).to_terminal()
        if out is not None and failure is None:
            typer.echo(f"{out}/backtest.html has the page; the tables are beside it.")
    if failure is not None:
        raise failure
