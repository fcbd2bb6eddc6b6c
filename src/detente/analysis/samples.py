"""Samples of the ranges of a crisis file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import Floats

if TYPE_CHECKING:
    from detente.game.compile import Compiled

__all__ = ["draws"]


def draws(compiled: Compiled, n: int, seed: int) -> Floats:
    """Return Sobol' samples of the file's ranges as full vectors of numbers, (n, K)."""
    from detente.scenario.sampling import sample

    theta = np.repeat(compiled.centre[None, :], n, axis=0)
    paths, values = sample(compiled.scenario, n, seed)
    at = {path: k for k, path in enumerate(compiled.paths)}
    for column, path in enumerate(paths):
        theta[:, at[path]] = values[:, column]
    return theta
