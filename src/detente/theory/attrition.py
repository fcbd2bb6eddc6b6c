"""9a. The war of attrition (Bishop & Cannings 1978).

Story
    Both hold out for a prize; who quits first loses it, and both have paid for the time. Nobody
    knows how much the prize is worth to the other, or what waiting costs it.
Players, moves, payoffs
    Each chooses when to quit. The one that stays longer gets the prize; both pay their cost per
    unit of time until the first quits.
Equilibrium
    Cost 1 per unit of time and a private prize ``v ~ U[0, 1]``: type v holds out for
    ``-v - ln(1 - v)`` and expects v^2/2. With a private cost ``c ~ U[0, 1]`` and prize V it holds
    out for ``V (1/c - 1)`` and expects ``V (1 - c + c ln c)``. With known types i quits at the
    hazard ``c_j / V`` (:func:`hazards`), at which the other gains as much by waiting as it pays.
Source
    Bishop, D. T. & Cannings, C. (1978), J. Theoretical Biology 70; Riley, J. G. (1980); Fudenberg,
    D. & Tirole, J. (1991), Game Theory, ch. 4.5.
Solver
    The game of private prizes: both choose at once to quit or stay at every date of an even grid;
    quitting together divides the prize, and so does the last date, by when two types in a hundred
    are left. The private cost needs no game of its own: dividing payoffs by c makes it a private
    prize V/c at cost 1, which changes no choice.
Note
    The contest invites play in which one side yields at once. On a coarse grid (6 dates, lambda 30)
    the engine ends there; other rules for a tie (nobody gets the prize, or each a quarter) lead it
    there on finer grids as well. They were tried for the sake of a smoother limit: with the prize
    divided, what neighbouring dates carry together is determined, but not how they share it, and
    that is the unevenness left in the differences.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import TYPE_CHECKING

import numpy as np

from detente.game import end, together, tree
from detente.theory._tools import cells, curves, even, run, scan
from detente.theory.base import Model, Parameter, Solution, need, power

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.build import Spec
    from detente.render.section import Chart

__all__ = ["MODEL", "cost_range", "exponential", "hazards", "holding_out"]

LAST = 0.02
"""Share of types that in the closed form are still there at the last date."""


def holding_out(v: float, c: float, V: float) -> dict[str, float]:
    """Return 9a's times and payoffs: of prize v at cost 1, and of cost c at prize V.

    Raises
    ------
    InputError
        Unless ``0 <= v < 1, 0 < c <= 1`` and ``V > 0``.

    Examples
    --------
    >>> {k: round(x, 8) for k, x in holding_out(0.5, 0.25, 1).items()}
    {'time_prize': 0.19314718, 'payoff_prize': 0.125, 'time_cost': 3.0, 'payoff_cost': 0.40342641}
    """
    need(0 <= v < 1, "0 <= v < 1", v=v)
    need(0 < c <= 1, "0 < c <= 1", c=c)
    need(V > 0, "V > 0", V=V)
    return {"time_prize": -v - log(1 - v), "payoff_prize": v * v / 2,
            "time_cost": V * (1 / c - 1), "payoff_cost": V * (1 - c + c * log(c))}


def cost_range(c: float, V: float, lo: float, hi: float) -> float:
    """Return how long cost c holds out where costs are uniform on [lo, hi].

    Examples
    --------
    >>> round(cost_range(1, 1, 0.5, 1.5), 10)
    0.5753641449
    """
    need(0 < lo < c <= hi, "0 < lo < c <= hi", lo=lo, c=c, hi=hi)
    need(V > 0, "V > 0", V=V)
    return V / lo * (log((hi - lo) / hi) - log((c - lo) / c))


def exponential(v: float, rate: float) -> float:
    """Return how long prize v holds out at cost 1 where prizes are exponential.

    Their hazard is the same everywhere, so that ``tau'(v) = rate v`` and ``tau = rate v^2 / 2``.

    Examples
    --------
    >>> exponential(2.0, 0.5)
    1.0
    """
    need(v >= 0 and rate > 0, "v >= 0, rate > 0", v=v, rate=rate)
    return rate * v * v / 2


def hazards(c_1: float, c_2: float, V: float) -> tuple[float, float]:
    """Return at what rates 1 and 2 quit where both costs are known.

    Examples
    --------
    >>> hazards(0.2, 0.5, 2.0)
    (0.25, 0.1)
    """
    need(c_1 > 0 and c_2 > 0 and V > 0, "c_1, c_2, V > 0", c_1=c_1, c_2=c_2, V=V)
    return c_2 / V, c_1 / V


def _game(v: Mapping[str, float], grid: int, lam: float) -> Solution:
    prizes = cells(0, 1, grid)
    times = np.linspace(0, LAST - 1 - log(LAST), grid)
    menu = ["quit", "stay"]

    def shared(t: float) -> list[float]:
        return list(prizes / 2 - t)

    after: Spec = end("split", one=shared(times[-1]), two=shared(times[-1]))
    for t in times[::-1]:
        won = list(prizes - t)
        after = together({"one": menu, "two": menu}, {
            ("quit", "quit"): end("both quit", one=shared(t), two=shared(t)),
            ("quit", "stay"): end("one quits", one=-t, two=won),
            ("stay", "quit"): end("two quits", one=won, two=-t), ("stay", "stay"): after})
    game = tree({"one": even(grid), "two": even(grid)}, after)

    def read(eq: Equilibrium) -> dict[str, float]:
        # the mean time at which a type quits, as if the other never did
        still, mean, node = np.ones(grid), np.zeros(grid), 0
        for t in times:
            stay = eq.joint_pi[node][0][1]
            mean += still * (1 - stay) * t
            still = still * stay
            node = int(game.first[node]) + 3
        mean += still * times[-1]
        return {"time_prize": float(np.interp(v["v"], prizes, mean)),
                "payoff_prize": float(np.interp(v["v"], prizes, eq.value[0][0]))}

    return run(game, lam, read)


def _chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "How long the value of the prize makes one hold out", "The time rises slowly at first and "
        "without bound as the prize nears the highest possible.",
        "value of the prize (1 = highest)", "time until quitting",
        scan(holding_out, v, "v", np.linspace(0, 0.98, 99), time="time_prize"), at=v["v"])


MODEL = Model(
    "bishop-cannings-1978", "9a", "The war of attrition",
    "Bishop & Cannings (1978); Riley (1980); Fudenberg & Tirole, Game Theory",
    "who values the prize more holds out longer, and everyone's gain is spent in waiting",
    (Parameter("v", 0.5, "value of the prize at cost 1 per time", "0 <= v < 1"),
     Parameter("c", 0.25, "cost per time with prize V", "0 < c <= 1"),
     Parameter("V", 1.0, "prize where the cost is private", "V > 0")),
    holding_out, _game, _chart, grid=24, lam=60.0, accuracy=0.02,
    rate=power(1, (12, 60.0), (32, 160.0), (48, 240.0), along="the grid"),
    note="quitting at once by one side is an equilibrium too: coarse grids end there, and between "
         "the two the solver loses its way at some precisions (24 and 120 together) and says so")
