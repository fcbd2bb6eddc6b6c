"""The live answer and the next moves of a crisis whose tree is too large for the app's process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from detente.web.live import Live, LiveAnswer
from detente.web.moves import Moves, moves_after

if TYPE_CHECKING:
    from detente.web.source import Source

__all__ = ["answer", "moves"]


def answer(source: Source) -> Iterator[LiveAnswer]:
    """Yield the answer at the page's values; see `detente.web.live.Live.answer`."""
    began = time.perf_counter()
    found = Live().answer(source.read(), source.moved)
    yield replace(found, milliseconds=1000 * (time.perf_counter() - began))


def moves(source: Source, events: str) -> Iterator[Moves]:
    """Yield the moves that may come next; see `detente.web.moves.moves_after`."""
    yield moves_after(Live(), source, events)
