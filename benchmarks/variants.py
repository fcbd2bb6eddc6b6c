"""Variants of one crisis whose numbers vary over stated ranges, made thousands at a time.

A crisis file's compiled tree gives its payoffs as formulas in the file's numbers; here the formulas
are found by writing the same tree with a few independent draws of `random_crisis` and mixing them:
payoffs, weights and chances of a variant are a convex mixture of those draws. The structure, the
number of types and the spread of the payoffs are those of the draws.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from tests.support.random_crisis import random_crisis

from detente.game.numbers import Numbers
from detente.game.tree import PublicTree


def variants(
    n: int, *, draws: int = 24, spread: float = 1.0, seed: int = 0, **shape: int
) -> tuple[PublicTree, Callable[[slice], Numbers]]:
    """Return the central tree and the numbers of ``n`` variants around it.

    ``spread`` 1 lets each variant lie anywhere between the centre and the midpoint of a random
    pair of draws.
    """
    games = [random_crisis(seed + k, **shape) for k in range(draws)]
    corner = Numbers.stack(games)
    centre = np.full(draws, 1 / draws)
    rng = np.random.default_rng(seed)
    pairs = np.array([rng.choice(draws, 2, replace=False) for _ in range(n)])
    far = rng.random(n) * spread

    def mixed(mix: np.ndarray) -> Numbers:
        return Numbers(
            tuple(np.ascontiguousarray(u @ mix) for u in corner.payoff), corner.weight @ mix,
            corner.type_prob @ mix, tuple(p @ mix for p in corner.prior),
        )

    def numbers(which: slice) -> Numbers:
        rows = range(n)[which]
        mix = np.repeat(centre[:, None], len(rows), axis=1)
        for k, v in enumerate(rows):
            mix[:, k] *= 1 - far[v]
            mix[pairs[v], k] += far[v] / 2
        return mixed(mix)

    return games[0].with_numbers(**mixed(centre[:, None]).at(0)), numbers
