"""The world outside a crisis, as a claim may ask about it: names only, no computation.

`detente.world.asked` implements it. The rooms that read and check claims know this protocol alone,
because they are below the rooms of history and of the world.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

__all__ = ["Outside"]


class Outside(Protocol):
    """Names from outside a crisis file that its claims may use."""

    def rates(self) -> Collection[str]:
        """Return the names of the base rates."""
        ...

    def states(self) -> Collection[str] | None:
        """Return the states of the ties file; None if its data is not installed.

        Raises
        ------
        InputError
            No ties file lies beside the crisis file, or it has an error.
        """
        ...

    def shocks(self) -> Collection[str]:
        """Return the shocks of the ties file.

        Raises
        ------
        InputError
            As for `states`.
        """
        ...
