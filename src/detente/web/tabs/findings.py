"""Tabs that show sections of the report."""

from __future__ import annotations

from typing import Any

from shiny import Inputs, Outputs, Session, module, render, ui

from detente.web.desk import Desk
from detente.web.show import sections
from detente.web.stale import HALTED, as_of
from detente.web.tabs.base import Tab

__all__ = ["of_findings"]


def of_findings(key: str, title: str, order: int, keys: tuple[str, ...], without: str = "") -> Tab:
    """Return a tab with the sections of some findings.

    Parameters
    ----------
    key, title, order
        As in `Tab`.
    keys
        The keys of the findings.
    without
        What to say if the crisis has none of them.
    """
    return Tab(key, title, order, _ui, lambda name, desk: _server(name, desk, keys, without),
               keys)


@module.ui
def _ui() -> Any:
    return ui.div(ui.output_ui("stale"), ui.output_ui("shown"))


@module.server
def _server(
    input: Inputs, output: Outputs, session: Session, desk: Desk, keys: tuple[str, ...],
    without: str,
) -> None:
    @render.ui
    def stale() -> Any:
        html, now = desk.found().html, desk.source()
        there = [html[key][0] for key in keys if html.get(key, (None, ""))[1]]
        return as_of(next((source for source in there if source != now), None), now,
                     halted=desk.halted())

    @render.ui
    def shown() -> Any:
        found = desk.found()
        there = [found.html[key] for key in keys if key in found.html]
        if any(html for _, html in there):
            return sections("".join(html for _, html in there))
        done = found.whole or (len(there) == len(keys) and all(
            source == desk.source() for source, _ in there))
        if desk.halted() and not done:
            return ui.p(HALTED, class_="note")
        if found.source is not None and not done:
            return ui.p("This part follows when the samples are solved.", class_="note")
        if found.source is None:
            return ui.p("The game is being solved.", class_="note")
        return ui.p(*with_code(without or "This crisis has nothing to show here."), class_="note")


def with_code(text: str) -> list[Any]:
    """Return a text whose parts between backticks are code.

    Examples
    --------
    >>> [str(part) for part in with_code("Add some under `rates:`.")]
    ['Add some under ', '<code>rates:</code>', '.']
    """
    return [ui.tags.code(part) if k % 2 else part for k, part in enumerate(text.split("`"))]
