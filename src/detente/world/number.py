"""A number about the world with its interval: a share of draws, or a base rate of history."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from detente.arrays import Floats
from detente.errors import DetenteError
from detente.intervals import wilson

__all__ = ["Number", "effective", "needs", "rate", "rate_draws", "share"]


@dataclass(frozen=True)
class Number:
    """A number about the world with its interval.

    Attributes
    ----------
    value, low, high : float
        The share and its 95 % interval; nan if the definition has no answer.
    count : float
        Draws, or the observations of a rate; if these depend on one another, their effective
        number.
    counted : str
        The count in words, such as ``174 of 512 draws``.
    why : str
        The reason if there is no answer.
    unit : str
        ``share``, or the unit of a rate that is not one, such as ``correlation``.
    """

    value: float
    low: float
    high: float
    count: float
    counted: str
    why: str = ""
    unit: str = "share"

    @classmethod
    def none(cls, why: str) -> Number:
        """Return no answer, with the reason."""
        return cls(nan, nan, nan, 0.0, "", why)


def needs(name: str) -> list[str]:
    """Return the data sets without which a rate has no answer."""
    from detente.history.base_rates import base_rates

    return list(base_rates()[name].needs)


def share(drawn: Floats) -> Number:
    """Return the share of draws with its interval.

    Examples
    --------
    >>> share(np.array([1.0, 0.0, 0.0, 0.0])).counted
    '1 of 4 draws'
    """
    n = len(drawn)
    if np.isnan(drawn).any():
        return Number.none("no chain of ties joins the states")
    hits = int(drawn.sum())
    if n == 1:
        return Number(float(hits), float(hits), float(hits), 1.0, "no range in the ties")
    low, high = wilson(hits, n)
    return Number(hits / n, low, high, float(n), f"{hits} of {n} draws")


def rate(name: str) -> Number:
    """Return a base rate with its clustered interval; with the plain one if it has no clusters.

    A damaged file, or an extra that is not installed, gives no answer. An answer is kept beside the
    data, see `detente.world.kept_rates`.
    """
    from dataclasses import asdict

    from detente.world.kept_rates import keep, kept

    if (held := kept(name)) is not None:
        return Number(**held)
    found = _counted(name)
    if not np.isnan([found.value, found.low, found.high]).any():
        keep(name, {k: v for k, v in asdict(found).items() if k != "why"})
    return found


def _counted(name: str) -> Number:
    from detente.history.rates import answer

    try:
        found = answer(name)
    except DetenteError as error:
        return Number.none(str(error))
    if not found.n:
        return Number.none("the data has nothing to count")
    low, high = found.clustered or (found.low, found.high)
    if found.hits is None:
        if np.isnan(low):
            low = high = found.value
        return Number(found.value, low, high, float(found.n), f"n = {found.n:,}",
                      unit=found.question.unit)
    return Number(found.share, low, high, effective(found.share, low, high),
                  f"{found.hits:,} of {found.n:,}")


def effective(share: float, low: float, high: float) -> float:
    """Return the number of independent observations whose Wilson interval is the one given.

    With ``a = z^2 / n`` the width w of the interval is
    ``2 sqrt(a p (1 - p) + a^2 / 4) / (1 + a)``, a quadratic equation in a.

    Examples
    --------
    >>> round(effective(0.25, *wilson(10, 40)), 6), round(effective(0, *wilson(0, 30)), 6)
    (40.0, 30.0)
    """
    from statistics import NormalDist

    z, w, pq = NormalDist().inv_cdf(0.975), high - low, share * (1 - share)
    first, second = (1 - w * w) / 4, w * w / 2 - pq
    a = (second + sqrt(second * second + first * w * w)) / (2 * first)
    return z * z / a


def rate_draws(number: Number, u: Floats) -> Floats:
    """Return draws of a rate at some quantiles: the posterior Beta under Jeffreys' prior.

    Its counts are the effective observations, so that it is about as wide as the clustered
    interval. A rate that is not a share is drawn from the normal distribution with its interval.

    Examples
    --------
    >>> n = Number(0.25, *wilson(10, 40), 40.0, "10 of 40")
    >>> rate_draws(n, np.array([0.025, 0.5, 0.975])).round(2).tolist()
    [0.14, 0.25, 0.4]
    """
    from scipy.special import betaincinv, ndtri

    if number.unit != "share":
        spread = (number.high - number.low) / (2 * ndtri(0.975))
        return np.asarray(number.value + spread * ndtri(u))
    hits = number.value * number.count
    return np.asarray(betaincinv(hits + 0.5, number.count - hits + 0.5, u))
