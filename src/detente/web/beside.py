"""The files that lie beside a crisis and go with it: into a copy, to the bin, and back."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from detente.cases.ledgerfile import ENDING as LEDGER
from detente.cases.ledgerfile import MOST_BYTES
from detente.errors import InputError, OutputError
from detente.web.facts import bytes_of
from detente.web.files import Files

__all__ = ["BESIDE", "DRAWS", "EVENTS", "beside", "linked", "owner", "write_copy"]

EVENTS, TIES, DRAWS = ".events.yaml", ".ties.yaml", ".draws.csv"
LENSES = (".graph.yaml", ".positions.yaml", ".positions.csv")
READ = (TIES, LEDGER, *LENSES)
"""Endings of the names of files that an analysis of the crisis reads by itself."""
BESIDE = (EVENTS, *READ, DRAWS)
"""Endings of the names of all: ``NAME.yaml`` has ``NAME.events.yaml`` beside it."""


def owner(file: str) -> str:
    """Return the name of the crisis beside which a file lies by its name; else an empty word.

    Examples
    --------
    >>> owner("cuba-1962.events.yaml"), owner("cuba-1962.yaml")
    ('cuba-1962', '')
    """
    return next((file.removesuffix(e) for e in BESIDE if file.endswith(e)), "")


def linked(case: Path) -> list[str]:
    """Return the names of those files that are read with a crisis and are links."""
    stem = case.name.removesuffix(".yaml")
    return [f"{stem}{e}" for e in READ if case.with_name(f"{stem}{e}").is_symlink()]


def beside(files: Files, name: str, case: Path) -> dict[str, bytes]:
    """Return the content of the files beside a crisis by their endings.

    Links and files that are too large are left out, because the app does not read them.

    Parameters
    ----------
    files, name
        The folder, and the name of the crisis.
    case
        The file of the crisis, in the folder or shipped. Events of the folder come before shipped
        ones.
    """
    found = {}
    for ending in BESIDE:
        own = files.path / f"{name}{ending}"
        place = own if ending == EVENTS and own.is_file() else case.with_name(own.name)
        with suppress(OSError, InputError):
            found[ending] = bytes_of(place, MOST_BYTES)
    return found


def write_copy(files: Files, made: str, raw: bytes, others: dict[str, bytes]) -> None:
    """Write a crisis and the files beside it under a new name, all or none.

    Raises
    ------
    InputError
        There is a file of such a name.
    OutputError
        A file cannot be written; then none is.
    """
    new = {f"{made}{ending}": content for ending, content in (*others.items(), (".yaml", raw))}
    for file in new:
        if os.path.lexists(files.path / file):
            raise InputError(f"there is a file {file} already", expected="another name")
    try:
        for file, content in new.items():
            files.write_bytes(file, content)
    except OutputError:
        for file in new:
            with suppress(OSError):
                os.unlink(files.path / file)
        raise
