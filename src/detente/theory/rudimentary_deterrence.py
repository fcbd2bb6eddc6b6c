"""13a. Rudimentary deterrence: one threat, credible or not (Zagare & Kilgour 2000).

Story
    The smallest game of deterrence. A challenger keeps the status quo or demands a change. The
    defender concedes or resists. Its preference between the two is private.
Players, moves, payoffs
    C: keep (C gets c_SQ) or demand. D: concede (C gets c_DC) or deny (conflict, c_DD), with
    ``c_DC > c_SQ > c_DD``. With prior r D is hard and prefers conflict to conceding; else it is
    soft and prefers conceding.
Equilibrium
    Hard types deny and soft types concede, so that C is deterred iff::

        r >= (c_DC - c_SQ) / (c_DC - c_DD)

    Deterrence is easier if C values the status quo more, and if conflict costs C more.
Source
    [zagare-kilgour-2000], ch. 3 and 5. D's payoffs are this library's own; only their order
    matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from detente.game import decide, end, tree
from detente.theory._tools import chance_of, curves, run, scan
from detente.theory.base import Model, ModelSolution, Parameter, need, strict

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.render.section import Chart

__all__ = ["MODEL", "rudimentary"]

RESOLVE = 0.5
"""Hard D's gain, and soft D's loss, from conflict instead of conceding."""


def rudimentary(r: float, c_DC: float, c_SQ: float, c_DD: float) -> dict[str, float]:
    """Return the necessary prior of a hard D, and the outcomes.

    ``deterred`` is 1 if C keeps the status quo.

    Raises
    ------
    InputError
        Unless ``0 <= r <= 1`` and ``c_DC > c_SQ > c_DD``.

    Examples
    --------
    >>> found = rudimentary(0.35, 4, 3, 1)
    >>> round(found["needed"], 8), found["deterred"], rudimentary(0.32, 4, 3, 1)["deterred"]
    (0.33333333, 1.0, 0.0)
    """
    need(0 <= r <= 1, "0 <= r <= 1", r=r)
    need(c_DC > c_SQ > c_DD, "c_DC > c_SQ > c_DD (concession, status quo, conflict)", c_DC=c_DC,
         c_SQ=c_SQ, c_DD=c_DD)
    needed = (c_DC - c_SQ) / (c_DC - c_DD)
    deterred = float(r >= needed)
    return {"needed": needed, "deterred": deterred, "war": r * (1 - deterred),
            "concession": (1 - r) * (1 - deterred)}


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    game = tree({"C": 1, "D": {"hard": v["r"], "soft": 1 - v["r"]}}, decide("C", {
        "keep": end("status quo", C=v["c_SQ"], D=1),
        "demand": decide("D", {
            "concede": end("concession", C=v["c_DC"], D=0),
            "deny": end("conflict", C=v["c_DD"], D=[RESOLVE, -RESOLVE])})}))

    def read(eq: Equilibrium) -> dict[str, float]:
        ends = eq.outcomes()
        return {"deterred": chance_of(eq, "keep"), "war": ends["conflict"],
                "concession": ends["concession"]}

    return run(game, lam, read)


def _chart(v: Mapping[str, float]) -> Chart:
    values = np.linspace(v["c_DD"] + 0.01, v["c_DC"] - 0.01, 100)
    return curves(
        "Resolve needed to deter by value of the status quo", "The prior of a hard defender that "
        "deters falls as the challenger values the status quo more. It is 1 if the status quo is "
        "as "
        "bad as conflict, and 0 if it is as good as a concession.",
        "challenger's payoff of the status quo", "resolve needed to deter",
        scan(rudimentary, v, "c_SQ", values, needed="needed"), at=v["c_SQ"])


MODEL = Model(
    "zagare-kilgour-2000-rudimentary", "13a (rudimentary)", "Rudimentary deterrence",
    "Zagare & Kilgour (2000), Perfect Deterrence",
    "deterrence holds iff the prior of a hard defender is high enough for the stakes",
    (Parameter("r", 0.4, "prior that the defender is hard", "0 <= r <= 1"),
     Parameter("c_DC", 4.0, "challenger's payoff of a concession", "c_DC > c_SQ > c_DD"),
     Parameter("c_SQ", 3.0, "challenger's payoff of the status quo", "c_DC > c_SQ > c_DD"),
     Parameter("c_DD", 1.0, "challenger's payoff of conflict", "c_DC > c_SQ > c_DD")),
    rudimentary, _game, _chart, grid=2, lam=100.0, accuracy=0.001,
    rate=strict(0.2, 25.0, 50.0, 100.0))
