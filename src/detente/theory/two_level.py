"""12. Two-level games: bargaining abroad under a constraint at home (Putnam 1988; Iida 1993).

Story
    A foreign state offers the home government a share. The agreement needs ratification by a body
    that requires at least r. Does a tighter constraint help the home side (Schelling's conjecture)?
Equilibrium
    Private ``r ~ U[0, R]``, disagreement worth d_F abroad and 0 at home: the offer, the chance of
    ratification and the home side's expected share are::

        x = min(R, (1 - d_F)/2),    P(ratify) = min(1, (1 - d_F)/(2 R)),    share = x P(ratify)

    The conjecture holds iff ``R < (1 - d_F)/2``. Above that, refusals become likely and a tighter
    constraint hurts. With a known constraint r and alternating offers of discount d the home
    proposer gets ``max(1/(1 + d), 1 - d + d r)``; it bites iff ``r > d/(1 + d)``.
Source
    [putnam-1988]; [iida-1993]; [rubinstein-1982].
Solver
    12a: offers and reservation shares on grids; ratification is a move of the home side's type.
    12b: T alternating offers on a grid; after the T-th refusal both get 0. The continuation does
    not depend on earlier offers, so that one tree per round, solved from the last to the first,
    gives the whole game (see :func:`detente.theory._tools.rounds`). It is compared with
    ``share_in_T``, the closed form by backward induction, which approaches Rubinstein's share as
    ``d^T``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from detente.game import decide, end, tree
from detente.theory._tools import cells, curves, even, joined, labelled, rounds, run, scan
from detente.theory.base import Model, ModelSolution, Parameter, margin, need, power

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game import PublicTree
    from detente.render.section import Chart

__all__ = ["ALTERNATING", "RATIFICATION", "alternating", "finite_alternating", "ratification"]

ROUNDS = 400
"""Largest number of rounds of offers."""


def ratification(R: float, d_F: float) -> dict[str, float]:
    """Return the offer, the chance of ratification and the home side's expected share.

    Raises
    ------
    InputError
        Unless ``0 < R <= 1`` and ``0 <= d_F < 1``.

    Examples
    --------
    >>> [round(x, 8) for x in ratification(0.6, 0.2).values()]
    [0.4, 0.66666667, 0.26666667]
    """
    need(0 < R <= 1, "0 < R <= 1", R=R)
    need(0 <= d_F < 1, "0 <= d_F < 1", d_F=d_F)
    best = (1 - d_F) / 2
    offer = min(R, best)
    ratify = min(1.0, best / R)
    return {"offer": offer, "ratify": ratify, "home_share": offer * ratify}


def alternating(d: float, r: float, T: float = 100.0) -> dict[str, float]:
    """Return the home proposer's share with a known constraint r.

    ``bites`` is 1 if the constraint is binding. ``share`` has an infinite horizon; in
    ``share_in_T`` the T-th refusal is the last.

    Raises
    ------
    InputError
        Unless ``0 < d < 1``, ``0 <= r <= 1`` and T is a whole number from 1 to 400.

    Examples
    --------
    >>> [round(alternating(*x)["share"], 8) for x in ((.9, .4), (.9, .6), (.8, .5), (.8, .7))]
    [0.52631579, 0.64, 0.6, 0.76]
    """
    need(0 < d < 1, "0 < d < 1", d=d)
    need(0 <= r <= 1, "0 <= r <= 1", r=r)
    need(1 <= T <= ROUNDS and T % 1 == 0, f"T a whole number from 1 to {ROUNDS}", T=T)
    return {"share": max(1 / (1 + d), 1 - d + d * r), "bites": float(r > d / (1 + d)),
            "share_in_T": finite_alternating(d, r, int(T))}


def finite_alternating(d: float, r: float, T: int) -> float:
    """Return the home proposer's share over T rounds by backward induction.

    After the last refusal both get 0. The proposer gives the other side its discounted continuation
    value, and home never gets less than r.

    Examples
    --------
    >>> round(finite_alternating(0.9, 0.6, 200), 8)
    0.64
    """
    need(0 < d < 1, "0 < d < 1", d=d)
    need(0 <= r <= 1, "0 <= r <= 1", r=r)
    need(T >= 1 and T % 1 == 0, "T a whole number of at least 1", T=T)
    home = abroad = 0.0
    for t in range(T - 1, -1, -1):
        if t % 2 == 0:  # home proposes and keeps all except abroad's continuation value
            abroad_gets = d * abroad
            home, abroad = 1 - abroad_gets, abroad_gets
        else:
            home_gets = max(d * home, r)
            home, abroad = home_gets, 1 - home_gets
    return home


def _ratification_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    wants = cells(0, v["R"], grid)
    offers = np.linspace(0, v["R"], grid + 1)
    game = tree({"abroad": 1, "home": even(grid)}, decide("abroad", {
        name: decide("home", {
            "ratify": end("deal", abroad=1 - x, home=[x - w for w in wants]),
            "refuse": end("no deal", abroad=v["d_F"], home=0)})
        for name, x in zip(labelled("offer", offers), offers, strict=True)}))

    def read(eq: Equilibrium) -> dict[str, float]:
        made = eq.q[1: 1 + len(offers)]
        share = sum(float(eq.reach[int(game.first[1 + j])]) * x for j, x in enumerate(offers))
        return {"offer": float(offers @ made), "ratify": eq.outcomes()["deal"],
                "home_share": share}

    return run(game, lam, read)


def _alternating_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    d, r, T = v["d"], v["r"], int(v["T"])
    offers = cells(0, 1, grid)  # home's share
    kept = [float(x) for x in offers if x >= r] or [(1 + r) / 2]
    names = labelled("", kept)

    def round_(t: int, later: Mapping[str, float]) -> PublicTree:
        proposer, other = ("home", "abroad") if t % 2 == 0 else ("abroad", "home")
        refused = end("refused", **{name: d * later.get(name, 0.0) for name in ("home", "abroad")})
        return tree({"home": 1, "abroad": 1}, decide(proposer, {name: decide(other, {
            "accept": end("deal", home=x, abroad=1 - x), "refuse": refused})
            for name, x in zip(names, kept, strict=True)}))

    solved = rounds(T, lam, d, round_)
    return ModelSolution({"share_in_T": float(solved[0].value[0][0, 0])}, joined(solved))


def _ratification_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Home share and ratification by constraint", "The home side's expected share rises with "
        "its "
        "constraint up to a maximum and falls beyond it, because refusals become likely.",
        "highest share that ratification may need", "share or probability",
        scan(ratification, v, "R", np.linspace(0.02, 1, 99), home_share="home_share",
             ratified="ratify"), at=v["R"])


def _alternating_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Home share by known constraint", "The home proposer's share is constant until the "
        "constraint exceeds its share as responder, and rises with slope d beyond.",
        "share that ratification needs", "home proposer's share",
        scan(alternating, v, "r", np.linspace(0, 1, 101), infinite_horizon="share",
             finite_horizon="share_in_T"), at=v["r"])


RATIFICATION = Model(
    "iida-1993", "12", "Two-level game: an uncertain ratification",
    "Putnam (1988), IO 42; Iida (1993), JCR 37:403-426",
    "a tighter constraint helps only if the other side still makes ratification certain",
    (Parameter("R", 0.8, "highest share that ratification may need", "0 < R <= 1"),
     Parameter("d_F", 0.0, "foreign payoff of no deal", "0 <= d_F < 1")),
    ratification, _ratification_game, _ratification_chart, grid=40, lam=1000.0, accuracy=0.001,
    rate=power(1, (10, 100.0), (20, 200.0), (40, 400.0), (80, 800.0), along="the grid"))
ALTERNATING = Model(
    "iida-1993-alternating", "12 (alternating offers)",
    "Two-level game: alternating offers with a known constraint",
    "Rubinstein (1982), Econometrica 50; Iida (1993), JCR 37:403-426",
    "a known constraint bites iff it exceeds d / (1 + d)",
    (Parameter("d", 0.9, "discount factor", "0 < d < 1"),
     Parameter("r", 0.6, "share that ratification needs", "0 <= r <= 1"),
     Parameter("T", 20.0, "number of rounds, after which both sides get 0",
               "a whole number from 1 to 400")),
    alternating, _alternating_game, _alternating_chart, grid=100, lam=1000.0, accuracy=0.02,
    rate=margin((50, 250.0), (100, 500.0), (200, 1000.0), along="the grid of offers"))
