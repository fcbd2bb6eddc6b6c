"""Ties of the states of one year, counted from the registered data."""

from __future__ import annotations

from pathlib import Path

from detente.world.ties import Ties

__all__ = ["from_history"]


def from_history(year: int, definition: str = "force", folder: Path | None = None) -> Ties:
    """Return the ties of a year."""
    raise NotImplementedError
