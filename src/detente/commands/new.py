"""``detente new``: a commented crisis file to start from."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.commands._options import AsJson

NAME = "new"
HELP = "Write a commented crisis file to start from."
EPILOG = "Example: detente new my-crisis, then detente check my-crisis.yaml"


def command(
    name: Annotated[str, typer.Argument(
        help="Name of the new crisis: small letters, digits and hyphens, for example my-crisis.")],
    json: AsJson = False,
) -> None:
    """Write NAME.yaml into this folder: a small crisis with comments that teach the file."""
    import os
    import re
    from pathlib import Path

    from detente.cases.template import new_text
    from detente.commands._common import emit_json, write_whole
    from detente.errors import InputError

    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name):
        raise InputError(
            f"{name!r} cannot name a crisis",
            expected="1 to 60 small letters, digits and hyphens, such as my-crisis",
        )
    place = Path(f"{name}.yaml")
    if os.path.lexists(place):
        raise InputError(
            "the file exists already", file=str(place),
            expected="another name; or move the file away first",
        )
    write_whole(str(place), new_text(name))
    if json:
        emit_json({"file": str(place)})
    else:
        typer.echo(f"Wrote {place}. Next: detente check {place}; then detente run {place}.")
