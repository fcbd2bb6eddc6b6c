"""Samples of the ranges of a crisis file, with weights and solutions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.spread import band
from detente.arrays import Bools, Floats
from detente.errors import InputError
from detente.limits import check_count

if TYPE_CHECKING:
    from detente.equilibrium import BatchResult
    from detente.game.compile import Compiled

__all__ = ["KEPT", "Band", "Samples", "checked_weights", "draws", "solved_samples"]

KEPT = 512
"""Samples whose public probabilities are kept for claims and terms; more would fill the memory."""


@dataclass(frozen=True, repr=False)
class Samples:
    """Samples of the file's ranges, and the crisis solved at them if that is done.

    Attributes
    ----------
    theta : (S, K) array
        The file's numbers.
    fallible, deliberate : BatchResult or None
        The crisis at the first of these samples, with the arrays that a batch is asked to ``keep``.
    weights : (S,) array or None
        How many samples each one counts for; None counts each as one. Scale them to sum to the
        number of samples that they are worth, because intervals depend on that number.
    seed : int or None
        Seed of the samples.
    """

    theta: Floats
    fallible: BatchResult | None = None
    deliberate: BatchResult | None = None
    weights: Floats | None = None
    seed: int | None = None

    def __repr__(self) -> str:
        return f"<Samples: {self.theta.shape[0]} of {self.theta.shape[1]} numbers>"


@dataclass(frozen=True, repr=False)
class Band:
    """One model over samples of the file's ranges.

    Attributes
    ----------
    outcomes : (S, n_outcomes) array
        Probabilities of the outcomes.
    certified : (S,) bool array
    theta : (S, K) array
        The numbers of each sample.
    worst : float or None
        The largest residual (fallible) or NashConv (deliberate) among the certified samples.
    solved : BatchResult or None
        The batch; it keeps the public probabilities of its first samples for the claims.
    weights : (S,) array or None
        How many samples each one counts for; None counts each as one.
    """

    outcomes: Floats
    certified: Bools
    theta: Floats
    worst: float | None
    solved: BatchResult | None = None
    weights: Floats | None = None

    def __repr__(self) -> str:
        return f"<Band: {len(self.certified)} samples, {int(self.certified.sum())} checked>"

    @classmethod
    def of(cls, found: BatchResult, theta: Floats, weights: Floats | None = None) -> Band:
        """Return the band of a batch of the first samples of ``theta``."""
        error = np.asarray(
            found.residual if found.reading == "fallible" else found.nash_conv)[found.certified]
        n = found.size
        return cls(found.outcomes, found.certified, theta[:n],
                   float(error.max()) if error.size else None, found,
                   None if weights is None else weights[:n])

    @cached_property
    def weight(self) -> Floats | None:
        """The weights of the certified samples, None if each counts as one."""
        return None if self.weights is None else self.weights[self.certified]

    def probability(self, mask: Bools) -> Floats:
        """Return the summed probability of some outcomes in each certified sample, (C,)."""
        return np.asarray(self.outcomes[self.certified][:, mask].sum(axis=1))

    def between(self, mask: Bools) -> tuple[float, float] | None:
        """Return the 5th and 95th percentile of the summed probability of some outcomes."""
        low, high = band(self.probability(mask), self.weight)
        return None if low is None or high is None else (low, high)

    def mean(self, mask: Bools) -> float | None:
        """Return the mean of the summed probability of some outcomes, None without samples."""
        p = self.probability(mask)
        if not p.size or (self.weight is not None and self.weight.sum() <= 0):
            return None
        return float(np.average(p, weights=self.weight))


def checked_weights(weights: Any, samples: int) -> Floats | None:
    """Return the weights of the samples as an array.

    Raises
    ------
    InputError
        Not one finite number of at least 0 for each sample, or all are 0.

    Examples
    --------
    >>> checked_weights([1, 2, 0], 3)
    array([1., 2., 0.])
    """
    if weights is None:
        return None
    found = np.asarray(weights, dtype=float)
    if found.shape != (samples,) or not np.isfinite(found).all() or (found < 0).any() \
            or found.sum() <= 0:
        raise InputError(
            "the weights do not fit the samples",
            expected=f"{samples} finite numbers of at least 0, not all 0; give one for each sample",
        )
    return found


def draws(compiled: Compiled, n: int, seed: int) -> Floats:
    """Return Sobol' samples of the file's ranges as full vectors of numbers, (n, K).

    Raises
    ------
    InputError
        They are too many, or need more memory than `detente.limits.MOST_BYTES`.
    """
    from detente.scenario.sampling import sample

    check_count(n, least=0, each=16 * len(compiled.paths) + 64)
    theta = np.repeat(compiled.centre[None, :], n, axis=0)
    paths, values = sample(compiled.scenario, n, seed)
    at = {path: k for k, path in enumerate(compiled.paths)}
    for column, path in enumerate(paths):
        theta[:, at[path]] = values[:, column]
    return theta


def solved_samples(
    compiled: Compiled, theta: Floats, first: int, last: int, **settings: Any
) -> Iterator[BatchResult]:
    """Yield the fallible model at samples ``first`` to ``last`` in chunks, in order."""
    from dataclasses import replace

    from detente.equilibrium.batch.solve import iter_batch

    def numbers(which: slice) -> Any:
        return compiled.numbers(theta[which.start + first : which.stop + first])

    for part in iter_batch(compiled.tree, numbers, last - first, **settings):
        yield replace(part, first=part.first + first)
