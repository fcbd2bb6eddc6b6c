"""4d. Audience costs with normal shocks: the crisis as it is estimated (Lewis & Schultz 2003).

Story, moves
    As in :mod:`detente.theory.audience`, but every private payoff has a normal shock of standard
    deviation 1: A's payoffs of war and of backing down, B's payoff of war.
Payoffs
    A: status quo S_A; concession V_A; war ``W_A + e_1``; backing down ``a + e_2``.
    B: concession C_B; war ``W_B + e_3``; A backs down V_B.
Equilibrium
    With p_R the chance that B resists, A challenges iff its better continuation exceeds
    ``c = (S_A - (1 - p_R) V_A) / p_R``, and::

        p_C = 1 - Phi(c - W_A) Phi(c - a)
        p_F = Phi2((W_A - a)/sqrt 2, W_A - c; 1/sqrt 2) / p_C
        p_R = Phi((p_F W_B + (1 - p_F) V_B - C_B) / p_F)

    The last equation is solved for p_R by scanning for every root in log odds. Up to three roots
    were found, so that a solver that returns one root is incomplete.
Source
    [lewis-schultz-2003]; multiplicity: [crisman-cox-gibilisco-2019]. The defaults are the example
    of the latter's software.
Solver
    The shocks are weighted points on even grids (see `best_types`). The game is solved from eleven
    initial beliefs about resistance. Distinct solutions are matched to the roots in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from detente.game import decide, end, tree
from detente.theory._tools import chance_of, curves, steered
from detente.theory.base import Model, ModelSolution, Parameter, need, power

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.render.section import Chart

__all__ = ["MODEL", "all_roots", "given_resistance", "normal"]

REACH = 4.0
"""Standard deviations that the grids of shocks cover on each side of the mean."""
GUESSES = tuple(k / 12 for k in range(1, 12))
"""Probabilities of resistance from which the search for equilibria starts."""
APART = 0.02
"""Least difference in the chance of resistance between distinct equilibria."""


def given_resistance(p_R: float, W_A: float, a: float, S_A: float, V_A: float
                     ) -> tuple[float, float]:
    """Return p_C and p_F when B resists with probability ``p_R``."""
    from scipy.special import ndtr
    from scipy.stats import multivariate_normal

    c = (S_A - (1 - p_R) * V_A) / p_R
    p_C = 1 - float(ndtr(c - W_A) * ndtr(c - a))
    rho = 1 / sqrt(2)
    both = float(multivariate_normal.cdf(
        [(W_A - a) / sqrt(2), min(max(W_A - c, -40.0), 40.0)], cov=[[1, rho], [rho, 1]]))
    return p_C, min(both / p_C, 1.0)


def all_roots(W_A: float, a: float, W_B: float, S_A: float, V_A: float, C_B: float, V_B: float,
              points: int = 400) -> list[float]:
    """Return every equilibrium probability of resistance that a scan of ``points`` separates."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    def gap(z: float) -> float:
        p_R = 1 / (1 + np.exp(-z))
        _, p_F = given_resistance(p_R, W_A, a, S_A, V_A)
        return float(ndtr((p_F * W_B + (1 - p_F) * V_B - C_B) / p_F) - p_R)

    zs = np.linspace(-8, 8, points)
    gaps = [gap(z) for z in zs]
    return [
        float(1 / (1 + np.exp(-brentq(gap, zs[k], zs[k + 1], xtol=1e-12))))
        for k in range(points - 1) if gaps[k] * gaps[k + 1] < 0
    ]


def normal(W_A: float, a: float, W_B: float, S_A: float, V_A: float, C_B: float, V_B: float
           ) -> dict[str, float]:
    """Return every equilibrium, numbered by its probability of resistance.

    Raises
    ------
    InputError
        Unless ``V_A > S_A`` and ``V_B > C_B`` and all are within [-10, 10].

    Examples
    --------
    >>> found = normal(-1.9, -1.2, -2.9, 0, 1, 0, 1)
    >>> found["equilibria"], [round(found[f"resist_{k}"], 6) for k in (1, 2, 3)]
    (3.0, [0.251105, 0.594723, 0.813322])
    """
    need(V_A > S_A, "V_A > S_A", V_A=V_A, S_A=S_A)
    need(V_B > C_B, "V_B > C_B", V_B=V_B, C_B=C_B)
    need(max(map(abs, (W_A, a, W_B, S_A, V_A, C_B, V_B))) <= 10,
         "W_A, a, W_B, S_A, V_A, C_B, V_B within [-10, 10]",
         W_A=W_A, a=a, W_B=W_B)
    roots = all_roots(W_A, a, W_B, S_A, V_A, C_B, V_B)
    found = {"equilibria": float(len(roots))}
    for k, p_R in enumerate(roots, 1):
        p_C, p_F = given_resistance(p_R, W_A, a, S_A, V_A)
        found |= {f"resist_{k}": p_R, f"challenge_{k}": p_C, f"fight_{k}": p_F,
                  f"war_{k}": p_C * p_R * p_F}
    return found


def best_types(W_A: float, a: float, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return A's types as (payoff of war, payoff of backing down, probability).

    A's choice depends only on the better of its two payoffs and on which of them is better. One
    dimension of types therefore replaces two dimensions of shocks. The better payoff m is on an
    even grid, with density ``phi(m - W_A) Phi(m - a)`` if it is war's and
    ``phi(m - a) Phi(m - W_A)`` if it is backing down's. The other payoff is at its mean below m. On
    an even grid sums over types are the trapezoidal rule, whose error vanishes exponentially once
    logit choice smooths over more than half a step. Cells of equal probability with steps of .01
    gave spurious equilibria, because the composed response is close to the diagonal.
    """
    from scipy.special import ndtr

    m = np.linspace(min(W_A, a) - REACH, max(W_A, a) + REACH, count)

    def density(z: np.ndarray) -> np.ndarray:
        return np.asarray(np.exp(-z * z / 2))

    def below(mean: float) -> np.ndarray:
        z = m - mean
        return np.asarray(mean - density(z) / np.sqrt(2 * np.pi) / ndtr(z))

    war = np.concatenate([m, below(W_A)])
    retreat = np.concatenate([below(a), m])
    weight = np.concatenate([density(m - W_A) * ndtr(m - a), density(m - a) * ndtr(m - W_A)])
    return war, retreat, weight / weight.sum()


def enumerate_labels(prior: np.ndarray) -> list[tuple[str, float]]:
    """Return the types' labels in order, with probabilities that sum to 1."""
    return [(str(k), float(p)) for k, p in enumerate(prior / prior.sum())]


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    from detente.equilibrium import solve

    war, retreat, weight_A = best_types(v["W_A"], v["a"], grid)
    shock = np.linspace(-REACH, REACH, 2 * grid)
    weight_B = np.exp(-shock * shock / 2) / np.exp(-shock * shock / 2).sum()
    war_B, below = v["W_B"] + shock, np.cumsum(weight_B)
    types_A, types_B = dict(enumerate_labels(weight_A)), dict(enumerate_labels(weight_B))
    game = tree({"A": types_A, "B": types_B}, decide("A", {
        "keep": end("status quo", A=v["S_A"], B=0),
        "challenge": decide("B", {
            "concede": end("concession", A=v["V_A"], B=v["C_B"]),
            "resist": decide("A", {
                "fight": end("war", A=list(war), B=list(war_B)),
                "back down": end("retreat", A=list(retreat), B=v["V_B"])})})}))
    first = solve(game, lam)
    found: list[Equilibrium] = [first]
    better = np.maximum(war, retreat)
    for p_R in GUESSES:
        start = steered(first, {
            ("challenge",): (1 - p_R) * v["V_A"] + p_R * better > v["S_A"],
            ("challenge", "resist"): below > 1 - p_R,
            ("challenge", "resist", "fight"): war > retreat})
        eq = solve(game, lam, start=start)
        known = [chance_of(e, "challenge", "resist") for e in found]
        if eq.certificate.certified and min(
                abs(k - chance_of(eq, "challenge", "resist")) for k in known) > APART:
            found.append(eq)
    found.sort(key=lambda e: chance_of(e, "challenge", "resist"))
    values = {"equilibria": float(len(found))}
    for k, eq in enumerate(found, 1):
        values |= {
            f"resist_{k}": chance_of(eq, "challenge", "resist"),
            f"challenge_{k}": chance_of(eq, "challenge"),
            f"fight_{k}": chance_of(eq, "challenge", "resist", "fight"),
            f"war_{k}": eq.outcomes()["war"],
        }
    worst = max((e.certificate for e in found), key=lambda c: (not c.certified, c.residual or 0))
    return ModelSolution(values, worst.as_dict())


def _chart(v: Mapping[str, float]) -> Chart:
    xs: list[float] = []
    ys: list[float] = []
    points = []
    for w in np.linspace(v["W_B"] - 0.5, v["W_B"] + 0.5, 60):
        for p_R in all_roots(**{**v, "W_B": float(w)}, points=160):
            points.append((p_R, float(w)))
    for p_R, w in sorted(points):  # the probability of resistance is monotone along the fold
        xs.append(w)
        ys.append(p_R)
    return curves(
        "Multiple equilibria by war payoff",
        "Probability of resistance by B's mean war payoff. The curve folds, so that in a middle "
        "range three probabilities are equilibria at the same payoffs.",
        "B's mean war payoff", "probability that B resists", {"resist": (xs, ys)}, at=v["W_B"])


MODEL = Model(
    "lewis-schultz-2003", "4d", "Audience costs with normal shocks",
    "Lewis & Schultz (2003), Political Analysis 11:345-367",
    "the same payoffs can have three equilibria with different probabilities of war",
    (Parameter("W_A", -1.9, "A's mean war payoff", "within [-10, 10]"),
     Parameter("a", -1.2, "A's mean payoff of backing down", "within [-10, 10]"),
     Parameter("W_B", -2.9, "B's mean war payoff", "within [-10, 10]"),
     Parameter("S_A", 0.0, "A's status quo", "S_A < V_A"),
     Parameter("V_A", 1.0, "A's payoff of a concession", "S_A < V_A"),
     Parameter("C_B", 0.0, "B's payoff of conceding", "C_B < V_B"),
     Parameter("V_B", 1.0, "B's payoff if A backs down", "C_B < V_B")),
    normal, _game, _chart, grid=200, lam=50.0, accuracy=0.02,
    rate=power(2, (100, 25.0), (200, 50.0), (400, 100.0), along="the grid"))
