"""``detente drivers``: which of a case's ranges make its answer uncertain."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.commands._options import AsJson, Case, Force, Lambda, Page, Seed, Workers
from detente.defaults import SEED, WORKERS

NAME = "drivers"
HELP = "Measure the share of the uncertainty that each range of a case accounts for."
EPILOG = "Example: detente drivers cuba-1962 --samples 512"


def command(
    case: Case,
    out: Page = None,
    force: Force = False,
    json: AsJson = False,
    lam: Lambda = None,
    samples: Annotated[
        int, typer.Option(min=2, help="Rows of the design, a power of 2; up to 13 solves per "
                          "row, some of them deliberate.")
    ] = 256,
    seed: Seed = SEED,
    workers: Workers = WORKERS,
) -> None:
    """Measure the share of the uncertainty that each range accounts for: Sobol' indices."""
    from detente.analysis.indices import global_drivers
    from detente.commands._common import check_output, emit_json, finish, progress, saved
    from detente.findings.indices import report

    check_output(out, case, force=force)
    with progress("working") as told:
        found = global_drivers(
            case, samples=samples, seed=seed, lam=lam, workers=workers, tell=told
        )
    with saved(out, lambda: report(found).to_html()):
        if json:
            emit_json(found.as_dict())
        else:
            report(found).to_terminal()
    finish(found.certified)
