"""Importance sampling for events that few plain samples explain.

Proposals are products of beta densities on the ranks of the ranges, fitted to tempered weights; a
fifth of each proposal is the prior. Samples of all rounds stay in use: the density of the mixture
of all proposals is their common denominator (Cornuet, J.-M. et al. 2012, Scandinavian Journal of
Statistics 39:798-812; Owen, A. and Zhou, Y. 2000, Journal of the American Statistical Association
95:135-143).
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import beta as beta_of
from scipy.stats import qmc

from detente.arrays import Floats
from detente.follow.posterior import effective
from detente.follow.ranges import rank
from detente.follow.structures import Structure, Tell, solved_structure, staged

if TYPE_CHECKING:
    from detente.follow.following import Following

__all__ = ["resampled"]

ROUNDS, PRIOR = 6, 0.2
ENOUGH = 200
"""Effective samples at which the rounds stop."""
AIM = 50
"""Effective samples of the tempered weights to which a proposal is fitted."""
WIDEST, NARROWEST = 0.5, 200.0
"""Bounds of the parameters of a beta density."""


def resampled(found: Following, tell: Tell | None = None) -> Following:
    """Return the same with more samples where the events are probable."""
    for step in range(ROUNDS):
        told = staged(tell, "sampling again where the events are probable, "
                      f"round {step + 1} of at most {ROUNDS}")
        made = tuple(_more(found, s, step, told) for s in found.structures)
        if all(new is old for new, old in zip(made, found.structures, strict=True)):
            break  # no range, or no sample that allows the events
        found = replace(found, structures=made, resampled=found.resampled + 1)
        if found.effective >= ENOUGH and found.reliable:
            break
    return found


def _ranges(structure: Structure) -> list[tuple[int, Any]]:
    known = structure.compiled.graph.rules.numbers
    return [(k, q) for k, q in enumerate(known.values()) if q.is_range]


def _more(
    found: Following, structure: Structure, step: int, tell: Tell | None = None
) -> Structure:
    """Return a structure with one round of samples more."""
    columns = _ranges(structure)
    if not columns:
        return structure
    kept: list[Any] = list(structure.proposals)
    parts = [p for p in found.pool.parts if p.structure == structure.label]
    like = np.sum([p.weight * p.found.likelihood[-1] for p in parts], axis=0)
    v = np.ones(len(like)) if structure.base is None else structure.base
    weight = np.where(parts[0].found.certified, v * like, 0.0)
    if weight.sum() <= 0:
        return structure
    u = np.stack([rank(q, structure.theta[:, k]) for k, q in columns], axis=1)
    plain = len(structure.theta) - sum(n for n, _, _ in kept)
    n = max(64, plain)
    proposal = _fitted(u, weight)
    drawn = _draw(proposal, n, found.seed + 1 + step)
    theta = np.repeat(structure.compiled.centre[None], n, axis=0)
    for j, (k, q) in enumerate(columns):
        theta[:, k] = q.ppf(drawn[:, j])
    new = solved_structure(structure.label, structure.weight, structure.compiled, theta,
                           found.workers, tell)
    kept.append((n, *proposal))
    everything = np.concatenate([u, drawn])
    total = plain + sum(m for m, _, _ in kept)
    mixture = np.full(len(everything), plain / total)
    for m, a, b in kept:
        density = np.exp(beta_of.logpdf(np.clip(everything, 1e-12, 1 - 1e-12), a, b).sum(axis=1))
        mixture += m / total * (PRIOR + (1 - PRIOR) * density)
    size = len(structure.theta)
    return replace(
        structure, theta=np.concatenate([structure.theta, theta]),
        parts=(*structure.parts, *(replace(p, first=p.first + size) for p in new.parts)),
        base=1.0 / mixture, proposals=tuple(kept))


def _fitted(u: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return the beta densities with the moments of the tempered weights."""
    low, high = 0.0, 1.0
    if effective(weight) < AIM:
        for _ in range(40):
            middle = 0.5 * (low + high)
            if effective(_tempered(weight, middle)) >= AIM:
                low = middle
            else:
                high = middle
        power = low
    else:
        power = 1.0
    w = _tempered(weight, power)
    w = w / w.sum()
    mean = w @ u
    var = np.maximum(w @ (u - mean) ** 2, 1e-6)
    common = np.maximum(mean * (1 - mean) / var - 1.0, 1e-3)
    return (np.clip(mean * common, WIDEST, NARROWEST),
            np.clip((1 - mean) * common, WIDEST, NARROWEST))


def _tempered(weight: Floats, power: float) -> Floats:
    scaled = np.where(weight > 0, weight / weight.max(), 0.0)
    return np.where(scaled > 0, scaled**power, 0.0)


def _draw(proposal: tuple[Floats, Floats], n: int, seed: int) -> Floats:
    """Return points of a proposal, (n, K): a fifth from the prior, the rest from the betas."""
    a, b = proposal
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the count is no power of 2
        u = qmc.Sobol(d=len(a) + 1, scramble=True, seed=seed).random(n)
    inside = np.asarray(beta_of.ppf(np.clip(u[:, 1:], 1e-12, 1 - 1e-12), a, b))
    return np.clip(np.where(u[:, :1] < PRIOR, u[:, 1:], inside), 0.0, 1.0)
