"""The text of a crisis with the values of its sliders, and what reading the text finds.

A job takes a source along, so this module knows nothing of windows and jobs.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from detente.cases.change import with_numbers
from detente.cases.load import loads
from detente.errors import InputError, InputErrors
from detente.web.beside import linked
from detente.web.facts import stamp
from detente.web.files import encoded

if TYPE_CHECKING:
    from detente.scenario.schema import Scenario

__all__ = ["Checked", "Source", "check", "checked_before", "crisis_of"]


@dataclass(frozen=True)
class Source:
    """All that a job needs to know of a desk; it can be pickled.

    Attributes
    ----------
    name : str
    text : str
        The last text without an error.
    moved : dict
        Values of the sliders that were moved, by path.
    case : Path or None
        The file, beside which a ties file may lie.
    """

    name: str
    text: str
    moved: Mapping[str, float] = field(default_factory=dict)
    case: Path | None = None

    def crisis(self) -> Scenario:
        """Return the crisis with the moved numbers set, as if they were known."""
        return with_numbers(self.read(), self.moved)

    def read(self) -> Scenario:
        """Return the crisis of the text, which windows with the same text share."""
        found = check(self.text, self.name, self.case).crisis
        return crisis_of(self.text, {}, self.case) if found is None else found


@dataclass(frozen=True)
class Checked:
    """A text that was read: the crisis, or what is wrong, and what is probably a mistake."""

    text: str
    crisis: Scenario | None
    errors: tuple[InputError, ...] = ()
    remarks: tuple[str, ...] = ()


def check(text: str, name: str, case: Path | None = None) -> Checked:
    """Read a text; windows with the same text share the crisis, and all that is kept with it.

    A file beside it that is a link is not followed, also if it has become one since it was opened.
    """
    case = not_linked(case)
    key = (text, name, case, stamp(case))
    found = _kept.get(key)
    if found is None:
        found = _check(text, name, case)
    with _keeping:
        _kept.pop(key, None)
        _kept[key] = found  # it is the newest now
        for old in list(_kept)[:-MOST_KEPT]:
            del _kept[old]
    return found


def checked_before(text: str, name: str, case: Path | None = None) -> Checked | None:
    """Return what `check` found for a text before; None if it has to be read."""
    case = not_linked(case)
    return _kept.get((text, name, case, stamp(case)))


def not_linked(case: Path | None) -> Path | None:
    """Return the file beside which others are read; None if one of those is a link."""
    return None if case is None or linked(case) else case


MOST_KEPT = 64
_kept: dict[tuple[str, str, Path | None, int], Checked] = {}
_keeping = threading.Lock()


def _check(text: str, name: str, case: Path | None) -> Checked:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            encoded(text)  # a text that is too large to be saved is not read, either
            found = loads(text, file=f"{name}.yaml", case=case)
        except InputErrors as several:
            return Checked(text, None, tuple(several.errors))
        except InputError as one:
            return Checked(text, None, (one,))
    return Checked(text, found, (), tuple(str(w.message) for w in caught))


def crisis_of(text: str, moved: Mapping[str, float], case: Path | None = None) -> Scenario:
    """Return the crisis of a text with some numbers set.

    Raises
    ------
    InputError
        The text is not a crisis, or a number does not exist or is out of bounds.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return with_numbers(loads(text, case=not_linked(case)), moved)
