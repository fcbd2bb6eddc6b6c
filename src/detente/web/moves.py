"""The moves that may be entered next, from the solution that the page has already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.follow.file import loads_events
from detente.follow.menu import Way, menu_after
from detente.scenario.yamlfile import parse_yaml
from detente.web.show import error_of

if TYPE_CHECKING:
    from detente.web.live import Live
    from detente.web.source import Source

__all__ = ["Moves", "has_events", "moves_after"]


@dataclass(frozen=True)
class Moves:
    """The events that may be entered next.

    Attributes
    ----------
    ways : tuple of Way
        Empty if the crisis has ended.
    checked : bool
        Whether the solution that gives the probabilities passed its check.
    check : str
        Its model, and how far it is from an exact solution.
    day : str
        The last day of the last event; empty if there is none.
    """

    ways: tuple[Way, ...]
    checked: bool
    check: str
    day: str = ""


def has_events(text: str) -> bool:
    """Return whether the text of an events file holds an event, or is none.

    Examples
    --------
    >>> has_events("events: []"), has_events("events: [{date: 2026-01-01}]")
    (False, True)
    """
    data = parse_yaml(text).data
    return not isinstance(data, dict) or bool(data.get("events"))


def moves_after(live: Live, source: Source, events: str) -> Moves:
    """Return the events that may follow those of a text.

    Parameters
    ----------
    live
        The solutions of the window.
    source
        The page's values.
    events
        The text of an events file.

    Raises
    ------
    InputError
        The text is no events file, or an event does not fit.
    """
    crisis = source.read()
    given = loads_events(events, crisis) if has_events(events) else None
    compiled, found = live.solved(crisis, source.moved)
    return Moves(menu_after(compiled, given, found.reach), found.certificate.certified,
                 error_of(found),
                 "" if given is None else given.file.events[-1].date.rpartition(" to ")[2])
