"""The spatial model with a probabilistic Condorcet election.

Every position of an actor is an option. Actor k votes for the nearer of two options with strength
``c s (u_k(i) - u_k(j))``, and utility falls linearly with distance. Option i beats j with
probability (votes for i) / (votes for i + votes for j). The winner is random, in one of two
readings. ``conditional``: the winner beats every other option (``p_i`` proportional to
``prod_j P_ij``). ``markov``: the stationary distribution of a contest in which a random option
challenges the current winner. Source: [wise-lester-efird-2015].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import Floats
from detente.errors import InputError
from detente.lenses.positions.positions import Positions

__all__ = ["ELECTIONS", "Election", "election", "spatial_mean"]

ELECTIONS = ("conditional", "markov")


@dataclass(frozen=True)
class Election:
    """The options and their probabilities of winning.

    Attributes
    ----------
    options : (K, D)
        The distinct positions, on D issues.
    holders : tuple of tuple of str
        Actors with each position.
    beats : (K, K)
        Probability that the row option beats the column option.
    probability : (K,)
    mean : (D,)
        The expected outcome.
    """

    options: Floats
    holders: tuple[tuple[str, ...], ...]
    beats: Floats
    probability: Floats
    mean: Floats


def election(table: Positions, kind: str = "conditional") -> Election:
    """Compute the election over all issues of the table together.

    Distances are Euclidean over the issues, each scaled to length 1 and weighted by the actor's
    salience. With one issue this is the ordinary distance. Actors without a position on one of the
    issues are omitted.

    Raises
    ------
    InputError
        Fewer than two actors have all positions, or ``kind`` does not exist.

    Examples
    --------
    >>> from detente.lenses.positions.canon import eu_cars
    >>> found = election(eu_cars())
    >>> found.options[:, 0].tolist(), found.probability.round(3).tolist()
    ([4.0, 7.0, 10.0], [0.205, 0.42, 0.376])
    """
    if kind not in ELECTIONS:
        raise InputError(f"no election is called {kind!r}", expected=" or ".join(ELECTIONS))
    who = np.nonzero(table.here.all(axis=1))[0]
    if len(who) < 2:
        raise InputError("fewer than two actors have a position on every issue",
                         expected="at least two such actors, or fewer issues")
    x = table.position[who]
    options, member = np.unique(x, axis=0, return_inverse=True)
    member = member.reshape(-1)
    salience = table.salience[who]
    scaled = (x[:, None, :] - options[None, :, :]) / table.range
    total = salience.sum(axis=1, keepdims=True)
    share = np.where(total > 0, salience / np.where(total > 0, total, 1.0), 0.0)
    distance = np.sqrt((share[:, None, :] * scaled**2).sum(-1))
    weight = (table.capability[who] * salience).sum(axis=1)
    beats = _beats(-distance[None], weight[None])[0]
    p = (_conditional if kind == "conditional" else _markov)(beats[None])[0]
    holders = tuple(
        tuple(table.actors[who[a]] for a in np.nonzero(member == k)[0]) for k in range(len(options))
    )
    return Election(options, holders, beats, p, p @ options)


def spatial_mean(x: Floats, weight: Floats, span: float, options: Floats) -> Floats:
    """Return the expected outcome of the conditional election on one issue, for many tables.

    The options are those of the given table, although the actors' positions vary. If the options
    were the positions of each draw, near copies of an option would split its probability.

    Parameters
    ----------
    x, weight : (B, A)
        Positions and voting strength of B tables.
    span
        Length of the scale.
    options : (K,)
        Distinct positions that can win.

    Returns
    -------
    (B,)
    """
    out = np.empty(len(x))
    size = max(1, 4_000_000 // (x.shape[1] * len(options) ** 2))
    for first in range(0, len(x), size):
        part = slice(first, first + size)
        utility = -np.abs(x[part][:, :, None] - options) / span
        p = _conditional(_beats(utility, weight[part]))
        out[part] = p @ options
    return out


def _beats(utility: Floats, weight: Floats) -> Floats:
    """Probability that one option beats another, (B, K, K); utility is (B, A, K)."""
    better = utility[:, :, :, None] - utility[:, :, None, :]
    strength = (weight[:, :, None, None] * np.maximum(better, 0.0)).sum(axis=1)
    both = strength + strength.transpose(0, 2, 1)
    return np.where(both > 0, strength / np.where(both > 0, both, 1.0), 0.5)


def _conditional(beats: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        log = np.log(beats).sum(axis=-1)
    best = log.max(axis=-1, keepdims=True)
    p = np.where(np.isneginf(best), 1.0, np.exp(log - np.where(np.isneginf(best), 0.0, best)))
    return np.asarray(p / p.sum(axis=-1, keepdims=True))


def _markov(beats: Floats) -> Floats:
    """Solve ``p_i = sum_j P_ij (p_i + p_j) / K`` with sum 1."""
    size = beats.shape[-1]
    system = beats / size
    rows = np.arange(size)
    system = system.copy()
    system[..., rows, rows] += beats.sum(axis=-1) / size - 1.0
    system[..., 0, :] = 1.0
    right = np.zeros((*beats.shape[:-2], size, 1))
    right[..., 0, 0] = 1.0
    return np.asarray(np.linalg.solve(system, right)[..., 0])
