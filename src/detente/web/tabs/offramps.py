"""The tab with off-ramps: a target, the levers, and the proposals."""

from __future__ import annotations

from typing import Any

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from detente.errors import InputError
from detente.scenario.labels import labels, titles_of
from detente.scenario.paths import canonical, numbers
from detente.web.desk import Desk
from detente.web.running import Running
from detente.web.show import problem
from detente.web.stale import as_of
from detente.web.tabs.base import Tab


@module.ui
def _ui() -> Any:
    return ui.div(
        ui.p("Find the smallest changes of policy that reach a target. Each proposal is solved "
             "again at samples of the ranges."),
        ui.output_ui("choice"),
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
        if not crisis.levers:
            return ui.p("The file names no levers. Write them under ", ui.tags.code("levers:"),
                        " in the text: numbers that an actor could change.", class_="note")
        every = numbers(crisis)
        named = labels(every.values(), titles_of(crisis))
        titles = titles_of(crisis)
        ends = outcomes(crisis)
        shown = {
            path: named.get(canonical(path), path)
            + (f" ({titles.get(lever.who, lever.who)})" if lever.who else "")
            + f", {lever.from_:g} to {lever.to:g}" for path, lever in crisis.levers.items()}
        return ui.div(
            ui.div(ui.input_select(session.ns("outcome"), "Outcome", ends),
                   ui.input_select(session.ns("sense"), "Probability",
                                   {"<=": "at most", ">=": "at least"}),
                   ui.input_numeric(session.ns("level"), "Percent", 5, min=0, max=100, step=1),
                   class_="new"),
            ui.input_checkbox_group(session.ns("levers"), "Levers", shown, selected=list(shown)),
            ui.input_action_button(session.ns("seek"), "Find off-ramps"))

    @reactive.effect
    @reactive.event(input.seek)
    def _seek() -> None:
        level = input.level()
        refused.set(None)
        if desk.crisis() is None:
            return
        if not isinstance(level, int | float) or not 0 <= level <= 100:
            refused.set(problem(InputError("the target has no probability",
                                           expected="a number of percent from 0 to 100")))
            return
        target = f"P({input.outcome()}) {input.sense()} {float(level) / 100:.6f}"
        running.begin("ask:offramps", desk.source(), target, list(input.levers() or ()),
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


def outcomes(crisis: Any) -> dict[str, str]:
    """Return the outcomes that a target may name, war first, with their words."""
    from detente.game.explore import graph_of
    from detente.scenario.labels import titles_in_sentence

    titles = titles_in_sentence(titles_of(crisis))
    found = {str(o): o.words(titles) for o in graph_of(crisis).outcomes}
    return dict(sorted(found.items(), key=lambda item: item[0] != "war"))


TAB = Tab("offramps", "Off-ramps", 70, _ui, _server)
