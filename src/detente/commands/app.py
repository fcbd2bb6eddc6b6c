"""``detente app``: the crises of a folder in the browser."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

NAME = "app"
HELP = "Open the crises of a folder in the browser."
EPILOG = "Examples: detente app; detente app my-crises --no-browser; detente app --port 9000"


def command(
    folder: Annotated[str, typer.Argument(
        help="The folder whose crisis files are shown and saved; nothing else is read.")] = ".",
    port: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=0, max=65535, help="Port (0: any free one).",
                     show_default="the first free one from 8062 on"),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Whether to open the browser.")
    ] = True,
    host: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Let others in by this address of the machine.",
                     show_default="this machine only"),
    ] = None,
    json: Annotated[bool, typer.Option(
        "--json", help="Print the address and the folder as one JSON document.")] = False,
) -> None:
    """Open a local page on which crises are read, changed, tested, followed and played."""
    from detente.web.server import serve

    serve(folder, host, port, browser=browser, as_json=json)
