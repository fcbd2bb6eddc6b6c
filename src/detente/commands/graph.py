"""``detente graph``: a conflict without numbers, by the graph model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.commands._options import Force

if TYPE_CHECKING:
    from detente.lenses.graph_model.file import GraphCase

NAME = "graph"
HELP = "Analyse a graph model: options, preferences and stable outcomes."
EPILOG = (
    "Examples: detente graph cuba-1962; detente graph my.graph.yaml --want settled --html out.html"
    "; detente graph --new my.graph.yaml"
)


def command(
    file: Annotated[
        str | None,
        typer.Argument(help="A graph model file, or the name of a shipped case that has one."),
    ] = None,
    want: Annotated[
        str | None, typer.Option(help="A state (name or pattern) to make stable: inverse analysis.")
    ] = None,
    start: Annotated[
        str | None, typer.Option(help="Another status quo (name or pattern of a state).")
    ] = None,
    robust: Annotated[
        bool, typer.Option(help="Test each swap of adjacent states in the rankings.")
    ] = True,
    html: Annotated[
        Path | None, typer.Option(help="Write the report, with the graph, to this HTML file.")
    ] = None,
    force: Force = False,
    new: Annotated[
        Path | None, typer.Option(help="Ask for a new model, step by step, and write this file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Analyse a graph model: options, preferences and stable outcomes."""
    from dataclasses import replace

    from detente.commands._common import check_output, emit_json, progress, saved
    from detente.errors import InputError

    if new is not None:
        if file is not None:
            raise InputError("both a file and --new were given", expected="one of them")
        _new(new)
        return
    if file is None:
        raise InputError("no file was named", expected="a graph model file, or --new FILE")
    from detente.lenses.graph_model.file import load
    from detente.lenses.graph_model.sections import report
    from detente.lenses.graph_model.study import study

    path = find(file)
    check_output(html, path, force=force)
    case = load(path)
    model = case.model
    if start is not None:
        model = replace(model, status_quo=_state(case, start))
        case = replace(case, model=model)
    with progress("analysing the graph model") as shown:
        found = study(
            case, wanted=None if want is None else _state(case, want), robust=robust, progress=shown
        )
    made = report(found)
    with saved(html, made.to_html) as written:
        if as_json:
            emit_json(found.as_dict())
        else:
            made.to_terminal()
    if written:
        typer.echo(f"\nReport: {html}", err=True)


def _new(path: Path) -> None:
    """Ask for a graph model in the terminal and write its file."""
    import os

    from detente.commands._common import write_whole
    from detente.errors import InputError
    from detente.lenses.graph_model.elicit import elicit

    if os.path.lexists(path):
        raise InputError("the file exists already", file=str(path), expected="a new file")

    def ask(question: str) -> str:
        try:
            return str(typer.prompt(
                question.rstrip(), default="", show_default=False, prompt_suffix=" "))
        except typer.Abort as over:
            if isinstance(over.__context__, KeyboardInterrupt):
                raise
            raise InputError("the answers ended early", expected="an answer to every question"
                             ) from None

    _, text = elicit(path, ask, typer.echo)
    write_whole(path, text)
    typer.echo(f"Written to {path}. Next: detente graph {path} --html report.html")


def _state(case: GraphCase, text: str) -> int:
    """Return a state by name or by pattern, with or without bars."""
    model = case.model
    bare = text.replace("|", "").replace(" ", "")
    for s, name in enumerate(model.states):
        if name == text or name.replace("|", "") == bare:
            return s
    if model.vectors is not None and len(bare) == model.vectors.shape[1]:
        for s, vector in enumerate(model.vectors):
            if "".join("Y" if v else "N" for v in vector) == bare.upper():
                return s
    return model.state(text)


def find(name: str) -> Path:
    """Return the file of that name, or the graph model of a shipped case.

    Raises
    ------
    InputError
        There is neither.
    """
    from detente.cases.names import named, shipped

    return named(name, shipped(".graph.yaml"), lacks="of that name has a graph model")
