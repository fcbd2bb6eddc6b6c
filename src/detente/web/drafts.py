"""A new crisis from data: the part of the library that drafts one by its number in ICB."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shiny import Inputs, reactive, render, ui

from detente.errors import DetenteError, InputError
from detente.history.store import path_of
from detente.web.running import Running
from detente.web.show import problem

if TYPE_CHECKING:
    from detente.web.folder import Folder
    from detente.web.jobs import Jobs

__all__ = ["missing", "part", "serve"]

MOST = 9999
"""Largest number of a crisis that is asked for."""


def missing() -> str:
    """Return why no crisis can be drafted; empty if the data is here."""
    try:
        path_of("icb-actor")
    except InputError as wrong:
        return str(wrong)
    return ""


def part() -> Any:
    """Return the part of the page."""
    return ui.tags.details(
        ui.tags.summary("Draft a crisis from data (International Crisis Behavior)"),
        ui.output_ui("drafting"), ui.output_ui("drafted"))


def serve(input: Inputs, folder: Folder, jobs: Jobs, tell: Callable[[str], None]) -> None:
    """Serve it; ``tell`` takes the name of a crisis that was written."""
    work = Running(jobs)
    kept: reactive.Value[Any] = reactive.Value(None)

    @render.ui
    def drafting() -> Any:
        why = missing()
        if why:
            return ui.p(f"The data is not on this machine: {why}. `detente draft` needs the data "
                        "sets that its help names.", class_="note")
        return ui.div(
            ui.input_numeric("icb", "Number of the crisis in ICB, such as 69", 69, min=1, max=MOST),
            ui.input_action_button("draft", "Draft it"), class_="new")

    @render.ui
    def drafted() -> Any:
        return [work.shown(ui.input_action_button("stop_draft", "Cancel")), kept()]

    @reactive.effect
    @reactive.event(input.draft)
    def _draft() -> None:
        kept.set(None)
        number = input.icb()
        if isinstance(number, int) and 1 <= number <= MOST:
            work.begin("drafting:draft", f"icb:{number}")
        else:
            kept.set(problem(InputError("this is not the number of a crisis",
                                        expected=f"a whole number from 1 to {MOST}")))

    @reactive.effect
    @reactive.event(input.stop_draft)
    def _stop() -> None:
        work.cancel()

    @reactive.effect
    def _written() -> None:
        now = work.state()
        if now.working or not now.items:
            return
        with reactive.isolate():
            try:
                tell(folder.add_draft(*now.items[-1]))
            except DetenteError as wrong:
                kept.set(problem(wrong))
