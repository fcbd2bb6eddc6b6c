"""9c. The convergence of unlike beliefs (Smith & Stam 2004).

Story
    Two sides have different priors about which would win. Both learn the same from each battle, so
    that their beliefs converge. Fighting ends once both prefer some agreement to another battle.
Players, moves, payoffs
    Beta priors of equal strength N over the chance that A wins, whose means differ by gap. Battles
    are fought one by one. After each battle A may demand a share, which B accepts or refuses.
Equilibrium
    The gap after n battles is ``gap N/(N + n)`` whatever the outcomes; war ends at
    ``n* = max(0, ceil(N (gap/(c_A + c_B) - 1)))``, as soon as a bargaining range exists (the
    sides are myopic).
Source
    After [smith-stam-2004].
Solver
    The ultimatum game after n battles, with different priors about which side is stronger. Solving
    it after every battle up to the horizon gives the battle at which war ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING

from detente.errors import SizeError
from detente.game import chance_by_type, decide, end, tree
from detente.theory._tools import cells, curves, joined, labelled
from detente.theory.base import Model, ModelSolution, Parameter, need, power

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.render.section import Chart

__all__ = ["MODEL", "unlike_beliefs"]

BATTLES = 300
"""Largest number of battles that the solver handles."""


def unlike_beliefs(gap: float, N: float, cost: float, n: float) -> dict[str, float]:
    """Return the battle at which war ends, and the gap and the probability of war after n battles.

    Raises
    ------
    InputError
        Unless ``0 <= gap <= 1, N > 0, cost > 0, n >= 0``.

    Examples
    --------
    >>> [unlike_beliefs(*x, 0)["ends"] for x in ((.4, 10, .15), (.3, 20, .1), (.2, 5, .25))]
    [17.0, 40.0, 0.0]
    """
    need(0 <= gap <= 1, "0 <= gap <= 1", gap=gap)
    need(N > 0, "N > 0", N=N)
    need(cost > 0, "cost > 0", cost=cost)
    need(n >= 0, "n >= 0", n=n)
    now = gap * N / (N + n)
    return {"ends": float(max(0, ceil(N * (gap / cost - 1) - 1e-9))), "gap_now": now,
            "war": float(now > cost)}


def _after(gap: float, cost: float, grid: int, lam: float) -> Equilibrium:
    """Solve one demand. A's belief in its victory is 1/2 + gap/2, B's is 1/2 - gap/2.

    A dummy player's type is the true balance. The grid of demands includes 1/2, the only agreement
    if gap and costs are equal. Attacking has the menu weight of all demands together.
    """
    from detente.equilibrium import solve

    offers = cells(0, 1, grid | 1)
    demands = labelled("demand", offers, 4)
    mine, theirs = [(1 + gap) / 2, (1 - gap) / 2], [(1 - gap) / 2, (1 + gap) / 2]
    war = chance_by_type("truth", {
        "A wins": ([1, 0], end("war", A=1 - cost / 2, B=-cost / 2)),
        "B wins": ([0, 1], end("war", A=-cost / 2, B=1 - cost / 2))})
    moves = {name: decide("B", {"accept": end("deal", A=x, B=1 - x), "fight": war})
             for name, x in zip(demands, offers, strict=True)}
    return solve(tree(
        {"A": 1, "B": 1, "truth": {"A is stronger": 0.5, "B is stronger": 0.5}},
        decide("A", {"attack": war, **moves},
               weights={"attack": 1.0, **dict.fromkeys(demands, 1.0 / len(demands))}),
        observer_prior={"A": {"truth": mine}, "B": {"truth": theirs}}), lam)


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    """Solve after n battles, and after every battle from the first until an agreement is made."""
    gap, N, cost = v["gap"], v["N"], v["cost"]
    if unlike_beliefs(**v)["ends"] > BATTLES:
        raise SizeError(f"war lasts more than {BATTLES} battles",
                        expected="a smaller gap, weaker priors or higher costs")
    now = _after(unlike_beliefs(**v)["gap_now"], cost, grid, lam)
    played = [now]
    n = 0
    while True:
        at = _after(gap * N / (N + n), cost, grid, lam)
        played.append(at)
        if at.outcomes()["war"] < 0.5:
            break
        n += 1
        if n > BATTLES:
            raise SizeError(f"war lasts more than {BATTLES} battles",
                             expected="a smaller gap, weaker priors or higher costs")
    return ModelSolution({"war": now.outcomes()["war"], "ends": float(n)}, joined(played))


def _chart(v: Mapping[str, float]) -> Chart:
    last = int(max(unlike_beliefs(**v)["ends"] * 1.5, 10))
    ns = list(range(last + 1))
    return curves(
        "Convergence of beliefs by number of battles", "The gap between the two sides' beliefs "
        "falls "
        "with the number of battles. Fighting stops once it is below the sum of costs.",
        "battles fought", "gap between the two chances of victory",
        {"gap": (ns, [unlike_beliefs(**{**v, "n": n})["gap_now"] for n in ns]),
         "sum of costs": (ns, [v["cost"]] * len(ns))}, at=unlike_beliefs(**v)["ends"])


MODEL = Model(
    "smith-stam-2004", "9c", "Convergence of unlike beliefs",
    "after Smith & Stam (2004), Journal of Conflict Resolution 48",
    "war lasts until battles have brought beliefs close enough, whatever their outcomes",
    (Parameter("gap", 0.4, "initial gap between the two sides' probabilities of A's victory", "0 "
    "<= gap <= 1"),
     Parameter("N", 10.0, "strength of the priors, in battles", "N > 0"),
     Parameter("cost", 0.15, "sum of both sides' costs of war", "cost > 0"),
     Parameter("n", 5.0, "battles fought so far", "n >= 0")),
    unlike_beliefs, _game, _chart, grid=40, lam=20000.0, accuracy=1e-9,
    rate=power(1, (40, 100.0), (40, 200.0), (40, 400.0)),
    note="the battle at which war ends is a whole number: the first at which an agreement pays by "
         "more than trembles cost; if gap and costs are equal after a battle it is one later")
