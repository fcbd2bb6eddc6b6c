"""9a. The war of attrition (Bishop & Cannings 1978).

Story
    Two sides wait for a prize. The side that quits first loses the prize, and both pay for the
    time. Neither knows the value of the prize, or the cost of waiting, for the other.
Players, moves, payoffs
    Each chooses a time to quit. The side that stays longer gets the prize. Both pay their cost per
    unit of time until the first side quits.
Equilibrium
    Cost 1 per unit of time and a private prize ``v ~ U[0, 1]``: type v holds out for
    ``-v - ln(1 - v)`` and expects v^2/2. With a private cost ``c ~ U[0, 1]`` and prize V it holds
    out for ``V (1/c - 1)`` and expects ``V (1 - c + c ln c)``. With known types i quits at the
    hazard ``c_j / V`` (:func:`hazards`), which makes the other indifferent between waiting and
    quitting.
Source
    [bishop-cannings-1978]; [riley-1980]; [fudenberg-tirole-1991], ch. 4.5.
Solver
    The game of private prizes: at every date of an even grid both choose simultaneously to quit or
    stay. The prize is divided if both quit together, and at the last date, when 2 % of types are
    left. The private cost needs no separate game: dividing payoffs by c gives a private prize V/c
    at cost 1, which changes no choice.
Note
    Equilibria in which one side quits at once exist too. On a coarse grid (6 dates, lambda 30) the
    solver ends at one of them. With other tie rules (neither side gets the prize, or each gets a
    quarter) it ends there on finer grids as well. If the prize is divided, the total probability
    of neighbouring dates is determined but its division between them is not. This leaves uneven
    differences from the closed form.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import TYPE_CHECKING

import numpy as np

from detente.game import end, together, tree
from detente.theory._tools import cells, curves, even, run, scan
from detente.theory.base import Model, ModelSolution, Parameter, need, power

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.build import Spec
    from detente.render.section import Chart

__all__ = ["MODEL", "cost_range", "exponential", "hazards", "holding_out"]

LAST = 0.02
"""Share of types that have not quit by the last date in the closed form."""


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
    """Return the quitting time of cost c if costs are uniform on [lo, hi].

    Examples
    --------
    >>> round(cost_range(1, 1, 0.5, 1.5), 10)
    0.5753641449
    """
    need(0 < lo < c <= hi, "0 < lo < c <= hi", lo=lo, c=c, hi=hi)
    need(V > 0, "V > 0", V=V)
    return V / lo * (log((hi - lo) / hi) - log((c - lo) / c))


def exponential(v: float, rate: float) -> float:
    """Return the quitting time of prize v at cost 1 if prizes are exponential.

    The hazard of prizes is constant, so that ``tau'(v) = rate v`` and ``tau = rate v^2 / 2``.

    Examples
    --------
    >>> exponential(2.0, 0.5)
    1.0
    """
    need(v >= 0 and rate > 0, "v >= 0, rate > 0", v=v, rate=rate)
    return rate * v * v / 2


def hazards(c_1: float, c_2: float, V: float) -> tuple[float, float]:
    """Return the hazard rates at which 1 and 2 quit if both costs are known.

    Examples
    --------
    >>> hazards(0.2, 0.5, 2.0)
    (0.25, 0.1)
    """
    need(c_1 > 0 and c_2 > 0 and V > 0, "c_1, c_2, V > 0", c_1=c_1, c_2=c_2, V=V)
    return c_2 / V, c_1 / V


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
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
        # the mean time at which a type quits if the other side never does
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
        "Quitting time by value of the prize", "The quitting time rises slowly at first and "
        "grows without bound as the prize approaches the highest value.",
        "value of the prize (1 = highest)", "time until quitting",
        scan(holding_out, v, "v", np.linspace(0, 0.98, 99), time="time_prize"), at=v["v"])


MODEL = Model(
    "bishop-cannings-1978", "9a", "The war of attrition",
    "Bishop & Cannings (1978); Riley (1980); Fudenberg & Tirole, Game Theory",
    "a side that values the prize more holds out longer; waiting costs use up the gain",
    (Parameter("v", 0.5, "value of the prize at cost 1 per unit of time", "0 <= v < 1"),
     Parameter("c", 0.25, "cost per unit of time with prize V", "0 < c <= 1"),
     Parameter("V", 1.0, "prize if the cost is private", "V > 0")),
    holding_out, _game, _chart, grid=24, lam=60.0, accuracy=0.02,
    rate=power(1, (12, 60.0), (32, 160.0), (48, 240.0), along="the grid"),
    note="equilibria in which one side quits at once exist too: the solver finds one of them on "
         "coarse grids, and at some combinations of grid and lambda it certifies no equilibrium")
