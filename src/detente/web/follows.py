"""The part of the page with what follows: groups of tabs, and on a narrow screen one menu."""

from __future__ import annotations

from typing import Any

from shiny import ui

from detente.web import takeaway
from detente.web.groups import grouped

__all__ = ["panel"]

TAKE_AWAY = "take-away"


def panel() -> Any:
    """Return the part of the page."""
    return ui.div(
        _menu(),
        ui.navset_underline(
            *(ui.nav_panel(group.title, ui.navset_underline(
                *(ui.nav_panel(tab.title, tab.ui(tab.key), value=tab.key) for tab in group.tabs),
                id=f"tab_{group.key}"), value=group.key) for group in grouped()),
            ui.nav_panel("Take away", takeaway.panel(), value=TAKE_AWAY),
            id="tab"),
        class_="follows")


def _menu() -> Any:
    """Return all tabs as one menu; the page's script opens the tab that is chosen."""
    return ui.tags.select(
        *(ui.tags.optgroup(
            *(ui.tags.option(tab.title, value=f"{group.key} {tab.key}") for tab in group.tabs),
            label=group.title) for group in grouped()),
        ui.tags.option("Take away", value=TAKE_AWAY),
        class_="tab-menu form-select", aria_label="Part of the answer")
