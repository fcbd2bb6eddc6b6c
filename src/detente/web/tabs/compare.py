"""The tab that compares the page's values with a variant, the saved file or another case."""

from __future__ import annotations

from typing import Any

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from detente.cases.names import shipped
from detente.errors import DetenteError
from detente.web.desk import Desk, Source
from detente.web.running import Running
from detente.web.show import problem
from detente.web.stale import as_of
from detente.web.tabs.base import Tab


@module.ui
def _ui() -> Any:
    return ui.div(ui.output_ui("choice"), ui.input_action_button("compare", "Compare"),
                  ui.output_ui("stale"), ui.output_ui("found"))


@module.server
def _server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:
    running = Running(desk.jobs)
    refused: reactive.Value[Any] = reactive.Value(None)

    @render.ui
    def choice() -> Any:
        crisis = desk.crisis()
        if crisis is None:
            return None
        choices = {"saved": "The saved file, sliders at the centre"}
        if crisis.variants:
            choices["variants"] = "Its variants: " + "; ".join(
                v.title or k for k, v in crisis.variants.items())
        choices |= {f"case:{name}": name for name in (*desk.folder.names(), *sorted(shipped()))
                    if name != desk.name}
        return ui.input_select(session.ns("other"), "Compare the page's values with", choices,
                               width="100%")

    @reactive.effect
    @reactive.event(input.compare)
    def _compare() -> None:
        if desk.crisis() is None:
            return
        other = str(input.other())
        second = Source(desk.name, desk.saved(), case=desk.case)
        refused.set(None)
        try:
            if other.startswith("case:"):  # a name, never a path
                found = desk.folder.read(other.removeprefix("case:"))
                second = Source(found.name, found.text,
                                case=desk.folder.place(found.name))
        except DetenteError as wrong:
            refused.set(problem(wrong))
            return
        running.begin("ask:compare", desk.source(), other.partition(":")[0], second,
                      about=desk.source())

    @reactive.effect
    @reactive.event(input.stop)
    def _stop() -> None:
        running.cancel()

    @render.ui
    def stale() -> Any:
        return as_of(running.about(), desk.source(), follows=False)

    @render.ui
    def found() -> Any:
        return refused() or running.result(
            ui.input_action_button(session.ns("stop"), "Cancel", class_="small"))


TAB = Tab("compare", "Compare", 80, _ui, _server)
