"""10. Trust and reassurance (Kydd 2000, 2005).

Story
    Two states would both rather cooperate than fight each other, if only each could trust the
    other. A first, smaller step may show good will: costly enough that an expansionist would not
    fake it, cheap enough that a security seeker dares it.
Players, moves, payoffs
    Both choose to cooperate or defect at once. A seeker has R > T > P > S (reward, temptation,
    punishment, sucker's payoff); an expansionist defects. t_j is the prior that j is a seeker.
Equilibrium
    One round: with ``m = (P - S)/((P - S) + (R - T))`` cooperation of seekers is an equilibrium iff
    both priors are at least m.

    Two rounds, of stakes alpha and 1 - alpha, the other side defecting in the first (the gesture is
    one-sided): expansionist payoffs are (Re, Te, Pe, Se). The gesture separates iff::

        (Te - Pe)/(Pe - Se)  <=  alpha/(1 - alpha)  <=  (R - P)/(P - S)
Source
    Kydd, A. (2000), "Trust, Reassurance, and Cooperation", IO 54:325-357; (2005), Trust and
    Mistrust in International Relations. The two-round numbers are this library's own.
Solver
    One round: the simultaneous game with two types each, started from cooperation. Two rounds: the
    gesture of a player of unknown type, then the other's reply, who cooperates if it trusts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from detente.game import chance_by_type, decide, end, together, tree
from detente.theory._tools import chance_of, curves, find, scan, steered
from detente.theory.base import Model, Parameter, Solution, need, strict

if TYPE_CHECKING:
    from detente.game.build import Spec
    from detente.render.section import Chart

__all__ = ["GESTURE", "TRUST", "gesture", "trust"]


def trust(t_1: float, t_2: float, R: float, T: float, P: float, S: float) -> dict[str, float]:
    """Return the least trust at which seekers cooperate, and whether both do.

    Raises
    ------
    InputError
        Unless ``0 < t_1, t_2 < 1`` and ``R > T > P > S``.

    Examples
    --------
    >>> [round(trust(.7, .7, *x)["least_trust"], 8) for x in ((4, 3, 2, 0), (1, .5, 0, -1))]
    [0.66666667, 0.66666667]
    """
    need(0 < t_1 < 1 and 0 < t_2 < 1, "0 < t_1, t_2 < 1", t_1=t_1, t_2=t_2)
    need(R > T > P > S, "R > T > P > S", R=R, T=T, P=P, S=S)
    m = (P - S) / ((P - S) + (R - T))
    return {"least_trust": m, "cooperate": float(min(t_1, t_2) >= m)}


def gesture(alpha: float, R: float, P: float, S: float, Te: float, Pe: float, Se: float
            ) -> dict[str, float]:
    """Return the least and the largest stake of a gesture that separates, and whether alpha does.

    Raises
    ------
    InputError
        Unless ``0 < alpha < 1, R > P > S`` and ``Te > Pe > Se``.

    Examples
    --------
    >>> found = gesture(0.45, 4, 2, 0, 5, 3, 0)
    >>> round(found["least"], 6), round(found["most"], 6), found["seeker"], found["expansionist"]
    (0.4, 0.5, 1.0, 0.0)
    """
    need(0 < alpha < 1, "0 < alpha < 1", alpha=alpha)
    need(R > P > S, "R > P > S", R=R, P=P, S=S)
    need(Te > Pe > Se, "Te > Pe > Se", Te=Te, Pe=Pe, Se=Se)
    low, high = (Te - Pe) / (Pe - Se), (R - P) / (P - S)
    found = {"least": low / (1 + low), "most": high / (1 + high),
             "separates": float(low <= alpha / (1 - alpha) <= high)}
    if found["separates"]:
        found |= {"seeker": 1.0, "expansionist": 0.0}
    return found


def _trust_game(v: Mapping[str, float], grid: int, lam: float) -> Solution:
    from detente.equilibrium import solve

    R, T, P, S = v["R"], v["T"], v["P"], v["S"]
    menu = ["cooperate", "defect"]
    bad = {"R": S, "T": R, "P": P, "S": S - 1}  # an expansionist: defecting is always better
    game = tree(
        {"one": {"seeker": v["t_1"], "expansionist": 1 - v["t_1"]},
         "two": {"seeker": v["t_2"], "expansionist": 1 - v["t_2"]}},
        together({"one": menu, "two": menu}, {
            ("cooperate", "cooperate"): end("peace", one=[R, bad["R"]], two=[R, bad["R"]]),
            ("cooperate", "defect"): end("two gains", one=[S, bad["S"]], two=[T, bad["T"]]),
            ("defect", "cooperate"): end("one gains", one=[T, bad["T"]], two=[S, bad["S"]]),
            ("defect", "defect"): end("rivalry", one=[P, bad["P"]], two=[P, bad["P"]])}))
    first = solve(game, lam)
    mix = np.array([[0.98, 0.02], [0.02, 0.98]])
    eq = solve(game, lam, start=replace(first, joint_pi={0: (mix, mix)}))
    both = min(float(eq.joint_pi[0][i][0, 0]) for i in (0, 1))
    return Solution({"cooperate": both}, eq.certificate.as_dict(), eq)


def _gesture_game(v: Mapping[str, float], grid: int, lam: float) -> Solution:
    """The replier gains from cooperating with a seeker alone, and by as much as it may lose."""
    from detente.equilibrium import solve

    alpha = v["alpha"]
    R, P, S, Te, Pe, Se = (v[k] for k in ("R", "P", "S", "Te", "Pe", "Se"))

    def second(one: tuple[float, float]) -> Spec:
        a, b = alpha * one[0], alpha * one[1]
        rest = 1 - alpha
        return decide("two", {
            "cooperate": chance_by_type("one", {  # a seeker cooperates now, an expansionist not
                "kept": ([1, 0], end("peace", one=[a + rest * R, b], two=1)),
                "betrayed": ([0, 1], end("betrayal", one=[a, b + rest * Te], two=-1))}),
            "defect": end("rivalry", one=[a + rest * P, b + rest * Pe], two=0)})

    game = tree({"one": {"seeker": 0.4, "expansionist": 0.6}, "two": 1}, decide("one", {
        "gesture": second((S, Se)),
        "none": second((P, Pe))}))
    first = solve(game, lam)
    eq = solve(game, lam, start=steered(first, {
        ("gesture",): np.array([1.0, 0.0]), ("gesture", "cooperate"): np.array([1.0]),
        ("none", "cooperate"): np.array([0.0])}))
    made = eq.pi[find(game, "gesture")]
    return Solution({
        "seeker": float(made[0]), "expansionist": float(made[1]),
        "separates": float(made[0] > 0.9 and made[1] < 0.1),
        "trusted_after_gesture": chance_of(eq, "gesture", "cooperate")},
        eq.certificate.as_dict(), eq)


def _trust_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "How much trust cooperation needs", "The trust needed falls as mutual cooperation is worth "
        "more than exploiting the other.", "reward of mutual cooperation (R)",
        "least prior that the other is a seeker",
        scan(trust, v, "R", np.linspace(v["T"] + 0.01, v["T"] + 4, 100), needed="least_trust"),
        at=v["R"])


def _gesture_chart(v: Mapping[str, float]) -> Chart:
    ts = np.linspace(v["Pe"] + 0.01, v["Pe"] + 2 * (v["Pe"] - v["Se"]), 100)
    return curves(
        "Gestures that reassure", "The least stake at which an expansionist does not copy the "
        "gesture rises with its temptation and passes the most that a seeker dares.",
        "expansionist's gain from exploiting trust (Te)", "share of the stake put first",
        scan(gesture, v, "Te", ts, too_cheap_below="least", too_dear_above="most"), at=v["Te"])


CITATION = "Kydd (2000), IO 54:325-357; (2005), Trust and Mistrust in International Relations"
TRUST = Model(
    "kydd-2005", "10", "Trust: cooperation in one round", CITATION,
    "seekers cooperate iff each is trusted at least m",
    (Parameter("t_1", 0.8, "prior that side 1 is a seeker", "0 < t_1 < 1"),
     Parameter("t_2", 0.8, "prior that side 2 is a seeker", "0 < t_2 < 1"),
     Parameter("R", 4.0, "both cooperate", "R > T > P > S"),
     Parameter("T", 3.0, "defect on a cooperator", "R > T > P > S"),
     Parameter("P", 2.0, "both defect", "R > T > P > S"),
     Parameter("S", 0.0, "cooperate with a defector", "R > T > P > S")),
    trust, _trust_game, _trust_chart, grid=2, lam=100.0, accuracy=0.001,
    rate=strict(0.4, 25.0, 50.0))
GESTURE = Model(
    "kydd-2000", "10 (two rounds)", "Reassurance: a gesture before the main stake", CITATION,
    "a gesture reassures iff it is too dear to fake and not too dear to make",
    (Parameter("alpha", 0.45, "share of the stake in the first round", "0 < alpha < 1"),
     Parameter("R", 4.0, "seeker: both cooperate", "R > P > S"),
     Parameter("P", 2.0, "seeker: both defect", "R > P > S"),
     Parameter("S", 0.0, "seeker: exploited", "R > P > S"),
     Parameter("Te", 5.0, "expansionist: exploits", "Te > Pe > Se"),
     Parameter("Pe", 3.0, "expansionist: both defect", "Te > Pe > Se"),
     Parameter("Se", 0.0, "expansionist: exploited", "Te > Pe > Se")),
    gesture, _gesture_game, _gesture_chart, grid=2, lam=200.0, accuracy=0.001,
    rate=strict(0.2, 25.0, 50.0, 100.0))
