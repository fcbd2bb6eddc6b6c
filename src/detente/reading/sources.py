"""Read a local file into normalised text, with the hashes that identify it.

Only plain files of this machine are read: an address, a link, a device or a pipe is refused. PDF,
HTML and mail files are parsed by another process with limits on time, memory and size.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.errors import InputError
from detente.reading import extract
from detente.reading.apart import apart
from detente.reading.bounds import MOST_BYTES, MOST_LETTERS
from detente.reading.hypothesis import comments
from detente.reading.needs import lacking
from detente.reading.records import Spoken

__all__ = ["Source", "address", "decoded", "normalised", "read_bytes", "read_json", "read_source",
           "source_of"]

ENDINGS = {
    ".txt": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".pdf": "pdf", ".eml": "mail", ".mbox": "mail", ".json": "hypothesis",
}
"""The kinds of files by the endings of their names; any other ending is text."""

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|[/\\]{2}")
"""The beginning of an address; a drive of Windows has one letter."""

SUBSTITUTED = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Source:
    """A file that was read.

    Attributes
    ----------
    name, path : str
        The file's name, and its absolute path.
    kind : str
        ``text``, ``markdown``, ``html``, ``pdf``, ``mail`` or ``hypothesis``.
    sha_bytes, sha_text : str
        SHA-256 of the bytes and of the text in UTF-8, in hexadecimal.
    extractor : str
        The program that extracted the text, with its version.
    text : str
        The normalised text.
    spoken : tuple of Spoken
        The comments of a file of annotations; otherwise empty.
    """

    name: str
    path: str
    kind: str
    sha_bytes: str
    sha_text: str
    extractor: str
    text: str = field(repr=False)
    spoken: tuple[Spoken, ...] = field(default=(), repr=False)


def address(path: str | os.PathLike[str]) -> bool:
    r"""Return whether a name is an address and no file of this machine.

    Examples
    --------
    >>> [address(x) for x in ("http://a.org/b", "file:///b", "//host/b", r"\\host\b", "c:/b", "b")]
    [True, True, True, True, False, False]
    """
    return bool(ADDRESS.match(os.fspath(path)))


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return the bytes of a plain local file.

    Raises
    ------
    InputError
        It is an address, a link, a folder, a device or a pipe, it is missing or too large, or it
        may not be read.
    """
    shown = os.fspath(path)
    if not shown or "\0" in shown:
        raise InputError("the name of the file is empty or holds a zero byte",
                         expected="the name of a file")
    if SUBSTITUTED.search(shown):
        raise InputError("the name of the file is not UTF-8", file=shown,
                         expected="a name in UTF-8", remedy="rename the file")
    if address(shown):
        raise InputError("this is an address, and detente reads no addresses", file=shown,
                         expected="a file on this machine",
                         remedy="save the page and give its name")
    try:
        if stat.S_ISLNK(os.lstat(shown).st_mode):
            raise InputError("this is a link", file=shown,
                             expected="the file that the link points to")
        handle = os.open(shown, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
                         | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as stream:
            found = os.fstat(handle)
            if not stat.S_ISREG(found.st_mode):
                raise InputError("this is a folder, a device or a pipe", file=shown,
                                 expected="a plain file")
            if found.st_size > MOST_BYTES:
                raise _too_large(shown)
            data = stream.read(MOST_BYTES + 1)
    except OSError as wrong:
        raise InputError(f"cannot read: {(wrong.strerror or 'unknown error').lower()}", file=shown,
                         expected="a plain file that you may read") from None
    if len(data) > MOST_BYTES:
        raise _too_large(shown)
    return data


def normalised(text: str) -> str:
    r"""Return a text in Unicode NFC, with line feeds, without a byte order mark.

    A zero byte and half of a surrogate pair become U+FFFD, because no file can hold them as text.

    Examples
    --------
    >>> normalised("\ufeffone\r\ntwo\rcafe\u0301\0")
    'one\ntwo\ncafé\ufffd'
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", SUBSTITUTED.sub("\ufffd", plain))


def read_source(path: str | os.PathLike[str]) -> Source:
    """Read a file; its kind follows from its first bytes or from the ending of its name.

    Raises
    ------
    InputError
        The file cannot be read or parsed, or exceeds a limit, which the message states.
    """
    return source_of(read_bytes(path), path)


def source_of(data: bytes, path: str | os.PathLike[str]) -> Source:
    """Return the source that the bytes of a file are; see `read_source`."""
    shown = os.fspath(path)
    kind = _kind(data, shown)
    spoken: list[Spoken] = []
    if kind in extract.PROGRAMS:
        text, extractor = _extracted(kind, data, shown)
    else:
        text, extractor = decoded(data, shown), f"{kind} 1"
    text = normalised(text)
    if kind == "hypothesis":
        text, spoken = comments(read_json(text, shown), shown, normalised)
    if len(text) > MOST_LETTERS:
        raise _too_long(shown)
    if not text.strip():
        raise InputError("the file holds no text", file=shown, expected="a file with text; a "
                         "scanned PDF needs text recognition first")
    return Source(
        Path(shown).name, os.path.abspath(shown), kind, hashlib.sha256(data).hexdigest(),
        hashlib.sha256(text.encode()).hexdigest(), extractor, text, tuple(spoken))


def _kind(data: bytes, shown: str) -> str:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf-"):
        return "pdf"
    if head.startswith((b"<!doctype html", b"<html")):
        return "html"
    return ENDINGS.get(Path(shown).suffix.lower(), "text")


def decoded(data: bytes, shown: str) -> str:
    """Return the text of bytes in UTF-8, or in UTF-16 with its mark; see `read_source`."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise InputError(f"byte {wrong.start:,} is not {encoding.upper()}", file=shown,
                         expected="a text in UTF-8", remedy="save the file as UTF-8") from None
    if text.count("\0") > len(text) // 100:
        raise InputError("the file holds zero bytes, so it is no text", file=shown,
                         expected=f"one of the kinds {', '.join(sorted(ENDINGS))}")
    return text


def read_json(text: str, shown: str) -> Any:
    """Return the values of a JSON text; an error states the place and no words of the text."""
    try:
        return json.loads(text)
    except RecursionError:
        raise InputError("the JSON is nested too deeply", file=shown,
                         expected="annotations as Hypothes.is exports them") from None
    except ValueError as wrong:
        line = getattr(wrong, "lineno", None)
        raise InputError("the file is not valid JSON", file=shown, line=line,
                         column=getattr(wrong, "colno", None),
                         expected="annotations as Hypothes.is exports them") from None


def _extracted(kind: str, data: bytes, shown: str) -> tuple[str, str]:
    """Return the text of a PDF, HTML or mail file, and the extractor's name."""
    said = apart(extract.__name__, data, kind, str(MOST_LETTERS), work="the extraction", file=shown,
                 expected="a smaller file, or its text", ended=_damaged(kind, shown))
    match said.get("error"):
        case None:
            return said["text"], said["extractor"]
        case "package":
            raise lacking(said["package"])
        case "letters":
            raise _too_long(shown)
        case "password":
            raise InputError("the file is encrypted", file=shown,
                             expected="a file without a password")
    raise _damaged(kind, shown, said["type"])


def _damaged(kind: str, shown: str, what: str = "") -> InputError:
    return InputError(f"the file cannot be parsed as {kind.upper()}{f' ({what})' if what else ''}",
                      file=shown, expected="a file that other programs open",
                      remedy="save it again, or save its text")


def _too_large(shown: str) -> InputError:
    return InputError("the file is too large", file=shown,
                      expected=f"at most {MOST_BYTES / 1e6:.0f} MB")


def _too_long(shown: str) -> InputError:
    return InputError("the text is too long", file=shown,
                      expected=f"at most {MOST_LETTERS:,} characters")
