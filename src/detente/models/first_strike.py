"""3. First strikes, pre-emption and reciprocal fear.

Story
    An advantage in striking first can leave no deal that both prefer to striking (3a). Fear alone
    may do it: I attack because I think that you may, because you think that I may (3b, 3c). Arms
    are bought for the same reason (3d).
Payoffs and equilibrium
    3a: p_f is A's chance of winning if A strikes first, p_s if B does. A deal x holds iff
    ``p_f - c_A <= x <= p_s + c_B``; there is none iff ``p_f - p_s > c_A + c_B``.

    3b: wait|wait 0, attack|wait -d, wait|attack -s, attack|attack -w with d > 0, s > w. Attack iff
    the other does with more than ``q* = d / (d + s - w)``; attacking is risk dominant iff
    ``d < s - w``.

    3c: attack|wait ``g - k``, attack|attack ``-w - k``, wait|attack -s, with a private cost k of
    attacking and s - w > g. Attack iff ``k <= g + Q (s - w - g)``, Q the chance that the other
    attacks. With k nearly common knowledge the cutoff is ``(g + s - w) / 2``; for bivariate normal
    costs of correlation rho it solves::

        k* = g + Phi((k* - mu)/Sigma sqrt((1 - rho)/(1 + rho))) (s - w - g)

    which has one solution if the slope ``(s - w - g)/(Sigma sqrt(2 pi)) sqrt((1 - rho)/(1 + rho))``
    is below 1, and may have three.

    3d: neither builds 0; I build alone ``mu - c``; only the other builds -d; both -c, with c
    private, uniform on [0, C], and mu < d. ``P(build) = mu / (C - d + mu)`` if C > d, else 1.
Source
    3a Fearon (1995), IO 49(3); 3b Schelling, T. C. (1960), The Strategy of Conflict, ch. 9; 3c
    Carlsson & van Damme (1993) and Morris & Shin (2003) on global games, Chassang & Padro i Miquel
    (2010), QJE 125, for the setting (their threshold could not be confirmed and is left out); 3d
    Baliga, S. & Sjostrom, T. (2004), "Arms Races and Negotiations", REStud 71.
Note
    The privately known number must be the cost of attacking. With 3b's d in its place "all attack"
    is always an equilibrium, since attacking an attacker does not depend on d.
Solver
    3a: A strikes, or demands a share that B takes or answers by striking. 3b-3d: one simultaneous
    move; 3c's game has independent costs (rho = 0), the engine's types being independent, and is
    solved from several starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import pi, sqrt
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import InputError
from detente.game import decide, end, together, tree
from detente.models._tools import cells, curves, even, normal_cells, run, scan
from detente.models.base import Model, Parameter, Solution, need

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.report.section import Chart

__all__ = ["ARMS", "COSTS", "FEAR", "RANGE", "arms", "bargaining_range", "cutoffs", "fear",
           "global_cutoff"]


def bargaining_range(p_f: float, p_s: float, c_A: float, c_B: float) -> dict[str, float]:
    """Return 3a's range of deals; ``war`` is 1 where it is empty.

    Raises
    ------
    InputError
        Unless ``0 <= p_s <= p_f <= 1`` and costs are at least 0.

    Examples
    --------
    >>> [round(bargaining_range(*x)["width"], 6) for x in ((.7, .4, .1, .1), (.62, .45, .1, .05))]
    [-0.1, -0.02]
    """
    need(0 <= p_s <= p_f <= 1, "0 <= p_s <= p_f <= 1", p_s=p_s, p_f=p_f)
    need(c_A >= 0 and c_B >= 0, "c_A, c_B >= 0", c_A=c_A, c_B=c_B)
    width = c_A + c_B - (p_f - p_s)
    return {"low": p_f - c_A, "high": p_s + c_B, "width": width, "war": float(width < 0)}


def fear(d: float, s: float, w: float) -> dict[str, float]:
    """Return 3b's belief above which to strike; ``attack`` is 1 where that is risk dominant.

    Raises
    ------
    InputError
        Unless ``d > 0`` and ``s > w``.

    Examples
    --------
    >>> [round(fear(*x)["q_star"], 8) for x in ((.3, 1, .6), (.5, 1, .6), (.2, .8, .5))]
    [0.42857143, 0.55555556, 0.4]
    """
    need(d > 0, "d > 0", d=d)
    need(s > w, "s > w", s=s, w=w)
    return {"q_star": d / (d + s - w), "attack": float(d < s - w)}


def global_cutoff(g: float, s: float, w: float) -> float:
    """Return 3c's cutoff when costs are nearly common knowledge.

    Examples
    --------
    >>> round(global_cutoff(0.1, 1, 0.4), 6)
    0.35
    """
    need(s - w > g, "s - w > g", s=s, w=w, g=g)
    return (g + s - w) / 2


def cutoffs(g: float, s: float, w: float, mu: float, sigma: float, rho: float = 0.0
            ) -> dict[str, float]:
    """Return every cutoff of 3c with bivariate normal costs, ascending.

    Raises
    ------
    InputError
        Unless ``s - w > g, sigma > 0`` and ``-1 < rho < 1``.

    Examples
    --------
    >>> found = cutoffs(0.1, 1, 0.4, 0.35, 0.1)
    >>> [round(found[f"cutoff_{k}"], 8) for k in (1, 2, 3)]
    [0.10341745, 0.35, 0.59658255]
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr

    need(s - w > g, "s - w > g", s=s, w=w, g=g)
    need(sigma > 0, "sigma > 0", sigma=sigma)
    need(True, "a finite mu", mu=mu)
    need(-1 < rho < 1, "-1 < rho < 1", rho=rho)
    steep = sqrt((1 - rho) / (1 + rho)) / sigma

    def gap(k: float) -> float:
        return float(g + ndtr((k - mu) * steep) * (s - w - g)) - k

    # every cutoff lies in [g, s - w]; an odd number of points keeps clear of the middle one
    ks = np.linspace(g - 1e-9, s - w + 1e-9, 4002)
    values = [gap(float(k)) for k in ks]
    roots = [float(brentq(gap, ks[i], ks[i + 1], xtol=1e-14)) for i in range(len(ks) - 1)
             if values[i] * values[i + 1] < 0]
    found = {"equilibria": float(len(roots)), "slope": (s - w - g) * steep / sqrt(2 * pi)}
    return found | {f"cutoff_{i}": k for i, k in enumerate(roots, 1)}


def arms(mu: float, d: float, C: float) -> dict[str, float]:
    """Return 3d's chance of building, and the cutoff cost.

    Raises
    ------
    InputError
        Unless ``0 < mu < d`` and ``C > 0``.

    Examples
    --------
    >>> [round(arms(*x)["build"], 8) for x in ((.1, .5, 1), (.2, .6, 1), (.1, 1.2, 1))]
    [0.16666667, 0.33333333, 1.0]
    """
    need(0 < mu < d, "0 < mu < d", mu=mu, d=d)
    need(C > 0, "C > 0", C=C)
    build = mu / (C - d + mu) if d < C else 1.0
    return {"build": build, "cutoff": mu + build * (d - mu)}


def _range_game(v: Mapping[str, float], grid: int, lam: float) -> Solution:
    c_A, c_B = v["c_A"], v["c_B"]
    deals = cells(0, 1, grid)
    game = tree({"A": 1, "B": 1}, decide("A", {
        "strike": end("war", A=v["p_f"] - c_A, B=1 - v["p_f"] - c_B),
        **{f"demand {x:.4f}": decide("B", {
            "accept": end("deal", A=x, B=1 - x),
            "strike": end("war", A=v["p_s"] - c_A, B=1 - v["p_s"] - c_B)}) for x in deals}},
        weights={"strike": 1.0, **{f"demand {x:.4f}": 1.0 / grid for x in deals}}))
    return run(game, lam, lambda eq: {"war": eq.outcomes()["war"]})


MENU = ["attack", "wait"]


def _fear_game(v: Mapping[str, float], grid: int, lam: float) -> Solution:
    d, s, w = v["d"], v["s"], v["w"]
    game = tree({"one": 1, "two": 1}, together({"one": MENU, "two": MENU}, {
        ("attack", "attack"): end("war", one=-w, two=-w),
        ("attack", "wait"): end("one strikes", one=-d, two=-s),
        ("wait", "attack"): end("two strikes", one=-s, two=-d),
        ("wait", "wait"): end("peace")}))
    return run(game, lam, lambda eq: {"attack": eq.joint_pi[0][0][0, 0]})


def _costs_game(v: Mapping[str, float], grid: int, lam: float) -> Solution:
    from detente.equilibrium import solve

    if v["rho"] != 0.0:
        raise InputError(f"the solver's types are independent and rho is {v['rho']:g}",
                         expected="rho = 0 (the closed form takes any)")
    g, s, w = v["g"], v["s"], v["w"]
    costs = normal_cells(grid, v["mu"], v["sigma"])
    alone, both = [g - k for k in costs], [-w - k for k in costs]
    game = tree({"one": even(grid), "two": even(grid)}, together({"one": MENU, "two": MENU}, {
        ("attack", "attack"): end("war", one=both, two=both),
        ("attack", "wait"): end("one strikes", one=alone, two=-s),
        ("wait", "attack"): end("two strikes", one=-s, two=alone),
        ("wait", "wait"): end("peace")}))
    first = solve(game, lam)
    found: dict[float, Equilibrium] = {}
    for cut in np.linspace(g, s - w, 9):
        yes = 0.02 + 0.96 * (costs <= cut)
        mix = np.stack([yes, 1 - yes])
        eq = solve(game, lam, start=replace(first, joint_pi={0: (mix, mix)}, lam=lam))
        share = float(game.prior[1] @ eq.joint_pi[0][1][0])
        same = np.abs(eq.joint_pi[0][0] - eq.joint_pi[0][1]).max() < 1e-6
        if eq.certificate.certified and same and all(abs(share - k) > 0.01 for k in found):
            found[share] = eq
    values = {"equilibria": float(len(found))}
    for i, share in enumerate(sorted(found), 1):
        values[f"cutoff_{i}"] = g + share * (s - w - g)
    if not found:
        return Solution(values, {**first.certificate.as_dict(), "certified": False})
    worst = max((e.certificate for e in found.values()), key=lambda c: c.residual or 0.0)
    return Solution(values, worst.as_dict())


def _arms_game(v: Mapping[str, float], grid: int, lam: float) -> Solution:
    costs = cells(0, v["C"], grid)
    alone, paid = [v["mu"] - c for c in costs], [-c for c in costs]
    menu = ["build", "not"]
    game = tree({"one": even(grid), "two": even(grid)}, together({"one": menu, "two": menu}, {
        ("build", "build"): end("race", one=paid, two=paid),
        ("build", "not"): end("one builds", one=alone, two=-v["d"]),
        ("not", "build"): end("two builds", one=-v["d"], two=alone),
        ("not", "not"): end("none")}))
    return run(game, lam, lambda eq: {
        "build": float(game.prior[0] @ eq.joint_pi[0][0][0]),
        "cutoff": v["mu"] + float(game.prior[1] @ eq.joint_pi[0][1][0]) * (v["d"] - v["mu"])})


def _range_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "The range of deals shrinks with the advantage of striking first",
        "The least A accepts rises with its first-strike chance and passes the most B gives.",
        "A's chance of winning if it strikes first", "share of the stake for A",
        scan(bargaining_range, v, "p_f", np.linspace(v["p_s"], 1, 60), least_A_accepts="low",
             most_B_gives="high"), at=v["p_f"])


def _fear_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "How sure of peace one must be", "The fear above which one strikes rises with the cost of "
        "striking a side that waited.", "cost of striking one who waits (d)",
        "belief that the other strikes",
        scan(fear, v, "d", np.linspace(0.01, 2, 100), strike_above="q_star"), at=v["d"])


def _costs_chart(v: Mapping[str, float]) -> Chart:
    found = []
    for rho in np.linspace(0, 0.99, 67):
        roots = cutoffs(**{**v, "rho": float(rho)})
        found += [(float(rho), roots[f"cutoff_{i}"], i, roots["equilibria"])
                  for i in range(1, int(roots["equilibria"]) + 1)]
    series: dict[str, tuple[list[float], list[float]]] = {}
    for rho, k, i, many in found:
        name = ("low", "middle", "high")[min(i, 3) - 1] if many > 1 else "only"
        series.setdefault(name, ([], []))
        series[name][0].append(rho)
        series[name][1].append(k)
    return curves(
        "Correlated costs leave one cutoff", "Cutoffs against the correlation of costs: several "
        "where costs are independent and similar, one where they are strongly correlated.",
        "correlation of the two sides' costs", "cost below which one attacks", series, at=v["rho"])


def _arms_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Arms races from small temptations", "The chance of building jumps to 1 where the loss "
        "from being the only unarmed side reaches the highest cost.",
        "loss from being the only one unarmed (d)", "probability of building",
        scan(arms, v, "d", np.linspace(v["mu"] + 0.001, 1.2 * v["C"] + v["mu"], 150),
             build="build"), at=v["d"])


RANGE = Model(
    "fearon-1995-first-strike", "3a", "First-strike advantage and the bargaining range",
    "Fearon (1995), International Organization 49(3):379-414",
    "no deal holds iff the first-strike advantage exceeds the costs together",
    (Parameter("p_f", 0.7, "A's chance of winning if it strikes first", "p_s <= p_f <= 1"),
     Parameter("p_s", 0.4, "A's chance if B strikes first", "0 <= p_s <= p_f"),
     Parameter("c_A", 0.1, "A's war cost", "c_A >= 0"),
     Parameter("c_B", 0.1, "B's war cost", "c_B >= 0")),
    bargaining_range, _range_game, _range_chart, grid=40, lam=400.0, accuracy=0.01)
FEAR = Model(
    "schelling-1960", "3b", "Reciprocal fear of surprise attack",
    "Schelling (1960), The Strategy of Conflict, ch. 9",
    "attack is the safer choice iff the cost of striking in vain is below that of being struck",
    (Parameter("d", 0.3, "cost of striking one who waits", "d > 0"),
     Parameter("s", 1.0, "loss if struck while waiting", "s > w"),
     Parameter("w", 0.6, "loss if both strike", "w < s")),
    fear, _fear_game, _fear_chart, grid=2, lam=200.0, accuracy=0.001)
COSTS = Model(
    "carlsson-van-damme-1993", "3c", "Pre-emption with private costs of attacking",
    "Carlsson & van Damme (1993), Econometrica 61; Morris & Shin (2003)",
    "similar independent costs leave three equilibria, correlated ones a single cutoff",
    (Parameter("g", 0.1, "gain from striking one who waits", "g < s - w"),
     Parameter("s", 1.0, "loss if struck while waiting", "s - w > g"),
     Parameter("w", 0.4, "loss if both strike", "s - w > g"),
     Parameter("mu", 0.35, "mean cost of attacking", "finite"),
     Parameter("sigma", 0.1, "standard deviation of the cost", "sigma > 0"),
     Parameter("rho", 0.0, "correlation (the solver takes 0 only)", "-1 < rho < 1")),
    cutoffs, _costs_game, _costs_chart, grid=400, lam=200.0, accuracy=0.01)
ARMS = Model(
    "baliga-sjostrom-2004", "3d", "Arms races from mutual fear",
    "Baliga & Sjostrom (2004), REStud 71",
    "a small chance of types that must arm can unravel into everyone arming",
    (Parameter("mu", 0.1, "gain from being the only one armed", "0 < mu < d"),
     Parameter("d", 0.5, "loss from being the only one unarmed", "d > mu"),
     Parameter("C", 1.0, "highest cost of arming", "C > 0")),
    arms, _arms_game, _arms_chart, grid=200, lam=400.0, accuracy=0.01)
