"""4b, 4c, 14e. Audience costs in one crisis, with private resolve on both sides.

Story
    A challenger may threaten. The target concedes or resists. The challenger then fights or backs
    down at an audience cost a. The threat commits types that prefer war to paying a; other types
    may bluff.
Players, moves, payoffs (A, B)
    A: status quo (0, 1) or challenge. B: concede (1, 0) or resist. A: fight (w_A, w_B) or back
    down (-a, 1). War payoffs are private: ``w_A ~ U[-W_A, 0]``, ``w_B ~ U[-W_B, 0]`` (4b); or A is
    tough (war payoff h > -a) with prior phi, else weak (war payoff below -a), and B's war payoff is
    -k (4c).
Equilibrium (4b)
    With ``phi = min(1, a / W_A)`` the share of types that would fight: if
    ``phi (1 + W_B / (1 + a)) <= 1`` weak types are indifferent to bluffing::

        P(resist) = 1 / (1 + a)           P(fight | resisted) = (1 + a) / (1 + a + W_B)
        P(challenge) = a (1 + a + W_B) / (W_A (1 + a))
        P(war) = a / (W_A (1 + a))        P(back down) = a W_B / (W_A (1 + a)^2)

    Otherwise all types challenge, ``P(fight | resisted) = phi`` and B resists with probability
    ``min(1, (1 - phi) / (phi W_B))``.
    With higher audience costs targets resist less often, challengers that meet resistance fight
    more often, and war is more likely. Backing down is most frequent at a = 1 and rare at low and
    high costs, so that audience costs are rarely observed to be paid.
Equilibrium (4c)
    Weak types bluff with probability ``beta = phi k / (1 - phi)``, B resists with 1 / (1 + a), and
    A fights after resistance with 1 / (1 + k).
Source
    [schultz-2001] and [lewis-schultz-2003] for the game; [mckelvey-palfrey-1998] for 14e. The
    uniform and two-type closed forms are this library's own.
Note
    A complete enumeration of the Nash equilibria of 4c also gives one in which all types challenge
    and weak types "fight" off the path. It is not sequential, and no solver here returns it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from detente.game import decide, end, tree
from detente.theory._tools import cells, chance_of, curves, even, find, run, scan
from detente.theory.base import EXACT, Model, ModelSolution, Parameter, need, power
from detente.theory.quantal import _crossing, logit

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game import PublicTree
    from detente.render.section import Chart

__all__ = ["MODEL", "QUANTAL", "TWO_TYPE", "quantal", "two_type", "uniform"]


def uniform(a: float, W_A: float, W_B: float) -> dict[str, float]:
    """Return the equilibrium of 4b: probabilities of moves and of outcomes.

    Raises
    ------
    InputError
        Unless ``a > 0, W_A > 0, W_B > 0``.

    Examples
    --------
    >>> {k: round(v, 8) for k, v in uniform(0.5, 1.0, 0.5).items()}
    {'challenge': 0.66666667, 'resist': 0.66666667, 'fight': 0.75, 'war': 0.33333333,
     'back_down': 0.11111111, 'concede': 0.22222222}
    """
    need(a > 0, "a > 0", a=a)
    need(W_A > 0 and W_B > 0, "W_A, W_B > 0", W_A=W_A, W_B=W_B)
    phi = min(1.0, a / W_A)
    if phi * (1 + W_B / (1 + a)) <= 1:
        resist = 1 / (1 + a)
        fight = (1 + a) / (1 + a + W_B)
        challenge = phi / fight
    else:
        challenge, fight = 1.0, phi
        resist = min(1.0, (1 - phi) / (phi * W_B))
    return {
        "challenge": challenge, "resist": resist, "fight": fight,
        "war": challenge * resist * fight, "back_down": challenge * resist * (1 - fight),
        "concede": challenge * (1 - resist),
    }


def two_type(phi: float, a: float, k: float, h: float, weak: float) -> dict[str, float]:
    """Return the sequential equilibrium of 4c. The types' war payoffs are h and weak.

    Raises
    ------
    InputError
        Unless ``0 < phi < 1, a > 0, k > 0, weak < -a < h`` and ``phi (1 + k) < 1`` (otherwise all
        types challenge).

    Examples
    --------
    >>> {k: round(v, 6) for k, v in two_type(0.2, 0.5, 0.8, 0.1, -1.5).items()}
    {'bluff': 0.2, 'resist': 0.666667, 'fight': 0.555556, 'war': 0.133333}
    """
    _check(phi, a, k, h, weak)
    need(phi * (1 + k) < 1, "phi (1 + k) < 1", phi=phi, k=k)
    bluff = phi * k / (1 - phi)
    resist, fight = 1 / (1 + a), 1 / (1 + k)
    return {"bluff": bluff, "resist": resist, "fight": fight, "war": phi * resist}


def quantal(lam: float, phi: float, a: float, k: float, h: float, weak: float) -> dict[str, float]:
    """Return 14e: the agent quantal response equilibrium of 4c.

    Raises
    ------
    InputError
        Unless ``lam >= 0, 0 < phi < 1, a > 0, k > 0, weak < -a < h``.

    Examples
    --------
    >>> [round(x, 10) for x in quantal(1.0, 0.2, 0.5, 0.8, 0.1, -1.5).values()]
    [0.5890053627, 0.5853242244, 0.4895225381, 0.3556360433]
    """
    need(lam >= 0, "lam >= 0", lam=lam)
    _check(phi, a, k, h, weak)
    fights = [logit(lam * (w + a)) for w in (h, weak)]

    def challenges(resist: float) -> list[float]:
        return [logit(lam * ((1 - resist) + resist * (f * w - (1 - f) * a)))
                for f, w in zip(fights, (h, weak), strict=True)]

    def fought(resist: float) -> float:
        # log-probabilities, because at high lambda both types may hardly ever challenge
        logs = [-np.logaddexp(0.0, -lam * ((1 - resist) + resist * (f * w - (1 - f) * a)))
                for f, w in zip(fights, (h, weak), strict=True)]
        tough, other = (float(np.exp(x - max(logs))) for x in logs)
        both = phi * tough + (1 - phi) * other
        return (phi * tough * fights[0] + (1 - phi) * other * fights[1]) / both

    def reply(resist: float) -> float:
        p = fought(resist)
        return logit(lam * ((1 - p) - p * k))

    resist = _crossing(lambda r: reply(r) - r)[0]
    tough, other = challenges(resist)
    return {"resist": resist, "challenge_tough": tough, "challenge_weak": other,
            "fight": fought(resist)}


def _check(phi: float, a: float, k: float, h: float, weak: float) -> None:
    need(0 < phi < 1, "0 < phi < 1", phi=phi)
    need(a > 0 and k > 0, "a, k > 0", a=a, k=k)
    need(weak < -a < h, "weak < -a < h", weak=weak, a=a, h=h)


def crisis(
    types_A: Mapping[str, float], wars_A: np.ndarray, types_B: Mapping[str, float],
    wars_B: np.ndarray, a: float,
) -> PublicTree:
    """Build the crisis for any types: the game of 4b, 4c and 14e."""
    return tree({"A": types_A, "B": types_B}, decide("A", {
        "keep": end("status quo", A=0, B=1),
        "challenge": decide("B", {
            "concede": end("concession", A=1, B=0),
            "resist": decide("A", {
                "fight": end("war", A=list(wars_A), B=list(wars_B)),
                "back down": end("retreat", A=-a, B=1)})})}))


def _uniform_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    game = crisis(even(grid), -cells(0, v["W_A"], grid), even(grid), -cells(0, v["W_B"], grid),
                  v["a"])

    def read(eq: Equilibrium) -> dict[str, float]:
        ends = eq.outcomes()
        return {
            "challenge": chance_of(eq, "challenge"), "resist": chance_of(eq, "challenge", "resist"),
            "fight": chance_of(eq, "challenge", "resist", "fight"), "war": ends["war"],
            "back_down": ends["retreat"], "concede": ends["concession"],
        }

    return run(game, lam, read)


def _two_type_tree(v: Mapping[str, float]) -> PublicTree:
    return crisis({"tough": v["phi"], "weak": 1 - v["phi"]}, np.array([v["h"], v["weak"]]),
                  {"B": 1.0}, np.array([-v["k"]]), v["a"])


def _two_type_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    return run(_two_type_tree(v), lam, lambda eq: {
        "bluff": eq.pi[find(eq.game, "challenge")][1],
        "resist": chance_of(eq, "challenge", "resist"),
        "fight": chance_of(eq, "challenge", "resist", "fight"), "war": eq.outcomes()["war"]})


def _quantal_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    def read(eq: Equilibrium) -> dict[str, float]:
        tough, weak = eq.pi[find(eq.game, "challenge")][:2]
        return {"resist": chance_of(eq, "challenge", "resist"), "challenge_tough": tough,
                "challenge_weak": weak, "fight": chance_of(eq, "challenge", "resist", "fight")}

    return run(_two_type_tree(v), v["lam"], read)


def _uniform_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Challenges, war and backing down by audience cost",
        "As the audience cost grows, challenges and war become more likely until all types "
        "challenge, and resistance falls. Backing down is rare at low and high costs.",
        "audience cost (shares of the stake)", "probability",
        scan(uniform, v, "a", np.linspace(0.01, 2, 200), challenge="challenge",
             resist_if_challenged="resist", war="war", backing_down="back_down"), at=v["a"])


def _two_type_chart(v: Mapping[str, float]) -> Chart:
    most = 0.999 / (1 + v["k"])
    return curves(
        "Bluffing by share of tough types",
        "The more tough types there are, the more often weak types bluff. The probability of war "
        "after resistance does not change.",
        "probability that A is tough", "probability",
        scan(two_type, v, "phi", np.linspace(0.005, most, 100), bluff="bluff",
             fight_if_resisted="fight", war="war"), at=v["phi"])


def _quantal_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Crisis by precision of choice",
        "With higher precision tough types challenge more often and weak types less often, down to "
        "the sequential equilibrium.", "precision lambda", "probability",
        scan(quantal, v, "lam", np.linspace(0, max(20, v["lam"]), 50), resist="resist",
             tough_challenges="challenge_tough", weak_challenges="challenge_weak"), at=v["lam"])


COST = "audience cost of backing down, in shares of the stake"
TYPES = (
    Parameter("phi", 0.2, "probability that A is tough", "0 < phi < 1"),
    Parameter("a", 0.5, COST, "a > 0"),
    Parameter("k", 0.8, "B's cost of war", "k > 0"),
    Parameter("h", 0.1, "war payoff of tough A", "h > -a"),
    Parameter("weak", -1.5, "war payoff of weak A", "weak < -a"),
)
SOURCE = "Schultz (2001), JCR 45:32-60; Lewis & Schultz (2003), Political Analysis 11:345-367"

MODEL = Model(
    "schultz-2001", "4b", "Audience costs in one crisis, uniform resolve", SOURCE,
    "audience costs raise the probability of war and lower that of resistance; few are paid",
    (Parameter("a", 0.5, COST, "a > 0"),
     Parameter("W_A", 1.0, "A's worst war payoff is -W_A", "W_A > 0"),
     Parameter("W_B", 0.5, "B's worst war payoff is -W_B", "W_B > 0")),
    uniform, _uniform_game, _uniform_chart, grid=60, lam=400.0, accuracy=0.02,
    rate=power(1, (10, 100.0), (20, 200.0), (40, 400.0), (80, 800.0), along="the grid"))
TWO_TYPE = Model(
    "schultz-2001-types", "4c", "Audience costs in one crisis, tough or weak", SOURCE,
    "weak types bluff at the rate that makes the target indifferent",
    TYPES, two_type, _two_type_game, _two_type_chart, grid=2, lam=2000.0, accuracy=0.005,
    rate=power(1, (2, 100.0), (2, 200.0), (2, 400.0), (2, 800.0)))
QUANTAL = Model(
    "schultz-2001-quantal", "14e", "Quantal response: audience costs, tough or weak",
    "McKelvey & Palfrey (1998), Experimental Economics 1:9-41",
    "behaviour moves from uniform choice to the sequential equilibrium as lambda grows",
    (Parameter("lam", 1.0, "precision of choice", "lam >= 0"), *TYPES),
    quantal, _quantal_game, _quantal_chart, grid=2, lam=1.0, accuracy=1e-9, rate=EXACT)
