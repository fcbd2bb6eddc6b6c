"""Findings on a page: sections, tables and charts as HTML that the renderer has escaped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from shiny import ui

from detente.render.html import bare_section

if TYPE_CHECKING:
    from detente.equilibrium import Solution
    from detente.errors import InputError
    from detente.render import Section

__all__ = ["badge", "check_of", "error_of", "html_of", "problem", "question", "sections"]


def html_of(made: Iterable[Section]) -> str:
    """Return sections as HTML."""
    return "".join(map(bare_section, made))


def sections(html: str) -> Any:
    """Return HTML that `html_of` made as a part of the page."""
    return ui.div(ui.HTML(html), class_="detente inset findings")


def error_of(solution: Solution) -> str:
    """Return the model of a solution and how far it is from an exact one."""
    return f"{solution.reading}: {solution.distance}"


def badge(checked: bool, words: str = "", details: str = "") -> Any:
    """Return the mark of a solution that passed its check, or did not.

    Parameters
    ----------
    checked
        Whether it passed.
    words
        What stands beside the mark.
    details
        The errors, behind a fold: they are for people who know the solver.
    """
    mark = (ui.span("solution checked", class_="badge good") if checked
            else ui.span("check failed", class_="badge bad"))
    fold = ui.tags.details(ui.tags.summary("details of the check"), ui.span(details),
                           class_="check") if details else None
    return ui.div(mark, f" {words}", fold, class_="note")


def check_of(*solutions: Solution) -> Any:
    """Return the mark of some solutions together."""
    return badge(all(s.certificate.certified for s in solutions),
                 details="; ".join(map(error_of, solutions)))


def question(words: str, *buttons: Any) -> Any:
    """Return a question with its answers as buttons."""
    return ui.div(ui.p(words), ui.div(*buttons, class_="answers"), class_="question",
                  role="alertdialog", aria_label=words)


def problem(wrong: InputError | Exception) -> Any:
    """Return a message about bad input or a lost process."""
    return ui.div(str(wrong) or "there is not enough memory", class_="problem", role="alert")
