"""``detente follow``: a crisis followed through its events."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from detente.commands._options import AsJson, Case, Force, Lambda, Page, Seed, Workers
from detente.defaults import SEED, WORKERS

NAME = "follow"
HELP = "Follow a crisis through its events: what they say, and what may come next."
EPILOG = ("Examples: detente follow cuba-1962; detente follow my-crisis.yaml my.events.yaml "
          "--until 2026-03-01 --next")


def command(
    case: Case,
    events: Annotated[Optional[str], typer.Argument(  # noqa: UP045
        help="An events file, or a case that has one. Default: the events beside the case."
    )] = None,
    until: Annotated[Optional[str], typer.Option(  # noqa: UP045
        help="A day, such as 1962-10-26: leave out what was not complete by then.")] = None,
    following: Annotated[bool, typer.Option(
        "--next", help="Print only what may come next.")] = False,
    target: Annotated[Optional[str], typer.Option(  # noqa: UP045
        help="Find off-ramps from here for this target, such as 'war <= 0.1'.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Print every section.")] = False,
    out: Page = None,
    force: Force = False,
    json: AsJson = False,
    lam: Lambda = None,
    samples: Annotated[int, typer.Option(min=1, help="Samples of the ranges.")] = 1024,
    seed: Seed = SEED,
    workers: Workers = WORKERS,
) -> None:
    """Follow a crisis through its events, entered as moves of its game.

    Ranges, precision, structures and rival readings of the events are weighed by how well they
    explain what happened. An events file beside a case is called NAME.events.yaml.
    """
    from detente.commands._common import check_output, emit_json, finish, progress, saved
    from detente.follow.document import study
    from detente.follow.run import begun
    from detente.follow.sections import answer, report
    from detente.follow.terminal import show

    check_output(out, case, *([events] if events else []), force=force)
    with progress("building the game") as told:
        found = begun(case, events, until=until, lam=lam, samples=samples, seed=seed,
                      workers=workers, target=target, tell=told)
        made = study(found, rivals=not following, target=target, tell=told)
    with saved(out, lambda: report(made).to_html()):
        if json:
            emit_json(made.as_dict(answer(made)))
        else:
            show(made, ahead=following, full=full)
    finish(found.certified)
