"""12. Two-level games: bargaining abroad under a constraint at home (Putnam 1988; Iida 1993).

Story
    A foreign state offers the home government a share; the deal must be ratified by someone who
    wants at least r. Does a tighter constraint help the home side (Schelling's conjecture)?
Equilibrium
    Private ``r ~ U[0, R]``, disagreement worth d_F abroad and 0 at home: the offer, the chance of
    ratification and the home side's expected share are::

        x = min(R, (1 - d_F)/2),    P(ratify) = min(1, (1 - d_F)/(2 R)),    share = x P(ratify)

    The conjecture holds iff ``R < (1 - d_F)/2``: a constraint that is wide enough to be refused
    hurts. With a known constraint r and alternating offers of discount d the home proposer gets
    ``max(1/(1 + d), 1 - d + d r)``; it bites iff ``r > d/(1 + d)``.
Source
    Putnam, R. (1988), "Diplomacy and Domestic Politics", IO 42:427-460; Iida, K. (1993), "When and
    How Do Domestic Constraints Matter?", JCR 37:403-426; Rubinstein, A. (1982), Econometrica 50.
Solver
    12a: offers and reservation shares on grids; ratification is a move of the home side's type.
    12b: T alternating offers on a grid; the last refusal ends in nothing. Finite horizons approach
    Rubinstein's split as ``d^T``, so the difference shown is that and the grid's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from detente.game import decide, end, tree
from detente.models._tools import cells, curves, even, run, scan
from detente.models.base import Model, Parameter, Solution, need

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.build import Spec
    from detente.report.section import Chart

__all__ = ["ALTERNATING", "RATIFICATION", "alternating", "finite_alternating", "ratification"]


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


def alternating(d: float, r: float) -> dict[str, float]:
    """Return the home proposer's share with a known constraint r; ``bites`` is 1 where it matters.

    Raises
    ------
    InputError
        Unless ``0 < d < 1`` and ``0 <= r <= 1``.

    Examples
    --------
    >>> [round(alternating(*x)["share"], 8) for x in ((.9, .4), (.9, .6), (.8, .5), (.8, .7))]
    [0.52631579, 0.64, 0.6, 0.76]
    """
    need(0 < d < 1, "0 < d < 1", d=d)
    need(0 <= r <= 1, "0 <= r <= 1", r=r)
    return {"share": max(1 / (1 + d), 1 - d + d * r), "bites": float(r > d / (1 + d))}


def finite_alternating(d: float, r: float, T: int) -> float:
    """Return the home proposer's share over T rounds by backward induction.

    After the last refusal both get nothing; whoever proposes gives the other its discounted
    continuation, and home never less than r.

    Examples
    --------
    >>> round(finite_alternating(0.9, 0.6, 200), 8)
    0.64
    """
    need(T >= 1 and int(T) == T, "T a whole number of at least 1", T=T)
    alternating(d, r)
    home = abroad = 0.0
    for t in range(T - 1, -1, -1):
        if t % 2 == 0:  # home proposes: it keeps all but abroad's continuation
            abroad_gets = d * abroad
            home, abroad = 1 - abroad_gets, abroad_gets
        else:
            home_gets = max(d * home, r)
            home, abroad = home_gets, 1 - home_gets
    return home


def _ratification_game(v: Mapping[str, float], grid: int, lam: float) -> Solution:
    wants = cells(0, v["R"], grid)
    offers = np.linspace(0, v["R"], grid + 1)
    game = tree({"abroad": 1, "home": even(grid)}, decide("abroad", {
        f"offer {x:.6f}": decide("home", {
            "ratify": end("deal", abroad=1 - x, home=[x - w for w in wants]),
            "refuse": end("no deal", abroad=v["d_F"], home=0)}) for x in offers}))

    def read(eq: Equilibrium) -> dict[str, float]:
        made = eq.q[1: 1 + len(offers)]
        share = sum(float(eq.reach[int(game.first[1 + j])]) * x for j, x in enumerate(offers))
        return {"offer": float(offers @ made), "ratify": eq.outcomes()["deal"],
                "home_share": share}

    return run(game, lam, read)


def _alternating_game(v: Mapping[str, float], grid: int, lam: float) -> Solution:
    """T rounds; a branch only for the offers, since a refusal leads on whatever was offered."""
    d, r = v["d"], v["r"]
    T = 3
    offers = cells(0, 1, grid)  # home's share
    kept = [x for x in offers if x >= r]

    def round_(t: int) -> Spec:
        if t == T:
            home = finite_alternating(d, r, 200)
            x = home if t % 2 == 0 else max(d * home, r)
            return end("deal later", home=d ** t * x, abroad=d ** t * (1 - x))
        proposer, other = ("home", "abroad") if t % 2 == 0 else ("abroad", "home")
        return decide(proposer, {f"{x:.6f}": decide(other, {
            "accept": end("deal", home=d ** t * x, abroad=d ** t * (1 - x)),
            "refuse": round_(t + 1)}) for x in kept})

    game = tree({"home": 1, "abroad": 1}, round_(0))
    return run(game, lam, lambda eq: {"share": float(eq.value[0][0, 0])})


def _ratification_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Does a tighter constraint help?", "The home side's expected share rises with its "
        "constraint up to a point and falls beyond it, as refusals become likely.",
        "highest share that ratification may need", "share or probability",
        scan(ratification, v, "R", np.linspace(0.02, 1, 99), home_share="home_share",
             ratified="ratify"), at=v["R"])


def _alternating_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "A known constraint in alternating offers", "The home proposer's share is flat until the "
        "constraint exceeds what it would get as responder, and rises one for d beyond.",
        "share that ratification needs", "home proposer's share",
        scan(alternating, v, "r", np.linspace(0, 1, 101), share="share"), at=v["r"])


RATIFICATION = Model(
    "iida-1993", "12", "Two-level game: an uncertain ratification",
    "Putnam (1988), IO 42; Iida (1993), JCR 37:403-426",
    "a tighter constraint helps only while the other side still buys certain ratification",
    (Parameter("R", 0.8, "highest share that ratification may need", "0 < R <= 1"),
     Parameter("d_F", 0.0, "foreign payoff of no deal", "0 <= d_F < 1")),
    ratification, _ratification_game, _ratification_chart, grid=40, lam=1000.0, accuracy=0.02)
ALTERNATING = Model(
    "iida-1993-alternating", "12 (alternating offers)",
    "Two-level game: alternating offers with a known constraint",
    "Rubinstein (1982), Econometrica 50; Iida (1993), JCR 37:403-426",
    "a known constraint bites iff it exceeds d / (1 + d)",
    (Parameter("d", 0.9, "discount factor", "0 < d < 1"),
     Parameter("r", 0.6, "share that ratification needs", "0 <= r <= 1")),
    alternating, _alternating_game, _alternating_chart, grid=40, lam=1000.0, accuracy=0.03)
