"""How far a job is."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Progress"]


class Progress(NamedTuple):
    """How far a job is; an item that it may yield at any time.

    Attributes
    ----------
    done, total : int
        ``total`` is 0 if it is not known.
    what : str
    """

    done: int
    total: int
    what: str
