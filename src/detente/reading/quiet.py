"""Unexpected errors without words of a text: the kind of the error and its place."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detente.errors import DetenteError, InputError
from detente.reading.jsonlines import LONGEST_FIELD

__all__ = ["quiet"]

QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
"""A text in quotation marks, as ``repr`` writes it."""


@contextmanager
def quiet() -> Iterator[None]:
    """Replace an unexpected exception, whose message may hold words of a text.

    Full disks and a lack of memory pass. So do errors for the user, but a long argument that they
    quote is left out, because it may be a text. The new exception names the kind of the old one
    and the line of the program.

    Examples
    --------
    >>> with quiet():
    ...     {}["a secret"]
    Traceback (most recent call last):
    ...
    RuntimeError: KeyError at <doctest ...>:2
    """
    try:
        yield
    except InputError as wrong:
        wrong.message = QUOTED.sub(_short, wrong.message)
        raise
    except (DetenteError, OSError, MemoryError):
        raise
    except Exception as wrong:
        if type(wrong).__module__.partition(".")[0] in ("click", "typer"):
            raise  # an exit, or a usage error
        last = traceback.extract_tb(wrong.__traceback__)[-1]
        made = RuntimeError(
            f"{type(wrong).__name__} at {Path(last.filename).name}:{last.lineno}")
        try:
            raise made from None
        finally:
            made.__context__ = None  # a debugger would print the old exception


def _short(quoted: re.Match[str]) -> str:
    return quoted[0] if len(quoted[0]) <= LONGEST_FIELD + 2 else "'...'"
