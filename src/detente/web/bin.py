"""The bin: files that were deleted in the app, until they are brought back."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

from detente.errors import InputError, OutputError
from detente.web.files import NAME, Files, checked

__all__ = ["delete", "undo"]


def delete(files: Files, name: str, beside_it: Iterable[str]) -> str:
    """Move a file of the folder, its events and ties to the bin; return what `undo` takes.

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
    """
    checked(name)
    place = files.path / f"{name}.yaml"
    if not os.path.lexists(place):
        raise InputError(f"{name!r} is not in this folder", expected="a file of this folder")
    token = f"{name}.{time.time_ns()}"
    bin_ = files.inside("bin")
    try:
        os.replace(place, bin_ / f"{token}.yaml")
        for ending in beside_it:
            beside = files.path / f"{name}{ending}.yaml"
            if os.path.lexists(beside):
                os.replace(beside, bin_ / f"{token}{ending}.yaml")
    except OSError as wrong:
        raise OutputError(f"{name}.yaml cannot be deleted: {wrong.strerror}") from None
    return token


def undo(files: Files, token: str, beside_it: Iterable[str]) -> str:
    """Bring a deleted file back; return its name.

    Raises
    ------
    InputError
        There is nothing to bring back, or a new file has the name.
    """
    name, _, when = token.partition(".")
    bin_ = files.inside("bin")
    gone = bin_ / f"{token}.yaml"
    if not NAME.fullmatch(name) or not when.isdigit() or not gone.exists():
        raise InputError("there is nothing to bring back", expected="a file deleted here")
    if os.path.lexists(files.path / f"{name}.yaml"):
        raise InputError(f"there is a new file {name}.yaml", expected="another name for it; "
                         "then undo again")
    try:
        os.replace(gone, files.path / f"{name}.yaml")
        for ending in beside_it:
            beside = bin_ / f"{token}{ending}.yaml"
            if beside.exists():
                os.replace(beside, files.path / f"{name}{ending}.yaml")
    except OSError as wrong:
        raise OutputError(f"{name}.yaml cannot be brought back: {wrong.strerror}") from None
    return name
