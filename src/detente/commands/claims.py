"""``detente claims``: what a crisis' model says of the claims made about it."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from detente.commands._options import AsJson, Case, Lambda, Seed, Workers
from detente.defaults import SEED, STARTS, WORKERS

NAME = "claims"
HELP = "Evaluate the claims about a crisis: which hold, at which inputs, and what changes that."
EPILOG = (
    "Examples: detente claims guarantees-2022; detente claims my-crisis.yaml --samples 2048 --json"
)


def command(
    case: Case,
    as_json: AsJson = False,
    samples: Annotated[
        int, typer.Option(min=0, max=1_000_000, help="Samples of the ranges (0: centre only).")
    ] = 512,
    deliberate_samples: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=0, help="Samples that the deliberate model also solves, at most "
                     "--samples.",
                     show_default="128; fewer for large games"),
    ] = None,
    seed: Seed = SEED,
    lam: Lambda = None,
    starts: Annotated[
        int, typer.Option(min=0, help="Random starts of the search for other equilibria.")
    ] = STARTS,
    points: Annotated[
        int, typer.Option(min=0, max=101, help="Points along each side of a boundary (0: none).")
    ] = 13,
    workers: Workers = WORKERS,
) -> None:
    """Evaluate the claims about a crisis: which hold, at which inputs, and what changes that."""
    import warnings

    from detente.cases import InputWarning, find, read
    from detente.commands._common import emit_json, finish, progress
    from detente.commands._options import few_enough
    from detente.errors import InputError
    from detente.findings.claims.section import show
    from detente.public import claims

    if deliberate_samples is not None:
        few_enough(deliberate_samples, samples, 0)
    path = find(case)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        case_file = read(path)
    scenario = case_file.scenario
    if not scenario.claims:
        raise InputError("the file makes no claims", file=str(path), field="claims",
                         expected="a list of claims")
    with progress("solving") as told:
        found = claims(
            scenario, samples=samples, deliberate_samples=deliberate_samples, points=points,
            starts=starts, lam=lam, seed=seed, workers=workers, tell=told,
        )
    if as_json:
        emit_json({
            "case": scenario.crisis, "title": scenario.title, "file_sha256": case_file.sha256,
            "lambda": lam if lam is not None else scenario.precision.centre, "seed": seed,
            "samples": samples, **found.as_dict(),
        })
    else:
        from detente.render.terminal import show_section

        show_section(show(found))
    finish(found.certified)
