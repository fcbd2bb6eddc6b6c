"""``detente draft``: a crisis file drafted from data."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from detente.commands._options import AsJson, Force

NAME = "draft"
HELP = "Draft a crisis file from data: a starting point, not a forecast."
EPILOG = "Example: detente draft --from icb:69, then detente run book-memel-1939.yaml"


def command(
    source: Annotated[str, typer.Option(
        "--from", help="icb:N, a crisis of ICB by its number; or a name that "
        "`detente cases --book` prints.")],
    features: Annotated[str, typer.Option(
        help="before: covariates known before the crisis; coded: also those coded with "
        "hindsight.")] = "before",
    template: Annotated[Optional[str], typer.Option(  # noqa: UP045
        help="The template, if the casebook has not coded the crisis or codes another.")] = None,
    out: Annotated[Optional[str], typer.Option(  # noqa: UP045
        help="The crisis file to write; the joint draws stand beside it. Default: the crisis's "
        "name, in this folder.")] = None,
    force: Force = False,
    json: AsJson = False,
) -> None:
    """Draft a crisis file: each number with its source and formula, its joint draws beside it.

    The numbers are estimated on the ICB crises of all other pairs of states. How the crisis ended
    is not read. Forecasts without a game are printed for comparison.
    """
    from pathlib import Path

    from detente.casebook.drafting import called
    from detente.commands._common import check_output, emit_json, progress
    from detente.commands._outputs import save
    from detente.public import draft

    if out is None and not json:
        out = f"{called(source)}.yaml"
    places = [] if out is None else [Path(out), Path(out).with_suffix(".draws.csv")]
    for place in places:
        check_output(place, force=force)
    with progress("estimating the numbers on the crises of other pairs"):
        made = draft(source, features=features, template=template)  # type: ignore[arg-type]
    text = made.text if not places else made.text.replace(
        f"{made.facts.name}.draws.csv", places[1].name)
    written = [save(place, content)
               for place, content in zip(places, (text, made.draws), strict=False)]
    if json:
        from detente.casebook.document import document

        emit_json(document(made))
        return
    if written and all(written):
        typer.echo(f"Wrote {places[0]} and {places[1]}: a starting point, not a forecast.")
    typer.echo(f"{made.facts.title}: template {made.facts.template}, features {made.features}, "
               f"estimated on {made.numbers.crises} crises of other pairs.")
    for note in made.notes:
        typer.echo(f"Note: {note}")
    typer.echo("\nForecasts without a game, estimated on the same crises:")
    names = list(made.reference)
    width = max(len(ending) for ending in made.reference[names[0]])
    typer.echo(f"  {'':{width}}  " + "  ".join(f"{name:>10}" for name in names))
    for ending in made.reference[names[0]]:
        typer.echo(f"  {ending:{width}}  " + "  ".join(
            f"{100 * made.reference[name][ending]:8.0f} %" for name in names))
