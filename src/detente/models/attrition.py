"""9. Attrition, screening while fighting, and the convergence of unlike beliefs.

Story
    9a: both hold out for a prize; who quits first loses it. 9b: battles are fought between offers,
    and what an enemy refuses tells what it is. 9c: two sides that disagree about their odds learn
    from the same battles until a deal exists.
Equilibrium
    9a, cost 1 per unit of time and a private prize ``v ~ U[0, 1]``: type v holds out for
    ``-v - ln(1 - v)`` and expects v^2/2. With a private cost ``c ~ U[0, 1]`` and prize V it holds
    out for ``V (1/c - 1)`` and expects ``V (1 - c + c ln c)``. With known types i quits at the
    hazard ``c_j / V``.

    9b: A offers B y each round; a refusal is a battle (costs a and b_i) that decides the war with
    probability r (A wins with p). B is strong (b_s) with prior q, else weak (b_w). It is one-sided
    Coasean bargaining with discount 1 - r and valuations ``v_i = (a + b_i)/r``. Offers rise to the
    strong type's war value::

        y_k = W_w + (1 - r)^k (W_s - W_w),   W_i = 1 - p - b_i / r,   k rounds before pooling

    and there is any battle at all iff ``q < (b_w - b_s)/(a + b_w)``, whatever r is. The thresholds
    in weak per strong are ``m_1 = v_s/(v_w - v_s)`` and m_k from ``R_k = R_{k-1}`` with
    ``R_k(m) = (m - m_{k-1}) z_k + (1 - r) R_{k-1}(m_{k-1})``, ``R_0(m) = (m + 1) v_s``,
    ``z_k = v_w - (1 - r)^k (v_w - v_s)``.

    9c: Beta priors of equal strength N: the gap between the two chances of A's victory is
    ``gap_0 N/(N + n)`` after n battles, whatever their outcome; war ends at
    ``n* = max(0, ceil(N (gap_0/(c_A + c_B) - 1)))``, as soon as a range of deals exists.
Source
    9a Bishop & Cannings (1978), Riley (1980), Fudenberg & Tirole, Game Theory; 9b a simple version
    of Powell, R. (2004), AJPS 48, and Slantchev, B. (2003), APSR 97, solved as Hart, O. (1989) and
    Fudenberg, Levine & Tirole solve bargaining; 9c after Smith, A. & Stam, A. (2004), JCR 48.
Solver
    9a: discrete times at which both choose at once; 9b: the tree of offers and battles on the
    closed form's offers, a pooling offer last; 9c: after every number of battles the ultimatum
    game with unlike beliefs about who is the stronger.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, log
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import InputError
from detente.game import chance, chance_by_type, decide, end, together, tree
from detente.models._tools import cells, chance_of, curves, even, run, scan
from detente.models.base import Model, Parameter, Solution, need

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.build import Spec
    from detente.report.section import Chart

__all__ = ["ATTRITION", "BELIEFS", "SCREENING", "cost_range", "holding_out", "screening",
           "unlike_beliefs"]


def holding_out(v: float, c: float, V: float) -> dict[str, float]:
    """Return 9a's times and payoffs: of prize v at cost 1, and of cost c at prize V.

    Raises
    ------
    InputError
        Unless ``0 <= v < 1, 0 < c <= 1`` and ``V > 0``.

    Examples
    --------
    >>> {k: round(x, 8) for k, x in holding_out(0.5, 0.25, 1).items()}
    {'time_prize': 0.19314718, 'payoff_prize': 0.125, 'time_cost': 3.0, 'payoff_cost': 0.40342641}
    """
    need(0 <= v < 1, "0 <= v < 1", v=v)
    need(0 < c <= 1, "0 < c <= 1", c=c)
    need(V > 0, "V > 0", V=V)
    return {"time_prize": -v - log(1 - v), "payoff_prize": v * v / 2,
            "time_cost": V * (1 / c - 1), "payoff_cost": V * (1 - c + c * log(c))}


def cost_range(c: float, V: float, lo: float, hi: float) -> float:
    """Return how long cost c holds out where costs are uniform on [lo, hi].

    Examples
    --------
    >>> round(cost_range(1, 1, 0.5, 1.5), 10)
    0.5753641449
    """
    need(0 < lo < c <= hi, "0 < lo < c <= hi", lo=lo, c=c, hi=hi)
    need(V > 0, "V > 0", V=V)
    return V / lo * (log((hi - lo) / hi) - log((c - lo) / c))


def thresholds(a: float, b_s: float, b_w: float, r: float, most: int = 40) -> list[float]:
    """Return m_1, m_2, ...: weak per strong at which one more round of screening pays."""
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
    """Return 9b: how many rounds of screening, the offers, and the chances of battle.

    Raises
    ------
    InputError
        Unless ``0 < q < 1, 0 < p < 1, a >= 0, 0 <= b_s < b_w, 0 < r < 1``, a + b_s > 0 and all
        offers made lie in [0, 1].

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
    need(all(0 <= y <= 1 for y in offers), "every offer y_k within [0, 1]", q=q, p=p, r=r)
    found = {"threshold": 1 / (1 + ms[0]), "rounds": float(rounds)}
    left, fighting, decisive = 1.0, 1.0, 0.0  # mass of undecided play at each round
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


def unlike_beliefs(gap: float, N: float, cost: float, n: float) -> dict[str, float]:
    """Return 9c: when fighting ends, and the gap and chance of war after n battles.

    Raises
    ------
    InputError
        Unless ``0 <= gap <= 1, N > 0, cost > 0, n >= 0``.

    Examples
    --------
    >>> [unlike_beliefs(*x, 0)["ends"] for x in ((.4, 10, .15), (.3, 20, .1), (.2, 5, .25))]
    [17.0, 40.0, 0.0]
    """
    need(0 <= gap <= 1, "0 <= gap <= 1", gap=gap)
    need(N > 0, "N > 0", N=N)
    need(cost > 0, "cost > 0", cost=cost)
    need(n >= 0, "n >= 0", n=n)
    now = gap * N / (N + n)
    return {"ends": float(max(0, ceil(N * (gap / cost - 1) - 1e-9))), "gap_now": now,
            "war": float(now > cost)}


def _holding_game(v: Mapping[str, float], grid: int, lam: float) -> Solution:
    """Private prizes at cost 1: quit or stay at every time on a grid."""
    prizes = cells(0, 1, grid)
    times = np.linspace(0, -0.98 - log(0.02), grid)
    menu = ["quit", "stay"]
    after: Spec = end("split", one=list(prizes / 2 - times[-1]), two=list(prizes / 2 - times[-1]))
    for t in times[::-1]:
        won = list(prizes - t)
        after = together({"one": menu, "two": menu}, {
            ("quit", "quit"): end("both quit", one=list(prizes / 2 - t), two=list(prizes / 2 - t)),
            ("quit", "stay"): end("one quits", one=-t, two=won),
            ("stay", "quit"): end("two quits", one=won, two=-t), ("stay", "stay"): after})
    game = tree({"one": even(grid), "two": even(grid)}, after)

    def read(eq: Equilibrium) -> dict[str, float]:
        # expected time at which a type quits, if the other never did
        value = np.interp(v["v"], prizes, eq.value[0][0])
        still = np.ones(grid)
        node, time = 0, np.zeros(grid)
        for _k, t in enumerate(times):
            stay = eq.joint_pi[node][0][1]
            time += still * (1 - stay) * t
            still = still * stay
            node = int(game.first[node]) + 3
        time += still * times[-1]
        return {"time_prize": float(np.interp(v["v"], prizes, time)), "payoff_prize": float(value)}

    return run(game, lam, read)


def _screening_game(v: Mapping[str, float], grid: int, lam: float) -> Solution:
    """Offers from the closed form's list; after as many rounds as pay, two more for safety."""
    p, a, r = v["p"], v["a"], v["r"]
    form = screening(**v)
    rounds = int(form["rounds"])
    W = [1 - p - b / r for b in (v["b_s"], v["b_w"])]
    menu = [W[1] + (1 - r) ** k * (W[0] - W[1]) + INSIDE for k in range(rounds + 2)]
    menu = [y for y in menu if 0 <= y <= 1]
    depth = rounds + 1
    if len(menu) ** depth > 50_000:
        raise InputError(f"{rounds} rounds of screening make too large a tree",
                         expected="a larger q or a smaller b_w - b_s")

    def round_(n: int, cost_A: float, cost_s: float, cost_w: float) -> Spec:
        if n == depth:  # the rest of the war is fought out
            return end("fought out", A=p - cost_A - a / r,
                       B=[1 - p - cost_s - v["b_s"] / r, 1 - p - cost_w - v["b_w"] / r])
        moves = {}
        for k, y in enumerate(menu):
            moves[f"offer {k}"] = decide("B", {
                "accept": end("deal", A=1 - y - cost_A, B=[y - cost_s, y - cost_w]),
                "refuse": chance({
                    "decisive": (r, end("decided", A=p - cost_A - a,
                                        B=[1 - p - cost_s - v["b_s"],
                                           1 - p - cost_w - v["b_w"]])),
                    "goes on": (1 - r, round_(n + 1, cost_A + a, cost_s + v["b_s"],
                                              cost_w + v["b_w"]))})})
        return decide("A", moves)

    game = tree({"A": 1, "B": {"strong": v["q"], "weak": 1 - v["q"]}}, round_(0, 0.0, 0.0, 0.0))

    def read(eq: Equilibrium) -> dict[str, float]:
        refused = [n for n in range(1, game.n_nodes)
                   if game.move_names[game.move[n]] == "refuse"]
        depth_of = {n: game.history(n).count("refuse") for n in refused}
        first = sum(float(eq.reach[n]) for n in refused if depth_of[n] == 1)
        second = sum(float(eq.reach[n]) for n in refused if depth_of[n] == 2)
        found = {"battle": first, "two_battles": second, "decisive": eq.outcomes()["decided"]}
        if rounds:
            found["accept_1"] = chance_of(eq, f"offer {rounds}", "accept")
            made = np.array([chance_of(eq, f"offer {k}") for k in range(len(menu))])
            found["offer_1"] = float(made @ np.array(menu)) - INSIDE
        return found

    return run(game, lam, read)


INSIDE = 2e-3
"""Offers stand this far above the weak type's indifference; at exact indifference logit play splits
evenly where the equilibrium accepts."""


def _beliefs_game(v: Mapping[str, float], grid: int, lam: float) -> Solution:
    """A believes its odds to be 1/2 + gap/2, B believes 1/2 - gap/2; a dummy is the truth."""
    gap = unlike_beliefs(**v)["gap_now"]
    offers = cells(0, 1, grid)
    cost = v["cost"] / 2
    mine, theirs = [(1 + gap) / 2, (1 - gap) / 2], [(1 - gap) / 2, (1 + gap) / 2]
    game = tree(
        {"A": 1, "B": 1, "truth": {"A is stronger": 0.5, "B is stronger": 0.5}},
        decide("A", {
            "attack": chance_by_type("truth", {
                "A wins": ([1, 0], end("war", A=1 - cost, B=-cost)),
                "B wins": ([0, 1], end("war", A=-cost, B=1 - cost))}),
            **{f"demand {x:.4f}": decide("B", {
                "accept": end("deal", A=x, B=1 - x),
                "fight": chance_by_type("truth", {
                    "A wins": ([1, 0], end("war", A=1 - cost, B=-cost)),
                    "B wins": ([0, 1], end("war", A=-cost, B=1 - cost))})}) for x in offers}},
            weights={"attack": 1.0, **{f"demand {x:.4f}": 1.0 / grid for x in offers}}),
        observer_prior={"A": {"truth": mine}, "B": {"truth": theirs}})
    return run(game, lam, lambda eq: {"war": eq.outcomes()["war"]})


def _holding_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "How long the value of the prize makes one hold out", "The time rises slowly at first and "
        "without bound as the prize nears the highest possible.",
        "value of the prize (1 = highest)", "time until quitting",
        scan(holding_out, v, "v", np.linspace(0, 0.98, 99), time="time_prize"), at=v["v"])


def _screening_chart(v: Mapping[str, float]) -> Chart:
    qs = np.linspace(0.03, 0.97, 189)
    points = [(float(q), screening(**{**v, "q": float(q)})) for q in qs if _inside(v, float(q))]
    return curves(
        "Battles as a way to learn",
        "The chance of any battle is 0 where strong types are frequent and varies below the "
        "threshold as one more round of screening begins to pay.",
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


def _beliefs_chart(v: Mapping[str, float]) -> Chart:
    last = int(max(unlike_beliefs(**v)["ends"] * 1.5, 10))
    ns = list(range(last + 1))
    return curves(
        "Battles bring beliefs together", "The gap between the two sides' beliefs falls with the "
        "number of battles; fighting stops where it passes below the costs together.",
        "battles fought", "gap between the two chances of victory",
        {"gap": (ns, [unlike_beliefs(**{**v, "n": n})["gap_now"] for n in ns]),
         "costs together": (ns, [v["cost"]] * len(ns))}, at=unlike_beliefs(**v)["ends"])


ATTRITION = Model(
    "bishop-cannings-1978", "9a", "The war of attrition",
    "Bishop & Cannings (1978); Riley (1980); Fudenberg & Tirole, Game Theory",
    "who values the prize more holds out longer, and everyone's gain is spent in waiting",
    (Parameter("v", 0.5, "value of the prize at cost 1 per time", "0 <= v < 1"),
     Parameter("c", 0.25, "cost per time with prize V", "0 < c <= 1"),
     Parameter("V", 1.0, "prize where the cost is private", "V > 0")),
    holding_out, _holding_game, _holding_chart, grid=24, lam=60.0, accuracy=0.02)
SCREENING = Model(
    "powell-2004", "9b", "Screening while fighting",
    "in the spirit of Powell (2004), AJPS 48, and Slantchev (2003), APSR 97",
    "there is fighting iff strong types are rare, whatever the chance that a battle decides",
    (Parameter("q", 0.2, "prior that B is strong", "0 < q < 1"),
     Parameter("p", 0.5, "chance that A wins a decisive battle", "0 < p < 1"),
     Parameter("a", 0.05, "A's cost of a battle", "a >= 0"),
     Parameter("b_s", 0.05, "a strong B's cost of a battle", "0 <= b_s < b_w"),
     Parameter("b_w", 0.2, "a weak B's cost of a battle", "b_w > b_s"),
     Parameter("r", 0.3, "chance that a battle decides the war", "0 < r < 1")),
    screening, _screening_game, _screening_chart, grid=2, lam=2000.0, accuracy=0.06)
BELIEFS = Model(
    "smith-stam-2004", "9c", "Convergence of unlike beliefs",
    "after Smith & Stam (2004), Journal of Conflict Resolution 48",
    "war lasts until battles have taught both sides enough, whatever they teach",
    (Parameter("gap", 0.4, "first gap between the chances of A's victory", "0 <= gap <= 1"),
     Parameter("N", 10.0, "strength of the priors, in battles", "N > 0"),
     Parameter("cost", 0.15, "both sides' costs of war together", "cost > 0"),
     Parameter("n", 5.0, "battles fought so far", "n >= 0")),
    unlike_beliefs, _beliefs_game, _beliefs_chart, grid=40, lam=400.0, accuracy=0.01)
