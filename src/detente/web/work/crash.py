"""Jobs that fail on purpose, with which the tests check what a window sees then."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

__all__ = ["fine", "forever", "now", "program"]


def now() -> Iterator[str]:
    """End the process as the system does if memory runs out."""
    yield "begun"
    os._exit(9)


def forever() -> Iterator[str]:
    """Begin, and never end."""
    yield "begun"
    while True:
        time.sleep(0.1)


def program() -> Iterator[int]:
    """Start a program that ignores a request to end, and yield its number; wait for it."""
    words = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); "
    with subprocess.Popen([sys.executable, "-c", words + "time.sleep(600)"],
                          stdout=subprocess.PIPE) as begun:
        assert begun.stdout is not None
        begun.stdout.readline()
        yield begun.pid
        begun.wait()


def fine() -> Iterator[str]:
    """Yield one word."""
    yield "fine"
