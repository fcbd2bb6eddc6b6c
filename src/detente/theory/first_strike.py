"""3. First strikes, pre-emption and reciprocal fear.

Story
    If the advantage of striking first is large, no agreement is better for both than striking (3a).
    Fear alone can cause an attack: each attacks because it expects that the other may attack (3b).
    Arms are bought for the same reason (3d).
Payoffs and equilibrium
    3a: p_f is A's chance of winning if A strikes first, p_s if B does. A deal x holds iff
    ``p_f - c_A <= x <= p_s + c_B``; there is none iff ``p_f - p_s > c_A + c_B``.

    3b: wait|wait 0, attack|wait -d, wait|attack -s, attack|attack -w with d > 0, s > w. Attack iff
    the other does with more than ``q* = d / (d + s - w)``; attacking is risk dominant iff
    ``d < s - w``.

    3d: neither builds 0; I build alone ``mu - c``; only the other builds -d; both -c, with c
    private, uniform on [0, C], and mu < d. ``P(build) = mu / (C - d + mu)`` if C > d, else 1.
Source
    3a [fearon-1995]; 3b [schelling-1960], ch. 9; 3d [baliga-sjostrom-2004].
Solver
    3a: A strikes or demands a share. B accepts the demand or strikes. 3b, 3d: one simultaneous
    move. 3c, private costs of attacking, is :mod:`detente.theory.pre_emption`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from detente.game import decide, end, together, tree
from detente.theory._tools import cells, curves, even, labelled, run, scan
from detente.theory.base import Model, ModelSolution, Parameter, need, power, strict

if TYPE_CHECKING:
    from detente.render.section import Chart

__all__ = ["ARMS", "FEAR", "RANGE", "arms", "bargaining_range", "fear"]


def bargaining_range(p_f: float, p_s: float, c_A: float, c_B: float) -> dict[str, float]:
    """Return the bargaining range of 3a. ``war`` is 1 if the range is empty.

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
    """Return the belief of 3b above which striking is better.

    ``attack`` is 1 if attacking is risk dominant.

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


def arms(mu: float, d: float, C: float) -> dict[str, float]:
    """Return the probability of building in 3d, and the cutoff cost.

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


def _range_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    c_A, c_B = v["c_A"], v["c_B"]
    deals = cells(0, 1, grid)
    names = labelled("demand", deals, 4)
    game = tree({"A": 1, "B": 1}, decide("A", {
        "strike": end("war", A=v["p_f"] - c_A, B=1 - v["p_f"] - c_B),
        **{name: decide("B", {
            "accept": end("deal", A=x, B=1 - x),
            "strike": end("war", A=v["p_s"] - c_A, B=1 - v["p_s"] - c_B)})
            for name, x in zip(names, deals, strict=True)}},
        weights={"strike": 1.0, **dict.fromkeys(names, 1.0 / grid)}))
    return run(game, lam, lambda eq: {"war": eq.outcomes()["war"]})


MENU = ["attack", "wait"]


def _fear_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    d, s, w = v["d"], v["s"], v["w"]
    game = tree({"one": 1, "two": 1}, together({"one": MENU, "two": MENU}, {
        ("attack", "attack"): end("war", one=-w, two=-w),
        ("attack", "wait"): end("one strikes", one=-d, two=-s),
        ("wait", "attack"): end("two strikes", one=-s, two=-d),
        ("wait", "wait"): end("peace")}))
    return run(game, lam, lambda eq: {"attack": eq.joint_pi[0][0][0, 0]})


def _arms_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
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
        "Bargaining range by first-strike advantage",
        "The least share that A accepts rises with its chance of winning if it strikes first, "
        "until "
        "it exceeds the most that B gives.",
        "A's chance of winning if it strikes first", "share of the stake for A",
        scan(bargaining_range, v, "p_f", np.linspace(v["p_s"], 1, 60), least_A_accepts="low",
             most_B_gives="high"), at=v["p_f"])


def _fear_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Threshold belief for striking", "The belief above which a side strikes rises with the "
        "cost of "
        "striking a side that waited.", "cost of striking a side that waits (d)",
        "belief that the other strikes",
        scan(fear, v, "d", np.linspace(0.01, 2, 100), strike_above="q_star"), at=v["d"])


def _arms_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Probability of building by loss of the unarmed side", "The probability of building is 1 "
        "once "
        "the loss of the only unarmed side reaches the highest cost.",
        "loss from being the only one unarmed (d)", "probability of building",
        scan(arms, v, "d", np.linspace(v["mu"] + 0.001, 1.2 * v["C"] + v["mu"], 150),
             build="build"), at=v["d"])


RANGE = Model(
    "fearon-1995-first-strike", "3a", "First-strike advantage and the bargaining range",
    "Fearon (1995), International Organization 49(3):379-414",
    "no agreement holds iff the first-strike advantage exceeds the sum of costs",
    (Parameter("p_f", 0.7, "A's chance of winning if it strikes first", "p_s <= p_f <= 1"),
     Parameter("p_s", 0.4, "A's chance if B strikes first", "0 <= p_s <= p_f"),
     Parameter("c_A", 0.1, "A's war cost", "c_A >= 0"),
     Parameter("c_B", 0.1, "B's war cost", "c_B >= 0")),
    bargaining_range, _range_game, _range_chart, grid=40, lam=400.0, accuracy=0.01,
    rate=strict(0.1, 25.0, 50.0, 100.0, grid=40))
FEAR = Model(
    "schelling-1960", "3b", "Reciprocal fear of surprise attack",
    "Schelling (1960), The Strategy of Conflict, ch. 9",
    "attack is risk dominant iff striking a waiting side costs less than being struck",
    (Parameter("d", 0.3, "cost of striking a side that waits", "d > 0"),
     Parameter("s", 1.0, "loss if struck while waiting", "s > w"),
     Parameter("w", 0.6, "loss if both strike", "w < s")),
    fear, _fear_game, _fear_chart, grid=2, lam=200.0, accuracy=0.001,
    rate=strict(0.4, 10.0, 20.0, 40.0),
    note="the closed form reports the risk-dominant equilibrium; the game also has the other "
         "equilibrium in pure strategies, and a mixed one in which each side attacks with "
         "probability q_star. The solver certifies one equilibrium and does not choose among them. "
         "If d is close to s - w, it can find the mixed one, and a larger lambda does not reduce "
         "the difference")
ARMS = Model(
    "baliga-sjostrom-2004", "3d", "Arms races from mutual fear",
    "Baliga & Sjostrom (2004), REStud 71",
    "a small probability of types that must arm can lead all types to arm",
    (Parameter("mu", 0.1, "gain from being the only one armed", "0 < mu < d"),
     Parameter("d", 0.5, "loss from being the only one unarmed", "d > mu"),
     Parameter("C", 1.0, "highest cost of arming", "C > 0")),
    arms, _arms_game, _arms_chart, grid=200, lam=400.0, accuracy=1e-5,
    rate=power(1, (10, 100.0), (20, 200.0), (40, 400.0), (80, 800.0), along="the grid"))
