"""2. Commitment: preventive war over shifting power (Fearon 1995; Powell 2006).

Story
    Power will shift from the declining state D to the rising state R. D would not fight if R could
    commit to later offers, but R cannot. If the shift is large and fast, D fights now.
Players, moves, payoffs
    Each period divides a pie of 1; discount factor d. R offers D a share x_t in [0, 1]; D accepts
    or fights. D wins with p1 in the first period and p2 < p1 from the second on. War at t gives D
    ``(p_t - c) / (1 - d)`` and R ``(1 - p_t - c) / (1 - d)`` for good, with c the cost per period.
Equilibrium
    From the second period on R gives D exactly its war value ``p2 - c`` per period. D cannot get
    more than the whole first pie::

        preventive war iff  d (p1 - p2) > (1 - d)(1 - p1 + c)   <=>   p1 - d p2 > (1 - d)(1 + c)
        p2* = [p1 - (1 - d)(1 + c)] / d,    d* = (1 - p1 + c) / ((p1 - p2) + (1 - p1 + c))

    Over T periods war comes iff ``(p1 - c) S_T > 1 + d S_{T-1} (p2 - c)``,
    ``S_n = (1 - d^n)/(1 - d)``.
Source
    [fearon-1995]; [powell-2006].
Note
    With a lump-sum cost k and R's chances P1 < P2 the condition is ``d P2 - P1 > k (1 - d)^2``.
    With k = c / (1 - d) the two inequalities are the same. The condition for war under any
    protocol, ``p1 - d p2 > (1 - d) + c_D + d c_R``, is stronger. `any_protocol` gives it as quoted;
    it was not checked by brute force. The gradual shift is a separate model,
    :mod:`detente.theory.gradual_shift`.
Solver
    T periods, each solved on a grid of offers. The continuation does not depend on earlier offers,
    so that one tree per period, solved from the last to the first, gives the whole game (see
    :func:`detente.theory._tools.rounds`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, isfinite
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import Floats
from detente.errors import SizeError
from detente.game import decide, end, tree
from detente.theory._tools import curves, joined, labelled, rounds
from detente.theory.base import Model, ModelSolution, Parameter, need, strict

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game import PublicTree
    from detente.render.section import Chart

__all__ = ["MODEL", "any_protocol", "critical", "fewest_steps", "finite_horizon", "preventive_war"]

PERIODS = 400
"""Largest number of periods that the solver handles."""


def _check(p1: float, p2: float, c: float, d: float) -> None:
    need(0 <= p2 <= p1 <= 1, "0 <= p2 <= p1 <= 1", p1=p1, p2=p2)
    need(0 <= c <= p2, "0 <= c <= p2 (D's war value is not negative)", c=c, p2=p2)
    need(0 < d < 1, "0 < d < 1", d=d)


def preventive_war(p1: float, p2: float, c: float, d: float) -> tuple[float, bool]:
    """Return the margin by which war pays with an infinite horizon, and whether there is war.

    Raises
    ------
    InputError
        Unless ``0 <= c <= p2 <= p1 <= 1`` and ``0 < d < 1``.

    Examples
    --------
    >>> margin, war = preventive_war(0.7, 0.3, 0.1, 0.9)
    >>> round(margin, 6), war
    (0.32, True)
    """
    _check(p1, p2, c, d)
    margin = d * (p1 - p2) - (1 - d) * (1 - p1 + c)
    return margin, margin > 0


def critical(p1: float, p2: float, c: float, d: float) -> dict[str, float]:
    """Return the later chance of winning and the discount factor at which war begins.

    Examples
    --------
    >>> found = critical(0.7, 0.3, 0.1, 0.9)
    >>> round(found["p2_star"], 10), round(found["d_star"], 10)
    (0.6555555556, 0.5)
    """
    _check(p1, p2, c, d)
    slack = 1 - p1 + c
    return {"p2_star": (p1 - (1 - d) * (1 + c)) / d, "d_star": slack / (p1 - p2 + slack)}


def finite_horizon(p1: float, p2: float, c: float, d: float, T: float) -> dict[str, float]:
    """Return the margin of war over T periods, the first offer and the infinite-horizon values.

    Raises
    ------
    InputError
        Unless T is a whole number from 2 to 10 000 and the rest is as in `preventive_war`.

    Examples
    --------
    >>> [round(finite_horizon(.7, .3, .1, .9, T)["margin"], 8) for T in (2, 3, 5, 10, 50)]
    [-0.04, 0.284, 0.83804, 1.80528624, 3.1793849]
    """
    _check(p1, p2, c, d)
    need(2 <= T <= 10_000 and int(T) == T, "T a whole number from 2 to 10000", T=T)

    def periods(n: float) -> float:
        return float((1 - d ** n) / (1 - d))

    margin = (p1 - c) * periods(T) - 1 - d * periods(T - 1) * (p2 - c)
    for_ever, war = preventive_war(p1, p2, c, d)
    first = min(max((p1 - c) * periods(T) - d * periods(T - 1) * (p2 - c), 0.0), 1.0)
    return {"margin": margin, "war": float(margin > 0), "first_offer": first,
            "margin_for_ever": for_ever, "war_for_ever": float(war)} | critical(p1, p2, c, d)


def fewest_steps(p1: float, shift: float, c: float, d: float) -> int:
    """Return the smallest number of equal steps in which a total shift is peaceful.

    Raises
    ------
    InputError
        Unless ``0 < shift <= p1 <= 1, c >= 0, 0 < d < 1`` and ``1 - p1 + c > 0``.

    Examples
    --------
    >>> [fewest_steps(*x) for x in ((.7, .4, .1, .9), (.8, .6, .05, .9), (.6, .5, .1, .95))]
    [9, 22, 19]
    """
    need(0 < shift <= p1 <= 1, "0 < shift <= p1 <= 1", shift=shift, p1=p1)
    need(c >= 0 and 1 - p1 + c > 0, "c >= 0, 1 - p1 + c > 0", c=c, p1=p1)
    need(0 < d < 1, "0 < d < 1", d=d)
    steps = d * shift / ((1 - d) * (1 - p1 + c))
    assert isfinite(steps)
    return max(1, ceil(steps - 1e-12))


def any_protocol(p1: float, p2: float, c_D: float, c_R: float, d: float) -> float:
    """Return the margin of the condition for war under any protocol. There is war if it is above 0.

    Examples
    --------
    >>> round(any_protocol(0.7, 0.3, 0.1, 0.1, 0.9), 6)
    0.14
    """
    _check(p1, p2, c_D, d)
    need(c_R >= 0, "c_R >= 0", c_R=c_R)
    return p1 - d * p2 - ((1 - d) + c_D + d * c_R)


def bargained(
    chances: Sequence[float], c: float, d: float, grid: int, lam: float
) -> tuple[list[Equilibrium], list[float], Floats]:
    """Solve a shift of power. ``chances`` are D's chances of winning by period.

    Returns
    -------
    list of Equilibrium, list of float, array (grid,)
        The equilibrium of every period, the probability of war in it given that it is reached, and
        the grid of offers.
    """
    T = len(chances)
    offers = np.linspace(0, 1, grid)
    names = labelled("", offers, 4)

    def period(t: int, later: Mapping[str, float]) -> PublicTree:
        left = (1 - d ** (T - t)) / (1 - d)
        D, R = (d * later.get(name, 0.0) for name in ("D", "R"))
        war = end("war", D=(chances[t] - c) * left, R=(1 - chances[t] - c) * left)
        return tree({"D": 1, "R": 1}, decide("R", {name: decide("D", {
            "accept": end("peace", D=x + D, R=1 - x + R), "fight": war})
            for name, x in zip(names, offers, strict=True)}))

    solved = rounds(T, lam, d, period)
    return solved, [eq.outcomes()["war"] for eq in solved], offers


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    T = int(v["T"])
    if T > PERIODS:
        raise SizeError(f"{T} periods", expected=f"at most {PERIODS} for the solver")
    solved, war, offers = bargained([v["p1"]] + [v["p2"]] * (T - 1), v["c"], v["d"], grid, lam)
    found = {"war": war[0]}
    if war[0] < 0.5:
        made = solved[0].q[1: 1 + grid]
        found["first_offer"] = float(offers @ made)
    return ModelSolution(found, joined(solved))


def _chart(v: Mapping[str, float]) -> Chart:
    ps = np.linspace(v["c"], v["p1"], 120)
    series = {}
    for d in sorted({0.5, v["d"], 0.95}):
        series[f"discount factor {d:g}"] = (
            list(ps), [preventive_war(v["p1"], float(p), v["c"], d)[0] for p in ps])
    return curves(
        "Margin of preventive war by size of the shift",
        "The margin by which fighting now pays falls as the declining state keeps more of its "
        "power. It is larger with a higher discount factor. If it is above 0 there is war.",
        "chance of winning after the shift", "margin of war (shares of a period's pie)", series,
        at=v["p2"])


MODEL = Model(
    "powell-2006", "2", "Commitment: preventive war over shifting power",
    "Fearon (1995), IO 49(3):379-414; Powell (2006), IO 60(1):169-203",
    "there is war iff the shift of power exceeds the largest compensation in one period",
    (Parameter("p1", 0.7, "D's chance of winning in the first period", "0 <= p2 <= p1 <= 1"),
     Parameter("p2", 0.3, "D's chance of winning later", "c <= p2 <= p1"),
     Parameter("c", 0.1, "cost of war per period, each", "0 <= c <= p2"),
     Parameter("d", 0.9, "discount factor", "0 < d < 1"),
     Parameter("T", 3.0, "number of periods", "a whole number from 2 to 10000")),
    finite_horizon, _game, _chart, grid=21, lam=200.0, accuracy=0.01,
    rate=strict(0.25, 25.0, 50.0, 100.0, grid=21))
