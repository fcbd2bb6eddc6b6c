"""The contract of a tab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Tab"]


@dataclass(frozen=True)
class Tab:
    """A tab of the case page.

    Attributes
    ----------
    key : str
        Its name in the address and in the identifiers of its inputs.
    title : str
    order : int
        The smallest comes first.
    ui : callable
        A Shiny module's user interface: takes the key, returns the content.
    server : callable
        A Shiny module's server: takes the key and the desk (`detente.web.desk.Desk`).
    findings : tuple of str
        The keys of the findings of the report that it shows.
    """

    key: str
    title: str
    order: int
    ui: Callable[[str], Any]
    server: Callable[[str, Any], Any]
    findings: tuple[str, ...] = ()
