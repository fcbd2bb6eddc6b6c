"""Changes of a crisis since a window opened it: numbers by their names, and lines of the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shiny import ui

from detente.scenario.labels import labels, titles_of
from detente.scenario.paths import numbers
from detente.web.form import written
from detente.web.lines import line_changes

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario

__all__ = ["number_changes", "panel"]

MOST = 100
"""Most lines that are listed."""


def number_changes(before: Scenario, after: Scenario) -> list[tuple[str, str, str]]:
    """Return (name, before, after) of the numbers that differ; a dash where there is none."""
    one, two = numbers(before), numbers(after)
    named = {**labels(one.values(), titles_of(before)), **labels(two.values(), titles_of(after))}
    both = {path: (written(one[path]) if path in one else "–",
                   written(two[path]) if path in two else "–") for path in (*one, *two)}
    return [(named[path], *pair) for path, pair in both.items() if pair[0] != pair[1]]


def panel(opened: str, now: str, before: Scenario | None, after: Scenario | None) -> Any:
    """Return the list of changes as a part of the page, behind a fold; None if there are none."""
    lines = line_changes(opened, now)
    if not lines:
        return None
    found = [] if before is None or after is None else number_changes(before, after)
    more = "" if len(lines) <= MOST else f"\n... and {len(lines) - MOST} more"
    told = (f"{len(found)} number{'s' if len(found) > 1 else ''}" if found
            else f"{len(lines)} line{'s' if len(lines) > 1 else ''}")
    return ui.tags.details(
        ui.tags.summary(f"Changed since this window opened the file: {told}"),
        ui.tags.ul(*(ui.tags.li(f"{name}: {was}, now {new}") for name, was, new in found))
        if found else None,
        ui.tags.pre("\n".join(lines[:MOST]) + more, class_="lines", tabindex="0",
                    aria_label="Lines removed and added"),
        id="since")
