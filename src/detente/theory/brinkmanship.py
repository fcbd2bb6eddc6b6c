"""5. Brinkmanship: threats that leave something to chance, and two rungs of risk.

Story
    5a: no side would choose disaster, but a side may choose a *risk* of it. The probability q of
    disaster must be large enough for the target to comply and small enough for the threatener.
    5b: a challenger C and a defender D escalate over two rungs. Each step has a probability of
    disaster. Each side may be resolute, which means that it prefers disaster to submission.
Payoffs
    5a: target: comply y_c, defy y_d, disaster y_x; threatener: status quo without a threat u_0,
    compliance u_c, disaster u_x. A share p of targets is hard and always defies.
    5b (C, D): status quo (0, 1); D submits (1, 0); C submits at the end (0, 1); disaster
    (-d_C, -d_D) to the irresolute, above submission to the resolute. C's first step brings disaster
    with probability f1, D's with f2, C's last for sure.
Equilibrium
    5a, effective and acceptable::

        q >= (y_d - y_c) / (y_d - y_x),      q <= [(u_c - u_0) / (u_0 - u_x)] (1 - p) / p

    5b, with r_C, r_D the priors of resolve::

        mu* = (1 / (1 + d_D) - f2) / (1 - f2),   r* = (1 - f1 (1 + d_C)) / ((1 - f1)(1 + f2 d_C))

    If ``r_C < mu*`` and ``r_D < r*``, irresolute C escalates with
    ``r_C (1 - mu*) / ((1 - r_C) mu*)`` and irresolute D with ``(r* - r_D) / (1 - r_D)``. If
    ``r_C > mu*`` irresolute D submits, and irresolute C escalates iff ``r_D < r*``. If
    ``r_C < mu*`` and ``r_D > r*`` irresolute C never escalates and irresolute D would submit.
Source
    5a: [schelling-1966]; Dixit, Skeath & Reiley, Games of Strategy, on the Cuban crisis. 5b is this
    library's own game in the spirit of [powell-1988] and [powell-1990]. It is not the model printed
    there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from detente.game import chance, chance_by_type, decide, end, tree
from detente.theory._tools import chance_of, curves, find, run, scan
from detente.theory.base import Model, ModelSolution, Parameter, need, power, strict

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.render.section import Chart

__all__ = ["RUNGS", "THREAT", "rungs", "threat"]

RESOLVED = 0.5
"""Payoff of disaster to the resolute: any number above 0, since submission gives 0."""


def threat(q: float, p: float, y_c: float, y_d: float, y_x: float, u_0: float, u_c: float,
           u_x: float) -> dict[str, float]:
    """Return the range of risks that are effective and acceptable, and whether q is in it.

    ``made`` is 1 if the threat pays the threatener. ``complied`` is 1 if a soft target complies.
    ``hardest`` is the share of hard targets above which no risk is effective and acceptable.

    Raises
    ------
    InputError
        Unless ``0 < q < 1, 0 < p < 1, y_d > y_c > y_x`` and ``u_c > u_0 > u_x``.

    Examples
    --------
    >>> found = threat(0.3, 0.5, 0, 1, -4, -2, 1, -10)
    >>> found["least"], found["most"], round(found["hardest"], 8)
    (0.2, 0.375, 0.65217391)
    """
    need(0 < q < 1, "0 < q < 1", q=q)
    need(0 < p < 1, "0 < p < 1", p=p)
    need(y_d > y_c > y_x, "y_d > y_c > y_x", y_d=y_d, y_c=y_c, y_x=y_x)
    need(u_c > u_0 > u_x, "u_c > u_0 > u_x", u_c=u_c, u_0=u_0, u_x=u_x)
    least = (y_d - y_c) / (y_d - y_x)
    ratio = (u_c - u_0) / (u_0 - u_x)
    most = ratio * (1 - p) / p
    return {
        "least": least, "most": most, "hardest": ratio / (ratio + least),
        "complied": float(q >= least), "made": float(least <= q <= most),
    }


def rungs(r_C: float, r_D: float, d_C: float, d_D: float, f1: float, f2: float
          ) -> dict[str, float]:
    """Return the thresholds of 5b, the irresolute types' mixes and the resulting probabilities.

    Raises
    ------
    InputError
        Unless ``0 < r_C, r_D < 1``, ``d_C, d_D > 0``, ``0 <= f1, f2 < 1`` and
        ``f1 (1 + d_C) < 1`` (otherwise irresolute C never escalates).

    Examples
    --------
    >>> found = rungs(0.2, 0.2, 1, 1, 0.1, 0.1)
    >>> {k: round(v, 8) for k, v in found.items()}
    {'mu_star': 0.44444444, 'r_star': 0.80808081, 'escalate_C': 0.3125, 'escalate_D': 0.76010101,
     'challenge': 0.45, 'disaster': 0.20863636}
    """
    need(0 < r_C < 1 and 0 < r_D < 1, "0 < r_C, r_D < 1", r_C=r_C, r_D=r_D)
    need(d_C > 0 and d_D > 0, "d_C, d_D > 0", d_C=d_C, d_D=d_D)
    need(0 <= f1 < 1 and 0 <= f2 < 1, "0 <= f1, f2 < 1", f1=f1, f2=f2)
    need(f1 * (1 + d_C) < 1, "f1 (1 + d_C) < 1", f1=f1, d_C=d_C)
    mu = (1 / (1 + d_D) - f2) / (1 - f2)
    r = (1 - f1 * (1 + d_C)) / ((1 - f1) * (1 + f2 * d_C))
    if r_D > r:  # irresolute C is deterred, so that every C that escalates is resolute
        beta, s = 0.0, 0.0
    elif r_C < mu:
        beta, s = r_C * (1 - mu) / ((1 - r_C) * mu), (r - r_D) / (1 - r_D)
    else:
        beta, s = 1.0, 0.0
    challenge = r_C + (1 - r_C) * beta
    climbs = r_D + (1 - r_D) * s
    last = r_C / challenge
    disaster = challenge * (f1 + (1 - f1) * climbs * (f2 + (1 - f2) * last))
    return {"mu_star": mu, "r_star": r, "escalate_C": beta, "escalate_D": s,
            "challenge": challenge, "disaster": disaster}


def _threat_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    q = v["q"]
    disaster = end("disaster", threatener=v["u_x"], target=v["y_x"])
    game = tree(
        {"threatener": 1, "target": {"soft": 1 - v["p"], "hard": v["p"]}},
        decide("threatener", {
            "threaten": chance_by_type("target", {  # hard targets have one move: the type decides
                "weighs it": ([1, 0], decide("target", {
                    "comply": end("compliance", threatener=v["u_c"], target=v["y_c"]),
                    "defy": chance({
                        "disaster": (q, disaster),
                        "nothing": (1 - q, end("defied", threatener=v["u_0"], target=v["y_d"]))}),
                })),
                "defies": ([0, 1], chance({
                    "disaster": (q, disaster),
                    "nothing": (1 - q, end("defied", threatener=v["u_0"], target=v["y_d"]))})),
            }),
            "refrain": end("no threat", threatener=v["u_0"], target=v["y_d"])}))
    return run(game, lam, lambda eq: {
        "complied": chance_of(eq, "threaten", "weighs it", "comply"),
        "made": chance_of(eq, "threaten")})


def _rungs_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    disaster = end("disaster", C=[RESOLVED, -v["d_C"]], D=[RESOLVED, -v["d_D"]])
    game = tree(
        {"C": {"resolute": v["r_C"], "irresolute": 1 - v["r_C"]},
         "D": {"resolute": v["r_D"], "irresolute": 1 - v["r_D"]}},
        decide("C", {
            "keep": end("status quo", C=0, D=1),
            "escalate": chance({
                "disaster": (v["f1"], disaster),
                "holds": (1 - v["f1"], decide("D", {
                    "submit": end("D submits", C=1, D=0),
                    "escalate": chance({
                        "disaster": (v["f2"], disaster),
                        "holds": (1 - v["f2"], decide("C", {
                            "submit": end("C submits", C=0, D=1),
                            "all out": disaster}))})}))})}))

    def read(eq: Equilibrium) -> dict[str, float]:
        return {
            "escalate_C": eq.pi[find(game, "escalate")][1],
            "escalate_D": eq.pi[find(game, "escalate", "holds", "escalate")][1],
            "challenge": chance_of(eq, "escalate"), "disaster": eq.outcomes()["disaster"],
        }

    return run(game, lam, read)


def _threat_chart(v: Mapping[str, float]) -> Chart:
    ps = np.linspace(0.2, 0.95, 150)
    found = [threat(**{**v, "p": float(p)}) for p in ps]
    return curves(
        "Range of effective and acceptable risks",
        "The largest acceptable risk falls with the share of hard targets until it is below the "
        "least effective risk. Beyond that no threat is both effective and acceptable.",
        "probability that the target is hard", "risk of disaster",
        {"least effective": (list(ps), [f["least"] for f in found]),
         "most acceptable": (list(ps), [min(f["most"], 1.0) for f in found])}, at=v["p"])


def _rungs_chart(v: Mapping[str, float]) -> Chart:
    top = 0.98 / (1 + v["d_C"])
    return curves(
        "Challenges and disaster by risk of the first step", "Probabilities of a challenge and of "
        "disaster by the probability of disaster at the first step.",
        "probability of disaster at the first step", "probability",
        scan(rungs, v, "f1", np.linspace(0.001, top, 150), challenge="challenge",
             disaster="disaster"), at=v["f1"])


THREAT = Model(
    "schelling-1966", "5a", "Brinkmanship: the threat that leaves something to chance",
    "Schelling (1966), Arms and Influence; Dixit, Skeath & Reiley, Games of Strategy",
    "a threat needs a risk large enough to work and small enough to make; it may not exist",
    (Parameter("q", 0.3, "risk of disaster if the target defies", "0 < q < 1"),
     Parameter("p", 0.5, "probability that the target is hard", "0 < p < 1"),
     Parameter("y_c", 0.0, "target's payoff of complying", "y_d > y_c > y_x"),
     Parameter("y_d", 1.0, "target's payoff of defying without disaster", "y_d > y_c > y_x"),
     Parameter("y_x", -4.0, "target's payoff of disaster", "y_d > y_c > y_x"),
     Parameter("u_0", -2.0, "threatener's payoff if defied or without a threat", "u_c > u_0 > u_x"),
     Parameter("u_c", 1.0, "threatener's payoff of compliance", "u_c > u_0 > u_x"),
     Parameter("u_x", -10.0, "threatener's payoff of disaster", "u_c > u_0 > u_x")),
    threat, _threat_game, _threat_chart, grid=2, lam=40.0, accuracy=0.01,
    rate=strict(0.3, 10.0, 20.0, 40.0))
RUNGS = Model(
    "powell-1988", "5b", "Brinkmanship: two rungs, resolve private on both sides",
    "in the spirit of Powell (1988), APSR 82, and (1990), Nuclear Deterrence Theory",
    "irresolute types escalate at the rate that makes the other side indifferent",
    (Parameter("r_C", 0.2, "prior that C is resolute", "0 < r_C < 1"),
     Parameter("r_D", 0.2, "prior that D is resolute", "0 < r_D < 1"),
     Parameter("d_C", 1.0, "irresolute C's payoff of disaster is -d_C", "d_C > 0"),
     Parameter("d_D", 1.0, "irresolute D's payoff of disaster is -d_D", "d_D > 0"),
     Parameter("f1", 0.1, "chance of disaster on C's first step", "0 <= f1, f1 (1 + d_C) < 1"),
     Parameter("f2", 0.1, "chance of disaster on D's step", "0 <= f2 < 1")),
    rungs, _rungs_game, _rungs_chart, grid=2, lam=2000.0, accuracy=0.005,
    rate=power(1, (2, 100.0), (2, 200.0), (2, 400.0), (2, 800.0)))
