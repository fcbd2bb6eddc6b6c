"""``detente data``: the registered data sets, fetched and verified on request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.commands._options import Force

if TYPE_CHECKING:
    import pandas as pd

NAME = "data"
HELP = "Historical data: list, fetch, show, cite; base rates; polarity; years by dyad or country."
EPILOG = "Example: detente data fetch icb-system && detente data rates icb-war"

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Name = Annotated[str, typer.Argument(help="A data set: see `detente data list`.")]

command = typer.Typer(context_settings={"help_option_names": ["-h", "--help"]})


def _about(name: str) -> dict[str, Any]:
    from detente.history.registry import get
    from detente.history.store import held

    d = get(name)
    return {
        "name": d.name, "title": d.title, "version": d.version, "description": d.description,
        "unit": d.unit, "rows": d.rows, "fetched": held(name), "licence": d.licence,
        "citation": list(d.citation), "traps": list(d.traps), "address": d.address,
        "sha256": d.sha256, "bytes": d.size,
        "variables": [
            {"name": v.name, "kind": v.kind, "meaning": v.meaning} for v in d.variables
        ],
    }


@command.command("list", help="List the registered data sets.")
def list_(as_json: Json = False) -> None:
    """List the registered data sets and which have been fetched."""
    from detente.commands._common import emit_json
    from detente.history.registry import registry
    from detente.history.store import held

    names = list(registry())
    if as_json:
        emit_json([_about(n) for n in names])
        return
    width = max(map(len, names))
    for name, d in registry().items():
        mark = "*" if held(name) else " "
        typer.echo(f"{mark} {name:<{width}}  {d.title} {d.version}: {d.rows:,} x {d.unit}")
    typer.echo("* fetched; the others: detente data fetch NAME (or: all)")


@command.command("fetch", help="Fetch data sets into the cache and verify them.")
def fetch(
    names: Annotated[list[str], typer.Argument(help="Data sets, or `all`.")],
    base: Annotated[
        str | None,
        typer.Option(help="Base address or folder; default DETENTE_DATA_BASE."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Fetch data sets; those already there and intact are not fetched again."""
    from detente.commands._common import emit_json, progress
    from detente.errors import DetenteError
    from detente.history.registry import get, registry
    from detente.history.store import fetch as fetch_one

    wanted = list(registry()) if names == ["all"] else [get(n).name for n in names]
    done: list[dict[str, Any]] = []
    with progress("fetching") as report:
        for k, name in enumerate(wanted):
            report(k, len(wanted), f"fetching {name}")
            try:
                path = fetch_one(name, base=base)
            except DetenteError:
                for one in done if not as_json else ():
                    typer.echo(f"{one['name']}: {one['path']}", err=True)
                raise
            done.append({"name": name, "path": str(path), "citation": list(get(name).citation)})
    if as_json:
        emit_json(done)
        return
    for one in done:
        typer.echo(f"{one['name']}: {one['path']}")
    typer.echo("Cite when you use them: detente data cite NAME")


@command.command("add", help="Take a copy of a file you already have, after verifying it.")
def add(
    name: Name, path: Annotated[Path, typer.Argument(help="The file.")], as_json: Json = False
) -> None:
    """Take a copy of a file you already have."""
    from detente.commands._common import emit_json
    from detente.history.store import add as add_one

    kept = add_one(name, path)
    if as_json:
        emit_json({"name": name, "path": str(kept)})
    else:
        typer.echo(f"{name}: {kept}")


@command.command("show", help="Show columns, traps, citation, first rows.")
def show(
    name: Name,
    rows: Annotated[int, typer.Option(min=0, help="Rows to print, if the data is fetched.")] = 5,
    as_json: Json = False,
) -> None:
    """Show a data set."""
    from detente.commands._common import emit_json
    from detente.history.store import held

    about = _about(name)
    table = None
    if rows and held(name):
        from detente.history.read import load

        table = load(name).head(rows)
    if as_json:
        about["head"] = _records(table) if table is not None else None
        emit_json(about)
        return
    typer.echo(f"{about['title']} {about['version']}\n{about['description']}")
    typer.echo(f"{about['rows']:,} rows, one per {about['unit']}. {about['licence']}\n")
    width = max(len(v["name"]) for v in about["variables"])
    for v in about["variables"]:
        typer.echo(f"  {v['name']:<{width}}  {v['kind']:<8}  {v['meaning']}")
    for trap in about["traps"]:
        typer.echo(f"Trap: {trap}")
    for cite in about["citation"]:
        typer.echo(f"Cite: {cite}")
    if table is not None:
        typer.echo("\n" + table.to_string(index=False))


@command.command("cite", help="Print how to cite data sets.")
def cite(
    names: Annotated[list[str], typer.Argument(help="Data sets.")], as_json: Json = False
) -> None:
    """Print how to cite data sets."""
    from detente.commands._common import emit_json
    from detente.history.registry import get

    found = {n: list(get(n).citation) for n in names}
    if as_json:
        emit_json(found)
        return
    for line in dict.fromkeys(c for cs in found.values() for c in cs):
        typer.echo(line)


@command.command("rates", help="Base rates: given X, how often Y.")
def rates(
    names: Annotated[
        list[str] | None, typer.Argument(
            help="Registered rates. Without a name, all rates of the fetched data.")
    ] = None,
    data: Annotated[str | None, typer.Option(help="Your own question: the data.")] = None,
    given: Annotated[str, typer.Option(help="Condition, in SQL over its columns.")] = "",
    event: Annotated[str | None, typer.Option(help="Event, in SQL.")] = None,
    cluster: Annotated[str, typer.Option(help="Groups of dependent rows, in SQL.")] = "",
    list_them: Annotated[
        bool, typer.Option("--list", help="Only list the registered rates; needs no data.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print base rates with intervals, definitions and warnings."""
    from detente.commands._common import emit_json
    from detente.errors import InputError
    from detente.history.base_rates import base_rates
    from detente.history.registry import get

    known = base_rates()
    if list_them:
        listed = [
            {"name": q.name, "question": q.title.rstrip(":"), "data": q.data,
             "definition": q.definition, "warning": q.warning, "unit": q.unit}
            for q in known.values()
        ]
        if as_json:
            emit_json(listed)
            return
        width = max(map(len, known))
        for one in listed:
            typer.echo(f"{one['name']:<{width}}  {one['question']} ({one['data']})")
        return
    from detente.history.rates import Question, answers, ask
    from detente.history.read import load
    from detente.history.store import held

    if data is not None or event is not None or given or cluster:
        if data is None or event is None or names:
            raise InputError("the question is incomplete, or names are given with it",
                             expected="--data and --event for a question of your own, and no names")
        own = Question("", f"{event} given {given or 'any row'}:", data, given, event,
                       "As asked.", " ".join(get(data).traps), cluster)
        found = [ask(own, load(data))]
    else:
        asked = names or [n for n, q in known.items() if all(map(held, q.needs))]
        if not asked:
            raise InputError(
                "no data has been fetched", expected="the data of a rate",
                remedy="run: detente data fetch icb-system gml-disputes sanctions",
            )
        found = answers(asked)
    if as_json:
        emit_json([r.as_dict() for r in found])
        return
    for r in found:
        typer.echo(str(r) + (f"   ({r.question.name})" if r.question.name else ""))
        if r.beside:
            typer.echo(f"  {r.beside}")
        if r.omissions:
            typer.echo(f"  {r.omissions}")
    for line in dict.fromkeys(r.question.warning for r in found if r.question.warning):
        typer.echo(f"Warning: {line}")
    for line in dict.fromkeys(c for r in found for c in r.citation):
        typer.echo(f"Cite: {line}")


@command.command("coverage", help="Years in which each variable and each base rate is known.")
def coverage(as_json: Json = False) -> None:
    """Print the years in which each variable and each base rate is known."""
    from detente.commands._common import emit_json
    from detente.history.coverage import coverage as measure

    found = measure()
    if as_json:
        emit_json([c.as_dict() for c in found])
        return
    for c in found:
        years = f"{c.first}-{c.last}" if c.first is not None else "data not downloaded"
        count = "" if c.rows is None else f", {c.rows:,} rows"
        if c.missing:
            count += f", {c.missing:,} left out for missing values"
        typer.echo(f"{c.table} {c.name}: {years} ({c.source}{count}): {c.variables}")
    typer.echo("Outside these years a variable is missing. cow-states ends in 2016: its members "
               "are carried forward to the last year asked for.")


@command.command("crises", help="A table of crises with known outcomes: mid, rungs or icb.")
def crises(
    table: Annotated[str, typer.Argument(help="mid, rungs or icb.")],
    as_json: Json = False,
) -> None:
    """Print outcomes, features and crises by year of a table of crises."""
    from detente.commands._common import emit_json
    from detente.history.outcomes.tables import crises as read

    found = read(table)
    years = found.coverage()
    if as_json:
        emit_json({
            "table": found.name, "rows": len(found), "endings": found.counts(),
            "features": [vars(f) for f in found.features.values()], "years": _records(years),
            "notes": list(found.notes)})
        return
    typer.echo(f"{found.name}: {len(found):,} crises, {found.rows['pair'].nunique()} pairs")
    for ending, n in found.counts().items():
        typer.echo(f"  {ending}: {n:,}")
    for f in found.features.values():
        typer.echo(f"{f.name} ({f.known}; {f.source}): {f.meaning}")
    typer.echo(years.to_string(index=False))
    for note in found.notes:
        typer.echo(note)


@command.command("polarity", help="Concentration of capability by year (cow-nmc, cow-majors).")
def polarity(
    group: Annotated[str, typer.Option(help="majors, or all (all states).")] = "majors",
    as_json: Json = False,
) -> None:
    """Print the concentration of capability by year."""
    from detente.commands._common import emit_json
    from detente.errors import InputError
    from detente.history.polarity import polarity as measure

    if group not in ("majors", "all"):
        raise InputError(f"unknown group {group!r}", expected="majors or all")
    table = measure(group)
    if as_json:
        emit_json({"group": group, "note": table.attrs["note"], "years": _records(table)})
        return
    typer.echo(table.round(3).to_string(index=False))
    typer.echo(table.attrs["note"])


@command.command("dyads", help="Write dyad-years, joined from the fetched data, as a table.")
def dyads(
    out: Annotated[Path, typer.Option(help="The file to write: .csv or .parquet.")],
    start: Annotated[int, typer.Option(help="First year.")] = 1816,
    end: Annotated[int, typer.Option(help="Last year.")] = 2010,
    directed: Annotated[bool, typer.Option(help="Each pair in both directions.")] = True,
    relevant: Annotated[bool, typer.Option(help="Only politically relevant pairs.")] = False,
    part: Annotated[
        list[str] | None, typer.Option(help="contiguity, majors, alliances, capability, disputes, "
                                       "rivalries; all unless given.")
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write dyad-years as a table."""
    from detente.history.dyads import PARTS, dyad_years

    _write_joined(
        out, as_json, force,
        lambda: dyad_years(
            start, end, directed=directed, relevant=relevant, parts=part or list(PARTS)
        ),
    )


@command.command("countries", help="Write country-years, joined from the fetched data.")
def countries(
    out: Annotated[Path, typer.Option(help="The file to write: .csv or .parquet.")],
    start: Annotated[int, typer.Option(help="First year.")] = 1816,
    end: Annotated[int, typer.Option(help="Last year.")] = 2010,
    part: Annotated[
        list[str] | None, typer.Option(help="capability, majors, disputes, trade, votes; all "
                                       "unless given.")
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write country-years as a table."""
    from detente.history.countries import STATE_PARTS, country_years

    _write_joined(
        out, as_json, force, lambda: country_years(start, end, parts=part or list(STATE_PARTS))
    )


def _write_joined(
    out: Path, as_json: bool, force: bool, join: Callable[[], pd.DataFrame]
) -> None:
    """Write a joined table whole, or say what is wrong and write nothing."""
    import io

    from detente.commands._common import check_output, emit_json, progress, save
    from detente.errors import InputError
    from detente.history.joined import joined, notes

    if out.suffix not in (".csv", ".parquet"):
        raise InputError(f"cannot write {out.name}", expected="a name that ends .csv or .parquet")
    check_output(out, force=force)
    with progress("joining"):
        table = join()
        content = io.BytesIO()
        if out.suffix == ".csv":
            table.to_csv(content, index=False)
        else:
            table.to_parquet(content, index=False)
        saved = save(out, content.getvalue())
    if as_json:
        emit_json({"out": str(out), "rows": len(table), "columns": list(table.columns),
                   "joined": [j.as_dict() for j in joined(table)], "notes": notes(table)})
    elif saved:
        typer.echo(f"{len(table):,} rows in {out}")
        for line in [*map(str, joined(table)), *notes(table)]:
            typer.echo(f"  {line}")


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows with missing values as None and days as text."""
    import json

    text = table.to_json(orient="records", date_format="iso", double_precision=15)
    rows: list[dict[str, Any]] = json.loads(text)
    return rows
