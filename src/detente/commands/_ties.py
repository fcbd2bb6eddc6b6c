"""The ties file that a word of ``detente world`` or ``detente align`` names."""

from __future__ import annotations

from pathlib import Path

__all__ = ["ties_file"]


def ties_file(word: str) -> Path:
    """Return a ties file by its path, by the name of a case beside it, or by its shipped name."""
    from detente.cases.names import named, shipped
    from detente.world.tiesfile import ENDING, shipped_ties

    return named(word, {**shipped(ENDING), **shipped_ties()}, lacks="of that name has ties")
