"""How much of a number's variation one input explains by itself."""

from __future__ import annotations

import numpy as np

from detente.arrays import Floats

__all__ = ["correlation_ratio"]


def correlation_ratio(x: Floats, y: Floats) -> float:
    """Return the correlation ratio of ``y`` on ``x`` (Pearson 1905), less what chance would give.

    Over eight classes of equal size of ``x`` (fewer where samples are few); an estimate of the
    first-order Sobol' index from samples that are there anyway.

    Examples
    --------
    >>> x = np.linspace(0, 1, 512)
    >>> round(correlation_ratio(x, x), 2), correlation_ratio(x, 0 * x)
    (0.98, 0.0)
    """
    total = float(((y - y.mean()) ** 2).sum()) if len(y) else 0.0
    if total <= 0:
        return 0.0
    bins = min(8, max(2, len(y) // 8))
    order = np.argsort(x, kind="stable")
    parts = [b for b in np.array_split(order, bins) if len(b)]
    between = sum(len(b) * (y[b].mean() - y.mean()) ** 2 for b in parts)
    by_chance = (bins - 1) / max(len(y) - 1, 1)
    return float(max(0.0, (between / total - by_chance) / max(1 - by_chance, 1e-9)))
