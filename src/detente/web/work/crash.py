"""Jobs that fail on purpose, with which the tests check what a window sees then."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

__all__ = ["fine", "forever", "now"]


def now() -> Iterator[str]:
    """End the process as the system does if memory runs out."""
    yield "begun"
    os._exit(9)


def forever() -> Iterator[str]:
    """Begin, and never end."""
    yield "begun"
    while True:
        time.sleep(0.1)


def fine() -> Iterator[str]:
    """Yield one word."""
    yield "fine"
