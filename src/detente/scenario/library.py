"""Names that a crisis file may use and does not define: mechanisms, rates, models.

The rooms that own those names are above this one, so a `Library` is handed in by the loader
(`detente.cases`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from detente.errors import nearest
from detente.scenario.model import Reference
from detente.scenario.problems import Problem

__all__ = ["LIBRARY", "Library", "NameList"]

Place = tuple[str | int, ...]

LIBRARY = "library"
"""Key of the library in pydantic's validation context."""


@dataclass(frozen=True)
class NameList:
    """The known names of one kind.

    Parameters
    ----------
    names
        Returns the names. It is called only if a file uses one.
    listed
        A phrase for error messages that says which command lists the names.
    """

    names: Callable[[], Collection[str]]
    listed: str


@dataclass(frozen=True)
class Library:
    """The names that a crisis file may use and the file does not define.

    Parameters
    ----------
    mechanisms
        Each kind of mechanism that a file may list, with the pydantic class of its settings.
    names
        A `NameList` per kind of reference: ``rate``, ``model``, ``proposition``.

    Examples
    --------
    >>> from detente.scenario.model import Reference
    >>> library = Library(names={"rate": NameList(lambda: ["icb-war"], "the name of a base rate")})
    >>> [p.nearest for p in library.unknown(("rates", 0), Reference("icb-wra", "rate"))]
    ['icb-war']
    """

    mechanisms: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    names: Mapping[str, NameList] = field(default_factory=dict)

    def unknown(self, place: Place, reference: Reference) -> Iterator[Problem]:
        """Yield a problem if the library does not have the name."""
        known = self.names[reference.kind]
        names = known.names()
        if reference not in names:
            yield Problem(
                place, f"there is no {reference.kind} {str(reference)!r}",
                expected=known.listed, nearest=nearest(reference, names),
            )
