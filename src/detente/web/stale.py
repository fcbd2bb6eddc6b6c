"""Lines that say of which values a result is, if they are no longer those of the page.

Each line is a part of the page of its own. A slider that moves redraws the line, and sends nothing
of the result again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shiny import ui

from detente.scenario.labels import labels, titles_of
from detente.scenario.paths import numbers
from detente.web.source import check

if TYPE_CHECKING:
    from detente.web.source import Source

__all__ = ["HALTED", "as_of", "moved_words"]

HALTED = ("The page's values are not solved to the end: the work was cancelled or has failed. "
          "Choose Solve again at the top.")
"""In the place of a part that was to follow, if the work was cancelled or failed."""


def moved_words(source: Source) -> str:
    """Return the sliders of a source that were moved, by the names of the form."""
    crisis = check(source.text, source.name, source.case).crisis
    every = {} if crisis is None else numbers(crisis)
    named = {} if crisis is None else labels(every.values(), titles_of(crisis))
    return "; ".join(f"{named.get(path, path)} at {value:.3g}"
                     for path, value in source.moved.items())


def as_of(
    made: Source | None, now: Source, *, follows: bool = True, halted: bool = False
) -> Any:
    """Return the line for a result; None if it is of the page's values.

    Parameters
    ----------
    made
        The values of the result; None if there is no result.
    now
        The values of the page.
    follows
        Whether new results come without being asked for.
    halted
        Whether the work on them was cancelled or failed.
    """
    if made is None or made == now:
        return None
    words = "an earlier text" if made.text != now.text else (
        "the file as written" if not made.moved else "")
    if made.moved:
        words = f"{words} with {moved_words(made)}" if words else moved_words(made)
    more = ("Ask again for the page's values." if not follows else
            HALTED if halted else "The page's values are being solved.")
    return ui.p(f"This is the result for {words}. {more}", class_="stale", role="status")
