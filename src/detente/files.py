"""Files that are written: whole or not at all, and never over an input.

A file is written beside its place under another name, brought to the disk, and renamed. A reader
sees the old file or the new one. A link is followed, so that it stays a link. A new file has the
permissions that the user's umask gives; a file that is replaced keeps those that it had.
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from detente.errors import InputError, OutputError

__all__ = ["check_output", "made_by_detente", "marked_png", "marked_svg", "whole", "write_whole"]

HTML_MARK = b'<meta name="generator" content="detente'
SVG_MARK = b"<!-- made with detente -->"
PNG_MARK = b"tEXtSoftware\x00detente"
WORD_MARK = b"<dc:creator>detente</dc:creator>"
MARK_WITHIN = 4096
"""The mark of a file stands within this number of bytes from its beginning."""

_Path = str | os.PathLike[str]


def write_whole(path: _Path, content: str | bytes) -> Path:
    """Write a file completely or not at all.

    Parameters
    ----------
    path
        The place. Missing folders are made.
    content
        Text (written as UTF-8) or bytes.

    Raises
    ------
    OutputError
        The place cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> place = write_whole(Path(tempfile.mkdtemp()) / "a" / "note.txt", "done")
    >>> place.read_text()
    'done'
    """
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    with whole(path) as partial:
        partial.write_bytes(data)
    return Path(path)


@contextmanager
def whole(path: _Path) -> Iterator[Path]:
    """Give a file to write, and put it in its place if the work inside ends without an error.

    Parameters
    ----------
    path
        The place. Missing folders are made.

    Yields
    ------
    Path
        An empty file beside the place.

    Raises
    ------
    OutputError
        The place cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "table.csv"
    >>> with whole(place) as partial:
    ...     _ = partial.write_text("a,b")
    >>> place.read_text(), len(list(place.parent.iterdir()))
    ('a,b', 1)
    """
    shown = str(path)
    partial: Path | None = None
    try:
        place = Path(os.path.realpath(path))  # a link stays a link
        mode = _mode(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        name = place.parent / f".detente-{uuid4().hex[:12]}.part"
        os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))  # less the umask
        partial = name
        yield partial
        if mode is not None:
            os.chmod(partial, mode)
        _to_disk(partial)
        os.replace(partial, place)
        partial = None
        with suppress(OSError):  # some file systems have no such call for folders
            _to_disk(place.parent)
    except (OSError, ValueError) as wrong:
        if not isinstance(wrong, OSError) and "\0" not in shown:
            raise
        why = getattr(wrong, "strerror", None) or str(wrong)
        raise OutputError(
            f"cannot write: {why.lower()}", file=shown,
            expected="a folder that you may write to, with space on its disk",
        ) from wrong
    finally:
        if partial is not None:
            with suppress(OSError):
                partial.unlink()


def _mode(place: Path) -> int | None:
    """Return the permissions of the file that is replaced; None if there is none."""
    try:
        found = os.stat(place)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(21, "it is a folder")
    if not stat.S_ISREG(found.st_mode):
        raise OSError(22, "it is not a plain file")
    if not os.access(place, os.W_OK):
        raise PermissionError(13, "the file is read-only")
    return stat.S_IMODE(found.st_mode)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_output(
    path: _Path | None, *, inputs: Iterable[_Path | None] = (), force: bool = False
) -> None:
    """Refuse a place for an output before the work begins.

    Parameters
    ----------
    path
        The place; None if nothing is written.
    inputs
        The files that the same command reads, and the other files that it writes.
    force
        Replace a file that detente has not made.

    Raises
    ------
    InputError
        The place is one of the inputs (under this name, another name, or a link), a folder, a
        device or a pipe; or a file is there that does not carry detente's mark, without ``force``.

    Examples
    --------
    >>> check_output("no-such-folder/report.html", inputs=["crisis.yaml"])
    >>> check_output("/")
    Traceback (most recent call last):
    ...
    detente.errors.InputError: /: the output is a folder; expected the name of a file
    """
    if path is None:
        return
    shown = str(path)
    if not shown or "\0" in shown:
        raise InputError("the name of the output is empty or holds a zero byte",
                         expected="the name of a file")
    if any(_same(path, i) for i in inputs if i is not None and "\0" not in str(i)):
        raise InputError("the output would replace a file that this command reads or writes",
                         file=shown, expected="another name for the output")
    if shown.endswith(os.sep):
        raise InputError("the output is a folder", file=shown, expected="the name of a file")
    try:
        found = os.stat(path)
    except OSError:  # not there, or not accessible; writing says so
        return
    if stat.S_ISDIR(found.st_mode):
        raise InputError("the output is a folder", file=shown, expected="the name of a file")
    if not stat.S_ISREG(found.st_mode):
        raise InputError("the output is a device or a pipe", file=shown,
                         expected="the name of a plain file; with --json a command prints its "
                         "result, which can be redirected to any place")
    if not force and not made_by_detente(path):
        raise InputError("the file exists and does not carry detente's mark", file=shown,
                         expected="another name, or --force to replace it")


def _same(one: _Path, other: _Path) -> bool:
    """Return whether two names are the same file; if one is absent, whether the names agree."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return os.path.realpath(one) == os.path.realpath(other)


def made_by_detente(path: _Path) -> bool:
    """Return whether a file is a page, a document or a picture with detente's mark, or is empty.

    Tables have no place for a mark, so they are never recognised.
    """
    try:
        with open(path, "rb") as stream:
            head = stream.read(MARK_WITHIN)
    except OSError:
        return False
    if not head:
        return True
    return (
        (head.lstrip().startswith(b"<!doctype html>") and HTML_MARK in head)
        or (head.startswith(b"PK") and WORD_MARK in head)
        or head.startswith(SVG_MARK)
        or (head.startswith(b"\x89PNG") and PNG_MARK in head)
    )


def marked_svg(svg: str) -> str:
    """Return a picture with detente's mark, an XML comment at its beginning."""
    return SVG_MARK.decode() + svg


def marked_png(png: bytes) -> bytes:
    """Return a picture with detente's mark, a text chunk after its header."""
    head = 8 + 25  # the signature and the chunk IHDR
    size = struct.pack(">I", len(PNG_MARK) - 4)
    return png[:head] + size + PNG_MARK + struct.pack(">I", zlib.crc32(PNG_MARK)) + png[head:]
