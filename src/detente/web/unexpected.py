"""Errors as a page tells them: bad input in its own words, and a fault of the program."""

from __future__ import annotations

import sys
import traceback

from detente.errors import DetenteError

__all__ = ["LostError", "told_error"]


class LostError(Exception):
    """Work ended without a result: its process crashed, or the program has a fault."""


def told_error(wrong: Exception) -> Exception:
    """Return an error as a page may tell it.

    The details of a fault of the program go to the terminal in which the app was started, because
    the browser learns names and no paths.

    Examples
    --------
    >>> str(told_error(PermissionError(13, "Permission denied", "/home/ann/a.yaml")))
    'this cannot be read or written: Permission denied'
    """
    if isinstance(wrong, DetenteError | LostError | MemoryError):
        return wrong
    if isinstance(wrong, OSError):
        return LostError("this cannot be read or written: "
                         f"{wrong.strerror or type(wrong).__name__}")
    traceback.print_exception(wrong, file=sys.stderr)
    return LostError(f"a fault of the program ({type(wrong).__name__}) ended this work; the text "
                     "is kept; the terminal of the app has the details")
