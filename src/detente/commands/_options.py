"""Arguments and options that several commands take, with one wording each."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from detente.limits import MOST_LAMBDA

__all__ = ["AsJson", "Case", "Force", "Lambda", "Page", "Seed", "Workers", "few_enough"]

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
    Optional[float],  # noqa: UP045
    typer.Option("--lambda", min=0.0, max=MOST_LAMBDA,
                 help="Fix the precision of choice, per unit of the stake.",
                 show_default="the file's range"),
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the samples and the search.")]
Workers = Annotated[int, typer.Option(min=1, help="Number of threads.")]


def few_enough(deliberate: int | None, samples: int, default: int) -> int:
    """Return the number of deliberate samples, which are the first of the samples.

    Raises
    ------
    InputError
        More were asked for than there are samples.

    Examples
    --------
    >>> few_enough(None, 64, 128), few_enough(16, 64, 128)
    (64, 16)
    """
    from detente.errors import InputError

    if deliberate is None:
        return min(default, samples)
    if deliberate > samples:
        raise InputError(
            f"--deliberate-samples is {deliberate:,}, but --samples is {samples:,}; the deliberate "
            "model solves the first of the samples",
            expected="at most as many deliberate samples as samples",
            remedy="lower --deliberate-samples or raise --samples",
        )
    return deliberate
