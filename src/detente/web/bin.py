"""The bin: files that were deleted in the app, until they are brought back."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from detente.errors import InputError, OutputError
from detente.web.files import NAME, Files, checked

__all__ = ["delete", "undo"]


def delete(files: Files, name: str, beside_it: Iterable[str]) -> str:
    """Move a file of the folder and those beside it to the bin; return what `undo` takes.

    Parameters
    ----------
    files
        The folder.
    name
        The name of a crisis.
    beside_it
        Endings of the names of files that go with it.

    Raises
    ------
    InputError
        The crisis is not in the folder.
    OutputError
        A file cannot be moved; then none is.
    """
    checked(name)
    if not os.path.lexists(files.path / f"{name}.yaml"):
        raise InputError(f"{name!r} is not in this folder", expected="a file of this folder")
    token = f"{name}.{time.time_ns()}"
    bin_ = files.inside("bin")
    try:
        _move([(files.path / f"{name}{ending}", bin_ / f"{token}{ending}")
               for ending in (".yaml", *beside_it)])
    except OSError as wrong:
        raise OutputError(f"{name}.yaml cannot be deleted: {wrong.strerror}") from None
    return token


def undo(files: Files, token: str, beside_it: Iterable[str]) -> str:
    """Bring a deleted file and those beside it back; return its name.

    Raises
    ------
    InputError
        There is nothing to bring back, or a new file has the name of one of them.
    OutputError
        A file cannot be moved; then none is.
    """
    name, _, when = token.partition(".")
    bin_ = files.inside("bin")
    if not NAME.fullmatch(name) or not when.isdigit() or not (bin_ / f"{token}.yaml").exists():
        raise InputError("there is nothing to bring back", expected="a file deleted here")
    moves = [(bin_ / f"{token}{ending}", files.path / f"{name}{ending}")
             for ending in (".yaml", *beside_it) if os.path.lexists(bin_ / f"{token}{ending}")]
    for _, there in moves:
        if os.path.lexists(there):
            raise InputError(f"there is a new file {there.name}", expected="another name for it; "
                             "then undo again")
    try:
        _move(moves)
    except OSError as wrong:
        raise OutputError(f"{name}.yaml cannot be brought back: {wrong.strerror}") from None
    return name


def _move(moves: Iterable[tuple[Path, Path]]) -> None:
    """Move those files that exist; after an error, the ones that were moved go back."""
    done: list[tuple[Path, Path]] = []
    try:
        for here, there in moves:
            if os.path.lexists(here):
                os.replace(here, there)
                done.append((here, there))
    except OSError:
        for here, there in reversed(done):
            with suppress(OSError):
                os.replace(there, here)
        raise
