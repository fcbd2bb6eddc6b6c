"""``detente offramps``: the smallest changes of a case's levers that reach a target."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.commands._options import AsJson, Case, Force, Lambda, Page, Seed, Workers
from detente.defaults import SEED, WORKERS

NAME = "offramps"
HELP = "Find the smallest changes of a case's levers that reach a target."
EPILOG = (
    "Examples: detente offramps caucasus-2025 --target 0.1; detente offramps caucasus-2025 "
    "--target 'settlement >= 0.7' --json"
)


def command(
    case: Case,
    target: Annotated[
        str, typer.Option(help="P(war) at most this, or such as 'settlement >= 0.6'.")
    ],
    out: Page = None,
    force: Force = False,
    json: AsJson = False,
    lam: Lambda = None,
    samples: Annotated[
        int, typer.Option(min=1, help="Samples of the ranges on which a proposal is tested.")
    ] = 256,
    starts: Annotated[
        int, typer.Option(min=0, help="Random starts in the search for other equilibria.")
    ] = 8,
    seed: Seed = SEED,
    workers: Workers = WORKERS,
) -> None:
    """Find the smallest changes of a case's levers that reach a target."""
    from detente.analysis.offramps import offramps
    from detente.commands._common import check_output, emit_json, finish, progress, saved

    check_output(out, case, force=force)
    with progress("working") as told:
        found = offramps(
            case, target, lam=lam, samples=samples, starts=starts, seed=seed, workers=workers,
            tell=told,
        )
    from detente.findings.offramps import section
    from detente.render import Report

    report = Report(
        f"Off-ramps: {found.case}", str(found.target), section(found).lead, [section(found)],
        meta={"case": found.case, "lambda": found.lam, "seed": seed, "samples": samples},
        answer_certified=found.certified, data=found.as_dict(),
    )
    with saved(out, report.to_html):
        if json:
            emit_json(found.as_dict())
        else:
            report.to_terminal()
    finish(found.certified)
