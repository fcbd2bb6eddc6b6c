"""Bargaining games with closed forms: legislative bargaining and alternating offers.

Sources: [baron-ferejohn-1989]; [rubinstein-1982].
"""

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
        Share that the proposer keeps.
    paid : float
        Share of each other member of the smallest winning coalition.
    partners : int
        Number of members that are paid.
    value : float
        Expected share of each member before a proposer is drawn.
    """

    proposer: float
    paid: float
    partners: int
    value: float


def baron_ferejohn(n: int, delta: float = 1.0, quota: int | None = None) -> BaronFerejohn:
    """Divide a unit among n by majority, with a random proposer, a vote and discounting per round.

    The proposer buys ``quota - 1`` votes at their continuation value ``delta / n`` and keeps
    ``1 - delta (quota - 1) / n``. With a simple majority of an odd n this is
    ``1 - delta (n - 1) / (2 n)``. Source: [baron-ferejohn-1989].

    Parameters
    ----------
    n
        Members, at least 2.
    delta
        Discount factor in [0, 1].
    quota
        Votes needed, including the proposer's; a simple majority by default.

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

    Both factors are in [0, 1], and at least one is below 1. Source: [rubinstein-1982].

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
            "both discount factors are 1, and then every division is an equilibrium",
            expected="at least one discount factor below 1",
        )
    return (1 - delta_2) / (1 - delta_1 * delta_2)
