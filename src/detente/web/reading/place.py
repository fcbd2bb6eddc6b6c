"""The sessions and the texts of the app's folder, by name; no path comes from the browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import InputError, OutputError
from detente.web.folder import EXPECTED, NAME

if TYPE_CHECKING:
    from detente.web.folder import Folder

__all__ = ["ENDING", "create", "names_only", "place_of", "sessions", "texts"]

ENDING = ".reading"
"""The ending of a session's folder."""
KINDS = (".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".eml", ".mbox", ".json")
MOST = 200


def sessions(folder: Folder) -> list[str]:
    """Return the names of the sessions in the folder."""
    return sorted(
        place.name.removesuffix(ENDING) for place in folder.path.glob(f"*{ENDING}")
        if place.is_dir() and not place.is_symlink() and NAME.fullmatch(
            place.name.removesuffix(ENDING)))[:MOST]


def texts(folder: Folder) -> list[str]:
    """Return the names of the texts in the folder; links are left out."""
    return sorted(
        place.name for place in folder.path.iterdir()
        if place.suffix.lower() in KINDS and place.is_file() and not place.is_symlink())[:MOST]


def place_of(folder: Folder, name: str) -> Path:
    """Return the folder of a session.

    Raises
    ------
    InputError
        The name is not one, or the place is a link.
    """
    if not NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot name a session", expected=EXPECTED)
    place = folder.path / f"{name}{ENDING}"
    if place.is_symlink():
        raise InputError(f"the session {name!r} is a link", expected="a folder")
    return place


@contextmanager
def names_only() -> Iterator[None]:
    """Take the folder out of the file of an error, because the browser learns names and no paths.

    Examples
    --------
    >>> with names_only():
    ...     raise InputError("this is a link", file="/home/ann/notes/a.txt")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: a.txt: this is a link
    """
    try:
        yield
    except (InputError, OutputError) as wrong:
        wrong.file = wrong.file and os.path.basename(wrong.file)
        raise


def create(folder: Folder, name: str) -> str:
    """Make a new session; return its name."""
    from detente.reading.store import Session

    place = place_of(folder, name)
    if os.path.lexists(place):
        raise InputError(f"there is a session {name!r} already", expected="another name")
    with names_only():
        Session.open(place).close()
    return name
