"""First-order indices from the samples already there (given-data estimation).

The share of an output's variance that one input explains by itself is ``Var(E[Y | X]) / Var(Y)``.
With the samples sorted by X and cut into classes of equal size, the means of the classes estimate
``E[Y | X]``. Their spread is too large by the noise within the classes, which is subtracted
(omega squared of the analysis of variance). No further game is solved.

Columns of a Sobol' sequence are independent only in the limit. Among 34 inputs some pair of columns
is always related in a finite sample, and an input without an effect then gets the share of its
partner: with 64 points 74 %, with 1,024 still 9 %. So the inputs are taken in the order of their
shares, and the effect of each is removed from the output before the next one is estimated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import Floats, Ints

__all__ = ["Shares", "first_order"]

LEAST = 0.01
"""Share of the variance from which an effect is removed before the next is estimated."""
GROUPS = 32
"""Groups of samples left out in turn for the intervals."""
Z = 1.645
"""Standard errors on each side of a 90 % interval."""


@dataclass(frozen=True)
class Shares:
    """First-order indices with 90 % intervals.

    Attributes
    ----------
    share, low, high : (K,) arrays
        Share of the variance that each input explains by itself; nan if the output does not vary.
    samples : int
    """

    share: Floats
    low: Floats
    high: Floats
    samples: int


def first_order(x: Floats, y: Floats, weights: Floats | None = None) -> Shares:
    """Estimate first-order indices from samples of independent inputs.

    Parameters
    ----------
    x : (S, K) array
        Inputs.
    y : (S,) array
        Output.
    weights : (S,) array, optional
        How many samples each one counts for; 1 each if not given.

    Returns
    -------
    Shares
        Intervals by leaving out one of 32 groups of samples at a time (the grouped jackknife).

    References
    ----------
    Plischke, Borgonovo & Smith 2013, "Global sensitivity measures from given data". Hays 1963 for
    omega squared.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> x = rng.random((8192, 3))
    >>> found = first_order(x, 2 * x[:, 0] + x[:, 1])
    >>> (np.abs(found.share - [0.8, 0.2, 0.0]) < 0.03).tolist()
    [True, True, True]
    """
    n, inputs = x.shape
    w = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
    classes = int(np.clip(n // 40, 4, 32))
    labels = [_classes(x[:, k], classes) for k in range(inputs)]
    shares, order = _in_turn(labels, y, w, classes)
    group = np.arange(n) % min(GROUPS, max(n // 2, 1))
    away = np.array([_in_turn(labels, y, np.where(group == g, 0.0, w), classes, order)[0]
                     for g in np.unique(group) if w[group != g].any()])
    m = len(away)
    error = (np.sqrt((m - 1) / m * ((away - away.mean(axis=0)) ** 2).sum(axis=0))
             if m > 1 else np.ones(inputs))  # all weight in one group: nothing is known
    low, high = np.clip(shares - Z * error, 0, 1), np.clip(shares + Z * error, 0, 1)
    return Shares(np.clip(shares, 0, 1), low, high, n)


def _in_turn(
    labels: list[Ints], y: Floats, w: Floats, classes: int, order: list[int] | None = None
) -> tuple[Floats, list[int]]:
    """Return each input's share, and the inputs whose effects were removed, in their order.

    Without an ``order`` the input with the largest share is next, as long as that is clear.
    """
    shares = np.full(len(labels), np.nan)
    whole, rest = _variance(y, w), np.asarray(y, dtype=float)
    if whole <= 0:
        return shares, []
    left = list(range(len(labels)))
    removed: list[int] = []
    size = float(w.sum() ** 2 / (w**2).sum())  # effective number of samples

    def share(k: int) -> float:
        # The means of the classes that were removed took a part of the others' effects along.
        kept = 1.0 - len(removed) * (classes - 1) / (size - 1)
        return _omega(labels[k], rest, w, classes) * _variance(rest, w) / whole / max(kept, 0.5)

    while left:
        if order is None:
            found = {k: share(k) for k in left}
            best = max(found, key=lambda k: found[k])
            if not found[best] >= LEAST:
                break
        elif len(removed) == len(order):
            break
        else:
            best = order[len(removed)]
        shares[best] = share(best)
        rest = rest - _means(labels[best], rest, w, classes)[labels[best]]
        left.remove(best)
        removed.append(best)
    for k in left:
        shares[k] = share(k)
    return shares, removed


def _variance(y: Floats, w: Floats) -> float:
    mean = float((w * y).sum() / w.sum())
    return float((w * (y - mean) ** 2).sum() / w.sum())


def _means(labels: Ints, y: Floats, w: Floats, classes: int) -> Floats:
    """Return the mean of each class; 0 for one without a sample."""
    weight = np.bincount(labels, weights=w, minlength=classes)
    total = np.bincount(labels, weights=w * y, minlength=classes)
    return np.divide(total, weight, out=np.zeros(classes), where=weight > 0)


def _classes(x: Floats, count: int) -> Ints:
    """Return the class of each sample: equal sizes, in the order of the input."""
    rank = np.empty(len(x), dtype=np.int64)
    rank[np.argsort(x, kind="stable")] = np.arange(len(x))
    return rank * count // len(x)


def _omega(labels: Ints, y: Floats, w: Floats, classes: int) -> float:
    """Return omega squared: the variance between classes without the noise within them."""
    weight = np.bincount(labels, weights=w, minlength=classes)
    used = weight > 0
    mean = np.bincount(labels, weights=w * y, minlength=classes)[used] / weight[used]
    whole = float((w * y).sum() / w.sum())
    between = float((weight[used] * (mean - whole) ** 2).sum())
    total = float((w * (y - whole) ** 2).sum())
    size = float(w.sum() ** 2 / (w**2).sum())  # effective number of samples
    k = int(used.sum())
    if total <= 1e-300 or size <= k:
        return float("nan")
    noise = (total - between) / (size - k)
    return float((between - (k - 1) * noise) / (total + noise))
