"""7. Sabotaging the peace: spoilers and mistrust (Kydd & Walter 2002).

Story
    A government is about to implement a peace agreement. It believes that the opposition's
    moderates are trustworthy with probability t. Extremists attempt violence. Trustworthy moderates
    suppress it with probability s (their strength); untrustworthy moderates do not try. The
    government observes whether there is violence, updates its belief, and implements or stops.
Players, moves, payoffs
    Extremists: attempt (cost k, gain g if the agreement is stopped) or keep quiet. An attempt
    succeeds with ``alpha (1 - s)`` against trustworthy and alpha against untrustworthy moderates.
    Government: implement (b if they are trustworthy, -l if not) or stop (0).
Equilibrium
    With ``t_bar = l / (b + l)``, trust after violence and without violence is::

        t_A = t (1 - s) / (1 - t s)
        t_N = t (1 - alpha (1 - s)) / [t (1 - alpha (1 - s)) + (1 - t)(1 - alpha)]

    Sabotage succeeds iff ``t >= t_bar`` and ``s > s_bar = 1 - (l/b)(1 - t)/t``: violence
    destroys trust in *strong* moderates, because they are expected to prevent it. The extremists'
    power alpha cancels. An attempt pays iff ``alpha (1 - t s) >= k / g``.
Source
    [kydd-walter-2002]. The payoffs above are this library's own simplified version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from detente.game import chance_by_type, decide, end, tree
from detente.theory._tools import chance_of, curves, find, run
from detente.theory.base import Model, ModelSolution, Parameter, need, strict

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.build import Spec
    from detente.render.section import Chart

__all__ = ["MODEL", "sabotage"]


def sabotage(t: float, s: float, alpha: float, b: float, l: float, k: float, g: float
             ) -> dict[str, float]:
    """Return the thresholds, the updated trust and whether sabotage succeeds.

    ``stops_after_violence`` and ``stops_after_none`` are 1 if the government stops. ``violence`` is
    the probability of violence, which is 0 if an attempt does not pay.

    Raises
    ------
    InputError
        Unless ``0 < t < 1, 0 < s < 1, 0 < alpha < 1, b > 0, l > 0, k >= 0, g > 0``.

    Examples
    --------
    >>> found = sabotage(0.7, 0.8, 0.9, 1, 1, 0.05, 1)
    >>> round(found["trust_after_violence"], 8), round(found["s_bar"], 8), found["success"]
    (0.31818182, 0.57142857, 1.0)
    """
    need(0 < t < 1, "0 < t < 1", t=t)
    need(0 < s < 1, "0 < s < 1", s=s)
    need(0 < alpha < 1, "0 < alpha < 1", alpha=alpha)
    need(b > 0 and l > 0, "b, l > 0", b=b, l=l)
    need(k >= 0 and g > 0, "k >= 0, g > 0", k=k, g=g)
    t_bar = l / (b + l)
    after = t * (1 - s) / (1 - t * s)
    none = t * (1 - alpha * (1 - s))
    none /= none + (1 - t) * (1 - alpha)
    s_bar = 1 - l / b * (1 - t) / t
    success = t >= t_bar and s > s_bar
    comes_off = alpha * (1 - t * s)
    attempted = success and comes_off >= k / g
    return {
        "t_bar": t_bar, "trust_after_violence": after, "trust_after_none": none, "s_bar": s_bar,
        "success": float(success), "comes_off": comes_off,
        "stops_after_violence": float(after < t_bar), "violence": comes_off * attempted,
        "stops_after_none": float(none < t_bar),
    }


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    def government(cost: float) -> Spec:
        return decide("government", {
            "implement": chance_by_type("opposition", {
                "kept": ([1, 0], end("peace", government=v["b"], extremists=-cost)),
                "broken": ([0, 1], end("betrayal", government=-v["l"], extremists=-cost))}),
            "stop": end("stopped", government=0, extremists=v["g"] - cost)})

    off = [v["alpha"] * (1 - v["s"]), v["alpha"]]
    game = tree(
        {"extremists": 1, "government": 1,
         "opposition": {"trustworthy": v["t"], "untrustworthy": 1 - v["t"]}},
        decide("extremists", {
            "quiet": government(0.0),
            "attempt": chance_by_type("opposition", {
                "violence": (off, government(v["k"])),
                "prevented": ([1 - x for x in off], government(v["k"]))})}))

    def read(eq: Equilibrium) -> dict[str, float]:
        struck = find(game, "attempt", "violence")
        spared = find(game, "attempt", "prevented")
        return {
            "trust_after_violence": eq.belief_at(struck, "opposition")[0],
            "trust_after_none": eq.belief_at(spared, "opposition")[0],
            "comes_off": float(eq.q[struck]),
            "stops_after_violence": chance_of(eq, "attempt", "violence", "stop"),
            "stops_after_none": chance_of(eq, "attempt", "prevented", "stop"),
            "violence": float(eq.reach[struck]),
        }

    return run(game, lam, read)


def _chart(v: Mapping[str, float]) -> Chart:
    strengths = np.linspace(0.005, 0.995, 199)
    after = [sabotage(**{**v, "s": float(s)}) for s in strengths]
    flat = [f["t_bar"] for f in after]
    return curves(
        "Trust by strength of moderates",
        "Trust after violence falls with the moderates' strength and crosses the least trust at "
        "which the government implements. Trust without violence stays high.",
        "strength of trustworthy moderates", "probability that they are trustworthy",
        {"after violence": (list(strengths), [f["trust_after_violence"] for f in after]),
         "without violence": (list(strengths), [f["trust_after_none"] for f in after]),
         "needed to implement": (list(strengths), flat)}, at=v["s"])


MODEL = Model(
    "kydd-walter-2002", "7", "Spoilers: sabotaging the peace",
    "Kydd & Walter (2002), International Organization 56:263-296",
    "sabotage succeeds against strong moderates and fails against weak ones",
    (Parameter("t", 0.7, "prior trust", "0 < t < 1"),
     Parameter("s", 0.8, "strength of trustworthy moderates", "0 < s < 1"),
     Parameter("alpha", 0.9, "success probability of an attempt without suppression", "0 < alpha "
     "< 1"),
     Parameter("b", 1.0, "gain from peace with the trustworthy", "b > 0"),
     Parameter("l", 1.0, "loss from trusting the untrustworthy", "l > 0"),
     Parameter("k", 0.05, "extremists' cost of an attempt", "k >= 0"),
     Parameter("g", 1.0, "extremists' gain if peace is stopped", "g > 0")),
    sabotage, _game, _chart, grid=2, lam=100.0, accuracy=0.01, rate=strict(0.34, 15.0, 30.0, 60.0))
