"""The tab with base rates from history, and what past crises of such states say without a game."""

from __future__ import annotations

import re
from typing import Any

from shiny import Inputs, Outputs, Session, module, reactive, render, ui

from detente.casebook.forecast import known, states
from detente.errors import InputError
from detente.web.desk import Desk
from detente.web.later import Later
from detente.web.running import Running
from detente.web.show import html_of, problem, sections
from detente.web.tabs.base import Tab
from detente.web.tabs.findings import of_findings
from detente.web.work.reference import shown

RATES = of_findings(
    "history", "History", 95, ("history",),
    "The file names no base rates. Add some under `rates:` in the text.")
BELOW = "history_reference"


@module.ui
def _ui() -> Any:
    return ui.div(ui.h3("Reference forecast"), ui.output_ui("kept"), ui.output_ui("choice"),
                  ui.output_ui("found"))


@module.server
def _server(input: Inputs, output: Outputs, session: Session, desk: Desk) -> None:
    running = Running(desk.jobs)
    refused: reactive.Value[Any] = reactive.Value(None)
    listed: reactive.Value[Any] = reactive.Value(None)
    later = Later(listed)

    @render.ui
    def kept() -> Any:
        crisis = desk.crisis()
        found = None if crisis is None else known(crisis.crisis)
        return None if found is None else sections(html_of([shown(found, [
            "These forecasts are shipped with the casebook."])]))

    @render.ui
    def choice() -> Any:
        crisis, every = desk.crisis(), listed()
        if every is None:
            later.ask(states)
        if every is None:
            return ui.p("The list of states is being read.", class_="note")
        if crisis is None:
            return None
        if isinstance(every, Exception):
            return ui.p(f"The data is not on this machine: {every}.", class_="note")
        named = {"": "choose a state", **{str(code): name for code, name in every.items()}}
        picked = [likely(crisis.actors[name].title or name, every) for name in crisis.principals]
        one, two = [*picked, "", ""][:2]
        year = re.search(r"\d{4}", str(crisis.date))
        return ui.div(
            ui.p("How have crises of two such states ended? The features are those known in the "
                 "year before: capabilities, alliances, regimes, distance, past disputes."),
            ui.div(ui.input_select(session.ns("challenger"), "Source of the threat", named,
                                   selected=one),
                   ui.input_select(session.ns("target"), "State that sees it", named, selected=two),
                   ui.input_numeric(session.ns("year"), "Year",
                                    int(year[0]) if year else 2000, min=1816, max=2100, step=1),
                   class_="new"),
            ui.input_action_button(session.ns("ask"), "Forecast"))

    @reactive.effect
    @reactive.event(input.ask)
    def _ask() -> None:
        refused.set(None)
        one, two, year = str(input.challenger()), str(input.target()), input.year()
        if not (one.isdigit() and two.isdigit() and isinstance(year, int)):
            refused.set(problem(InputError("a state or the year is missing",
                                           expected="two states and a year")))
            return
        running.begin("reference:forecast", int(one), int(two), year)

    @reactive.effect
    @reactive.event(input.stop)
    def _stop() -> None:
        running.cancel()

    @render.ui
    def found() -> Any:
        if refused() is not None:
            return refused()
        now = running.state()
        return [running.shown(ui.input_action_button(session.ns("stop"), "Cancel",
                                                     class_="small")),
                sections(now.items[-1]) if now.items else None]


def likely(title: str, every: dict[int, str]) -> str:
    """Return the number of the state that a title probably means; empty if it is not clear.

    Examples
    --------
    >>> likely("United States", {2: "United States of America", 365: "Russia"}), likely("A", {})
    ('2', '')
    """
    asked = {"soviet union": "russia"}.get(title.casefold(), title.casefold())
    fit = [code for code, name in every.items() if name.casefold() == asked] or [
        code for code, name in every.items() if name.casefold().startswith(f"{asked} ")]
    return str(fit[0]) if len(fit) == 1 else ""


def _whole(key: str) -> Any:
    return ui.div(RATES.ui(key), _ui(BELOW))


def _serve(key: str, desk: Desk) -> None:
    RATES.server(key, desk)
    _server(BELOW, desk)


TAB = Tab(RATES.key, RATES.title, RATES.order, _whole, _serve, RATES.findings)
