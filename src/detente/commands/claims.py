"""``detente claims``: what a crisis' model says of the claims made about it."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from detente.commands._options import AsJson, Case, Lambda, Seed, Workers
from detente.defaults import LAMBDA

NAME = "claims"
HELP = "Ask which claims about a crisis hold, where, and what changes the answer."
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
        typer.Option(min=0, help="How many of them in the deliberate reading too.",
                     show_default="128; fewer for large games"),
    ] = None,
    seed: Seed = 1962,
    lam: Lambda = LAMBDA,
    starts: Annotated[
        int, typer.Option(min=0, help="Random starts of the search for other equilibria.")
    ] = 16,
    points: Annotated[
        int, typer.Option(min=0, max=101, help="Points along each side of a boundary (0: none).")
    ] = 13,
    workers: Workers = 2,
) -> None:
    """Ask which claims about a crisis hold, where, and what changes the answer."""
    import warnings

    from detente.cases import InputWarning, file_sha256, find, from_document
    from detente.commands._common import emit_json, finish, progress
    from detente.scenario.yamlfile import read_yaml

    path = find(case)
    document = read_yaml(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        scenario = from_document(document)
    from detente.analysis.claims import evaluate
    from detente.claims import check_claims
    from detente.findings.claims.section import show

    with progress("checking the claims") as told:
        check_claims(scenario, document)
        if not scenario.claims:
            from detente.errors import InputError

            raise InputError("the file makes no claims", file=str(path), field="claims",
                             expected="a list of claims")
        from detente.equilibrium import find_others, solve, solve_deliberate
        from detente.game.compile import compile_scenario

        told(0, 0, "solving")
        compiled = compile_scenario(scenario)
        fallible = solve(compiled.tree, lam)
        deliberate = solve_deliberate(compiled.tree, fallible)
        told(0, 0, "looking for other equilibria")
        others = find_others(compiled.tree, fallible, deliberate, starts=starts, seed=seed,
                             workers=workers)
        found = evaluate(
            compiled, fallible, deliberate, others, samples=samples,
            deliberate_samples=deliberate_samples, seed=seed, points=points, workers=workers,
            tell=told,
        )
    if as_json:
        emit_json({
            "case": scenario.crisis, "title": scenario.title, "file_sha256": file_sha256(path),
            "lambda": lam, "seed": seed, "samples": samples, **found.as_dict(),
        })
    else:
        from detente.render.terminal import show_section

        show_section(show(found))
    finish(found.certified)
