"""The types of an actor that a claim means by ``war_cost high`` or ``war_cost > 0.3``."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Bools
from detente.claims import syntax as s
from detente.claims.names import same
from detente.game.tree import PublicTree

if TYPE_CHECKING:
    from detente.game.compile import Compiled

__all__ = ["levels", "members"]

_SIGNS: dict[str, Any] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge
}


def levels(count: int) -> list[str]:
    """Return the word for each of ``count`` types in rising order: thirds, or low and high.

    Examples
    --------
    >>> levels(2), levels(5)
    (['low', 'high'], ['low', 'low', 'middle', 'middle', 'high'])
    """
    if count == 2:
        return ["low", "high"]
    words = []
    for word, part in zip(("low", "middle", "high"), np.array_split(np.arange(count), 3),
                          strict=True):
        words += [word] * len(part)
    return words


def members(
    compiled: Compiled | None, tree: PublicTree, theta: NDArray[np.float64] | None, who: s.Types,
    size: int,
) -> Bools:
    """Return the types that are meant, in each sample, (T, S).

    Words split the types by the values at the centre of the file's ranges; a comparison with a
    number goes by the values in the sample.
    """
    level = who.level
    if compiled is None or theta is None:
        labels = tree.type_labels[tree.players.index(who.actor)]
        assert isinstance(level, s.Level)
        named = [same(level.word, x) for x in labels]
        which = named if any(named) else [w == level.word for w in levels(len(labels))]
        return np.repeat(np.array(which)[:, None], size, axis=1)
    rules = compiled.graph.rules
    assert who.quantity is not None
    if isinstance(level, s.Bound):
        numbers = dict(zip(compiled.paths, theta.T, strict=True))
        values = np.real(np.asarray(rules._table(who.actor, who.quantity, numbers)[0]))
        values = np.broadcast_to(values.reshape(len(values), -1), (len(values), size))
        return np.asarray(rules._spread(
            who.actor, who.quantity, _SIGNS[level.sign](values, level.value)
        ))
    assert isinstance(level, s.Level)
    labels = rules.quantities(who.actor)[who.quantity].discretise().labels
    named = [same(level.word, x) for x in labels]
    if any(named):
        which = named
    else:
        centre = dict(zip(compiled.paths, compiled.centre, strict=True))
        values = np.real(np.asarray(rules._table(who.actor, who.quantity, centre)[0])).ravel()
        words = levels(len(values))
        which = [words[int(r)] == level.word for r in np.argsort(np.argsort(values))]
    one = np.asarray(rules._spread(who.actor, who.quantity, np.array(which)))
    return np.repeat(one[:, None], size, axis=1)
