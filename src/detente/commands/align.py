"""``detente align``: who stands with whom, from a ties file, and what a pole's removal changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from detente.commands._options import AsJson, Force, Seed
from detente.defaults import SEED

NAME = "align"
HELP = "Align the states of a ties file in two blocs, with bands; remove a pole and put it back."
EPILOG = (
    "Examples: detente align caucasus-2025; detente align mine.ties.yaml --remove aland "
    "--html out.html"
)


def command(
    file: Annotated[str, typer.Argument(
        help="A ties file (see docs/reference/ties-file.md), the name of a shipped one, or - for "
        "standard input.")],
    remove: Annotated[Optional[str], typer.Option(  # noqa: UP045
        help="Remove this actor and put it back: who changes sides, who stays there.")] = None,
    definition: Annotated[Optional[str], typer.Option(  # noqa: UP045
        help="Use this definition of ties only.", show_default="all of the file's")] = None,
    samples: Annotated[int, typer.Option(
        min=1, max=65536, help="Draws from the file's ranges; a power of 2 is balanced.")] = 256,
    seed: Seed = SEED,
    html: Annotated[Optional[Path], typer.Option(  # noqa: UP045
        help="Write the report to this HTML file.")] = None,
    force: Force = False,
    json: AsJson = False,
) -> None:
    """Align the states of a ties file in two blocs, with bands; remove a pole and put it back.

    All definitions of a tie stand side by side. If they disagree, there is no headline. The record
    of the method over 38 wars is printed beside every alignment.
    """
    from detente.commands._common import check_output, emit_json, finish, progress, saved
    from detente.commands._ties import ties_file
    from detente.world.align_document import document
    from detente.world.align_report import report
    from detente.world.align_study import study
    from detente.world.tiesfile import read_ties

    path = ties_file(file)
    check_output(html, path, force=force)
    with progress("aligning") as told:
        made = study(read_ties(path), definition=definition, pole=remove, samples=samples,
                     seed=seed, tell=told)
    page = report(made)
    with saved(html, page.to_html) as written:
        if json:
            emit_json(document(made))
        else:
            page.to_terminal(full=False)
    if written:
        typer.echo(f"\nReport: {html}", err=True)
    finish(made.exact)
