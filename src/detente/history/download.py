"""Download one file of a known length, and resume an interrupted download where it stopped.

Limits: no more than the registered number of bytes is read; an attempt ends after `SILENCE` seconds
without a byte, or if fewer than `SLOWEST` bytes per second arrive over `WINDOW` seconds; at most
`REDIRECTS` redirects are followed, and only on the same server.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

__all__ = ["NotTheFileError", "UnreachableError", "download"]

CHUNK = 1 << 16
"""Most bytes that are read at a time."""
SILENCE = 60.0
"""Seconds without a byte after which an attempt ends."""
WINDOW = 60.0
"""Seconds over which the speed of a download is measured."""
SLOWEST = 256
"""Bytes per second. An attempt that is slower ends."""
REDIRECTS = 5
"""Most redirects that one attempt follows."""
PAUSE = 1.0
"""Seconds before the second attempt. Each further pause is twice as long, up to 10 seconds."""
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""States of HTTP that another attempt may cure."""


class UnreachableError(Exception):
    """The server did not deliver the file. The bytes received are kept for the next attempt."""


class NotTheFileError(Exception):
    """The server delivers another file than the registered one."""


class _AgainError(Exception):
    """A fault that another attempt may cure."""


class _NoRedirect(HTTPRedirectHandler):
    """Let `_open` see every redirect before it is followed."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def download(url: str, part: Path, size: int, retries: int = 3) -> None:
    """Download ``url`` into ``part``, which then holds ``size`` bytes.

    If ``part`` holds the beginning of the file, only the remaining bytes are requested. A server
    that cannot send a part sends the whole file again. The caller verifies the content.

    Parameters
    ----------
    url
        Address, http or https.
    part
        File that holds the bytes received so far, between attempts and between commands.
    size
        The registered length in bytes.
    retries
        Further attempts after one that failed.

    Raises
    ------
    UnreachableError
        No attempt delivered the whole file.
    NotTheFileError
        The length differs, or the server sends more bytes than registered.
    OSError
        The part cannot be written. It is then removed, because the disk may be full.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise UnreachableError("the address is neither http nor https")
    for attempt in range(retries + 1):
        try:
            _append(url, part, size)
            return
        except _AgainError as fault:
            if attempt == retries:
                raise UnreachableError(str(fault)) from fault
        except (NotTheFileError, OSError):
            part.unlink(missing_ok=True)
            raise
        time.sleep(min(PAUSE * 2**attempt, 10.0))


def _append(url: str, part: Path, size: int) -> None:
    have = part.stat().st_size if part.is_file() else 0
    if have >= size:
        part.unlink()
        have = 0
    with _open(url, have, part) as answer:
        have = _begins(answer, have, size, part)
        with part.open("ab" if have else "wb") as out:
            since, received = time.monotonic(), 0
            while True:
                try:
                    chunk = answer.read1(CHUNK)
                except (OSError, HTTPException) as error:
                    raise _AgainError(
                        f"{_words(error)} after {have:,} of {size:,} bytes") from error
                if not chunk:
                    break
                have += len(chunk)
                received += len(chunk)
                if have > size:
                    raise NotTheFileError(f"the server sends more than {size:,} bytes")
                out.write(chunk)
                now = time.monotonic()
                if now - since > WINDOW:
                    if received < SLOWEST * (now - since):
                        raise _AgainError(f"the server is too slow: {received:,} bytes in "
                                          f"{now - since:.0f} seconds")
                    since, received = now, 0
            out.flush()
            os.fsync(out.fileno())
    if have < size:
        raise _AgainError(f"the connection ended after {have:,} of {size:,} bytes")


def _open(url: str, have: int, part: Path) -> HTTPResponse:
    """Return the answer of the server, redirects on the same server followed."""
    # The registered length is that of the uncompressed file, so compression is refused.
    headers = {"Accept-Encoding": "identity", "User-Agent": "detente"}
    if have:
        headers["Range"] = f"bytes={have}-"
    opener = build_opener(_NoRedirect)
    for _ in range(REDIRECTS + 1):
        try:
            answer: HTTPResponse = opener.open(Request(url, headers=headers), timeout=SILENCE)
            return answer
        except HTTPError as error:
            code, to = error.code, error.headers.get("Location")
            with suppress(OSError, HTTPException):
                error.close()
            if code in (301, 302, 303, 307, 308) and to:
                onward = urljoin(url, to)
                if not _same_server(url, onward):
                    raise UnreachableError(
                        f"the server redirects to another place, {onward[:200]}, which is not "
                        "followed") from None
                url = onward
                continue
            if code == 416:  # the server has fewer bytes than are kept here
                part.unlink(missing_ok=True)
                raise _AgainError("the server cannot continue the download") from None
            words = f"the server answers {code} {error.reason}"
            raise (_AgainError if code in PASSING else UnreachableError)(words) from None
        except (OSError, HTTPException, ValueError) as error:
            raise _AgainError(_words(error)) from error
    raise UnreachableError(f"the server redirects more than {REDIRECTS} times")


def _begins(answer: HTTPResponse, have: int, size: int, part: Path) -> int:
    """Return the number of bytes that the answer continues, after a check of its headers."""
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise NotTheFileError("the server sends it compressed, although plain bytes were asked for")
    length = answer.headers.get("Content-Length", "")
    if answer.status != 206:
        if length.isdecimal() and int(length) != size:
            raise NotTheFileError(f"the server announces {int(length):,} bytes")
        return 0
    found = re.fullmatch(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)",
                         answer.headers.get("Content-Range", "").strip())
    if found is None:  # a server need not repeat the range that was asked for
        return have
    if found[2] != "*" and int(found[2]) != size:
        raise NotTheFileError(f"the server announces {int(found[2]):,} bytes")
    if int(found[1]) != have:
        part.unlink()  # the next attempt asks for the whole file
        raise _AgainError(f"the server sends the file from byte {found[1]}, not {have}")
    return have


def _same_server(one: str, other: str) -> bool:
    """Return whether two addresses name one server, of which the second may add encryption.

    Examples
    --------
    >>> _same_server("http://a.org/x", "https://a.org/y"), _same_server("http://a/x", "http://b/x")
    (True, False)
    """
    try:
        a, b = urlsplit(one), urlsplit(other)
        if (a.scheme, b.scheme) == ("http", "https"):
            return a.hostname == b.hostname and not a.port and not b.port
        return (a.scheme, a.hostname, a.port) == (b.scheme, b.hostname, b.port)
    except ValueError:  # a port that is no number
        return False


def _words(error: Exception) -> str:
    """Return the first line of an error, without the nested messages of a library."""
    reason = getattr(error, "reason", None)
    text = getattr(reason, "strerror", None) or getattr(error, "strerror", None) or str(
        reason or error) or type(error).__name__
    return str(text).splitlines()[0][:200]
