"""9b. Screening while fighting: refusals reveal the enemy's type (Powell 2004).

Story
    A makes an offer before every battle of a war. B is strong or weak. A weak B accepts low offers
    that a strong B refuses. After each refusal A's belief that B is strong rises, and so does its
    next offer.
Players, moves, payoffs
    Each round A offers B a share y in [0, 1]. Acceptance ends the war (A gets 1 - y). After a
    refusal a battle costs A a and B ``b_i`` (``b_s < b_w``, prior q of strong). It decides the war
    with probability r, and A then wins with p.
Equilibrium
    The game is one-sided Coasean bargaining with discount 1 - r and valuations ``v_i = (a +
    b_i)/r``. Offers rise to the strong type's war value::

        y_k = W_w + (1 - r)^k (W_s - W_w),   W_i = 1 - p - b_i / r,   k rounds before pooling

    and there are battles iff ``q < (b_w - b_s)/(a + b_w)``, for every r. The thresholds in weak
    types per strong type are ``m_1 = v_s/(v_w - v_s)`` and m_k from ``R_k = R_{k-1}`` with
    ``R_k(m) = (m - m_{k-1}) z_k + (1 - r) R_{k-1}(m_{k-1})``, ``R_0(m) = (m + 1) v_s``,
    ``z_k = v_w - (1 - r)^k (v_w - v_s)``.
Source
    A simple version of [powell-2004] and [slantchev-2003], solved by the method of [hart-1989] and
    of Fudenberg, Levine & Tirole for bargaining.
Solver
    The tree of offers and battles on the offers ``y_0, ..., y_k``. Each offer is ln(lambda)/(r
    lambda) above indifference, at which logit choice would accept only half of the time. The tree
    has one round more than screening pays (``rounds``). After it the war is settled on y_0.
Note
    The margin determines the difference from the closed form. A refusal costs only r times the
    margin, because the same offer follows with probability 1 - r. The pooling offer is therefore
    refused with probability exp(-r lambda margin), and each refusal leads to a battle. With a fixed
    margin of .002 at lambda 2000 (r = .3) it would be refused in one of four cases, and the
    probability of a battle would be .389 instead of 1/3. Without a margin the solver finds another
    equilibrium, of one round (a battle with .2). The rule after the last round matters little:
    fighting the war to its end changes no quantity by more than .003 at lambda 2000.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import InputError, SizeError
from detente.game import chance, decide, end, tree
from detente.identifiers import Act
from detente.theory._tools import chance_of, curves, run
from detente.theory.base import Model, ModelSolution, Parameter, margin, need

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.build import Spec
    from detente.render.section import Chart

__all__ = ["MODEL", "screening", "thresholds"]


def thresholds(a: float, b_s: float, b_w: float, r: float, most: int = 40) -> list[float]:
    """Return m_1, m_2, ...: weak per strong types at which another round of screening pays."""
    v_s, v_w, d = (a + b_s) / r, (a + b_w) / r, 1 - r
    m = [0.0, v_s / (v_w - v_s)]
    value = [v_s, (m[1] + 1) * v_s]  # R at m_0 and m_1
    z = [v_w - d ** k * (v_w - v_s) for k in range(most + 1)]
    for k in range(2, most + 1):
        # R_k(m) = (m - m_{k-1}) z_k + d R_{k-1}(m_{k-1}) = R_{k-1}(m), both linear in m
        m_k = (m[k - 1] * z[k] - d * value[k - 1] - m[k - 2] * z[k - 1] + d * value[k - 2])
        m_k /= z[k] - z[k - 1]
        m.append(m_k)
        value.append((m_k - m[k - 1]) * z[k] + d * value[k - 1])
        if m_k > 1e12:
            break
    return m[1:]


def screening(q: float, p: float, a: float, b_s: float, b_w: float, r: float) -> dict[str, float]:
    """Return 9b: the number of rounds of screening, the offers, and the probabilities of battle.

    Raises
    ------
    InputError
        Unless ``0 < q < 1, 0 < p < 1, a >= 0, 0 <= b_s < b_w, 0 < r < 1``, a + b_s > 0 and all
        offers are in [0, 1].

    Examples
    --------
    >>> found = screening(0.2, 0.5, 0.05, 0.05, 0.2, 0.3)
    >>> [round(found[k], 8) for k in ("rounds", "accept_1", "accept_2", "battle", "two_battles")]
    [2.0, 0.66666667, 0.4, 0.33333333, 0.14]
    >>> round(found["decisive"], 8)
    0.142
    """
    need(0 < q < 1 and 0 < p < 1, "0 < q, p < 1", q=q, p=p)
    need(0 <= b_s < b_w, "0 <= b_s < b_w", b_s=b_s, b_w=b_w)
    need(a >= 0 and a + b_s > 0, "a >= 0, a + b_s > 0", a=a, b_s=b_s)
    need(0 < r < 1, "0 < r < 1", r=r)
    ms = thresholds(a, b_s, b_w, r)
    weak = (1 - q) / q
    rounds = sum(m < weak for m in ms)
    W_s, W_w = 1 - p - b_s / r, 1 - p - b_w / r
    offers = [W_w + (1 - r) ** k * (W_s - W_w) for k in range(rounds, -1, -1)]
    need(all(0 <= y <= 1 for y in offers),
         "q, p and r at which every offer y_k lies within [0, 1]", q=q, p=p, r=r)
    found = {"threshold": 1 / (1 + ms[0]), "rounds": float(rounds)}
    left, fighting, decisive = 1.0, 1.0, 0.0  # probability that the war is undecided at each round
    battles = []
    belief = q
    for k in range(rounds, 0, -1):
        after = ms[k - 2] if k >= 2 else 0.0  # weak per strong once this offer is refused
        accept = 1 - belief * (1 + after)
        found[f"offer_{rounds - k + 1}"] = offers[rounds - k]
        found[f"accept_{rounds - k + 1}"] = accept
        fighting = left * (1 - accept)
        battles.append(fighting)
        decisive += fighting * r
        left = fighting * (1 - r)
        belief = 1 / (1 + after)
    found[f"offer_{rounds + 1}"] = offers[-1]
    found["battle"] = battles[0] if battles else 0.0
    found["two_battles"] = battles[1] if len(battles) > 1 else 0.0
    found["decisive"] = decisive
    return found


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    p, a, r, b = v["p"], v["a"], v["r"], (v["b_s"], v["b_w"])
    form = screening(**v)
    screens = int(form["rounds"])
    inside = log(max(lam, 2.0)) / (r * max(lam, 2.0))
    W_s, W_w = (1 - p - x / r for x in b)
    menu = [W_w + (1 - r) ** k * (W_s - W_w) + inside for k in range(screens + 1)]
    last = screens + 1
    if len(menu) ** last > 50_000:
        raise SizeError(f"{screens} rounds of screening make too large a tree",
                         expected="a larger q or a smaller b_w - b_s")

    def round_(n: int) -> Spec:
        cost_A, cost_B = n * a, [n * x for x in b]

        def deal(y: float) -> Spec:
            return end("deal", A=1 - cost_A - y, B=[y - x for x in cost_B])

        if n == last:
            return deal(menu[0])
        fought = end("decided", A=p - cost_A - a,
                     B=[1 - p - x - y for x, y in zip(cost_B, b, strict=True)])
        return decide("A", {f"offer {k}": decide("B", {
            "accept": deal(y),
            "refuse": chance({"decisive": (r, fought), "goes on": (1 - r, round_(n + 1))}),
        }) for k, y in enumerate(menu)})

    game = tree({"A": 1, "B": {"strong": v["q"], "weak": 1 - v["q"]}}, round_(0))

    def read(eq: Equilibrium) -> dict[str, float]:
        names = [game.move_names[m] for m in game.move]
        refused = [n for n in range(1, game.n_nodes) if names[n] == "refuse"]
        found = {"decisive": eq.outcomes()["decided"]}
        for key, battles in (("battle", 1), ("two_battles", 2)):
            found[key] = sum(float(eq.reach[n]) for n in refused
                             if sum(m == Act("B", "refuse") for m in game.history(n)) == battles)
        path: list[str] = []
        for k in range(screens, -1, -1):  # on the equilibrium path, one offer per round
            made = [chance_of(eq, *path, f"offer {j}") for j in range(screens + 1)]
            round_number = screens - k + 1
            found[f"offer_{round_number}"] = float(np.array(made) @ np.array(menu)) - inside
            if k:
                found[f"accept_{round_number}"] = chance_of(eq, *path, f"offer {k}", "accept")
            path += [f"offer {k}", "refuse", "goes on"]
        return found

    return run(game, lam, read)


def _chart(v: Mapping[str, float]) -> Chart:
    qs = np.linspace(0.03, 0.97, 189)
    points = [(float(q), screening(**{**v, "q": float(q)})) for q in qs if _inside(v, float(q))]
    return curves(
        "Probability of battle by prior of a strong type",
        "The probability of a battle is 0 if strong types are frequent. Below the threshold it "
        "jumps each time one more round of screening begins to pay.",
        "prior that B is strong", "probability",
        {"a battle": ([q for q, _ in points], [f["battle"] for _, f in points]),
         "a decisive battle": ([q for q, _ in points], [f["decisive"] for _, f in points])},
        at=v["q"])


def _inside(v: Mapping[str, float], q: float) -> bool:
    try:
        screening(**{**v, "q": q})
    except InputError:
        return False
    return True


MODEL = Model(
    "powell-2004", "9b", "Screening while fighting",
    "in the spirit of Powell (2004), AJPS 48, and Slantchev (2003), APSR 97",
    "there is fighting iff strong types are rare, however decisive battles are",
    (Parameter("q", 0.2, "prior that B is strong", "0 < q < 1"),
     Parameter("p", 0.5, "chance that A wins a decisive battle", "0 < p < 1"),
     Parameter("a", 0.05, "A's cost of a battle", "a >= 0"),
     Parameter("b_s", 0.05, "a strong B's cost of a battle", "0 <= b_s < b_w"),
     Parameter("b_w", 0.2, "a weak B's cost of a battle", "b_w > b_s"),
     Parameter("r", 0.3, "chance that a battle decides the war", "0 < r < 1")),
    screening, _game, _chart, grid=2, lam=2000.0, accuracy=0.02,
    rate=margin((2, 500.0), (2, 1000.0), (2, 2000.0)),
    note="each offer is ln(lambda)/(r lambda) above indifference: the same offer follows a refusal "
         "with probability 1 - r, so that with a smaller margin even the last offer is refused")
