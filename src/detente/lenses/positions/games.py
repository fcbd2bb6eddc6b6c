"""Bargaining with closed forms: legislative bargaining and alternating offers."""

from __future__ import annotations

from dataclasses import dataclass

from detente.errors import InputError

__all__ = ["BaronFerejohn", "baron_ferejohn", "rubinstein"]


@dataclass(frozen=True)
class BaronFerejohn:
    """The stationary equilibrium of legislative bargaining, closed rule.

    Attributes
    ----------
    proposer : float
        What the proposer keeps.
    paid : float
        What each member of the smallest winning coalition receives.
    partners : int
        How many are paid.
    value : float
        What everyone expects before a proposer is drawn.
    """

    proposer: float
    paid: float
    partners: int
    value: float


def baron_ferejohn(n: int, delta: float = 1.0, quota: int | None = None) -> BaronFerejohn:
    """Divide a unit among n by majority: a proposer drawn evenly, a vote, discounting in between.

    The proposer buys the ``quota - 1`` cheapest votes at their continuation value ``delta / n`` and
    keeps ``1 - delta (quota - 1) / n``; with a majority of an odd n that is
    ``1 - delta (n - 1) / (2 n)``. Source: Baron & Ferejohn 1989.

    Parameters
    ----------
    n
        Members, at least 2.
    delta
        Discount factor in [0, 1].
    quota
        Votes needed, the proposer's included; a simple majority unless given.

    Examples
    --------
    >>> round(baron_ferejohn(3).proposer, 6)
    0.666667
    """
    quota = n // 2 + 1 if quota is None else quota
    if n < 2 or not 1 <= quota <= n:
        raise InputError(
            f"{n} members with a quota of {quota}", expected="a quota from 1 to n >= 2"
        )
    if not 0 <= delta <= 1:
        raise InputError(f"the discount factor is {delta:g}", expected="a number from 0 to 1")
    return BaronFerejohn(1 - delta * (quota - 1) / n, delta / n, quota - 1, 1 / n)


def rubinstein(delta_1: float, delta_2: float) -> float:
    """Return the first proposer's share under alternating offers: (1 - d2) / (1 - d1 d2).

    Source: Rubinstein 1982. Both factors lie in [0, 1), one of them may be 1.

    Examples
    --------
    >>> round(rubinstein(0.9, 0.9), 6)
    0.526316
    """
    for delta in (delta_1, delta_2):
        if not 0 <= delta <= 1:
            raise InputError(f"the discount factor is {delta:g}", expected="a number from 0 to 1")
    if delta_1 == delta_2 == 1:
        raise InputError(
            "with nobody impatient every division is an equilibrium",
            expected="a discount factor below 1",
        )
    return (1 - delta_2) / (1 - delta_1 * delta_2)
