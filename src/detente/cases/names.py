"""Names of shipped files: which of a shipped case and a file of the user a word means.

A word without a folder and without an ending, such as ``cuba-1962``, is a shipped case if one has
that name; ``./cuba-1962`` is always the user's file or folder. A warning says so if both exist.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from importlib.resources import files
from itertools import islice
from pathlib import Path

from detente.errors import InputError, nearest, one_of
from detente.scenario.load import InputWarning

__all__ = ["STDIN", "casebook", "named", "shipped"]

MOST_FILES = 1000
"""Files of a folder among which a similar name is sought."""

STDIN = "-"
"""The word that means standard input."""


def shipped(ending: str = ".yaml") -> dict[str, Path]:
    """Return the shipped files with an ending, by the name of their case.

    Examples
    --------
    >>> "cuba-1962" in shipped(), "cuba-1962" in shipped(".graph.yaml")
    (True, True)
    """
    found: dict[str, Path] = {}
    for folder in sorted(files("detente.cases").iterdir(), key=lambda f: f.name):
        file = Path(str(folder)) / f"{folder.name}{ending}"
        if file.is_file():
            found[folder.name] = file
    return found


def casebook() -> dict[str, Path]:
    """Return the crisis files of the casebook by name.

    Examples
    --------
    >>> "book-memel-1939" in casebook()
    True
    """
    folder = Path(str(files("detente"))) / "casebook" / "crises"
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def named(word: str | os.PathLike[str], known: Mapping[str, Path], *, lacks: str = "",
          kind: str = "case") -> Path:
    """Return the file that a word names: a shipped one, a path, or ``-`` for standard input.

    Parameters
    ----------
    word
        A path, or a name of ``known``.
    known
        The shipped files by name.
    lacks
        What no shipped case of that name has, for the message.
    kind
        What the shipped files are, for the messages.

    Raises
    ------
    InputError
        There is neither; the word is empty; or it is a folder.

    Warns
    -----
    InputWarning
        A file or a folder here has the name of a shipped case, which is taken.

    Examples
    --------
    >>> named("cuba-1962", shipped()).name
    'cuba-1962.yaml'
    """
    text = os.fspath(word)
    if text == STDIN:
        return Path("/dev/stdin")
    path = Path(text)
    there = bool(text) and "\0" not in text and os.path.lexists(path)
    if there and isinstance(word, Path) and not path.is_dir():
        return path  # a path names a file; only a word may be a name
    if text in known:  # it has neither a folder nor an ending
        if there:
            here = f".{os.sep}{text}"
            warnings.warn(InputWarning(
                f"{text} is the shipped {kind}; write {here} for the "
                f"{'folder' if path.is_dir() else 'file'} of that name"), stacklevel=3)
        return known[text]
    if there and not path.is_dir():
        return path
    what = "this is a folder" if there else "there is no such file"
    raise InputError(
        f"{what}, and no shipped {kind} {lacks or 'has that name'}",
        file=text or "(an empty name)",
        expected=f"a file, or {one_of(text, known)}" if known else "a file",
        nearest=nearest(text, known) or _neighbour(path),
    )


def _neighbour(path: Path) -> str | None:
    """Return a file of the same folder whose name is nearly that of a path that does not exist."""
    try:
        here = [f.name for f in islice(path.parent.iterdir(), MOST_FILES) if f.is_file()]
    except (OSError, ValueError):
        return None
    found = nearest(path.name, here)
    return None if found is None else str(path.with_name(found))
