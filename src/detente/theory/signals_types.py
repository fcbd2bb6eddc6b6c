"""6. Sinking costs with two types: separating costs (after Fearon 1997).

Story
    As in :mod:`detente.theory.signals`, but the defender's stake is low or high, and the signal's
    cost m is given. If m is too small the low type pays it as well. If m is too large the high type
    prefers to be challenged.
Players, moves, payoffs
    D's value of the stake, v_L or v_H, is private. D sinks m or not. The challenger attacks or
    refrains. After an attack D fights (``p v - c``) or concedes (0); otherwise it keeps v. The
    challenger gains 1/2 if D concedes, loses 1/2 if it fights, 0 if it refrains.
Equilibrium
    With ``p v_L < c < p v_H`` the low type concedes if attacked and the high type fights. The types
    separate (only the high type signals, and only a D without signal is attacked) iff::

        v_L <= m <= v_H - (p v_H - c) = v_H (1 - p) + c

Source
    [fearon-1997]. The two types are this library's own version.
Solver
    The game above with equally likely types. The search starts from the separating profile. If m
    does not separate the types, the solver finds another equilibrium and ``separates`` is 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from detente.game import decide, end, tree
from detente.theory._tools import curves, find, steered, undecided
from detente.theory.base import Model, ModelSolution, Parameter, need, strict
from detente.theory.signals import separating_costs

if TYPE_CHECKING:
    from detente.game.build import Spec
    from detente.render.section import Chart

__all__ = ["MODEL", "separation"]


def separation(v_L: float, v_H: float, p: float, c: float, m: float) -> dict[str, float]:
    """Return the least and the largest cost that separates, and whether m does.

    Raises
    ------
    InputError
        Unless ``0 < v_L < v_H, 0 < p <= 1, p v_L < c < p v_H`` and ``m >= 0``.

    Examples
    --------
    >>> found = separation(0.4, 1, 0.6, 0.3, 0.5)
    >>> round(found["least"], 6), round(found["most"], 6), found["separates"]
    (0.4, 0.7, 1.0)
    """
    need(0 < v_L < v_H, "0 < v_L < v_H", v_L=v_L, v_H=v_H)
    need(0 < p <= 1, "0 < p <= 1", p=p)
    need(p * v_L < c < p * v_H, "p v_L < c < p v_H", p=p, v_L=v_L, c=c, v_H=v_H)
    need(m >= 0, "m >= 0", m=m)
    least, most = separating_costs(v_L, v_H, p, c)
    found = {"least": least, "most": most, "separates": float(least <= m <= most)}
    if found["separates"]:
        found |= {"high": 1.0, "low": 0.0}
    return found


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    from detente.equilibrium import solve

    p, c = v["p"], v["c"]
    stakes = [v["v_H"], v["v_L"]]

    def after(m: float) -> Spec:
        return decide("challenger", {
            "attack": decide("D", {
                "fight": end("war", D=[p * x - c - m for x in stakes], challenger=-0.5),
                "concede": end("concession", D=-m, challenger=0.5)}),
            "refrain": end("peace", D=[x - m for x in stakes], challenger=0)})

    game = tree({"D": {"high": 0.5, "low": 0.5}, "challenger": 1},
                decide("D", {"signal": after(v["m"]), "none": after(0.0)}))
    high = np.array([1.0, 0.0])
    eq = solve(game, lam, start=steered(undecided(game, lam), {
        ("signal",): high, ("signal", "attack"): np.zeros(1), ("none", "attack"): np.ones(1),
        ("signal", "attack", "fight"): high, ("none", "attack", "fight"): high}))
    sent = eq.pi[find(game, "signal")]
    return ModelSolution({
        "high": float(sent[0]), "low": float(sent[1]),
        "separates": float(sent[0] > 0.9 and sent[1] < 0.1)}, eq.certificate.as_dict(), eq)


def _chart(v: Mapping[str, float]) -> Chart:
    stakes = np.linspace(v["c"] / v["p"] + 0.01, v["c"] / v["p"] + 1.0, 100)
    found = [separation(**{**v, "v_H": float(x)}) for x in stakes]
    return curves(
        "Separating costs of a signal", "The largest cost that the high type pays rises with its "
        "stake. The least cost that deters the low type does not. Costs between them separate.",
        "the high type's stake", "cost of the signal",
        {"too cheap below": (list(stakes), [f["least"] for f in found]),
         "too costly above": (list(stakes), [f["most"] for f in found])}, at=v["v_H"])


MODEL = Model(
    "fearon-1997-types", "6 (two types)", "Signals of resolve: sunk costs and two types",
    "after Fearon (1997), Journal of Conflict Resolution 41:68-90",
    "a sunk cost separates iff it lies between the low stake and the high type's saving",
    (Parameter("v_L", 0.4, "the low type's stake", "0 < v_L < v_H, p v_L < c"),
     Parameter("v_H", 1.0, "the high type's stake", "v_H > v_L, c < p v_H"),
     Parameter("p", 0.6, "D's chance of winning", "0 < p <= 1"),
     Parameter("c", 0.3, "D's cost of war", "p v_L < c < p v_H"),
     Parameter("m", 0.55, "cost of the signal", "m >= 0")),
    separation, _game, _chart, grid=2, lam=200.0, accuracy=0.001,
    rate=strict(0.15, 25.0, 50.0, 100.0))
