"""Samples over the structural alternatives of a file, pooled with their weights.

The file's own structure is solved at all samples. An alternative is solved at its share of them,
which is a prefix of the same Sobol' sequence. Every prefix of the sequence is well spread, and
structures at the same points differ by structure alone. A separate analysis of that
structure with so many samples gives the same numbers. In the pool a structure counts with its
weight, whatever the number of its samples.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.analysis.question import mask_of
from detente.analysis.samples import KEPT, Band, draws, solved_samples
from detente.analysis.spread import band
from detente.analysis.terms import over
from detente.arrays import Bools, Floats
from detente.identifiers import Terms

if TYPE_CHECKING:
    from detente.analysis.analysis import Analysis
    from detente.analysis.settings import Settings
    from detente.analysis.structure import Neighbour
    from detente.equilibrium import BatchResult
    from detente.game.tree import PublicTree

__all__ = ["Odds", "Pool", "Sampled", "Variance", "each_sampled", "pool_of", "sampled", "shares"]

LEAST = 16
"""Samples of an alternative, at least (all samples if there are fewer)."""


@dataclass(frozen=True)
class Variance:
    """The variance of a probability over structures and samples, by the law of total variance.

    Attributes
    ----------
    between : float
        Variance of the structures' means.
    within : float
        Mean of the variances within the structures.
    """

    between: float
    within: float

    @property
    def share(self) -> float | None:
        """The share of the variance that is between structures; None if nothing varies."""
        total = self.between + self.within
        return self.between / total if total > 1e-300 else None


@dataclass(frozen=True, repr=False)
class Odds:
    """One model of one structure over samples: a `Band` and the terms, without the solutions.

    Attributes
    ----------
    band : Band
    terms : dict
        By terms, their probabilities in the checked samples whose odds are kept, (S,).
    term_weight : (S,) array or None
        The weights of those samples.
    """

    band: Band
    terms: dict[Terms, Floats]
    term_weight: Floats | None = None

    @classmethod
    def of(cls, tree: PublicTree, found: Band) -> Odds:
        """Return the odds of a band of a tree."""
        kept = over(tree, found)
        if kept is None:
            return cls(found, {})
        q = found.solved.q if found.solved is not None else None
        good = found.certified[: 0 if q is None else q.shape[1]]
        weight = None if found.weights is None else found.weights[: len(good)][good]
        return cls(found, dict(zip(tree.term_kinds, kept, strict=True)), weight)


@dataclass(frozen=True, repr=False)
class Sampled:
    """One structure of a file over its samples, in both models.

    Attributes
    ----------
    label : str
    weight : float
        Its weight relative to the file as written, which has weight 1.
    names : tuple of str
        Its outcomes.
    wars : collection of str
        The outcomes that count as war.
    fallible, deliberate : Odds
    """

    label: str
    weight: float
    names: tuple[str, ...]
    wars: Collection[str]
    fallible: Odds
    deliberate: Odds

    def __repr__(self) -> str:
        return f"<{self.label}: weight {self.weight:g}, {self.fallible.band!r}>"

    @property
    def certified(self) -> Bools:
        """Whether each sample passed its check, the fallible ones first."""
        return np.concatenate([self.fallible.band.certified, self.deliberate.band.certified])

    def odds(self, model: str) -> Odds:
        """Return the odds of one model."""
        return self.fallible if model == "fallible" else self.deliberate

    def mask(self, outcome: str) -> Bools:
        """Return which of its outcomes a name means; "war" means every kind of war."""
        return mask_of(self.names, outcome, self.wars)


@dataclass(frozen=True, repr=False)
class Pool:
    """The structures of a file with their samples; the file as written comes first."""

    parts: tuple[Sampled, ...]

    def __repr__(self) -> str:
        return f"<Pool of {self.count} structures>"

    @property
    def count(self) -> int:
        """The number of structures, the file as written included."""
        return len(self.parts)

    def weights(self) -> Floats:
        """Return the weight of each structure; they add up to 1."""
        given = np.array([p.weight for p in self.parts])
        return np.asarray(given / given.sum())

    def passed(self, model: str) -> tuple[int, int]:
        """Return how many samples passed their check, and how many there are."""
        bands = [p.odds(model).band for p in self.parts]
        return sum(int(b.certified.sum()) for b in bands), sum(len(b.certified) for b in bands)

    def worst(self, model: str) -> float | None:
        """Return the largest error among the samples that passed, None if none did."""
        found = [p.odds(model).band.worst for p in self.parts]
        return max((x for x in found if x is not None), default=None)

    def between(self, model: str, name: str) -> tuple[float, float] | None:
        """Return the 5th and 95th percentile of the probability of an outcome, by its name."""
        low, high = band(*self._joined(self._columns(model, name, True)))
        return None if low is None or high is None else (low, high)

    def mean(self, model: str, outcome: str, *, exact: bool = False) -> float | None:
        """Return the mean probability of an outcome.

        "war" means every kind of war, with ``exact`` only the outcome of that name.
        """
        found = self._columns(model, outcome, exact)
        used = [(x[0], w) for x, w in zip(map(_moments, found), self.weights(), strict=True) if x]
        whole = sum(w for _, w in used)
        return float(sum(m * w for m, w in used) / whole) if used else None

    def terms(self, model: str, terms: Terms) -> tuple[float | None, float | None]:
        """Return the 5th and 95th percentile of the probability of terms."""
        found = []
        for part in self.parts:
            odds = part.odds(model)
            size = len(next(iter(odds.terms.values()), ()))
            found.append((odds.terms.get(terms, np.zeros(size)), odds.term_weight))
        return band(*self._joined(found))

    def term_kinds(self) -> list[Terms]:
        """Return the terms of all structures, those of the file as written first."""
        return list(dict.fromkeys(t for p in self.parts for t in p.fallible.terms))

    def names(self) -> list[str]:
        """Return the outcomes of all structures, those of the file as written first."""
        return list(dict.fromkeys(name for p in self.parts for name in p.names))

    def variance(self, model: str, outcome: str) -> Variance:
        """Return the variance of an outcome's probability between and within structures.

        "war" means every kind of war.

        ``Var(Y) = Var(E[Y | structure]) + E[Var(Y | structure)]``.
        """
        found = [_moments(x) for x in self._columns(model, outcome)]
        used = [(*x, w) for x, w in zip(found, self.weights(), strict=True) if x]
        if not used:
            return Variance(0.0, 0.0)
        mean, var, weight = map(np.array, zip(*used, strict=True))
        weight = weight / weight.sum()
        centre = float(weight @ mean)
        return Variance(float(weight @ (mean - centre) ** 2), float(weight @ var))

    def _columns(
        self, model: str, outcome: str, exact: bool = False
    ) -> list[tuple[Floats, Floats | None]]:
        """Return each structure's checked samples of a probability, with their weights."""
        out = []
        for part in self.parts:
            here = part.odds(model).band
            mask = (np.array([n == outcome for n in part.names], dtype=bool) if exact
                    else part.mask(outcome))
            out.append((here.probability(mask), here.weight))
        return out

    def _joined(
        self, found: Sequence[tuple[Floats, Floats | None]]
    ) -> tuple[Floats, Floats | None]:
        """Return the samples of all structures in one array, with their weights in the pool.

        The weights add up to the number of samples. A structure without a checked sample drops out.
        """
        if len(found) == 1:
            return found[0]
        used = [(x, _weight(x, w), share) for (x, w), share in zip(
            found, self.weights(), strict=True) if x.size]
        used = [(x, w, share) for x, w, share in used if w.sum() > 0]
        if not used:
            return np.empty(0), None
        values = np.concatenate([x for x, _, _ in used])
        weight = np.concatenate([share * w / w.sum() for _, w, share in used])
        return values, weight * len(values) / weight.sum()


def _weight(x: Floats, weight: Floats | None) -> Floats:
    return np.ones(len(x)) if weight is None else weight


def _moments(found: tuple[Floats, Floats | None]) -> tuple[float, float] | None:
    """Return mean and variance of the samples of one structure; None if it has none."""
    x, w = found[0], _weight(*found)
    if not x.size or w.sum() <= 0:
        return None
    mean = float(np.average(x, weights=w))
    return mean, float(np.average((x - mean) ** 2, weights=w))


def shares(weights: Sequence[float], n: int) -> list[int]:
    """Return the samples of each structure out of ``n``: largest remainders, at least 16 each.

    Examples
    --------
    >>> shares([1, 1, 1], 1024), shares([1, 0.001], 1024), shares([1, 1], 4)
    ([342, 341, 341], [1023, 16], [4, 4])
    """
    exact = n * np.asarray(weights, dtype=float) / float(np.sum(weights))
    found = np.floor(exact).astype(int)
    rest = np.argsort(found - exact, kind="stable")[: n - int(found.sum())]
    found[rest] += 1
    return [max(int(k), min(LEAST, n)) for k in found]


def each_sampled(
    stated: Sequence[Neighbour], settings: Settings, weights: Floats | None = None
) -> Iterator[Sampled]:
    """Yield each alternative at its share of the samples; see `sampled`."""
    given = [1.0, *(float(one.weight or 0.0) for one in stated)]
    several = shares(given, settings.samples)[1:]
    few = shares(given, min(settings.deliberate_samples, settings.samples))[1:]
    for one, samples, deliberate in zip(stated, several, few, strict=True):
        yield sampled(one, settings, samples=samples, deliberate=deliberate, weights=weights)


def sampled(
    one: Neighbour, settings: Settings, *, samples: int, deliberate: int,
    weights: Floats | None = None,
) -> Sampled:
    """Solve an alternative at the first samples of its ranges, in both models.

    Parameters
    ----------
    one : Neighbour
        The alternative, solved at the centre.
    settings : Settings
    samples, deliberate : int
        Its samples in each model.
    weights : (S,) array, optional
        How many samples each of the analysis's samples counts for.
    """
    from detente.analysis.precision import starts
    from detente.equilibrium import BatchResult
    from detente.equilibrium.batch.deliberate import iter_deliberate

    assert one.solution is not None and one.weight is not None
    compiled, centre, careful = one.solution
    theta = draws(compiled, samples, settings.seed)
    near, kept = starts(compiled, centre), min(samples, KEPT)
    parts: list[BatchResult] = []
    for first, last in ((0, kept), (kept, samples)):
        if first < last:
            parts += solved_samples(compiled, theta, first, last, lam=compiled.lam, start=near,
                                    workers=settings.workers, keep=not first)
    erring = BatchResult.join(parts)
    trembling = BatchResult.join(list(iter_deliberate(
        compiled.tree, lambda which: compiled.numbers(theta[which]), min(deliberate, samples),
        starts=erring, epsilon=float(careful.epsilon or settings.epsilon),
        largest=settings.epsilon, workers=settings.workers, keep=True,
    )))

    def odds(found: BatchResult) -> Odds:
        made = Odds.of(compiled.tree, Band.of(found, theta, weights))
        return replace(made, band=replace(made.band, solved=None))  # the solutions need memory

    return Sampled(one.label, one.weight, compiled.tree.outcome_names, compiled.tree.wars,
                   odds(erring), odds(trembling))


def pool_of(analysis: Analysis) -> Pool:
    """Return the pool of an analysis: the file as written, and the alternatives that are done."""
    tree = analysis.compiled.tree
    own = Sampled("as it is", 1.0, analysis.names, tree.wars, Odds.of(tree, analysis.band),
                  Odds.of(tree, analysis.deliberate_band))
    done: Any = analysis.alternatives
    return Pool((own, *done))
