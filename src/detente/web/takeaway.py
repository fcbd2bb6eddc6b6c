"""Things to take away: report, brief, data, the file, and a link that holds the sliders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shiny import Inputs, Session, reactive, render, ui

from detente.defaults import SAMPLES as DEFAULTS
from detente.web.address import query
from detente.web.running import Running
from detente.web.stale import as_of
from detente.web.work.report import SAMPLES

if TYPE_CHECKING:
    from detente.web.desk import Desk

__all__ = ["panel", "serve"]

KINDS = {"html": "Report (HTML)", "docx": "Brief (Word)", "json": "Data (JSON)"}


def panel() -> Any:
    """Return the part of the page."""
    return ui.div(
        ui.h3("Report"),
        ui.p(f"The report has {DEFAULTS:,} samples of the ranges and the page {SAMPLES:,}, so "
             "it takes longer."),
        ui.input_radio_buttons("kind", "Form", KINDS, inline=True),
        ui.input_action_button("make", "Make"),
        ui.output_ui("making"),
        ui.h3("The crisis file"),
        ui.download_button("file", "The file as it stands in the editor"),
        ui.h3("A link to these values"),
        ui.p("It opens the saved file with the sliders where they are now, in this app only, and "
             "for those who have its key."),
        ui.output_ui("link"),
        class_="take-away")


def serve(input: Inputs, session: Session, desk: Desk) -> None:
    """Serve the part of the page."""
    running = Running(desk.jobs)

    @reactive.effect
    @reactive.event(input.make)
    def _make() -> None:
        if desk.crisis() is not None:
            running.begin("report:file", desk.source(), input.kind(),
                          about=(desk.source(), input.kind()))

    @reactive.effect
    @reactive.event(input.stop_making)
    def _stop() -> None:
        running.cancel()

    @render.ui
    def making() -> Any:
        now = running.state()
        shown = running.shown(ui.input_action_button("stop_making", "Cancel", class_="small"))
        if now.items and not now.working:
            source, kind = now.about
            return [shown, as_of(source, desk.source()),
                    ui.download_button("made", f"Download: {KINDS[kind]}")]
        return shown

    @render.download_button(filename=lambda: f"{desk.name}.report.{running.state().about[1]}")
    def made() -> Any:
        yield running.state().items[-1]

    @render.download_button(filename=lambda: f"{desk.name}.yaml")
    def file() -> Any:
        yield desk.text()

    @render.ui
    def link() -> Any:
        data = session.clientdata
        port = f":{data.url_port()}" if data.url_port() else ""
        address = (f"{data.url_protocol()}//{data.url_hostname()}{port}{data.url_pathname()}"
                   f"{query(desk.name, desk.moved())}")
        return ui.tags.input(type="text", value=address, readonly="", class_="link",
                             aria_label="Link to these values")
