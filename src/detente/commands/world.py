"""``detente world``: friends, enemies and blocs, of a year of the data or of a ties file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from detente.commands._options import AsJson, Force, Page, Seed
from detente.defaults import SEED

if TYPE_CHECKING:
    from detente.render import Report
    from detente.world.study import Study

NAME = "world"
HELP = "Friends, enemies and blocs of the states of a year, or of a ties file."
EPILOG = (
    "Examples: detente world 1938; detente world 1946-1962 --state Egypt; detente world 1914 "
    "--definition force --state Germany; detente world caucasus-2025; detente world 1938 "
    "--series --out world.html"
)


def command(
    year: Annotated[
        str, typer.Argument(metavar="YEAR|FIRST-LAST|FILE", help="A year from 1816 to 2014 "
                            "(rivalry: to 2018; votes: from 1946 to 2019), a range of years such "
                            "as 1946-1962 (only the states between two enemies, year by year), a "
                            "ties file (see docs/reference/ties-file.md), or the name of a shipped "
                            "one.")
    ],
    definition: Annotated[Optional[str], typer.Option(  # noqa: UP045
        help="The definition of a tie. For a year: force, force-5, rivalry, force+rivalry, votes, "
        "votes-narrow or force+rivalry+votes; for a file: one of its definitions.",
        show_default="force+rivalry; for a file its first")] = None,
    state: Annotated[Optional[str], typer.Option(  # noqa: UP045
        help="Also show the ties of this state; with a range of years, list it alone.")] = None,
    series: Annotated[bool, typer.Option(
        "--series", help="Also measure every year of the data. The first time takes minutes; the "
        "result is kept beside the data.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Print every section.")] = False,
    out: Page = None,
    force: Force = False,
    json: AsJson = False,
    seed: Seed = SEED,
) -> None:
    """Show who is friend and enemy, the best division in blocs, and who stands between enemies.

    Every result depends on what counts as a tie, so the definition is printed with it.
    """
    from dataclasses import replace

    from detente.commands._common import check_output, finish, progress
    from detente.commands._ties import ties_file
    from detente.errors import InputError

    span = _span(year)
    try:
        path = None if span or _number(year) is not None else ties_file(year)
    except InputError as error:
        raise replace(error, expected=f"a year such as 1938, {error.expected}") from None
    check_output(out, *([str(path)] if path else []), force=force)
    if series and (path is not None or span):
        raise InputError("--series is for years of the data", expected="a year with --series, or a "
                         "ties file or range of years without it")
    if span:
        _years(span, definition, state or "", full, out, json)
        return
    with progress("reading the ties") as told:
        found = _studied(year, path, definition, state, seed, told)
        if series:
            from detente.world.series import major_wars
            from detente.world.series import series as measured

            wars = major_wars()
            found = replace(found, wars=wars,
                            series=measured(found.ties.definition, seed=seed, tell=told))
        from detente.world.document import as_dict
        from detente.world.sections import report

        data: dict[str, Any] = as_dict(found)
        made = report(found, data, charts=out is not None)
    _write(made, data, full, out, json)
    finish(found.exact)


def _span(word: str) -> tuple[int, int] | None:
    """Return the first and the last year of a word such as 1946-1962; None if it is none."""
    first, dash, last = word.replace("\N{EN DASH}", "-").partition("-")
    one, two = _number(first), _number(last)
    return None if not dash or one is None or two is None else (one, two)


def _years(
    span: tuple[int, int], definition: str | None, state: str, full: bool, out: str | None,
    json: bool,
) -> None:
    """Print the states between two enemies in a range of years."""
    from detente.commands._common import progress
    from detente.world.years import as_dict, report, study_years

    with progress("reading the ties") as told:
        made = study_years(*span, definition or "force+rivalry", state=state, tell=told)
    data = as_dict(made)
    _write(report(made, data), data, full, out, json)


def _write(made: Report, data: dict[str, Any], full: bool, out: str | None, json: bool) -> None:
    """Print a report or its document, and write its page if one is asked for."""
    from detente.commands._common import emit_json, saved

    with saved(out, made.to_html):
        if json:
            emit_json(data)
        else:
            made.to_terminal(full=full)


def _number(word: str) -> int | None:
    """Return the year that a word of digits names; None if it is none."""
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 6 else None


def _studied(
    word: str, path: Path | None, definition: str | None, state: str | None, seed: int, told: Any
) -> Study:
    """Return the study of a year or a file, with the state whose ties are shown."""
    from dataclasses import replace

    from detente.world.study import study_file, study_year

    if path is None:
        found = study_year(int(word), definition or "force+rivalry", seed=seed, tell=told)
    else:
        from detente.world.tiesfile import read_ties

        file = read_ties(path)
        found = study_file(file, definition, seed=seed, tell=told)
        state = None if state is None else file.shown(state)
    if state is None:
        return found
    return replace(found, state=found.ties.actors[found.ties.index(state)])
