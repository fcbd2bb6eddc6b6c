"""``detente drivers``: which of a case's ranges make its answer uncertain."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

NAME = "drivers"
HELP = "Say which of a case's ranges make its answer uncertain, alone and together."


def command(
    case: Annotated[str, typer.Argument(help="A crisis file, or the name of a shipped case.")],
    out: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Write an HTML page here."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
    lam: Annotated[
        float, typer.Option("--lambda", min=0.0, help="Precision of choice, per stake.")
    ] = 40.0,
    samples: Annotated[
        int, typer.Option(min=2, help="Rows of the design, a power of 2; up to 13 solves each, "
                          "and some deliberate ones.")
    ] = 256,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the samples.")] = 1962,
    workers: Annotated[int, typer.Option(min=1, help="Threads.")] = 2,
) -> None:
    """Say which of a case's ranges make its answer uncertain: Sobol' indices.

    Example: detente drivers cuba-1962 --samples 512
    """
    from detente.commands._common import emit_json, finish, progress, write_whole
    from detente.findings.indices import global_drivers, report

    with progress("working") as told:
        found = global_drivers(
            case, samples=samples, seed=seed, lam=lam, workers=workers, tell=told
        )
    if out is not None:
        write_whole(out, report(found).to_html())
    if json:
        emit_json(found.as_dict())
    else:
        report(found).to_terminal()
    finish(found.certified)
