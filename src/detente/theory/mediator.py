"""8. Which side are you on? A mediator's bias and its credibility (Kydd 2003).

Story
    A mediator knows more than P1 about the strength of P2. A mediator that only wants peace always
    says that P2 is strong, so that P1 demands little. P1 believes this message only from a mediator
    that is partial to P1.
Players, moves, payoffs
    P2 is strong (war cost c_L) or weak (c_H), equally likely. The mediator sees a signal that is
    wrong with probability e and says "weak" or "strong". P1 demands p + c_L, which both types
    accept, or p + c_H, which only the weak type accepts. Refusal means war, worth p - c_1 to P1.
    The mediator's payoff is ``b P1 + (1 - b) P2 - gamma [war]``.
Equilibrium
    With D = c_H - c_L, the mediator is truthful after a "weak" signal iff::

        b >= b_min = [(1 - e) D + e gamma] / [2 (1 - e) D - e (c_L + c_1)]   > 1/2 for e > 0

    (given a positive denominator and c_L + c_1 + gamma > 0), after a "strong" one iff
    ``e (2b - 1) D <= (1 - e)(b (c_L + c_1) + gamma)``, and P1 follows iff
    ``e <= D/(c_H + c_1) <= 1 - e``. Below b_min the mediator prefers the low demand after both
    signals, so that P1 learns nothing. A concern for peace gamma *raises* the necessary bias.
Source
    [kydd-2003]. The noisy signal and the payoffs are this library's own version.
Solver
    The signal is correlated with P2's type, so that this is an extensive game with information sets
    for the mediator (by signal) and for P1 (by message), solved by the general solver. A babbling
    equilibrium always exists. Therefore 2 % of mediators are honest whatever their interest, which
    gives the messages their meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from detente.theory._tools import curves
from detente.theory.base import Model, ModelSolution, Parameter, need, strict

if TYPE_CHECKING:
    from detente.render.section import Chart

__all__ = ["MODEL", "game_text", "least_bias", "mediation"]

HONEST = 0.02
"""Share of mediators that report their signal whatever their interest."""
ODDS = 0.5
"""P1's chance of winning. It shifts all payoffs equally and changes no choice."""


def least_bias(c_L: float, c_H: float, c_1: float, gamma: float, e: float) -> float:
    """Return b_min.

    Raises
    ------
    InputError
        Unless ``0 <= c_L < c_H, c_1 >= 0, gamma >= 0, 0 <= e < 1/2`` and
        ``2 (1 - e) D > e (c_L + c_1)``.

    Examples
    --------
    >>> [round(least_bias(*x), 8) for x in ((.1, .4, .1, .2, .05), (.1, .3, .2, .5, .05))]
    [0.52678571, 0.5890411]
    """
    need(0 <= c_L < c_H, "0 <= c_L < c_H", c_L=c_L, c_H=c_H)
    need(c_1 >= 0 and gamma >= 0, "c_1, gamma >= 0", c_1=c_1, gamma=gamma)
    need(0 <= e < 0.5, "0 <= e < 1/2", e=e)
    gain = c_H - c_L
    need(2 * (1 - e) * gain > e * (c_L + c_1), "2 (1 - e)(c_H - c_L) > e (c_L + c_1)",
         c_L=c_L, c_H=c_H, c_1=c_1, e=e)
    return ((1 - e) * gain + e * gamma) / (2 * (1 - e) * gain - e * (c_L + c_1))


def mediation(b: float, c_L: float, c_H: float, c_1: float, gamma: float, e: float
              ) -> dict[str, float]:
    """Return the necessary bias, whether messages are credible, and the probability of war.

    Raises
    ------
    InputError
        As for `least_bias`, and unless ``0 <= b <= 1``.

    Examples
    --------
    >>> found = mediation(0.7, 0.1, 0.4, 0.1, 0.2, 0.05)
    >>> found["credible"], round(found["war"], 6), found["war_without"]
    (1.0, 0.025, 0.5)
    """
    need(0 <= b <= 1, "0 <= b <= 1", b=b)
    least = least_bias(c_L, c_H, c_1, gamma, e)
    gain = c_H - c_L
    risky = gain / (c_H + c_1)
    strong = e * (2 * b - 1) * gain <= (1 - e) * (b * (c_L + c_1) + gamma)
    obeys = e <= risky <= 1 - e
    credible = b >= least and strong and obeys
    without = 0.5 if risky > 0.5 else 0.0
    war = 0.5 * e if credible else without
    found = {"b_min": least, "obeys": float(obeys), "credible": float(credible), "war": war,
             "war_without": without}
    if credible:  # otherwise the message is uninformative and its probabilities are not determined
        found["says_weak_on_weak"] = 1.0
    return found


def game_text(b: float, c_L: float, c_H: float, c_1: float, gamma: float, e: float) -> str:
    """Return the game in Gambit's format: mediator 1, P1 2, P2 3 (which has no move)."""
    p = ODDS
    number = 0

    def leaf(strong: bool, high: bool) -> str:
        nonlocal number
        number += 1
        if not high:
            one, two, war = p + c_L, 1 - p - c_L, 0
        elif strong:
            one, two, war = p - c_1, 1 - p - c_L, 1
        else:
            one, two, war = p + c_H, 1 - p - c_H, 0
        middle = b * one + (1 - b) * two - gamma * war
        name = "war" if war else "peace"
        return f't "" {number} "{name}" {{ {middle!r}, {one!r}, {two!r} }}'

    def demand(strong: bool, said: str) -> list[str]:
        which = 1 if said == "weak" else 2
        return [f'p "" 2 {which} "told {said}" {{ "high" "low" }} 0',
                leaf(strong, True), leaf(strong, False)]

    lines = ['EFG 2 R "biased mediator" { "mediator" "P1" "P2" }']
    chances, branches = [], []
    for signal in ("weak", "strong"):
        for strong in (False, True):
            right = (signal == "strong") == strong
            for honest in (True, False):
                share = HONEST if honest else 1 - HONEST
                chances.append(f'"{signal} {"s" if strong else "w"} {"h" if honest else "o"}" '
                               f"{0.5 * ((1 - e) if right else e) * share!r}")
                if honest:
                    branches.append(demand(strong, signal))
                    continue
                which = 1 if signal == "weak" else 2
                branches.append([
                    f'p "" 1 {which} "saw {signal}" {{ "weak" "strong" }} 0',
                    *demand(strong, "weak"), *demand(strong, "strong")])
    lines.append('c "" 1 "" { ' + " ".join(chances) + " } 0")
    return "\n".join(lines + [line for branch in branches for line in branch]) + "\n"


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    from detente.equilibrium.general.solve import solve_extensive
    from detente.game.efg import parse_efg

    game = parse_efg(game_text(**v))
    eq = solve_extensive(game, lam)
    names = [game.set_name(h) for h in range(game.n_sets)]
    saw = next(h for h, name in enumerate(names) if "saw weak" in name)
    return ModelSolution(
        {"says_weak_on_weak": eq.mix(saw)["weak"], "war": eq.outcomes()["war"]},
        eq.certificate.as_dict())


def _chart(v: Mapping[str, float]) -> Chart:
    errors = np.linspace(0, 0.3, 100)
    series = {}
    for gamma in sorted({0.0, v["gamma"], 1.0}):
        xs = [float(x) for x in errors
              if 2 * (1 - x) * (v["c_H"] - v["c_L"]) > x * (v["c_L"] + v["c_1"])]
        series[f"concern for peace {gamma:g}"] = (
            xs, [least_bias(v["c_L"], v["c_H"], v["c_1"], gamma, x) for x in xs])
    return curves(
        "Least credible bias by error of the signal",
        "The least bias rises from one half with the error of the mediator's signal. It rises "
        "faster "
        "the greater the concern for peace is.", "probability that its signal is wrong",
        "least weight on P1's interest", series, at=v["e"])


MODEL = Model(
    "kydd-2003", "8", "A mediator's bias and its credibility",
    "Kydd (2003), American Journal of Political Science 47:597-611",
    "only a mediator partial to the side it advises is credible; concern for peace reduces this",
    (Parameter("b", 0.7, "mediator's weight on P1's interest", "0 <= b <= 1"),
     Parameter("c_L", 0.1, "war cost of strong P2", "0 <= c_L < c_H"),
     Parameter("c_H", 0.4, "war cost of weak P2", "c_H > c_L"),
     Parameter("c_1", 0.1, "P1's war cost", "c_1 >= 0"),
     Parameter("gamma", 0.2, "mediator's concern for peace", "gamma >= 0"),
     Parameter("e", 0.05, "probability that the signal is wrong",
               "0 <= e < 1/2, 2 (1 - e)(c_H - c_L) > e (c_L + c_1)")),
    mediation, _game, _chart, grid=2, lam=1000.0, accuracy=0.01,
    rate=strict(0.09, 50.0, 100.0, 200.0),
    note="2 % of mediators are honest whatever their interest, which gives the messages their "
         "meaning")
