"""The page of a reading session: the text at the side, and the steps from passage to draft.

This page is the only place of the app in which words of a text appear. It shows texts of the app's
folder only. A flagged sentence is folded and needs a second confirmation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shiny import Inputs, Outputs, Session, reactive, render, ui

from detente.errors import DetenteError, InputError
from detente.web.reading import confirm, formal, results, text
from detente.web.reading.desk import Desk
from detente.web.reading.place import place_of
from detente.web.show import problem

if TYPE_CHECKING:
    from detente.web.folder import Folder
    from detente.web.jobs import Jobs

__all__ = ["page", "serve"]


def page() -> Any:
    """Return the page; it holds nothing of the session yet."""
    return ui.div(
        ui.div(ui.output_ui("note"), aria_live="polite"),
        text.choice(),
        ui.div(ui.output_ui("looking"), class_="slowly"),
        ui.div(
            text.pane(),
            ui.tags.section(
                ui.navset_underline(
                    ui.nav_panel("Confirm", confirm.panel(), value="confirm"),
                    ui.nav_panel("Formalise", formal.panel(), value="formalise"),
                    ui.nav_panel("Map", results.map_panel(), value="map"),
                    ui.nav_panel("Ledger", results.ledger_panel(), value="ledger"),
                    ui.nav_panel("Draft", results.draft_panel(), value="draft"),
                    id="step"),
                class_="pane right", aria_label="Claims", tabindex="0"),
            class_="panes"))


def serve(
    input: Inputs, output: Outputs, session: Session, folder: Folder, jobs: Jobs, name: str
) -> None:
    """Serve one window with a reading session."""
    desk = Desk(folder, jobs, name)

    @render.ui
    def heading() -> Any:
        return ui.h1("Reading", ui.span(f" {name}", class_="note"))

    @render.ui
    def note() -> Any:
        return desk.note()

    @render.ui
    def looking() -> Any:
        return desk.running.shown(ui.input_action_button("stop_looking", "Cancel", class_="small"))

    @reactive.effect
    @reactive.event(input.stop_looking)
    def _stop() -> None:
        desk.running.cancel()

    try:
        if not place_of(folder, name).is_dir():
            raise InputError(f"there is no session {name!r} in this folder",
                             expected="a session that the library lists")
    except DetenteError as wrong:
        desk.note.set(problem(wrong))
        return
    text.serve(input, desk)
    confirm.serve(input, desk)
    formal.serve(input, desk)
    results.serve(input, desk)
    desk.serve()
