"""The choice of a text, its reading in a process, and its pane."""

from __future__ import annotations

from typing import Any

from shiny import Inputs, reactive, render, ui

from detente.printable import printable
from detente.web.reading.desk import Desk
from detente.web.reading.place import texts
from detente.web.running import Running
from detente.web.show import problem

__all__ = ["choice", "pane", "serve"]


def choice() -> Any:
    """Return the choice of a text; it stands above both panes, also on a narrow screen."""
    return ui.div(ui.output_ui("choose_file"), ui.output_ui("choose_document"),
                  ui.output_ui("reading_file"), class_="new")


def pane() -> Any:
    """Return the pane."""
    return ui.tags.section(
        ui.output_ui("reading_text"), class_="pane left", aria_label="The text", tabindex="0")


def serve(input: Inputs, desk: Desk) -> None:
    """Serve it."""
    reader = Running(desk.jobs)

    @render.ui
    def choose_file() -> Any:
        desk.changes()  # a file may be new
        found = texts(desk.folder)
        if not found:
            return ui.p("Put a text (.txt, .md, .html, .pdf, .eml) into the app's folder.",
                        class_="note")
        with reactive.isolate():
            chosen = str(input.file()) if input.file.is_set() else None
        named = {name: printable(name) for name in found}
        return ui.div(ui.input_select("file", "A text of the folder", named, selected=chosen),
                      ui.input_action_button("read_file", "Read it"), class_="new",
                      style="margin: 0")

    @reactive.effect
    @reactive.event(input.read_file)
    def _read() -> None:
        name = str(input.file())
        if name not in texts(desk.folder):
            desk.note.set(ui.p("This text is not in the folder any more.", class_="bad"))
            return
        desk.note.set(None)
        reader.begin("reading:read", str(desk.place), str(desk.folder.path / name), about=name)

    @reactive.effect
    @reactive.event(input.stop_reading)
    def _stop() -> None:
        reader.cancel()

    @render.ui
    def reading_file() -> Any:
        return reader.shown(ui.input_action_button("stop_reading", "Cancel", class_="small"))

    @reactive.effect
    def _was_read() -> None:
        now = reader.state()
        if now.working or not now.items:
            return
        state, turns, sentences = now.items[-1]
        desk.note.set(ui.p(f"{now.about}: {state}, {turns} turns, {sentences} sentences.",
                           class_="fine", role="status"))
        desk.look()

    @render.ui
    def choose_document() -> Any:
        found = desk.documents()
        if not found:
            return None
        with reactive.isolate():
            chosen = str(input.document()) if input.document.is_set() else None
        return ui.input_select("document", "Document", dict(found), selected=chosen)

    @reactive.effect
    @reactive.event(input.document)
    def _chosen() -> None:
        if str(input.document()).isdigit():
            desk.show(int(input.document()))

    @render.ui
    def reading_text() -> Any:
        found = desk.text()
        return problem(found) if isinstance(found, Exception) else ui.HTML(found or "")
