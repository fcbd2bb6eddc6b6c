"""``detente bargain``: many actors' positions on issues, and what they imply."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.commands._options import Force

NAME = "bargain"
HELP = "Forecast issues from actors' positions, saliences and capabilities, with bands."
EPILOG = (
    "Examples: detente bargain caucasus-2025; detente bargain table.csv --issue tax --target 40; "
    "detente bargain table.csv --model all --rounds-shown --html out.html"
)

DEFAULT = ("compromise", "median", "mid-range", "nash", "kalai-smorodinsky", "spatial")


def command(
    file: Annotated[
        str,
        typer.Argument(help="A CSV or YAML table, the name of a shipped case that has one, "
                            "or - for standard input."),
    ],
    issue: Annotated[str | None, typer.Option(help="Look at this issue only.")] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            help="A forecast model; may be repeated. `all` means every model. "
            "Default: six models for up to 40 issues, the compromise model for more."
        ),
    ] = None,
    target: Annotated[
        float | None, typer.Option(help="Show coalitions that could move the forecast here.")
    ] = None,
    rounds: Annotated[
        int, typer.Option(help="Rounds of the expected utility model.", min=1, max=100)
    ] = 10,
    rounds_shown: Annotated[
        bool, typer.Option("--rounds-shown", help="Show the expected utility model's rounds.")
    ] = False,
    samples: Annotated[
        int, typer.Option(help="Number of resampled tables for the bands.", min=20, max=100_000)
    ] = 500,
    seed: Annotated[int, typer.Option(help="Seed of the resampling.", min=0)] = 0,
    noise: Annotated[
        float,
        typer.Option(help="Standard deviation if the file gives no range.", min=0.0, max=1.0),
    ] = 0.05,
    missing: Annotated[
        list[str] | None,
        typer.Option(help="A cell of a CSV table that means a missing value, such as n/a or "
                     "COLUMN=n/a; may be repeated. Empty cells are always missing."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse an incomplete table.")
    ] = False,
    force: Force = False,
    html: Annotated[Path | None, typer.Option(help="Write the report to this HTML file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Forecast issues from actors' positions, saliences and capabilities, with bands."""
    from detente.commands._common import check_output, emit_json, progress, saved
    from detente.errors import InputError
    from detente.lenses.positions.bands import MODELS, Noise
    from detente.lenses.positions.findings import find
    from detente.lenses.positions.read import read_hashed
    from detente.lenses.positions.sections import report

    path = _file(file)
    check_output(html, path, force=force)
    table, sha256 = read_hashed(path, missing or [])
    if strict and table.notes:
        raise InputError(table.notes[0], file=str(path), expected="a complete table (--strict)")
    if model:
        models = MODELS if "all" in model else tuple(dict.fromkeys(model))
    else:
        models = DEFAULT if len(table.issues) <= 40 or issue else DEFAULT[:1]
    with progress("resampling") as shown:
        found = find(
            table,
            models=models,
            issue=issue,
            target=target,
            samples=samples,
            seed=seed,
            noise=Noise(noise, noise, noise),
            rounds=rounds,
            internals=rounds_shown,
            path=str(path),
            sha256=sha256,
            name=path.name.split(".")[0],
            progress=shown,
        )
    made = report(found, title=table.heading or path.name.split(".")[0])
    with saved(html, made.to_html) as written:
        if as_json:
            emit_json(found.as_dict())
        else:
            made.to_terminal()
    if written:
        typer.echo(f"\nReport: {html}", err=True)


def _file(name: str) -> Path:
    from detente.cases.names import named, shipped

    return named(name, shipped(".positions.yaml"), lacks="of that name has positions")
