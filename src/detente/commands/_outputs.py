"""Files that a command writes: checked before the work, saved before anything is printed.

A file that cannot be written does not stop the command. The reason is printed, the result is
printed too, and the command ends with exit code 74.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from detente import files
from detente.errors import OutputError
from detente.streams import notice

__all__ = ["FAILED", "check_output", "save", "saved"]

_Path = str | os.PathLike[str]

FAILED: list[OutputError] = []
"""The files of this command that could not be written."""


def check_output(
    path: _Path | None, *inputs: _Path | None, force: bool = False
) -> None:
    """Refuse a place for an output before the work begins; see `detente.files.check_output`.

    An input that is a name of a shipped case is found as the file that it names.
    """
    if path is None:
        return
    files.check_output(path, inputs=_found(inputs), force=force)


def _found(inputs: Iterable[_Path | None]) -> list[_Path]:
    from detente.cases.names import STDIN, shipped

    known = {STDIN: Path("/dev/stdin"), **shipped()}
    return [known.get(str(i), i) for i in inputs if i is not None]


def save(path: _Path, content: str | bytes) -> bool:
    """Write a file whole; if it cannot be written, say so, and return whether it was written.

    Examples
    --------
    >>> import tempfile
    >>> save(tempfile.mkdtemp() + "/note.txt", "done")
    True
    """
    try:
        files.write_whole(path, content)
    except OutputError as wrong:
        FAILED.append(wrong)
        notice(str(wrong))
        return False
    return True


@contextmanager
def saved(path: _Path | None, content: Callable[[], str | bytes]) -> Iterator[bool]:
    """Save a file, then run the code inside, which prints the results.

    The file is complete before anything is printed, so a reader that goes away (``| head``) loses
    no result. If the place cannot be written to, the results are printed all the same.

    Parameters
    ----------
    path
        Where; None saves nothing.
    content
        Returns the text or the bytes.

    Yields
    ------
    bool
        Whether the file was written.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "page.html"
    >>> with saved(place, lambda: "a page"):
    ...     print(place.read_text())
    a page
    """
    yield path is not None and save(path, content())
