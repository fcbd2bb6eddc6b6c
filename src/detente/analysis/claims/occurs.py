"""How probable the events are that a claim is about, in each sample."""

from __future__ import annotations

import numpy as np

from detente.analysis.claims.meaning import Meaning
from detente.arrays import Floats
from detente.claims import syntax as s

__all__ = ["chances"]


def chances(meaning: Meaning, size: int) -> Floats:
    """Return the probability of what a claim is about, (S,).

    The least probable of its conditions; if it has none, the most probable of the events whose
    probabilities it compares; nan if it has neither.
    """
    conditions: list[Floats] = []
    events: list[Floats] = []
    for node in s.walk(meaning.claim):
        if not isinstance(node, s.MODELLED):
            continue
        about = node.given
        if about is None and not isinstance(node, s.Probability):
            continue
        world = meaning.worlds(node.variants)
        if about is not None:
            conditions.append(world.chance(about))
        elif isinstance(node, s.Probability):
            events.append(world.chance(node.event))
    if conditions:
        return np.asarray(np.minimum.reduce(conditions))
    if events:
        return np.asarray(np.maximum.reduce(events))
    return np.full(size, np.nan)
