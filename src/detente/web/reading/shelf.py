"""The part of the library with the reading sessions of the folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shiny import Inputs, reactive, render, ui

from detente.errors import DetenteError
from detente.web.reading.place import create, sessions
from detente.web.show import problem

if TYPE_CHECKING:
    from detente.web.folder import Folder

__all__ = ["part", "serve"]


def part() -> Any:
    """Return the part of the page."""
    return ui.tags.details(
        ui.tags.summary("Read: from texts and threads to claims"),
        ui.p("A session reads texts of your folder. Their words stay in the session.",
             class_="note"),
        ui.output_ui("reading_sessions"),
        ui.div(ui.input_text("new_reading", "New session", placeholder="my-notes"),
               ui.input_action_button("create_reading", "Begin it"), class_="new"),
        id="read")


def serve(input: Inputs, folder: Folder) -> None:
    """Serve it."""
    changed: reactive.Value[int] = reactive.Value(0)
    told: reactive.Value[Any] = reactive.Value(None)

    @render.ui
    def reading_sessions() -> Any:
        changed()
        return [told(), ui.tags.ul(*(
            ui.tags.li(ui.tags.a(name, href=f"?read={name}")) for name in sessions(folder)))]

    @reactive.effect
    @reactive.event(input.create_reading)
    def _create() -> None:
        try:
            create(folder, str(input.new_reading()).strip())
            told.set(None)
        except DetenteError as error:
            told.set(problem(error))
        changed.set(changed() + 1)
