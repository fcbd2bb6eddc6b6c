"""10. Trust and reassurance (Kydd 2000, 2005).

Story
    Two states both prefer cooperation to conflict if each trusts the other. A first, smaller step
    can signal good intentions if it is too costly for an expansionist to imitate and not too costly
    for a security seeker.
Players, moves, payoffs
    Both choose simultaneously to cooperate or defect. A seeker has R > T > P > S (reward,
    temptation, punishment, sucker's payoff); an expansionist defects. t_j is the prior that j is a
    seeker.
Equilibrium
    One round: with ``m = (P - S)/((P - S) + (R - T))`` cooperation of seekers is an equilibrium iff
    both priors are at least m.

    Two rounds have stakes alpha and 1 - alpha. The gesture is one-sided: the other side defects in
    the first round. Expansionist payoffs are (Re, Te, Pe, Se). The gesture separates iff::

        (Te - Pe)/(Pe - Se)  <=  alpha/(1 - alpha)  <=  (R - P)/(P - S)
Source
    [kydd-2000]; [kydd-2005]. The two-round numbers are this library's own.
Solver
    One round: the simultaneous game with two types per side; the search starts from cooperation.
    Two rounds: the gesture of a player of private type, then the reply of the other, which
    cooperates if it trusts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from detente.game import chance_by_type, decide, end, together, tree
from detente.theory._tools import chance_of, curves, find, scan, steered, undecided
from detente.theory.base import Model, ModelSolution, Parameter, need, strict

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
    """Return the least and the largest separating stake, and whether alpha separates.

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


def _trust_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    from detente.equilibrium import solve

    R, T, P, S = v["R"], v["T"], v["P"], v["S"]
    menu = ["cooperate", "defect"]
    bad = {"R": S, "T": R, "P": P, "S": S - 1}  # for an expansionist defecting is dominant
    game = tree(
        {"one": {"seeker": v["t_1"], "expansionist": 1 - v["t_1"]},
         "two": {"seeker": v["t_2"], "expansionist": 1 - v["t_2"]}},
        together({"one": menu, "two": menu}, {
            ("cooperate", "cooperate"): end("peace", one=[R, bad["R"]], two=[R, bad["R"]]),
            ("cooperate", "defect"): end("two gains", one=[S, bad["S"]], two=[T, bad["T"]]),
            ("defect", "cooperate"): end("one gains", one=[T, bad["T"]], two=[S, bad["S"]]),
            ("defect", "defect"): end("rivalry", one=[P, bad["P"]], two=[P, bad["P"]])}))
    first = undecided(game, lam)
    mix = np.array([[0.98, 0.02], [0.02, 0.98]])
    eq = solve(game, lam, start=replace(first, joint_pi={0: (mix, mix)}))
    both = min(float(eq.joint_pi[0][i][0, 0]) for i in (0, 1))
    return ModelSolution({"cooperate": both}, eq.certificate.as_dict(), eq)


def _gesture_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    """Solve the gesture. The other side gains 1 from a seeker's cooperation, or loses 1."""
    from detente.equilibrium import solve

    alpha = v["alpha"]
    R, P, S, Te, Pe, Se = (v[k] for k in ("R", "P", "S", "Te", "Pe", "Se"))

    def second(one: tuple[float, float]) -> Spec:
        a, b = alpha * one[0], alpha * one[1]
        rest = 1 - alpha
        return decide("two", {
            "cooperate": chance_by_type("one", {  # a seeker cooperates now; an expansionist defects
                "kept": ([1, 0], end("peace", one=[a + rest * R, b], two=1)),
                "betrayed": ([0, 1], end("betrayal", one=[a, b + rest * Te], two=-1))}),
            "defect": end("rivalry", one=[a + rest * P, b + rest * Pe], two=0)})

    game = tree({"one": {"seeker": 0.4, "expansionist": 0.6}, "two": 1}, decide("one", {
        "gesture": second((S, Se)),
        "none": second((P, Pe))}))
    eq = solve(game, lam, start=steered(undecided(game, lam), {
        ("gesture",): np.array([1.0, 0.0]), ("gesture", "cooperate"): np.array([1.0]),
        ("none", "cooperate"): np.array([0.0])}))
    made = eq.pi[find(game, "gesture")]
    return ModelSolution({
        "seeker": float(made[0]), "expansionist": float(made[1]),
        "separates": float(made[0] > 0.9 and made[1] < 0.1),
        "trusted_after_gesture": chance_of(eq, "gesture", "cooperate")},
        eq.certificate.as_dict(), eq)


def _trust_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Trust needed for cooperation", "The necessary trust falls as the reward of mutual "
        "cooperation rises above the gain from exploiting the other.", "reward of mutual "
        "cooperation (R)",
        "least prior that the other is a seeker",
        scan(trust, v, "R", np.linspace(v["T"] + 0.01, v["T"] + 4, 100), needed="least_trust"),
        at=v["R"])


def _gesture_chart(v: Mapping[str, float]) -> Chart:
    ts = np.linspace(v["Pe"] + 0.01, v["Pe"] + 2 * (v["Pe"] - v["Se"]), 100)
    return curves(
        "Separating stakes of a gesture", "The least stake at which an expansionist does not "
        "imitate "
        "the gesture rises with its temptation, until it exceeds the largest that a seeker "
        "accepts.",
        "expansionist's gain from exploiting trust (Te)", "share of the stake in the first round",
        scan(gesture, v, "Te", ts, too_cheap_below="least", too_dear_above="most"), at=v["Te"])


CITATION = "Kydd (2000), IO 54:325-357; (2005), Trust and Mistrust in International Relations"
TRUST = Model(
    "kydd-2005", "10", "Trust: cooperation in one round", CITATION,
    "seekers cooperate iff both priors of a seeker are at least m",
    (Parameter("t_1", 0.8, "prior that side 1 is a seeker", "0 < t_1 < 1"),
     Parameter("t_2", 0.8, "prior that side 2 is a seeker", "0 < t_2 < 1"),
     Parameter("R", 4.0, "both cooperate", "R > T > P > S"),
     Parameter("T", 3.0, "defect while the other cooperates", "R > T > P > S"),
     Parameter("P", 2.0, "both defect", "R > T > P > S"),
     Parameter("S", 0.0, "cooperate while the other defects", "R > T > P > S")),
    trust, _trust_game, _trust_chart, grid=2, lam=100.0, accuracy=0.001,
    rate=strict(0.4, 25.0, 50.0))
GESTURE = Model(
    "kydd-2000", "10 (two rounds)", "Reassurance: a gesture before the main stake", CITATION,
    "a gesture reassures iff it is too costly to imitate and not too costly to make",
    (Parameter("alpha", 0.45, "share of the stake in the first round", "0 < alpha < 1"),
     Parameter("R", 4.0, "seeker: both cooperate", "R > P > S"),
     Parameter("P", 2.0, "seeker: both defect", "R > P > S"),
     Parameter("S", 0.0, "seeker: exploited", "R > P > S"),
     Parameter("Te", 5.0, "expansionist: exploits", "Te > Pe > Se"),
     Parameter("Pe", 3.0, "expansionist: both defect", "Te > Pe > Se"),
     Parameter("Se", 0.0, "expansionist: exploited", "Te > Pe > Se")),
    gesture, _gesture_game, _gesture_chart, grid=2, lam=200.0, accuracy=0.001,
    rate=strict(0.2, 25.0, 50.0, 100.0))
