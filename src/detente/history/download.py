"""Download a file so that an interrupted download goes on where it stopped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from detente.history.needs import need

__all__ = ["resuming"]

CHUNK = 1024
"""Bytes written at a time; what has come of a chunk when the line breaks is lost with it."""
TIMEOUT = 60.0
"""Seconds without a byte after which an attempt is given up."""


def resuming(part: Path, size: int) -> Callable[[str, Any, Any], None]:
    """Return a downloader for pooch that keeps what has come so far in ``part``.

    The next attempt, of the same command or of a later one, asks the server for the rest only; a
    server that cannot do so sends the whole again. What is complete is handed to pooch, which
    verifies it; ``part`` is then gone, so that a file that differs is not kept.

    Parameters
    ----------
    part
        Where the beginning of the file is kept between attempts.
    size
        The registered length in bytes.
    """

    def downloader(url: str, output_file: Any, pooch: Any) -> None:
        requests = need("requests")
        try:
            _append(requests, url, part, size)
        except requests.RequestException:
            raise  # what came is kept for the next attempt
        except OSError:
            part.unlink(missing_ok=True)  # a full disk: leave nothing
            raise
        shutil.copyfile(part, output_file)
        part.unlink()

    return downloader


def _append(requests: Any, url: str, part: Path, size: int) -> None:
    have = part.stat().st_size if part.is_file() else 0
    if have >= size:
        part.unlink()
        have = 0
    # Lengths count bytes of the file itself, so the server is asked not to compress it.
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
