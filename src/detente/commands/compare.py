"""``detente compare``: cases, or the variants of one file, side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.commands._options import AsJson, Force, Lambda, Page, Seed, Workers
from detente.defaults import SEED, WORKERS

NAME = "compare"
HELP = "Compare cases, or the variants of one file, with differences over the same samples."
EPILOG = "Examples: detente compare before.yaml after.yaml; detente compare my-crisis.yaml --json"


def command(
    cases: Annotated[list[str], typer.Argument(
        help="Crisis files or shipped cases, the base first; or one file, for its variants.")],
    out: Page = None,
    force: Force = False,
    json: AsJson = False,
    lam: Lambda = None,
    samples: Annotated[int, typer.Option(min=1, help="Samples of the ranges.")] = 512,
    seed: Seed = SEED,
    workers: Workers = WORKERS,
) -> None:
    """Compare cases, or the variants one file names under `variants:`."""
    from detente.analysis.compare import compare
    from detente.commands._common import check_output, emit_json, finish, progress, saved
    from detente.findings.compare import report

    check_output(out, *cases, force=force)
    with progress("working") as told:
        found = compare(cases, samples=samples, seed=seed, lam=lam, workers=workers, tell=told)
    with saved(out, lambda: report(found).to_html()):
        if json:
            emit_json(found.as_dict())
        else:
            report(found).to_terminal()
    finish(found.certified)
