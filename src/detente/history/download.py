"""Download a file, and resume an interrupted download at the byte where it stopped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from detente.history.needs import need

__all__ = ["resuming"]

CHUNK = 1024
"""Bytes written at a time. If the connection breaks, an incomplete chunk is lost."""
TIMEOUT = 60.0
"""Seconds without a byte after which an attempt is abandoned."""


def resuming(part: Path, size: int) -> Callable[[str, Any, Any], None]:
    """Return a downloader for pooch that keeps an incomplete download in ``part``.

    The next attempt, in the same command or in a later one, requests only the remaining bytes. A
    server that cannot send a part sends the whole file again. The complete file is passed to pooch,
    which verifies it. ``part`` is then deleted, so that an invalid file is not kept.

    Parameters
    ----------
    part
        File that holds the bytes received so far between attempts.
    size
        The registered length in bytes.
    """

    def downloader(url: str, output_file: Any, pooch: Any) -> None:
        requests = need("requests")
        try:
            _append(requests, url, part, size)
        except requests.RequestException:
            raise  # the next attempt continues from the bytes received
        except OSError:
            part.unlink(missing_ok=True)  # the disk may be full: free its space
            raise
        shutil.copyfile(part, output_file)
        part.unlink()

    return downloader


def _append(requests: Any, url: str, part: Path, size: int) -> None:
    have = part.stat().st_size if part.is_file() else 0
    if have >= size:
        part.unlink()
        have = 0
    # The registered length is that of the uncompressed file, so compression is refused.
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with requests.get(url, stream=True, timeout=TIMEOUT, headers=headers) as answer:
        if answer.status_code == 416:
            part.unlink(missing_ok=True)
        answer.raise_for_status()
        goes_on = answer.status_code == 206 and have > 0
        with part.open("ab" if goes_on else "wb") as out:
            for chunk in answer.iter_content(chunk_size=CHUNK):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
