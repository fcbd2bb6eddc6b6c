"""The message of the events: posterior over ranges, precision, structures and rival readings.

A *component* is one structure with one reading of the events, at its samples. In the pool a sample
s of component c has the weight

    W = p_c v_s L_s / sum_s v_s,

p_c being the prior weight of the component, v_s the weight of the sample under the prior (1 for
plain samples, prior over proposal for importance samples) and L_s its likelihood. The sum of W is
the evidence of the events.

Readings enter the same events as different moves, often as more or fewer of them. More moves are
less probable under any model, so likelihoods of different entries cannot be compared. If a pool has
several readings, each likelihood is divided by that of the same entry under habit alone: a reading
gains weight if the crisis file explains its entry better than habit does. The sum of W is then the
ratio of the file to habit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente.analysis.spread import band
from detente.arrays import Floats
from detente.errors import InputError, nearest, one_of
from detente.follow.observe import Observed, Seen

__all__ = ["Component", "Pool", "bits", "effective", "entropy", "pareto_k"]

LN2 = float(np.log(2.0))


def bits(p: float) -> float | None:
    """Return -log2 of a probability, None if it is 0.

    Examples
    --------
    >>> bits(0.25), bits(1.0), bits(0.0)
    (2.0, 0.0, None)
    """
    return -math.log2(p) + 0.0 if p > 0 else None


def entropy(p: Floats, axis: int = -1) -> Floats:
    """Return the entropy of distributions in bits.

    Examples
    --------
    >>> float(entropy(np.array([0.5, 0.5])))
    1.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(p > 0, -p * np.log2(p), 0.0)
    return np.asarray(parts.sum(axis=axis))


def effective(weights: Floats) -> float:
    """Return the effective number of samples, (sum w)^2 / sum w^2.

    Source: Kong, A., Liu, J. S. and Wong, W. H. 1994, Journal of the American Statistical
    Association 89:278-288.

    Examples
    --------
    >>> effective(np.ones(8)), effective(np.array([1.0, 0.0]))
    (8.0, 1.0)
    """
    top = float(weights.max(initial=0.0))
    if not top > 0:
        return 0.0
    w = weights / top  # the square of a very small weight is 0
    return float(w.sum()) ** 2 / float((w**2).sum())


def pareto_k(weights: Floats) -> float | None:
    """Return the shape of the tail of importance weights; None if it cannot be estimated.

    Above 0.7 an estimate by these weights is unreliable. The generalised Pareto distribution is
    fitted to the largest weights by the method of Zhang, J. and Stephens, M. A. 2009, Technometrics
    51:316-325, with the weak prior of Vehtari, A. et al. 2024, Journal of Machine Learning Research
    25(72):1-58.

    Examples
    --------
    >>> u = (np.arange(4000) + 0.5) / 4000
    >>> abs(pareto_k((1 - u) ** -0.5) - 0.5) < 0.05        # a Pareto tail of shape 1/2
    True
    """
    w = np.sort(weights[weights > 0])
    n = len(weights)
    tail = int(np.ceil(min(0.2 * n, 3.0 * np.sqrt(n))))
    if tail < 5 or len(w) <= tail:
        return None
    cut = w[-tail - 1]
    x = w[-tail:] - cut
    if x[-1] <= 1e-12 * max(cut, 1e-300):
        return float("-inf")  # all large weights are equal
    x = np.maximum(x, x[-1] * 1e-12)
    points = 30 + int(np.sqrt(tail))
    j = np.arange(1, points + 1)
    quarter = x[int(tail / 4 + 0.5) - 1]
    theta = 1.0 / x[-1] + (1.0 - np.sqrt(points / (j - 0.5))) / (3.0 * quarter)
    k = np.log1p(-theta[:, None] * x[None, :]).mean(axis=1)
    like = tail * (np.log(-theta / k) - k - 1.0)
    share = 1.0 / np.exp(like[None, :] - like[:, None]).sum(axis=1)
    best = float((theta * share).sum() / share.sum())
    shape = float(np.log1p(-best * x).mean())
    return float((tail * shape + 10 * 0.5) / (tail + 10))


@dataclass(frozen=True)
class Component:
    """One structure with one reading of the events.

    Attributes
    ----------
    structure, reading : str
    weight : float
        Its prior weight; those of a pool add up to 1.
    found : Observed
    names, terms : tuple of str
        The outcomes and the terms of its columns.
    base : (S,) array or None
        Weight of each sample under the prior, if the samples are not plain.
    """

    structure: str
    reading: str
    weight: float
    found: Observed
    names: tuple[str, ...]
    terms: tuple[str, ...]
    base: Floats | None = None

    @property
    def prior(self) -> Floats:
        """Weights of the samples under the prior: they add up to the component's weight.

        Samples without a checked solution have none.
        """
        v = np.ones(len(self.found.certified)) if self.base is None else self.base
        v = np.where(self.found.certified, v, 0.0)
        total = v.sum()
        return np.asarray(self.weight * v / total if total > 0 else v)


@dataclass(frozen=True)
class Pool:
    """Components whose prior weights add up to 1."""

    parts: tuple[Component, ...]

    def take(self, *, structure: str | None = None, reading: str | None = None) -> Pool:
        """Return the components of a structure or of a reading, with weights that add up to 1."""
        kept = [p for p in self.parts
                if structure in (None, p.structure) and reading in (None, p.reading)]
        if not kept:
            known = dict.fromkeys(x for p in self.parts for x in (p.structure, p.reading))
            raise InputError("there is no such structure or reading",
                             expected=one_of(str(structure or reading), list(known)))
        total = sum(p.weight for p in kept)
        return Pool(tuple(replace(p, weight=p.weight / total) for p in kept))

    @cached_property
    def readings(self) -> dict[str, float]:
        """The readings with their prior weights."""
        found: dict[str, float] = {}
        for p in self.parts:
            found[p.reading] = found.get(p.reading, 0.0) + p.weight
        return found

    def prior(self, part: Component, k: int) -> Floats:
        """Return the weights of a component's samples before the events.

        With several readings they are divided by the probability of ``k`` events under habit alone.
        """
        return np.asarray(part.prior / self._habit(k)[part.reading])

    def posterior(self, part: Component, k: int) -> Floats:
        """Return the weights of a component's samples after ``k`` events."""
        return np.asarray(self.prior(part, k) * part.found.likelihood[k])

    def _habit(self, k: int) -> dict[str, float]:
        """Return the probability of the first ``k`` events under habit, by reading; 1 if one."""
        if len(self.readings) == 1:
            return dict.fromkeys(self.readings, 1.0)
        return {reading: x if x > 0 else 1.0 for reading, x in self._blind_by_reading(k).items()}

    def _blind_by_reading(self, k: int) -> dict[str, float]:
        """Return the probability of the first ``k`` events under habit, by reading."""
        found = dict.fromkeys(self.readings, 0.0)
        for p in self.parts:
            found[p.reading] += float((p.prior * p.found.blind[k]).sum()) / self.readings[p.reading]
        return found

    def weights(self, k: int) -> Floats:
        """Return the weight of every sample after ``k`` events, structure after structure.

        The readings of a structure share its samples, so their weights are added.
        """
        return np.concatenate(list(self._by_structure(k).values()))

    def _by_structure(self, k: int) -> dict[str, Floats]:
        found: dict[str, Floats] = {}
        for p in self.parts:
            w = self.posterior(p, k)
            found[p.structure] = found[p.structure] + w if p.structure in found else w
        return found

    def evidence(self, k: int) -> float:
        """Return the probability of the reports of the first ``k`` events.

        With several readings: its ratio to that under habit alone.
        """
        return float(sum(self.posterior(p, k).sum() for p in self.parts))

    def blind(self, k: int) -> float:
        """Return the same if governments follow their habits only; 1 with several readings."""
        return float(sum((self.prior(p, k) * p.found.blind[k]).sum() for p in self.parts))

    def error(self, k: int) -> float:
        """Return the standard error of the evidence by the plain formula for independent draws.

        The samples are better spread than independent draws, so the true error is usually smaller.
        """
        return float(np.sqrt(sum(len(w) * w.var() for w in self._by_structure(k).values())))

    def against_habit(self, k: int) -> tuple[float, float]:
        """Return the probability of ``k`` events relative to habit alone, and its standard error.

        With several readings it is the mean of their ratios by prior weight. Each sample counts in
        both the numerator and the denominator, so the error is that of the ratio (delta method, by
        the plain formula for independent draws).

        Returns
        -------
        ratio, error : float
            1 and 0 if both are 0; infinite and 0 if habit alone cannot hold the events.
        """
        own, blind = self.evidence(k), self.blind(k)
        if not blind > 0:
            return (1.0 if own <= 0 else float("inf")), 0.0
        terms: dict[str, Floats] = {}
        for reading, habit in self._blind_by_reading(k).items():
            parts = [p for p in self.parts if p.reading == reading]
            if not habit > 0:
                continue
            mine = sum(float((p.prior * p.found.likelihood[k]).sum()) for p in parts)
            ratio = mine / (habit * self.readings[reading])
            for p in parts:
                moved = p.prior * (p.found.likelihood[k] - ratio * p.found.blind[k]) / habit
                terms[p.structure] = terms.get(p.structure, 0.0) + moved
        error = float(np.sqrt(sum(len(x) * x.var() for x in terms.values())))
        return own / blind, error

    def effective(self, k: int) -> float:
        """Return the effective number of samples after ``k`` events."""
        return effective(self.weights(k))

    def names(self) -> list[str]:
        """Return the outcomes of all components, those of the file as written first."""
        return list(dict.fromkeys(n for p in self.parts for n in p.names))

    def terms(self) -> list[str]:
        """Return the terms of all components."""
        return list(dict.fromkeys(n for p in self.parts for n in p.terms))

    def _mean(self, k: int, which: str, name: str) -> tuple[float, Floats, Floats]:
        """Return the mean, the values of each sample and their weights after ``k`` events."""
        known = self.names() if which == "outcomes" else self.terms()
        if name not in known:
            raise InputError(f"the crisis has no outcome {name!r}" if which == "outcomes" else
                             f"the crisis has no terms {name!r}", expected=one_of(name, known),
                             nearest=nearest(name, known))
        values, weights = [], []
        for p in self.parts:
            labels = p.names if which == "outcomes" else p.terms
            w = self.prior(p, k)
            like = p.found.likelihood[k]
            if name in labels:
                mass = getattr(p.found, which)[k][:, labels.index(name)]
            else:
                mass = np.zeros(len(like))
            values.append(np.divide(mass, like, out=np.zeros_like(like), where=like > 0))
            weights.append(w * like)
        x, w = np.concatenate(values), np.concatenate(weights)
        total = float(w.sum())
        if not total > 0:
            return float("nan"), x, w
        # a mean lies among its values, up to rounding: what is certain in each sample is certain
        return float(np.clip(w @ x / total, x.min(), x.max())), x, w

    def forecast(self, k: int, name: str, which: str = "outcomes") -> float:
        """Return the probability of an outcome, or of terms, after ``k`` events."""
        return self._mean(k, which, name)[0]

    def between(
        self, k: int, name: str, which: str = "outcomes"
    ) -> tuple[float, float] | tuple[None, None]:
        """Return the 5th and 95th percentile over the samples after ``k`` events."""
        _, x, w = self._mean(k, which, name)
        if not w.sum() > 0:
            return None, None
        return band(x, w * (self.effective(k) / w.sum()))

    def resolved(self, k: int) -> dict[str, float]:
        """Return P(way | the events before) for event ``k``, and "" for reaching its decision."""
        return self._shares([p.found.choices[k] for p in self.parts], k)

    def ahead(self) -> dict[str, float]:
        """Return the probability of each way ahead, and "" for reaching one."""
        last = len(self.parts[0].found.likelihood) - 1
        return self._shares([p.found.ahead for p in self.parts], last)

    def _shares(self, seen: Sequence[Seen | None], k: int) -> dict[str, float]:
        evidence, found = self.evidence(k), {"": 0.0}
        for p, one in zip(self.parts, seen, strict=True):
            if one is None:
                continue
            w = self.prior(p, k)
            found[""] += float(w @ one.at)
            for j, label in enumerate(one.labels):
                found[label] = found.get(label, 0.0) + float(w @ one.ways[:, j])
        return {label: x / evidence if evidence > 0 else float("nan")
                for label, x in found.items()}

    def after(self) -> dict[str, dict[str, float]]:
        """Return the forecast after each way ahead: P(outcome | the events, the way)."""
        mass: dict[str, dict[str, float]] = {}
        for p in self.parts:
            one, w = p.found.ahead, self.prior(p, len(p.found.likelihood) - 1)
            assert one.outcomes is not None
            for j, label in enumerate(one.labels):
                row = mass.setdefault(label, {})
                for o, name in enumerate(p.names):
                    row[name] = row.get(name, 0.0) + float(w @ one.outcomes[:, j, o])
        return {label: {n: x / total for n, x in row.items()}
                for label, row in mass.items() if (total := sum(row.values())) > 0}

    def value_of_next(self) -> float:
        """Return the expected fall of the entropy of the outcome by the next observation, bits."""
        last = len(self.parts[0].found.likelihood) - 1
        now = np.array([self.forecast(last, n) for n in self.names()])
        odds, after = self.ahead(), self.after()
        later = sum(odds[label] * float(entropy(np.array(list(row.values()))))
                    for label, row in after.items())
        return float(entropy(now)) - later
