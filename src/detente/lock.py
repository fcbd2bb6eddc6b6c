"""A lock on one file, held by one process at a time and released if that process ends."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["WAIT", "HeldError", "locked", "taken"]

WAIT = 600.0
"""Seconds after which a process no longer waits for the lock."""
POLL = 0.05
"""Seconds between two attempts to take the lock."""


class HeldError(TimeoutError):
    """Another process holds the lock.

    Parameters
    ----------
    path
        The lock file.
    owner
        The number of the process that holds it; empty if it is not known.
    """

    def __init__(self, path: Path, owner: str) -> None:
        named = f" (process {owner})" if owner else ""
        super().__init__(f"another process holds the lock {path}{named}")
        self.owner = owner


@contextmanager
def locked(path: Path, wait: float | None = None) -> Iterator[None]:
    """Hold the lock file ``path`` while the work inside runs, and remove it afterwards.

    The operating system releases the lock of a process that ends, so a lock file that is left
    behind does no harm. On a file system without locks the work runs without one.

    Parameters
    ----------
    path
        The lock file.
    wait
        Seconds to wait for another process; `WAIT` unless given, 0 to try once.

    Raises
    ------
    HeldError
        Another process still holds the lock.
    OSError
        The lock file cannot be made.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "a.lock"
    >>> with locked(place):
    ...     place.exists()
    True
    >>> place.exists()
    False
    """
    until = time.monotonic() + (WAIT if wait is None else wait)
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        mine = taken(handle)
        if mine and _same(handle, path):
            break
        owner = os.read(handle, 20).decode("ascii", "replace").strip()
        os.close(handle)
        if mine:
            continue  # the file was removed after it was opened here
        if time.monotonic() >= until:
            raise HeldError(path, owner)
        time.sleep(POLL)
    try:
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        # The file is removed before the lock is released. A process that opened it in between
        # finds another file, or none, under the name and opens it again.
        with suppress(OSError):
            os.unlink(path)
        os.close(handle)


def taken(handle: int) -> bool:
    """Lock an open file; return whether this process holds it, or locks do not exist there."""
    try:
        import fcntl
    except ImportError:  # Windows
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _same(handle: int, path: Path) -> bool:
    """Return whether the name still stands for the open file."""
    try:
        there = os.stat(path)
    except FileNotFoundError:
        return False
    here = os.fstat(handle)
    return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)
