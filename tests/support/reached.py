"""How often each mechanism of a case comes into play at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.mechanisms.base import Mechanism

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.compile import Compiled

__all__ = ["reached"]


def reached(compiled: Compiled, equilibrium: Equilibrium) -> dict[str, float]:
    """Return the probability that each mechanism listed in the file comes into play.

    A mechanism comes into play where one of its steps is played or its slot in the public state
    has changed; one without steps and slot (unlike beliefs) works from the start.

    Returns
    -------
    dict
        Name of the mechanism's entry to probability.
    """
    graph, game = compiled.graph, compiled.tree
    listed = {entry.id for entry in compiled.scenario.mechanisms}
    out = {}
    for m in graph.rules.mechanisms:
        if m.key not in listed:
            continue
        if type(m).step is Mechanism.step and m.slot() is None:
            out[m.key] = 1.0
            continue
        hit = graph.owner[compiled.state] == m.index
        for d in range(1, len(game.level) - 1):
            here = np.arange(game.level[d], game.level[d + 1])
            hit[here] |= hit[game.parent[here]]
        changed = np.array([
            graph.endings[int(s)].state.slots[m.index] != m.slot()
            for s in compiled.state[game.leaves]
        ])
        out[m.key] = float(equilibrium.leaf_reach[hit[game.leaves] | changed].sum())
    return out
