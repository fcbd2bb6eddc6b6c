"""Facts of a crisis file for the library, and its bytes, read without following a link."""

from __future__ import annotations

import os
import stat
import warnings
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from detente.errors import InputError

__all__ = ["bytes_of", "facts_of", "stamp"]


def bytes_of(place: Path, most: int) -> bytes:
    """Read an ordinary file without following a link."""
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # no link, no pipe
    handle = os.open(place, os.O_RDONLY | careful)
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise InputError(f"{place.name} is not a file", expected="an ordinary file")
        raw = stream.read(most + 1)
    if len(raw) > most:
        raise InputError(f"{place.name} is too large", expected=f"at most {most:,} bytes")
    return raw


def stamp(case: Path | None) -> int:
    """Return the time at which the ties file beside a crisis was changed; 0 if there is none."""
    from detente.world.tiesfile import ENDING

    ties = None if case is None else case.with_name(f"{case.stem}{ENDING}")
    return ties.stat().st_mtime_ns if ties is not None and ties.is_file() else 0


def facts_of(text: str, case: Path | None = None) -> tuple[str, str, int]:
    """Return title, date and number of errors of a text; kept for texts seen before.

    Parameters
    ----------
    text
        The text of a crisis file.
    case
        The file, beside which a ties file may lie.
    """
    return _facts(text, case, stamp(case))


@lru_cache(maxsize=1000)
def _facts(text: str, case: Path | None, ties: int) -> tuple[str, str, int]:
    """Return the facts; ``ties`` is the stamp of the ties file."""
    from detente.cases.load import loads
    from detente.errors import InputErrors
    from detente.scenario.yamlfile import parse_yaml

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            crisis = loads(text, case=case)
            return crisis.title, crisis.date, 0
        except InputError as wrong:
            errors = len(wrong.errors) if isinstance(wrong, InputErrors) else 1
    title = date = ""
    with suppress(InputError):
        data = parse_yaml(text).data
        if isinstance(data, dict):
            title, date = (str(data.get(k, ""))[:200] for k in ("title", "date"))
    return title, date, errors
