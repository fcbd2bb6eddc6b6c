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

__all__ = ["members"]

_SIGNS: dict[str, Any] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge
}


def members(
    compiled: Compiled | None, tree: PublicTree, theta: NDArray[np.float64] | None, who: s.Types,
    size: int,
) -> Bools:
    """Return the types that are meant, in each sample, (T, S).

    Levels divide the types by the values at the centre of the file's ranges; a comparison with a
    number goes by the values in the sample.
    """
    level = who.level
    assert who.quantity is not None and level is not None
    if isinstance(level, s.Level):
        types = tree.types[tree.players.index(who.actor)]
        known = {x.attribute(who.quantity) for x in types}
        if level.word in ("low", "middle", "high") and any(a.level == level.word for a in known) \
                and not any(same(level.word, a.label) for a in known):
            # A variant may have another number of types; the level names the same third of them.
            which = [x.attribute(who.quantity).level == level.word for x in types]
        else:
            which = [x.attribute(who.quantity).position in level.positions for x in types]
        return np.repeat(np.array(which)[:, None], size, axis=1)
    assert compiled is not None and theta is not None
    rules = compiled.graph.rules
    numbers = dict(zip(compiled.paths, theta.T, strict=True))
    values = np.real(np.asarray(rules._table(who.actor, who.quantity, numbers)[0]))
    values = np.broadcast_to(values.reshape(len(values), -1), (len(values), size))
    return np.asarray(rules._spread(
        who.actor, who.quantity, _SIGNS[level.sign](values, level.value)
    ))
