"""13. Deterrence: perfect deterrence, and the statistical deterrence of a protege.

Story
    13a: a challenger C may demand a change. A defender D concedes or denies. After a denial C backs
    down or presses, which means conflict. Each side is hard (it prefers conflict to giving way) or
    soft.
    13b: an attacker compares the status quo, a capitulation and a war. A defender decides whether
    to defend its protege. Each makes errors, or has payoffs that the analyst does not observe.
Payoffs
    13a (C, D): status quo (s, 1); concession (1, 0); C backs down (0, 1); conflict: hard C h_C < s,
    hard D prefers it to conceding, soft D -k_D, soft C prefers backing down.
    13b: attacker u11 (status quo), u13 (capitulation), u14 (war); defender 0 or u24.
Equilibrium
    13a, with r_C and r_D the priors of being hard::

        r_D > (1 - s) / (1 - h_C)                    certain deterrence, no demand
        1 - s < r_D < (1 - s) / (1 - h_C)            separating: the hard demand, war r_C r_D
        r_D < 1 - s and r_C > 1 / (1 + k_D)          attack: all demand, war r_C r_D
        r_D < 1 - s and r_C < 1 / (1 + k_D)          bluff: soft C demands with r_C k_D / (1 - r_C),
                                                     D denies with 1 - s, war r_C (1 - s)

    A more credible defender can raise the probability of war: at r_D = 1 - s it rises from
    r_C (1 - s) to r_C r_D. In 13b, with agent error of unit variance on every action's payoff,
    ``P(defend) = Phi(u24 / sqrt 2)`` and ``P(attack) = Phi((p3 u13 + p4 u14 - u11) / sd)``, sd =
    sqrt 2; with private payoffs of unit variance sd = sqrt(1 + p3^2 + p4^2).
Source
    [zagare-kilgour-2000]; [signorino-tarar-2006]. The payoffs' scale in 13a is this library's own.
    The one-sided game is :mod:`detente.theory.rudimentary_deterrence`.
Solver of 13b
    The library's choices are logit and the paper's are probit. The normal errors are therefore
    types. With agent error a type is the difference of a side's errors. With private payoffs it is
    the attacker's two differences from its shock to the status quo (correlation 1/2). Types are on
    even grids weighted by the normal density. This is the trapezoidal rule, whose error is
    negligible while logit choice smooths over its step. The remaining difference is the logit noise
    beside the normal noise, of order 1/lambda^2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from detente.game import decide, end, tree
from detente.theory._tools import chance_of, curves, find, run, scan
from detente.theory.base import Model, ModelSolution, Parameter, need, power

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.render.section import Chart

__all__ = ["AGENT", "PERFECT", "PRIVATE", "agent_error", "perfect", "private_payoffs"]

HARD = 0.5
"""Hard D's payoff of conflict: any number above 0, its payoff of conceding."""
SOFT = -1.0
"""Soft C's payoff of conflict: any number below 0, its payoff of backing down."""
REACH = 5.0
"""Standard deviations that the grids of shocks cover."""


def perfect(r_C: float, r_D: float, s: float, h_C: float, k_D: float) -> dict[str, float]:
    """Return the equilibrium of 13a: the types' moves and the resulting probabilities.

    ``demand_hard`` and ``demand_soft`` are the probabilities that the types of C demand. ``deny``
    is the probability that D denies a demand.

    Raises
    ------
    InputError
        Unless ``0 < r_C, r_D < 1, 0 < s < 1, 0 < h_C < s`` and ``k_D > 0``.

    Examples
    --------
    >>> {k: round(v, 6) for k, v in perfect(0.2, 0.2, 0.5, 0.2, 1).items()}
    {'demand_hard': 1.0, 'demand_soft': 0.25, 'demand': 0.4, 'deny_soft': 0.375, 'deny': 0.5,
     'war': 0.1}
    """
    need(0 < r_C < 1 and 0 < r_D < 1, "0 < r_C, r_D < 1", r_C=r_C, r_D=r_D)
    need(0 < s < 1, "0 < s < 1", s=s)
    need(0 < h_C < s, "0 < h_C < s", h_C=h_C, s=s)
    need(k_D > 0, "k_D > 0", k_D=k_D)
    if r_D >= (1 - s) / (1 - h_C):
        hard, soft, soft_denies = 0.0, 0.0, 0.0
    elif r_D >= 1 - s:
        hard, soft, soft_denies = 1.0, 0.0, 0.0
    elif r_C >= 1 / (1 + k_D):
        hard, soft, soft_denies = 1.0, 1.0, 0.0
    else:
        hard, soft, soft_denies = 1.0, r_C * k_D / (1 - r_C), (1 - s - r_D) / (1 - r_D)
    deny = r_D + (1 - r_D) * soft_denies
    return {
        "demand_hard": hard, "demand_soft": soft, "demand": r_C * hard + (1 - r_C) * soft,
        "deny_soft": soft_denies, "deny": deny, "war": r_C * hard * deny,
    }


def agent_error(u11: float, u13: float, u14: float, u24: float) -> dict[str, float]:
    """Return 13b with agent error: the probabilities of defence and of the three outcomes.

    Raises
    ------
    InputError
        A payoff that is not finite or beyond 20.

    Examples
    --------
    >>> [round(v, 8) for v in agent_error(0, 1, -1, 0.5).values()]
    [0.6381632, 0.57745706, 0.15289159, 0.26965135]
    """
    return _statistical(u11, u13, u14, u24, private=False)


def private_payoffs(u11: float, u13: float, u14: float, u24: float) -> dict[str, float]:
    """Return 13b with private payoffs of unit variance.

    Raises
    ------
    InputError
        A payoff that is not finite or beyond 20.

    Examples
    --------
    >>> [round(v, 8) for v in private_payoffs(0, 1, -1, 0.5).values()]
    [0.6381632, 0.58815519, 0.14902061, 0.2628242]
    """
    return _statistical(u11, u13, u14, u24, private=True)


def _statistical(u11: float, u13: float, u14: float, u24: float, private: bool
                 ) -> dict[str, float]:
    from scipy.special import ndtr

    need(max(abs(u11), abs(u13), abs(u14), abs(u24)) <= 20, "u11, u13, u14, u24 within [-20, 20]",
         u11=u11, u13=u13, u14=u14, u24=u24)
    p4 = float(ndtr(u24 / sqrt(2)))
    p3 = 1 - p4
    sd = sqrt(1 + p3 * p3 + p4 * p4) if private else sqrt(2)
    attack = float(ndtr((p3 * u13 + p4 * u14 - u11) / sd))
    return {"defend": p4, "status_quo": 1 - attack, "capitulation": attack * p3,
            "war": attack * p4}


def _perfect_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    game = tree(
        {"C": {"hard": v["r_C"], "soft": 1 - v["r_C"]},
         "D": {"hard": v["r_D"], "soft": 1 - v["r_D"]}},
        decide("C", {
            "keep": end("status quo", C=v["s"], D=1),
            "demand": decide("D", {
                "concede": end("concession", C=1, D=0),
                "deny": decide("C", {
                    "back down": end("C backs down", C=0, D=1),
                    "press": end("conflict", C=[v["h_C"], SOFT], D=[HARD, -v["k_D"]])})})}))

    def read(eq: Equilibrium) -> dict[str, float]:
        hard, soft = eq.pi[find(game, "demand")][:2]
        return {
            "demand_hard": hard, "demand_soft": soft, "demand": chance_of(eq, "demand"),
            "deny_soft": eq.pi[find(game, "demand", "deny")][1],
            "deny": chance_of(eq, "demand", "deny"), "war": eq.outcomes()["conflict"],
        }

    return run(game, lam, read)


def _shocks(count: int, sd: float) -> tuple[np.ndarray, np.ndarray]:
    """Return an even grid over REACH standard deviations and its normal weights."""
    z = np.linspace(-REACH, REACH, count)
    weight = np.exp(-z * z / 2)
    return sd * z, weight / weight.sum()


def _deter_game(v: Mapping[str, float], war: np.ndarray, give: np.ndarray, stay: np.ndarray,
                weight: np.ndarray, grid: int, lam: float) -> ModelSolution:
    shock, chance = _shocks(max(grid, 160), sqrt(2))
    game = tree(
        {"attacker": {str(k): float(p) for k, p in enumerate(weight)},
         "defender": {str(k): float(p) for k, p in enumerate(chance)}},
        decide("attacker", {
            "keep": end("status quo", attacker=list(stay)),
            "attack": decide("defender", {
                "yield": end("capitulation", attacker=list(give)),
                "defend": end("war", attacker=list(war), defender=list(v["u24"] + shock))})}))

    def read(eq: Equilibrium) -> dict[str, float]:
        ends = eq.outcomes()
        return {"defend": chance_of(eq, "attack", "defend"), "status_quo": ends["status quo"],
                "capitulation": ends["capitulation"], "war": ends["war"]}

    return run(game, lam, read)


def _agent_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    error, weight = _shocks(grid, sqrt(2))  # of attacking, less that of not attacking
    return _deter_game(v, v["u14"] + error, v["u13"] + error, np.full_like(error, v["u11"]), weight,
                       grid, lam)


def _private_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    even, _ = _shocks(grid, sqrt(2))
    give, war = (x.ravel() for x in np.meshgrid(even, even, indexing="ij"))
    far = (give * give - give * war + war * war) / 1.5  # squared, of variances 2 and covariance 1
    kept = far < REACH * REACH
    give, war, weight = give[kept], war[kept], np.exp(-far[kept] / 2)
    return _deter_game(v, v["u14"] + war, v["u13"] + give, np.full_like(war, v["u11"]),
                       weight / weight.sum(), grid, lam)


def _perfect_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Demands and war by credibility of the defender",
        "The probability of war is constant while challengers bluff. It jumps up and rises further "
        "until deterrence is certain, and is 0 from there on.",
        "probability that the defender is hard", "probability",
        scan(perfect, v, "r_D", np.linspace(0.005, 0.995, 397), demand="demand", war="war"),
        at=v["r_D"])


def _statistical_chart(
    form: Callable[..., dict[str, float]]
) -> Callable[[Mapping[str, float]], Chart]:
    def draw(v: Mapping[str, float]) -> Chart:
        return curves(
            "Outcomes by the defender's resolve",
            "As the defender gains more from defending, attacks become rarer. War first rises, "
            "because more attacks meet defence, and then falls or levels off.",
            "defender's payoff of war less capitulation", "probability",
            scan(form, v, "u24", np.linspace(-3, 3, 121),
                 status_quo="status_quo", capitulation="capitulation", war="war"), at=v["u24"])

    return draw


PAYOFFS = (
    Parameter("u11", 0.0, "attacker's payoff of the status quo", "within [-20, 20]"),
    Parameter("u13", 1.0, "attacker's payoff of capitulation", "within [-20, 20]"),
    Parameter("u14", -1.0, "attacker's payoff of war", "within [-20, 20]"),
    Parameter("u24", 0.5, "defender's payoff of war less capitulation", "within [-20, 20]"),
)
TARAR = "Signorino & Tarar (2006), AJPS 50:586-605"

PERFECT = Model(
    "zagare-kilgour-2000", "13a", "Perfect deterrence with two-sided private resolve",
    "Zagare & Kilgour (2000), Perfect Deterrence",
    "a more credible defender is not always a safer one",
    (Parameter("r_C", 0.2, "prior that C is hard", "0 < r_C < 1"),
     Parameter("r_D", 0.2, "prior that D is hard", "0 < r_D < 1"),
     Parameter("s", 0.5, "C's payoff of the status quo", "0 < s < 1"),
     Parameter("h_C", 0.2, "hard C's payoff of conflict", "0 < h_C < s"),
     Parameter("k_D", 1.0, "soft D's cost of conflict", "k_D > 0")),
    perfect, _perfect_game, _perfect_chart, grid=2, lam=2000.0, accuracy=0.005,
    rate=power(1, (2, 100.0), (2, 200.0), (2, 400.0), (2, 800.0)))
AGENT = Model(
    "signorino-tarar-2006", "13b", "Extended deterrence with agent error", TARAR,
    "the expectation of a defence deters the attack",
    PAYOFFS, agent_error, _agent_game, _statistical_chart(agent_error),
    grid=160, lam=25.0, accuracy=0.001,
    rate=power(2, (20, 3.0), (40, 6.0), (80, 12.0), along="the grid"))
PRIVATE = Model(
    "signorino-tarar-2006-private", "13b (private)", "Extended deterrence with private payoffs",
    TARAR, "payoffs that the analyst does not observe can be known to the players",
    PAYOFFS, private_payoffs, _private_game,
    _statistical_chart(private_payoffs),
    grid=28, lam=8.0, accuracy=0.005,
    rate=power(2, (10, 3.0), (20, 6.0), (40, 12.0), along="the grid"))
