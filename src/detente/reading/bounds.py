"""The limits of reading, in one place; a message states the limit that was exceeded."""

from __future__ import annotations

__all__ = ["CONTEXT", "MOST_BYTES", "MOST_LETTERS", "MOST_MEMORY", "MOST_SECONDS", "MOST_TURNS"]

MOST_BYTES = 20_000_000
"""Largest file, in bytes."""
MOST_LETTERS = 5_000_000
"""Longest extracted text, in code points."""
MOST_SECONDS = 60
"""Seconds for the extraction of one PDF, HTML or mail file, and to divide one long text."""
MOST_MEMORY = 1 << 30
"""Bytes of memory for the same (on systems with such limits, not on Windows)."""
MOST_TURNS = 50_000
"""Most turns of one document."""
CONTEXT = 32
"""Code points on each side of a passage that its selector keeps [sanderson-et-al-2017]."""
