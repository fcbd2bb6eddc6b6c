"""``detente models``: published models, each beside its closed form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.commands._options import Force

if TYPE_CHECKING:
    from detente.theory.base import Model

NAME = "models"
HELP = "List the published models, or compare the closed form of one with the solver."
EPILOG = "Example: detente models fearon-1995 --set h=0.5 --chart war.svg"


def command(
    name: Annotated[
        str | None, typer.Argument(help="A model's name. Without a name, all models are listed.")
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=NUMBER", help="A parameter; may be repeated."),
    ] = None,
    grid: Annotated[
        int | None, typer.Option(help="Points per continuous type or offer.", show_default=False)
    ] = None,
    lam: Annotated[
        float | None,
        typer.Option("--lambda", metavar="NUMBER", help="Precision of choice.",
                     show_default=False),
    ] = None,
    chart: Annotated[
        Path | None, typer.Option(help="Write the paper's main comparative static: .svg or .png.")
    ] = None,
    tree: Annotated[
        Path | None, typer.Option(help="Draw the game and its equilibrium, if small: .svg or .png.")
    ] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List the published models, or compare the closed form of one with the solver.

    Exit code 1 means that the solution could not be certified. It is printed and marked.
    """
    from detente.commands._common import emit_json, finish, progress, save
    from detente.errors import InputError
    from detente.files import marked_png, marked_svg
    from detente.render.draw import draw
    from detente.theory import load, registry

    if name is None:
        if given or chart is not None or tree is not None:
            raise InputError("no model was named", expected="a name from `detente models`")
        models = registry().values()
        if as_json:
            emit_json([{"name": m.name, "number": m.number, "title": m.title, "claim": m.claim,
                        "citation": m.citation} for m in models])
            return
        width = max(len(m.name) for m in models)
        for m in models:
            typer.echo(f"{m.name:<{width}}  {m.title}")
        return
    model = load(name)
    values: dict[str, float] = {}
    for text in given or []:
        key, value = _number(text)
        if key in values:
            raise InputError(f"{key} is set twice", expected="one --set for each parameter")
        known = [p.name for p in model.parameters]
        setting = {"grid": "--grid", "lam": "--lambda", "lambda": "--lambda"}.get(key)
        if setting is not None and key not in known:
            raise InputError(f"--set {text}: {key} is not a parameter of {model.name}",
                             expected=f"{setting}, or one of {', '.join(known)}")
        values[key] = value
    if lam is not None and "lam" in values:
        raise InputError("lam is set twice", expected="--lambda or --set lam=NUMBER")
    lam = values.pop("lam", lam)
    for file in (chart, tree):
        if file is not None and file.suffix not in (".svg", ".png"):
            raise InputError(f"{file} has no known extension", expected=".svg or .png")
    with progress(f"solving {name}"):
        found, solved = model.beside(grid=grid, lam=lam, **values)
        # measured at the grid and precision that were used
        found["convergence"] = model.convergence(
            grid=found["grid"], lam=found["lambda"], **values)
        drawn = [(chart, model.chart(**found["parameters"]))] if chart is not None else []
        if tree is not None:
            drawn.append((tree, model.tree(solved)))
    for file, picture in drawn:
        svg = picture.to_svg()
        if file.suffix == ".png":
            save(file, marked_png(draw("svg_to_png", svg, scale=2)))
        else:
            save(file, marked_svg(svg))
    if as_json:
        emit_json(found)
    else:
        show(model, found)
        for what, file in (("chart", chart), ("tree", tree)):
            if file is not None:
                typer.echo(f"{what}: {file}", err=True)
    finish(bool(found["certificate"]["certified"]))


def _number(text: str) -> tuple[str, float]:
    """Read ``name=number``.

    Examples
    --------
    >>> _number("a=0.5")
    ('a', 0.5)
    """
    from detente.errors import InputError

    name, mark, value = text.partition("=")
    try:
        return name.strip(), float(value) if mark and "_" not in value else float("x")
    except ValueError:
        raise InputError(f"--set {text}", expected="NAME=NUMBER, such as a=0.5") from None


def show(model: Model, found: dict[str, Any]) -> None:
    """Print a model for a person."""
    from detente.render.numbers import error
    from detente.render.table import Column, Table
    from detente.render.terminal import say, show_table

    say(f"{model.number}. {model.title} ({model.name})", "bold")
    say(model.citation)
    say(sentence(model.claim))
    show_table(Table("Parameters", ["parameter", "value", "meaning", "domain"], [
        (p.name, f"{found['parameters'][p.name]:g}", p.meaning, p.domain)
        for p in model.parameters]))
    show_table(Table(
        "Closed form and solver",
        ["quantity", Column("closed form", format="s"), Column("solver", format="s"),
         Column("difference", format="s")],
        [(row["quantity"].replace("_", " "),
          *("" if row[k] is None else f"{row[k]:.6f}" for k in ("closed_form", "solver")),
          "" if row["difference"] is None else f"{row['difference']:+.1e}")
         for row in found["rows"]]))
    c = found["certificate"]
    word, style = ("certified", "bold") if c["certified"] else ("NOT CERTIFIED", "bold red")
    residual = "" if c.get("residual") is None else f", residual {error(c['residual'])}"
    regret = "" if c.get("max_regret") is None else f", largest regret {c['max_regret']:.2g}"
    precision = f" at lambda {c['lam']:g}" if c.get("lam") is not None else ""
    say(f"{word}{precision}{residual}{regret}", style)
    if found["convergence"]:
        show_table(Table(
            "Measured convergence", ["lambda", "grid", "largest difference", "certified"],
            [(f"{level['lambda']:g}", str(level["grid"]),
              "" if level["largest_difference"] is None
              else f"{level['largest_difference']:.1e}",
              "yes" if level["certified"] else "no") for level in found["convergence"]]))
    if found["about"]:
        say(f"The difference: {sentence(found['about'])}")
    if c.get("note"):
        say(f"The solution: {sentence(c['note'])}")


def sentence(text: str) -> str:
    """Return a phrase as a sentence: a capital at the beginning and a full stop at the end.

    A symbol at the beginning, such as ``m n``, stays as it is.

    Examples
    --------
    >>> sentence("war is less likely"), sentence("W is above 2."), sentence("m n exceeds a b")
    ('War is less likely.', 'W is above 2.', 'm n exceeds a b.')
    """
    first = text.partition(" ")[0]
    begun = text if len(first) == 1 and first != "a" else text[:1].upper() + text[1:]
    return begun if begun.endswith((".", "!", "?")) else f"{begun}."
