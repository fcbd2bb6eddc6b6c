"""1. Ultimatum crisis bargaining with private information (Fearon 1995).

Story
    Two states divide a pie of 1. One demands a share; the other accepts or fights. The proposer
    does not know the other's cost of war (or the odds of war). A larger demand raises its share and
    the probability of war.
Players and moves
    Nature draws B's war cost ``c_B`` (or the odds of war), which only B observes. A demands x in
    [0, 1]; B accepts or goes to war.
Payoffs
    Accepted: (x, 1 - x). War: (p - c_A, 1 - p - c_B), with p the chance that A wins.
Equilibrium
    B accepts iff ``c_B >= x - p``. With t = x - p and F the distribution of ``c_B``, A maximises
    ``(p + t)(1 - F(t)) + (p - c_A) F(t)``; for ``c_B ~ U[l, h]``::

        t* = min(max((h - c_A) / 2, l), 1 - p),   x* = p + t*
        P(war) = max(0, (t* - l) / (h - l)) = (h - c_A - 2 l) / (2 (h - l)) in the interior

    War is rarer with a higher cost of A and more frequent with a wider range of B's cost. In the
    interior case p does not matter.
Source
    [fearon-1995]. Uniform and two-type distributions, the two-sided case and the case of privately
    known odds are this library's own worked versions of the paper's argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log
from typing import TYPE_CHECKING

import numpy as np

from detente.game import chance_by_type, decide, end, tree
from detente.theory._tools import cells, curves, even, labelled, run, scan
from detente.theory.base import Model, ModelSolution, Parameter, margin, need, power

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.render.section import Chart

__all__ = ["BINARY", "MODEL", "ODDS", "TWO_SIDED", "binary", "odds", "two_sided", "uniform"]


def uniform(p: float, c_A: float, l: float, h: float) -> dict[str, float]:
    """Return the demand, the probability of war and A's payoff for ``c_B ~ U[l, h]``.

    Raises
    ------
    InputError
        Unless ``0 <= p <= 1, c_A >= 0, 0 <= l < h``.

    Examples
    --------
    >>> {k: round(v, 6) for k, v in uniform(0.5, 0.1, 0.0, 0.4).items()}
    {'demand': 0.65, 'war': 0.375, 'payoff_A': 0.55625}
    """
    need(0 <= p <= 1, "0 <= p <= 1", p=p)
    need(c_A >= 0, "c_A >= 0", c_A=c_A)
    need(0 <= l < h, "0 <= l < h", l=l, h=h)
    t = min(max((h - c_A) / 2, l), 1 - p)
    war = max(0.0, (t - l) / (h - l))
    return {"demand": p + t, "war": war, "payoff_A": (p + t) * (1 - war) + (p - c_A) * war}


def binary(c_L: float, c_H: float, c_A: float, q: float, p: float) -> dict[str, float]:
    """Return the demand and the probability of war if B's cost has two values.

    The cost is ``c_L`` with probability q, otherwise ``c_H``.

    The risky demand ``p + c_H`` is made iff ``q < (c_H - c_L) / (c_H + c_A)``.

    Raises
    ------
    InputError
        Unless ``0 <= c_L < c_H, c_A >= 0, c_H + c_A > 0, 0 < q < 1, 0 <= p`` and
        ``p + c_H <= 1``.

    Examples
    --------
    >>> found = binary(0.1, 0.4, 0.1, 0.55, 0.4)
    >>> round(found["threshold"], 12), found["war"]
    (0.6, 0.55)
    """
    need(0 <= c_L < c_H, "0 <= c_L < c_H", c_L=c_L, c_H=c_H)
    need(c_A >= 0, "c_A >= 0", c_A=c_A)
    need(0 < q < 1, "0 < q < 1", q=q)
    need(p >= 0 and p + c_H <= 1, "p >= 0 and p + c_H <= 1", p=p, c_H=c_H)
    threshold = (c_H - c_L) / (c_H + c_A)
    risky = q < threshold
    return {
        "threshold": threshold, "demand": p + (c_H if risky else c_L), "war": q if risky else 0.0,
    }


def two_sided(C: float, K: float) -> dict[str, float]:
    """Return the probability of war for ``c_A ~ U[0, K], c_B ~ U[0, C]``, both private.

    Raises
    ------
    InputError
        Unless ``0 < C <= 1`` and ``K > 0`` (at p = 1/2 the demand stays below 1).

    Examples
    --------
    >>> [round(two_sided(*x)["war"], 6) for x in ((0.4, 0.4), (0.4, 0.2), (0.3, 0.6))]
    [0.25, 0.375, 0.125]
    """
    need(0 < C <= 1, "0 < C <= 1", C=C)
    need(K > 0, "K > 0", K=K)
    return {"war": 0.5 * (1 - K / (2 * C)) if K <= C else C / (4 * K)}


def odds(a: float, b: float, c_A: float, c_B: float) -> dict[str, float]:
    """Return the demand and the probability of war if only B knows p, uniform on [a, b].

    Raises
    ------
    InputError
        Unless ``0 <= a < b <= 1``, both costs are at least 0 and the demand
        ``max(a + c_B, b - c_A)`` is at most 1.

    Examples
    --------
    >>> round(odds(0.3, 0.8, 0.1, 0.1)["war"], 6), odds(0.4, 0.5, 0.1, 0.1)["war"]
    (0.6, 0.0)
    """
    need(0 <= a < b <= 1, "0 <= a < b <= 1", a=a, b=b)
    need(c_A >= 0 and c_B >= 0, "c_A, c_B >= 0", c_A=c_A, c_B=c_B)
    need(a + c_B <= 1, "a + c_B <= 1", a=a, c_B=c_B)
    return {
        "demand": max(a + c_B, b - c_A),
        "war": max(0.0, 1 - (c_A + c_B) / (b - a)),
    }


def _read(offers: np.ndarray) -> Callable[[Equilibrium], dict[str, float]]:
    def read(eq: Equilibrium) -> dict[str, float]:
        game = eq.game
        made = eq.q[game.first[0]: game.first[0] + game.count[0]]
        return {
            "demand": float(offers @ made), "war": eq.outcomes()["war"],
            "payoff_A": float(eq.value[0][0] @ game.prior[0]),
        }
    return read


def _uniform_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    p, c_A = v["p"], v["c_A"]
    costs = cells(v["l"], v["h"], grid)
    high = min(p + v["h"], 1.0)
    offers = cells(min(p, high - 0.05 * v["h"]), high, 2 * grid)  # room if p is nearly 1
    game = tree({"A": 1, "B": even(grid)}, decide("A", {
        name: decide("B", {
            "accept": end("accepted", A=x, B=1 - x),
            "fight": end("war", A=p - c_A, B=[1 - p - c for c in costs]),
        }) for name, x in zip(labelled("demand", offers), offers, strict=True)}))
    return run(game, lam, _read(offers))


def _binary_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    """Solve the game with two demands, each a margin below a type's indifference.

    At exact indifference logit choice refuses half of the time, so that a demand that is safe in
    theory would be risky. With the margin 2 ln(lambda)/lambda it is refused with 1/lambda^2.
    """
    p, c_A, q = v["p"], v["c_A"], v["q"]
    inside = 2 * log(max(lam, 2.0)) / max(lam, 2.0)
    offers = np.array([p + v["c_L"] - inside, p + v["c_H"] - inside])
    game = tree({"A": 1, "B": {"strong": q, "weak": 1 - q}}, decide("A", {
        name: decide("B", {
            "accept": end("accepted", A=x, B=1 - x),
            "fight": end("war", A=p - c_A, B=[1 - p - v["c_L"], 1 - p - v["c_H"]]),
        }) for name, x in zip(("safe", "risky"), offers, strict=True)}))

    def read(eq: Equilibrium) -> dict[str, float]:
        return {"demand": float(offers @ eq.q[1:3]), "war": eq.outcomes()["war"]}

    return run(game, lam, read)


def _two_sided_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    C, K, p = v["C"], v["K"], 0.5
    own, other = cells(0, K, grid), cells(0, C, grid)
    offers = cells(p, p + C / 2, grid)
    game = tree({"A": even(grid), "B": even(grid)}, decide("A", {
        name: decide("B", {
            "accept": end("accepted", A=x, B=1 - x),
            "fight": end("war", A=[p - c for c in own], B=[1 - p - c for c in other]),
        }) for name, x in zip(labelled("demand", offers), offers, strict=True)}))
    return run(game, lam, lambda eq: {"war": eq.outcomes()["war"]})


def _odds_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    """Solve the game in which a chance move by B's type decides the war."""
    c_A, c_B = v["c_A"], v["c_B"]
    chances = cells(v["a"], v["b"], grid)
    offers = cells(v["a"] + c_B - 0.1 * (v["b"] - v["a"]), min(v["b"] + c_B, 1.0), 2 * grid)
    game = tree({"A": 1, "B": even(grid)}, decide("A", {
        name: decide("B", {
            "accept": end("accepted", A=x, B=1 - x),
            "fight": chance_by_type("B", {
                "A wins": (list(chances), end("war", A=1 - c_A, B=-c_B)),
                "B wins": (list(1 - chances), end("war", A=-c_A, B=1 - c_B))}),
        }) for name, x in zip(labelled("demand", offers), offers, strict=True)}))
    return run(game, lam, _read(offers))


def _uniform_chart(v: Mapping[str, float]) -> Chart:
    highs = np.linspace(v["l"] + 0.01, max(1.0, v["h"]), 100)
    series = {
        f"A's own cost {c:g}": scan(uniform, {**v, "c_A": c}, "h", highs, war="war")["war"]
        for c in sorted({0.0, v["c_A"], 0.3})
    }
    return curves(
        "War by uncertainty about B's cost",
        "Probability of war by the highest war cost of B, with one line per cost of A. It rises "
        "with the uncertainty about B and falls with A's own cost.",
        "highest war cost of B (shares of the stake)", "probability of war", series, at=v["h"])


def _binary_chart(v: Mapping[str, float]) -> Chart:
    qs = np.linspace(0.01, 0.99, 197)
    return curves(
        "War by prior of a strong B", "The probability of war rises with the prior of a strong B, "
        "then falls to 0 at the prior at which the safe demand becomes better.",
        "probability that B is strong", "probability of war",
        scan(binary, v, "q", qs, war="war"), at=v["q"])


def _two_sided_chart(v: Mapping[str, float]) -> Chart:
    ks = np.linspace(0.01, 1, 100)
    return curves(
        "War by range of A's private cost", "The probability of war falls with the range of A's "
        "cost.",
        "highest war cost of A (shares of the stake)", "probability of war",
        scan(two_sided, v, "K", ks, war="war"), at=v["K"])


def _odds_chart(v: Mapping[str, float]) -> Chart:
    widths = np.linspace(v["a"] + 0.01, 1 - v["a"] if v["a"] < 0.5 else 1.0, 100)
    return curves(
        "War by range of private odds", "There is no war if the range of odds is narrower than the "
        "sum of costs. Beyond that the probability of war rises with the range.",
        "highest chance that A wins", "probability of war",
        scan(odds, v, "b", widths, war="war"), at=v["b"])


CITATION = "Fearon (1995), International Organization 49(3):379-414"
COST_A = Parameter("c_A", 0.1, "A's war cost, in shares of the stake", "c_A >= 0")

MODEL = Model(
    "fearon-1995", "1", "Ultimatum bargaining with a private war cost", CITATION,
    "war results from uncertainty about the other's cost; the odds of war do not matter",
    (Parameter("p", 0.5, "chance that A wins", "0 <= p <= 1"), COST_A,
     Parameter("l", 0.0, "lowest war cost of B", "0 <= l < h"),
     Parameter("h", 0.4, "highest war cost of B", "0 <= l < h")),
    uniform, _uniform_game, _uniform_chart, grid=40, lam=1000.0, accuracy=0.02,
    rate=power(1, (10, 100.0), (20, 200.0), (40, 400.0), (80, 800.0), along="the grid"))

BINARY = Model(
    "fearon-1995-binary", "1 (two types)", "Ultimatum bargaining against two types", CITATION,
    "the risky demand is made iff strong types are rarer than (c_H - c_L) / (c_H + c_A)",
    (Parameter("c_L", 0.1, "war cost of the strong type", "0 <= c_L < c_H"),
     Parameter("c_H", 0.4, "war cost of the weak type", "0 <= c_L < c_H"), COST_A,
     Parameter("q", 0.55, "probability of the strong type", "0 < q < 1"),
     Parameter("p", 0.4, "chance that A wins", "p >= 0 and p + c_H <= 1")),
    binary, _binary_game, _binary_chart, grid=2, lam=8000.0, accuracy=0.01,
    rate=margin((2, 2000.0), (2, 4000.0), (2, 8000.0)))

TWO_SIDED = Model(
    "fearon-1995-two-sided", "1 (two-sided)", "Ultimatum bargaining, both costs private", CITATION,
    "war is less likely the higher the largest cost of A is",
    (Parameter("C", 0.4, "highest war cost of B", "0 < C <= 1"),
     Parameter("K", 0.2, "highest war cost of A", "K > 0")),
    two_sided, _two_sided_game, _two_sided_chart, grid=30, lam=1000.0, accuracy=0.02,
    rate=power(1, (10, 100.0), (20, 200.0), (40, 400.0), (80, 800.0), along="the grid"))

ODDS = Model(
    "fearon-1995-odds", "1 (private odds)", "Ultimatum bargaining, odds known only to B", CITATION,
    "there is war iff the range of odds exceeds the sum of the two costs",
    (Parameter("a", 0.3, "lowest chance that A wins", "0 <= a < b <= 1"),
     Parameter("b", 0.8, "highest chance that A wins", "0 <= a < b <= 1"), COST_A,
     Parameter("c_B", 0.1, "B's war cost", "c_B >= 0, a + c_B <= 1")),
    odds, _odds_game, _odds_chart, grid=40, lam=1000.0, accuracy=0.01,
    rate=power(1, (10, 100.0), (20, 200.0), (40, 400.0), (80, 800.0), along="the grid"))
