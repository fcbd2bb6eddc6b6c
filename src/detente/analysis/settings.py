"""Settings of an analysis, in one object."""

from __future__ import annotations

from dataclasses import dataclass

from detente.defaults import (
    DELIBERATE_SAMPLES,
    EPSILON,
    LAMBDA,
    SAMPLES,
    SEED,
    STARTS,
    WORKERS,
)

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """Settings of an analysis.

    Attributes
    ----------
    lam : float
        Precision of choice in the fallible model, per unit of the stake.
    epsilon : float
        Tremble probability in the deliberate model, as a share of each menu.
    samples, deliberate_samples : int
        Sobol' samples of the file's ranges in each model.
    starts : int
        Random starts of the search for other equilibria.
    indices : int
        Rows of the design for Sobol' indices, a power of 2 (0: no indices).
    seed : int
        Seed of the samples and of the search.
    workers : int
        Threads; they do not change the results.

    Examples
    --------
    >>> Settings(samples=64).lam
    40.0
    """

    lam: float = LAMBDA
    epsilon: float = EPSILON
    samples: int = SAMPLES
    deliberate_samples: int = DELIBERATE_SAMPLES
    starts: int = STARTS
    indices: int = 0
    seed: int = SEED
    workers: int = WORKERS
