"""The pages of the app: the library at the root, and a case where the address names one."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shiny import App, Inputs, Outputs, Session, reactive, ui

import detente.web.casepage as casepage
import detente.web.library as library
import detente.web.reading.page as readingpage
from detente.web.address import case_of, reading_of
from detente.web.tabs import tabs

if TYPE_CHECKING:
    from starlette.requests import Request

    from detente.web.folder import Folder
    from detente.web.jobs import Jobs

__all__ = ["WWW", "site"]

WWW = Path(__file__).parent / "www"
"""The app's own styles and scripts."""


@cache
def style() -> str:
    """Return the style of reports, so that findings look as they do there."""
    found = files("detente.render").joinpath("templates", "style.css").read_text(encoding="utf-8")
    return found.partition("@media print")[0]


def page(*content: Any, title: str, wide: bool, answer: bool = False) -> Any:
    """Return a page with the bar at its top."""
    styles = [ui.tags.link(rel="stylesheet", href=f"own/{f.name}")
              for f in sorted(WWW.glob("*.css"))]
    scripts = [ui.tags.script(src=f"own/{f.name}", defer="") for f in sorted(WWW.glob("*.js"))]
    return ui.page_fluid(
        ui.tags.head(
            ui.tags.meta(name="viewport", content="width=device-width, initial-scale=1"),
            ui.tags.link(rel="icon", href="own/icon.svg", type="image/svg+xml"),
            ui.tags.style(style()), *styles, *scripts),
        ui.tags.a("Skip to the content", href="#content", class_="skip"),
        ui.tags.a("Skip to the answer", href="#answer", class_="skip") if answer else None,
        ui.tags.header(
            ui.tags.a("détente", href="./", class_="home"),
            ui.output_ui("heading"),
            ui.input_dark_mode(id="mode"),
            class_="bar"),
        ui.tags.main(*content, id="content", class_="wide" if wide else "narrow"),
        title=title, lang="en",
    )


def site(folder: Folder, jobs: Jobs) -> App:
    """Return the app.

    Parameters
    ----------
    folder
        The only folder that is read and written.
    jobs
        The processes in which long work is done.
    """
    tabs()  # their modules are imported now, and not while all windows wait for a page

    def interface(request: Request) -> Any:
        name = case_of(request.url.query)
        reading = reading_of(request.url.query)
        if name is None and reading is not None:
            return page(readingpage.page(), title=f"{reading} - détente", wide=True)
        if name is None:
            return page(library.page(), title="détente", wide=False)
        return page(casepage.page(), title=f"{name} - détente", wide=True, answer=True)

    def server(input: Inputs, output: Outputs, session: Session) -> None:
        began = False

        @reactive.effect
        def _begin() -> None:
            nonlocal began
            search = session.clientdata.url_search()
            if began:
                return
            began = True
            with reactive.isolate():
                name = case_of(search)
                reading = reading_of(search)
                if name is None and reading is not None:
                    readingpage.serve(input, output, session, folder, jobs, reading)
                elif name is None:
                    library.serve(input, output, session, folder, jobs)
                else:
                    casepage.serve(input, output, session, folder, jobs, name, search)

    return App(interface, server, static_assets={"/own": WWW})
