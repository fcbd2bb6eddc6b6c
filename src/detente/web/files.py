"""Files of one folder: read without following a link, written whole, and never by a path.

The browser gives names, never paths. A name is made of small letters, digits and hyphens, so no
name leads out of the folder.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from detente.errors import InputError, OutputError
from detente.files import write_whole
from detente.scenario.yamlfile import MAX_BYTES
from detente.web.facts import bytes_of

__all__ = ["EXPECTED", "NAME", "OWN", "ChangedError", "Files", "Saved", "checked", "encoded",
           "shipped_file"]

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
EXPECTED = "1 to 60 small letters, digits and hyphens, such as my-crisis"
OWN = ".detente"
"""The folder within the folder for what was deleted and for answers that are known."""


class ChangedError(InputError):
    """The file on the disk is not the one that was opened."""


@dataclass(frozen=True)
class Saved:
    """A file as it is on the disk.

    Attributes
    ----------
    name, text, sha256 : str
    own : bool
        Whether it is in the folder; otherwise detente ships it.
    """

    name: str
    text: str
    sha256: str
    own: bool


class Files:
    """The files of a folder by their names with endings.

    Parameters
    ----------
    path
        The folder; it exists.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def inside(self, name: str) -> Path:
        """Return a folder within the app's own folder; make it if it is missing."""
        place = self.path / OWN / name
        try:
            for one in (self.path / OWN, place):
                if one.is_symlink():
                    raise InputError(f"{OWN} is a link", expected="a folder; remove the link")
                one.mkdir(exist_ok=True)
        except OSError as wrong:
            raise OutputError(f"the folder cannot be written to: {wrong.strerror}") from None
        return place

    def read(self, place: Path, name: str) -> Saved:
        """Read a text file of the folder."""
        try:
            raw = bytes_of(place, MAX_BYTES)
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InputError(f"{place.name} is not UTF-8",
                             expected="a text file in UTF-8") from None
        except OSError as wrong:
            raise InputError(f"{place.name} cannot be read: {wrong.strerror}",
                             expected="a file of this folder, not a link") from None
        return Saved(name, text, hashlib.sha256(raw).hexdigest(), own=True)

    def save(self, file: str, name: str, text: str, expected: str | None) -> Saved:
        """Write a file if it is still the one with the expected hash; see `Folder.save`."""
        place = self.path / file
        if (expected is not None and os.path.lexists(place)
                and self.read(place, name).sha256 != expected):
            raise ChangedError(f"{file} was changed by another window or program",
                               expected="a choice which text to keep")
        return self.write(file, name, text)

    def write(self, file: str, name: str, text: str) -> Saved:
        """Write a text file whole."""
        raw = encoded(text)
        self.write_bytes(file, raw)
        return Saved(name, text, hashlib.sha256(raw).hexdigest(), own=True)

    def write_bytes(self, file: str, raw: bytes) -> None:
        """Write a file whole."""
        place = self.path / file
        if place.is_symlink():
            raise InputError(f"{file} is a link", expected="a file; remove the link")
        try:
            write_whole(place, raw)
        except OutputError as wrong:  # the browser learns names, no paths
            raise OutputError(wrong.message, file=file, expected=wrong.expected) from None


def encoded(text: str) -> bytes:
    """Return a text as it is written; refuse one that could not be read again."""
    raw = text.encode("utf-8", "replace")
    if len(raw) > MAX_BYTES:
        raise InputError("the text is too large", expected=f"at most {MAX_BYTES:,} bytes")
    return raw


def shipped_file(name: str, place: Path) -> Saved:
    """Read a file that detente ships."""
    raw = place.read_bytes()
    return Saved(name, raw.decode("utf-8"), hashlib.sha256(raw).hexdigest(), own=False)


def checked(name: str) -> None:
    """Refuse a name that is not one."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InputError(f"{str(name)[:80]!r} cannot name a crisis", expected=EXPECTED)
