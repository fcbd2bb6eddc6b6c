"""What follows from a tree's structure alone is worked out once for all its variants.

`PublicTree.with_numbers` hands the same structural arrays on, so that variants of one tree are
recognised by identity: no comparing, and nothing to go stale while an array is held here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from detente.game.tree import PublicTree

__all__ = ["Remembered"]

T = TypeVar("T")

KEPT = 3
"""Structures remembered at a time."""
SMALL = 200_000
"""Nodes above which nothing is remembered: memory is worth more there."""


def _parts(game: PublicTree) -> tuple[Any, ...]:
    return (game.mover, game.parent, game.first, game.count, game.level, game.own, game.leaves,
            game.type_row, game.joints)


class Remembered(Generic[T]):
    """A function of a tree's structure, with its last few results.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> calls = []
    >>> widest = Remembered(lambda game: calls.append(1) or int(game.count.max()))
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war"), "talk": end("peace", a=1)}))
    >>> widest(game) == widest(game.with_numbers(weight=game.weight.copy())), len(calls)
    (True, 1)
    """

    def __init__(self, make: Callable[[PublicTree], T]) -> None:
        self._make = make
        self._known: tuple[tuple[tuple[Any, ...], tuple[int, ...], T], ...] = ()

    def __call__(self, game: PublicTree) -> T:
        parts, types = _parts(game), game.n_types
        for held, sizes, result in self._known:
            if sizes == types and all(a is b for a, b in zip(held, parts, strict=True)):
                return result
        result = self._make(game)
        if game.n_nodes <= SMALL:
            # One assignment: threads see the old table or the new one.
            self._known = ((parts, types, result), *self._known[: KEPT - 1])
        return result
