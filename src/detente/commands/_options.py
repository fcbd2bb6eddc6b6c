"""Arguments and options that several commands take, with one wording each."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

__all__ = ["AsJson", "Case", "Force", "Lambda", "Page", "Seed", "Workers"]

Case = Annotated[str, typer.Argument(
    help="A crisis file, the name of a shipped case, or - for standard input.")]
Force = Annotated[
    bool, typer.Option("--force", help="Replace a file that detente has not made.")
]
Page = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(help="The HTML page to write."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
Lambda = Annotated[
    float, typer.Option("--lambda", min=0.0, help="Precision of choice, per unit of the stake.")
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the samples and the search.")]
Workers = Annotated[int, typer.Option(min=1, help="Number of threads.")]
