"""Power in weighted voting, exactly, by generating functions.

The numbers of coalitions by size and weight are the coefficients of ``prod_j (1 + y z^w_j)``
[mann-shapley-1962]. One table for all voters is built once, and each voter is divided out of it.
All numbers are integers, so that the result is exact for a hundred voters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import comb, gcd

from detente.errors import InputError, SizeError

__all__ = ["Power", "power", "with_vetoes"]

MOST_CELLS = 4_000_000


@dataclass(frozen=True)
class Power:
    """Power indices of each voter, as exact fractions.

    Attributes
    ----------
    voters : tuple of str
    shapley_shubik : tuple of Fraction
        Share of orders in which the voter is pivotal; they sum to 1.
    banzhaf : tuple of Fraction
        Swings as a share of all swings (normalised); they sum to 1.
    penrose : tuple of Fraction
        Probability that the voter is decisive if all others vote at random (absolute Banzhaf).
    winning : int
        Number of winning coalitions.
    """

    voters: tuple[str, ...]
    shapley_shubik: tuple[Fraction, ...]
    banzhaf: tuple[Fraction, ...]
    penrose: tuple[Fraction, ...]
    winning: int


def with_vetoes(
    votes: Mapping[str, int], quota: int, vetoes: Sequence[str]
) -> tuple[dict[str, int], int]:
    """Return weights and a quota that give some voters a veto in addition to their votes.

    Examples
    --------
    The Security Council: nine of fifteen votes, and five members with a veto.

    >>> council = {f"P{k}": 1 for k in range(5)} | {f"E{k}": 1 for k in range(10)}
    >>> with_vetoes(council, 9, [f"P{k}" for k in range(5)])[1]
    44
    """
    # without one veto player, all other voters together must stay below the quota
    bonus = sum(votes.values()) - quota + 1
    missing = [v for v in vetoes if v not in votes]
    if missing:
        raise InputError(f"no voter is called {missing[0]!r}",
                         expected="voters with a veto that are among the weights")
    weights = {v: w + (bonus if v in vetoes else 0) for v, w in votes.items()}
    return weights, quota + bonus * len(set(vetoes))


def power(weights: Mapping[str, int], quota: int) -> Power:
    """Compute Shapley-Shubik and Banzhaf power.

    Parameters
    ----------
    weights
        Votes of each voter, whole numbers of at least 0.
    quota
        Votes needed, at least 1 and at most the sum of weights.

    Raises
    ------
    InputError
        A weight or the quota is out of range.
    SizeError
        The weights are too large for an exact count.

    Examples
    --------
    In the European Economic Community of 1958 Luxembourg had a vote and no power:

    >>> eec = {"Germany": 4, "France": 4, "Italy": 4, "Belgium": 2, "Netherlands": 2,
    ...        "Luxembourg": 1}
    >>> found = power(eec, 12)
    >>> [round(float(x), 4) for x in found.shapley_shubik]
    [0.2333, 0.2333, 0.2333, 0.15, 0.15, 0.0]
    """
    values = list(weights.values())
    _check(weights, quota)
    common = reduce(gcd, values)
    values = [w // common for w in values]
    quota = -(-quota // common)
    n = len(values)
    # a swing needs a coalition below the quota, so heavier coalitions are not counted
    if (n + 1) * quota > MOST_CELLS:
        raise SizeError(
            f"{n} voters with a quota of {quota:,} are too many for an exact count",
            expected="smaller whole weights in the same proportion",
        )
    table = _coalitions(values, quota)
    by_weight: dict[int, tuple[Fraction, int]] = {}
    for w in set(values):
        swings = _swings(_divide(table, w, quota), w, quota)
        orders = sum(
            (Fraction(count, n * comb(n - 1, size)) for size, count in enumerate(swings) if count),
            Fraction(0),
        )
        by_weight[w] = (orders, sum(swings))
    total = sum(by_weight[w][1] for w in values)
    losing = sum(sum(row) for row in table)
    return Power(
        tuple(weights),
        tuple(by_weight[w][0] for w in values),
        tuple(Fraction(by_weight[w][1], total) for w in values),
        tuple(Fraction(by_weight[w][1], 2 ** (n - 1)) for w in values),
        2**n - losing,
    )


def _check(weights: Mapping[str, int], quota: int) -> None:
    if len(weights) < 1:
        raise InputError("there are no voters", expected="at least one voter")
    for voter, w in weights.items():
        if not isinstance(w, int) or isinstance(w, bool) or w < 0:
            raise InputError(f"the weight of {voter!r} is {w!r}", expected="a whole number from 0")
    if not 1 <= quota <= sum(weights.values()):
        raise InputError(
            f"the quota is {quota}", expected=f"from 1 to all {sum(weights.values())} votes"
        )


def _coalitions(values: Sequence[int], quota: int) -> list[list[int]]:
    """Return counts[weight][size] of coalitions lighter than the quota."""
    n = len(values)
    counts = [[0] * (n + 1) for _ in range(quota)]
    counts[0][0] = 1
    reach = 0
    for k, w in enumerate(values):
        reach = min(quota - 1, reach + w)
        for total in range(reach, w - 1, -1):
            source, row = counts[total - w], counts[total]
            for size in range(k, -1, -1):
                if source[size]:
                    row[size + 1] += source[size]
    return counts


def _divide(table: list[list[int]], w: int, quota: int) -> list[list[int]]:
    """Return the table without one voter of weight w."""
    out = [row.copy() for row in table]
    for total in range(quota):
        if w == 0:
            for size in range(1, len(out[total])):
                out[total][size] -= out[total][size - 1]
        elif total >= w:
            source, row = out[total - w], out[total]
            for size in range(1, len(row)):
                row[size] -= source[size - 1]
    return out


def _swings(rest: list[list[int]], w: int, quota: int) -> list[int]:
    """Return by size the number of losing coalitions that win with the voter."""
    n = len(rest[0])
    out = [0] * n
    for total in range(max(0, quota - w), quota):
        for size, count in enumerate(rest[total]):
            out[size] += count
    return out
