"""``detente run``: solve a crisis, print the findings, write the report."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated, Optional

import typer

from detente.commands._options import AsJson, Case, Force, Lambda, Seed, Workers
from detente.defaults import DELIBERATE_SAMPLES, SAMPLES, SEED, STARTS, WORKERS

NAME = "run"
HELP = "Solve a crisis, print the findings, write the report."
EPILOG = (
    "Examples: detente run cuba-1962; detente run my-crisis.yaml --out report.html --samples "
    "4096; detente run cuba-1962 --out cuba.html --out cuba.docx; detente run cuba-1962 --json > "
    "cuba.json"
)


def command(
    case: Case,
    out: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="Where the report goes: .html (default: CASE.report.html here), or .docx "
                     "for the brief as a Word document. May be given for both."),
    ] = None,
    force: Force = False,
    json: AsJson = False,
    full: Annotated[
        bool, typer.Option("--full", help="Print every section, not only the brief.")
    ] = False,
    lam: Lambda = None,
    samples: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Samples of the ranges in the fallible model.")
    ] = SAMPLES,
    deliberate_samples: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=1, help="Samples of the ranges in the deliberate model, at most "
                     "--samples.", show_default=f"{DELIBERATE_SAMPLES}, or --samples if fewer"),
    ] = None,
    starts: Annotated[
        int, typer.Option(min=0, help="Random starts of the search for other equilibria.")
    ] = STARTS,
    indices: Annotated[
        int, typer.Option(min=0, help="Rows of the design for Sobol' indices, a power of 2 (0: "
                          "no indices); up to 13 solves per row.")
    ] = 0,
    seed: Seed = SEED,
    workers: Workers = WORKERS,
) -> None:
    """Solve a crisis, print the brief, write the report (HTML or Word)."""
    from detente.analysis.settings import Settings
    from detente.commands._common import check_output, emit_json, finish, progress, save
    from detente.commands._options import few_enough
    from detente.findings.brief import early
    from detente.findings.found import Found
    from detente.findings.report import drawn_beside, prepare
    from detente.render.saving import check_ending, content

    settings = Settings(
        lam=lam, samples=samples, deliberate_samples=few_enough(
            deliberate_samples, samples, DELIBERATE_SAMPLES),
        starts=starts, indices=indices, seed=seed, workers=workers,
    )
    places = list(dict.fromkeys(out or []))
    for place in places:
        check_output(place, case, force=force)
        check_ending(place)
    with progress("working") as told:
        found = Found(case, settings, tell=told)
        found.step()  # reads the file
        if not places and not json:
            places = [f"{found.scenario.crisis}.report.html"]
            check_output(places[0], case, force=force)
        drawn = workers > 1 and any(check_ending(place) != ".docx" for place in places)
        if drawn:
            prepare(workers)
        with ExitStack() as beside:
            while (step := found.step()) is not None:
                # The rest takes several times as long as the answer.
                if step.name == "deliberate" and not json and (words := early(found)):
                    told.say(f"{words} Terms, ranges and other structures follow ...")
                if step.name == "sampled" and drawn:
                    beside.enter_context(drawn_beside(found))
        told(0, 0, "writing")
        files: list[tuple[str, str | bytes]] = []
        if places:
            from detente.findings.report import report

            made = report(found)
            files = [(place, content(made, place)) for place in places]
    written = [(place, file) for place, file in files if save(place, file)]
    if json:
        from detente.findings.document import document

        emit_json(document(found))
    else:
        made.to_terminal(full=full)
    for k, (place, file) in enumerate(written):
        more = "" if full or json else " (--full prints it here)"
        what = "Brief" if isinstance(file, bytes) else "Report"
        typer.echo("\n" * (k == 0) + f"{what}: {place}{more}", err=True)
    finish(found.certified)
