"""``detente compare``: cases, or the variants of one file, side by side."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

NAME = "compare"
HELP = "Compare cases, or the variants one file names, with differences over the same draws."


def command(
    cases: Annotated[list[str], typer.Argument(
        help="Crisis files or shipped cases, the base first; one file: its variants.")],
    out: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Write an HTML page here."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
    lam: Annotated[
        float, typer.Option("--lambda", min=0.0, help="Precision of choice, per stake.")
    ] = 40.0,
    samples: Annotated[int, typer.Option(min=1, help="Samples of the ranges.")] = 512,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the samples.")] = 1962,
    workers: Annotated[int, typer.Option(min=1, help="Threads.")] = 2,
) -> None:
    """Compare cases, or the variants one file names under `variants:`.

    Examples: detente compare before.yaml after.yaml; detente compare my-crisis.yaml --json
    """
    from detente.commands._common import emit_json, finish, progress, write_whole
    from detente.findings.compare import compare
    from detente.findings.compare_section import report

    with progress("working") as told:
        found = compare(cases, samples=samples, seed=seed, lam=lam, workers=workers, tell=told)
    if out is not None:
        write_whole(out, report(found).to_html())
    if json:
        emit_json(found.as_dict())
    else:
        report(found).to_terminal()
    finish(found.certified)
