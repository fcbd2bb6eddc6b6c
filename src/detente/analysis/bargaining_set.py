"""The set of agreements on linear issues: efficient frontier, Nash and Kalai-Smorodinsky points.

Two sides divide issues, each with weights that add up. The efficient frontier is then piecewise
linear: from all issues for the first side, each issue passes to the second in the order of the
ratio of the first side's weight to the second's, smallest first (Raiffa 1982). A side's payoff may
bend once, at its public demand, below which it pays an audience cost; the frontier stays concave.
All functions work on S samples at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import Bools, Floats

__all__ = ["Frontier", "Point", "Side", "frontier", "kalai_smorodinsky", "nash", "split"]

TINY = 1e-12


@dataclass(frozen=True)
class Side:
    """One side's payoff from its part V of the stake: ``worth V - cost max(0, D - V) / D``.

    Attributes
    ----------
    weights : (S, K) array
        Its weights on the issues; they sum to 1.
    worth : (S,) array
        Value of the whole stake (stakes).
    demand : (S,) array
        The part D of the stake that it demands in public.
    cost : (S,) array
        Its audience cost of a complete retreat (stakes).
    """

    weights: Floats
    worth: Floats
    demand: Floats
    cost: Floats

    def payoff(self, part: Floats) -> Floats:
        """Return the payoff from a part of the stake, (S, P)."""
        demand = self.demand[:, None]
        short = np.maximum(0.0, demand - part) / np.where(demand > 0, demand, 1.0)
        return np.asarray(self.worth[:, None] * part - self.cost[:, None] * short)


@dataclass(frozen=True)
class Frontier:
    """A path of agreements from the first side's best to the second's.

    Attributes
    ----------
    shares : (S, P, K) array
        The share of each issue that the first side has at each point.
    payoff : (S, P, 2) array
        Both sides' payoffs (stakes). Between two neighbours they are linear.
    """

    shares: Floats
    payoff: Floats


@dataclass(frozen=True)
class Point:
    """A point of a frontier in each sample; nan where no agreement is better for both sides.

    Attributes
    ----------
    gain : (S, 2) array
        Gains over the disagreement point (stakes).
    shares : (S, K) array
        The share of each issue that the first side has there.
    """

    gain: Floats
    shares: Floats

    @property
    def exists(self) -> Bools:
        """The samples in which there is such a point, (S,)."""
        return np.asarray(~np.isnan(self.gain[:, 0]))


def frontier(first: Side, second: Side, low: Floats, high: Floats) -> Frontier:
    """Return the efficient frontier.

    Parameters
    ----------
    first, second : Side
    low, high : (S, K) array
        The least and the greatest share of each issue that the first side may have.

    Examples
    --------
    Two issues, each worth 0.8 to one side and 0.2 to the other: a full trade gives 0.8 to both.

    >>> one = np.ones(1)
    >>> a = Side(np.array([[0.8, 0.2]]), one, one, 0 * one)
    >>> b = Side(np.array([[0.2, 0.8]]), one, one, 0 * one)
    >>> made = frontier(a, b, np.zeros((1, 2)), np.ones((1, 2)))
    >>> np.unique(made.payoff[0].round(6), axis=0).tolist()
    [[0.0, 1.0], [0.8, 0.8], [1.0, 0.0]]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = first.weights / second.weights
    order = np.argsort(np.nan_to_num(ratio, nan=1.0, posinf=np.inf), axis=1, kind="stable")
    rank = np.argsort(order, axis=1)
    k = rank.shape[1]
    shares = np.where(rank[:, None, :] < np.arange(k + 1)[None, :, None],
                      low[:, None, :], high[:, None, :])
    return _bent(first, second, shares)


def split(first: Side, second: Side, low: Floats, high: Floats) -> Frontier:
    """Return the agreements that divide every issue in the same proportion."""
    return _bent(first, second, np.stack([high, low], axis=1))


def _bent(first: Side, second: Side, shares: Floats) -> Frontier:
    """Return a path through some shares, with points added where a side meets its demand."""
    parts = (np.einsum("spk,sk->sp", shares, first.weights),
             np.einsum("spk,sk->sp", 1 - shares, second.weights))
    points = shares.shape[1]
    at = [np.broadcast_to(np.arange(points, dtype=float), shares.shape[:2])]
    for part, side, sign in ((parts[0], first, -1.0), (parts[1], second, 1.0)):
        step = sign * np.diff(part, axis=1)
        gone = sign * (side.demand[:, None] - part[:, :-1])
        passed = np.clip(gone / np.where(step > TINY, step, 1.0), 0.0, 1.0)
        at.append(np.where(step > TINY, passed, (gone > 0).astype(float)).sum(1, keepdims=True))
    where = np.sort(np.concatenate(at, axis=1), axis=1)
    base = np.minimum(where.astype(int), points - 2)
    rest = (where - base)[:, :, None]
    left = np.take_along_axis(shares, base[:, :, None], axis=1)
    right = np.take_along_axis(shares, base[:, :, None] + 1, axis=1)
    path = left * (1 - rest) + right * rest
    payoff = np.stack([
        first.payoff(np.einsum("spk,sk->sp", path, first.weights)),
        second.payoff(np.einsum("spk,sk->sp", 1 - path, second.weights))], axis=2)
    return Frontier(path, payoff)


def nash(made: Frontier, disagreement: Floats) -> Point:
    """Return the point with the greatest product of gains (Nash 1950).

    On each linear piece the product is a quadratic, maximised in closed form.

    Examples
    --------
    A stake of 1 with payoffs 0.2 and 0.4 without agreement: each side gains half of the surplus.

    >>> one = np.ones(1)
    >>> side = Side(np.ones((1, 1)), one, one, 0 * one)
    >>> line = frontier(side, side, np.zeros((1, 1)), np.ones((1, 1)))
    >>> nash(line, np.array([[0.2, 0.4]])).gain.round(6).tolist()
    [[0.2, 0.2]]
    """
    gain = made.payoff - disagreement[:, None, :]
    x, y = gain[:, :-1, 0], gain[:, :-1, 1]
    dx, dy = gain[:, 1:, 0] - x, gain[:, 1:, 1] - y
    falls, rises = dx < -TINY, dy > TINY
    least = np.where(rises, np.clip(-y / np.where(rises, dy, 1.0), 0.0, None), 0.0)
    most = np.where(falls, np.clip(x / np.where(falls, -dx, 1.0), None, 1.0), 1.0)
    bent = falls & rises
    best = np.where(bent, -(x * dy + y * dx) / np.where(bent, 2 * dx * dy, 1.0),
                    np.where(falls, 0.0, 1.0))
    t = np.clip(best, least, np.maximum(least, most))
    product = np.where((least <= most) & (x + t * dx >= -TINY) & (y + t * dy >= -TINY),
                       (x + t * dx) * (y + t * dy), -np.inf)
    return _point(made, disagreement, product, t, product.max(axis=1) > TINY)


def kalai_smorodinsky(made: Frontier, disagreement: Floats) -> Point:
    """Return the efficient point with gains in proportion to the largest possible gains.

    The largest gain of a side is the one at which the other has no loss (Kalai & Smorodinsky 1975).

    Examples
    --------
    >>> one = np.ones(1)
    >>> side = Side(np.ones((1, 1)), one, one, 0 * one)
    >>> line = frontier(side, side, np.zeros((1, 1)), np.ones((1, 1)))
    >>> kalai_smorodinsky(line, np.array([[0.2, 0.4]])).gain.round(6).tolist()
    [[0.2, 0.2]]
    """
    gain = made.payoff - disagreement[:, None, :]
    ideal = _ideal(gain)
    exists = (ideal > TINY).all(axis=1) & nash(made, disagreement).exists
    safe = np.where(ideal > TINY, ideal, 1.0)
    lead = gain[:, :, 0] / safe[:, :1] - gain[:, :, 1] / safe[:, 1:]
    before, after = lead[:, :-1], lead[:, 1:]
    crosses = (before >= -TINY) & (after <= TINY)
    fall = before - after
    t = np.clip(before / np.where(fall > TINY, fall, 1.0), 0.0, 1.0)
    score = np.where(crosses, 1.0, -np.inf)
    return _point(made, disagreement, score, t, exists & crosses.any(axis=1))


def _ideal(gain: Floats) -> Floats:
    """Return the largest gain of each side where the other has no loss, (S, 2)."""
    out = np.full((len(gain), 2), -np.inf)
    for i in (0, 1):
        mine, other = gain[:, :, i], gain[:, :, 1 - i]
        out[:, i] = np.where(other >= -TINY, mine, -np.inf).max(axis=1)
        step = np.diff(other, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.where(np.abs(step) > TINY, -other[:, :-1] / step, np.nan)
        inside = (t >= 0) & (t <= 1)
        there = mine[:, :-1] + np.where(inside, t, 0.0) * np.diff(mine, axis=1)
        out[:, i] = np.maximum(out[:, i], np.where(inside, there, -np.inf).max(axis=1))
    return out


def _point(made: Frontier, disagreement: Floats, score: Floats, t: Floats, exists: Bools) -> Point:
    """Return the point at position ``t`` of the piece with the greatest score."""
    piece = score.argmax(axis=1)
    row = np.arange(len(piece))
    rest = t[row, piece][:, None]

    def between(values: Floats) -> Floats:
        found = values[row, piece] * (1 - rest) + values[row, piece + 1] * rest
        return np.where(exists[:, None], found, np.nan)

    return Point(between(made.payoff) - disagreement, between(made.shares))
