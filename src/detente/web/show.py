"""Findings on a page: sections, tables and charts as HTML that the renderer has escaped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from shiny import ui

from detente.render.html import bare_section

if TYPE_CHECKING:
    from detente.errors import InputError
    from detente.render import Section

__all__ = ["html_of", "problem", "sections"]


def html_of(made: Iterable[Section]) -> str:
    """Return sections as HTML."""
    return "".join(map(bare_section, made))


def sections(html: str) -> Any:
    """Return HTML that `html_of` made as a part of the page."""
    return ui.div(ui.HTML(html), class_="detente inset findings")


def problem(wrong: InputError | Exception) -> Any:
    """Return a message about bad input or a lost process."""
    return ui.div(str(wrong), class_="problem", role="alert")
