"""Results that depend only on a tree's structure, computed once for all its variants.

`PublicTree.with_numbers` reuses the structural arrays, so variants of one tree are recognised by
identity. No comparison is needed, and no entry is outdated while its array is held here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from detente.game.tree import PublicTree

__all__ = ["Remembered"]

T = TypeVar("T")

KEPT = 3
"""Number of structures that are remembered."""
SMALL = 200_000
"""Number of nodes above which nothing is remembered, to save memory."""


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
            # One assignment, so that threads read either the old table or the new one.
            self._known = ((parts, types, result), *self._known[: KEPT - 1])
        return result
