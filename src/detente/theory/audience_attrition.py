"""4a. Audience costs that grow while a crisis lasts: a war of attrition (Fearon 1994).

Story
    Two states are in a public contest. Each may quit, attack or wait. The audience cost of quitting
    grows with time. Types that prefer war to this cost stay. The crisis has a horizon after which
    neither side quits.
Players, moves, payoffs
    Prize 1. Quitting at t: ``-a_i t``, the other gets 1. Attack: each gets its private war payoff
    ``w_i ~ U[-W_i, 0]``.
Equilibrium (this version)
    i's types above ``-a_i t*`` never quit and attack at the horizon t*. Before it j quits at the
    hazard ``a_i / (1 + a_i t)`` that keeps i indifferent, so j survives with
    ``k_j / (1 + a_i t)``; one side may quit at once with probability ``1 - k``::

        t_i = (-1 + sqrt(1 + 4 (a_j / a_i) W_i)) / (2 a_j),     t* = min(t_1, t_2)
        k_i = (1 + a_j t*) a_i t* / W_i                         (one of them is 1)
        P(war) = (a_1 t* / W_1) (a_2 t* / W_2)

    In the symmetric contest the probability of war does not depend on a.
Source
    [fearon-1994]. The uniform types and the closed form above are this library's own.
Solver
    Periods from 0 to 1.5 t*. In each period both choose simultaneously to quit, wait or attack; in
    the last period they quit or attack. The prize is divided if both quit. If one side quits while
    the other attacks, the first concedes.
Note
    A contest between equals has further equilibria in which one side quits early. At high precision
    the solver may not converge to any of them, and the result is then not certified. The defaults
    for equals are therefore grid 16 and lambda 80 if W is at most 2, and grid 8 and lambda 40
    otherwise. All of W from .2 to 20 were certified at these settings. A difference of 2 % in a is
    enough to certify grid 24 and lambda 200.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from detente.game import end, together, tree
from detente.theory._tools import cells, curves, even, run
from detente.theory.base import Model, ModelSolution, Parameter, need, power

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.build import Spec
    from detente.render.section import Chart

__all__ = ["MODEL", "attrition", "survival"]


def attrition(a1: float, a2: float, W1: float, W2: float) -> dict[str, float]:
    """Return the horizon, the shares that survive time 0, and the outcomes' probabilities.

    Raises
    ------
    InputError
        Unless all four are positive.

    Examples
    --------
    >>> {k: round(v, 6) for k, v in attrition(2, 1, 1, 1).items()}
    {'horizon': 0.366025, 'k_1': 1.0, 'k_2': 0.633975, 'war': 0.267949, 'concedes_1': 0.131139,
     'concedes_2': 0.600912}
    """
    need(a1 > 0 and a2 > 0, "a1, a2 > 0", a1=a1, a2=a2)
    need(W1 > 0 and W2 > 0, "W1, W2 > 0", W1=W1, W2=W2)
    t_1 = (-1 + sqrt(1 + 4 * a2 / a1 * W1)) / (2 * a2)
    t_2 = (-1 + sqrt(1 + 4 * a1 / a2 * W2)) / (2 * a1)
    t = min(t_1, t_2)
    k_1 = (1 + a2 * t) * a1 * t / W1
    k_2 = (1 + a1 * t) * a2 * t / W2
    war = (a1 * t / W1) * (a2 * t / W2)
    # 1 quits at once with 1 - k_1; later at s with density -S_1'(s) while 2 is still there
    first = (1 - k_1) + k_1 * k_2 * _one_quits_first(a2, a1, t)
    return {"horizon": t, "k_1": k_1, "k_2": k_2, "war": war, "concedes_1": first,
            "concedes_2": 1 - war - first}


def _one_quits_first(u: float, v: float, t: float) -> float:
    """Integrate ``u / ((1 + u s)^2 (1 + v s))`` over [0, t].

    Partial fractions for u != v: with D = u - v, the integrand is
    ``(u / D) [u / (1 + u s)^2 ... ]``; quadrature is exact to rounding and shorter.
    """
    from scipy.integrate import quad

    return float(quad(lambda s: u / ((1 + u * s) ** 2 * (1 + v * s)), 0, t, epsabs=1e-13)[0])


def survival(a1: float, a2: float, W1: float, W2: float, time: float) -> tuple[float, float]:
    """Return the probabilities that 1 and 2 have not quit by ``time``.

    Raises
    ------
    InputError
        A negative time, or parameters outside the domain.

    Examples
    --------
    >>> [round(s, 6) for s in survival(1, 1, 2, 2, 0.5)]
    [0.666667, 0.666667]
    """
    found = attrition(a1, a2, W1, W2)
    need(time >= 0, "time >= 0", time=time)
    s = min(time, found["horizon"])
    return found["k_1"] / (1 + a2 * s), found["k_2"] / (1 + a1 * s)


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    a1, a2 = v["a1"], v["a2"]
    horizon = attrition(**v)["horizon"]
    types = 2 * grid
    war = end("war", one=list(-cells(0, v["W1"], types)), two=list(-cells(0, v["W2"], types)))
    times = 1.5 * horizon * np.arange(grid) / grid
    after: Spec | None = None
    for k in range(grid - 1, -1, -1):
        t = float(times[k])
        menu = ["quit", "attack"] if after is None else ["quit", "wait", "attack"]
        ends: dict[tuple[str, ...], Spec] = {}
        for x in menu:
            for y in menu:
                if x == y == "quit":
                    ends[x, y] = end("both concede", one=0.5 - a1 * t, two=0.5 - a2 * t)
                elif x == "quit":
                    ends[x, y] = end("1 concedes", one=-a1 * t, two=1)
                elif y == "quit":
                    ends[x, y] = end("2 concedes", one=1, two=-a2 * t)
                elif x == y == "wait":
                    assert after is not None
                    ends[x, y] = after
                else:
                    ends[x, y] = war
        after = together({"one": menu, "two": menu}, ends)
    assert after is not None
    game = tree({"one": even(types), "two": even(types)}, after)

    def read(eq: Equilibrium) -> dict[str, float]:
        got = eq.outcomes()
        both = got["both concede"]
        return {"war": got["war"], "concedes_1": got["1 concedes"] + both / 2,
                "concedes_2": got["2 concedes"] + both / 2}

    return run(game, lam, read)


def _suited(v: Mapping[str, float]) -> tuple[int, float]:
    equals = v["a1"] == v["a2"] and v["W1"] == v["W2"]
    if not equals:
        return 24, 200.0
    return (16, 80.0) if v["W1"] <= 2 else (8, 40.0)


def _chart(v: Mapping[str, float]) -> Chart:
    horizon = attrition(**v)["horizon"]
    ts = np.linspace(0, 1.4 * horizon, 120)
    both = [survival(**v, time=float(t)) for t in ts]
    return curves(
        "Survival in the contest over time",
        "The probability that each side has not yet quit falls until the horizon and is constant "
        "after it, because the remaining types fight.",
        "time (in units of 1 over the audience cost per time)", "probability of not having quit",
        {"side 1": (list(ts), [b[0] for b in both]), "side 2": (list(ts), [b[1] for b in both])},
        at=horizon)


MODEL = Model(
    "fearon-1994", "4a", "Audience costs in a war of attrition",
    "Fearon (1994), APSR 88:577-592",
    "the side with the higher audience cost concedes less often; the crisis has a horizon",
    (Parameter("a1", 2.0, "audience cost of 1 per unit of time", "a1 > 0"),
     Parameter("a2", 1.0, "audience cost of 2 per unit of time", "a2 > 0"),
     Parameter("W1", 1.0, "worst war payoff of 1 is -W1", "W1 > 0"),
     Parameter("W2", 1.0, "worst war payoff of 2 is -W2", "W2 > 0")),
    attrition, _game, _chart, grid=24, lam=200.0, accuracy=0.05,
    rate=power(1, (6, 50.0), (12, 100.0), (24, 200.0), along="the grid"),
    note="between equals (a1 = a2, W1 = W2) several equilibria are close together, and at high "
         "precision the solver may not certify any: the defaults for equals are grid 16 and lambda "
         "80, or grid 8 and lambda 40 if W is above 2",
    suited=_suited)
