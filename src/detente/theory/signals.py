"""6. Tying hands and sinking costs: two ways to signal resolve (Fearon 1997).

Story
    A defender D knows its value of a stake that a challenger may attack. It can tie its hands (pay
    m only if it then concedes) or sink a cost (pay m in every case).
Players, moves, payoffs
    ``v ~ U[0, V]``, private to D. If challenged, D fights (``p v - c``) or concedes (0);
    otherwise it keeps v. A share eps of challengers always attacks; the others gain v_C if D
    concedes, lose k if it fights, and are deterred iff ``P(fight | signal) >= mu = v_C / (v_C +
    k)``. Without a signal D is challenged.
Equilibrium (this version)
    Tied hands: D commits iff ``v >= v_T = eps c / ((1 - eps) + eps p)`` at
    ``m_T = c - p v_T``; all types that commit would fight, and ``P(war) = eps (1 - v_T / V)``.
    Sunk cost without bluffing: ``v_S = c / p, m_S = (1 - eps) c / p``,
    ``P(war) = eps (1 - c / (p V))``.
    D's expected utility is, with v* and m the row's own and the last term for sunk costs only::

        [(1 - eps + eps p)(V^2 - v*^2)/2 - eps c (V - v*)] / V  -  m (1 - v*/V)

    Tied hands deter more and give D a higher utility, but lead to war more often.
Source
    [fearon-1997].
Note
    If the challengers' response is a step, as here, the cheapest sunk-cost equilibrium has
    bluffers: ``v_S = max(0, V - (V - c/p)/mu), m = (1 - eps) v_S``, a share ``1 - mu`` of the
    senders (`bluffing`; as a model ``fearon-1997-bluff``). Fearon's result has no bluffing. His
    challengers have continuous types, which is presumably the reason. The equilibrium without
    bluffing is called Fearon's here, and the other a variant. Tied hands are at the least m that
    separates, and the game below offers D exactly that m or no signal.
Solver
    D's types are on a grid. D signals at the closed form's m or does not signal. Challengers have
    two types, one of which always gains 1 from attacking. A pooling equilibrium without signals
    exists too (for sunk costs annealing finds it). The search therefore starts from the separating
    profile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from detente.game import decide, end, tree
from detente.theory._tools import cells, chance_of, curves, even, scan, steered, undecided
from detente.theory.base import Model, ModelSolution, Parameter, margin, need, power

if TYPE_CHECKING:
    from detente.game.build import Spec
    from detente.render.section import Chart

__all__ = ["BLUFF", "SUNK", "TIED", "bluffing", "cheapest_sunk", "separating_costs", "sunk", "tied"]


def _check(V: float, p: float, c: float, eps: float) -> None:
    need(V > 0, "V > 0", V=V)
    need(0 < p <= 1, "0 < p <= 1", p=p)
    need(0 < c < p * V, "0 < c < p V", c=c, p=p, V=V)
    need(0 < eps < 1, "0 < eps < 1", eps=eps)


def _utility(V: float, p: float, c: float, eps: float, cut: float) -> float:
    return ((1 - eps + eps * p) * (V * V - cut * cut) / 2 - eps * c * (V - cut)) / V


def tied(V: float, p: float, c: float, eps: float) -> dict[str, float]:
    """Return the type and cost at which hands are tied, and the resulting utility and war.

    Raises
    ------
    InputError
        Unless ``V > 0, 0 < p <= 1, 0 < c < p V, 0 < eps < 1``.

    Examples
    --------
    >>> [round(x, 8) for x in tied(1, 0.5, 0.3, 0.2).values()]
    [0.06666667, 0.26666667, 0.392, 0.18666667, 0.93333333]
    """
    _check(V, p, c, eps)
    cut = eps * c / ((1 - eps) + eps * p)
    return {"cutoff": cut, "cost": c - p * cut, "utility": _utility(V, p, c, eps, cut),
            "war": eps * (1 - cut / V), "signals": 1 - cut / V}


def sunk(V: float, p: float, c: float, eps: float) -> dict[str, float]:
    """Return the type and cost of the signal without bluffing, and the resulting utility and war.

    Raises
    ------
    InputError
        As for `tied`.

    Examples
    --------
    >>> [round(x, 8) for x in sunk(1, 0.6, 0.4, 0.1).values()]
    [0.66666667, 0.6, 0.05333333, 0.03333333, 0.33333333]
    """
    _check(V, p, c, eps)
    cut = c / p
    cost = (1 - eps) * cut
    return {"cutoff": cut, "cost": cost,
            "utility": _utility(V, p, c, eps, cut) - cost * (1 - cut / V),
            "war": eps * (1 - cut / V), "signals": 1 - cut / V}


def cheapest_sunk(V: float, p: float, c: float, eps: float, mu: float) -> dict[str, float]:
    """Return the cheapest sunk-cost equilibrium if challengers respond by a step at ``mu``.

    Types of D between the cutoff and c / p bluff: they signal and would concede.

    Examples
    --------
    >>> [round(x, 6) for x in cheapest_sunk(1, 0.5, 0.3, 0.2, 0.6).values()]
    [0.333333, 0.266667, 0.185778]
    """
    _check(V, p, c, eps)
    need(0 < mu <= 1, "0 < mu <= 1", mu=mu)
    firm = c / p
    cut = max(0.0, V - (V - firm) / mu)
    cost = (1 - eps) * cut
    kept = (1 - eps) * (V * V - cut * cut) / 2  # D keeps v if it is not challenged
    fights = eps * (p * (V * V - firm * firm) / 2 - c * (V - firm))
    return {"cutoff": cut, "cost": cost, "utility": (kept + fights) / V - cost * (1 - cut / V)}


def bluffing(V: float, p: float, c: float, eps: float, mu: float) -> dict[str, float]:
    """Return `cheapest_sunk` with the probabilities of war and signals, and the share of bluffers.

    Examples
    --------
    >>> found = bluffing(1, 0.5, 0.3, 0.2, 0.6)
    >>> [round(found[k], 6) for k in ("war", "signals", "bluffs")]
    [0.08, 0.666667, 0.4]
    """
    found = cheapest_sunk(V, p, c, eps, mu)
    sends = 1 - found["cutoff"] / V
    firm = 1 - c / (p * V)
    return found | {"war": eps * firm, "signals": sends, "bluffs": 1 - firm / sends}


def separating_costs(v_L: float, v_H: float, p: float, c: float) -> tuple[float, float]:
    """Return the least and the largest sunk cost that separates two types.

    No cost separates them if the least is above the largest.

    Examples
    --------
    >>> [round(m, 6) for m in separating_costs(0.4, 1, 0.6, 0.3)]
    [0.4, 0.7]
    """
    need(0 < v_L <= v_H, "0 < v_L <= v_H", v_L=v_L, v_H=v_H)
    need(0 < p <= 1 and p * v_H > c > 0, "0 < p <= 1, 0 < c < p v_H", p=p, c=c)
    return v_L, v_H * (1 - p) + c


def _game(v: Mapping[str, float], grid: int, lam: float, cost: float, is_tied: bool,
          sends_from: float, mu: float = 0.5) -> ModelSolution:
    """Solve the game with a signal of ``cost``.

    The search starts from the profile in which types above ``sends_from`` signal.
    """
    from detente.equilibrium import solve

    p, c, eps = v["p"], v["c"], v["eps"]
    values = cells(0, v["V"], grid)
    v_C, k = mu, 1 - mu

    def after(m: float) -> Spec:
        now, later = (0.0, m) if is_tied else (m, 0.0)
        return decide("challenger", {
            "attack": decide("D", {
                "fight": end("war", D=[p * x - c - now for x in values], challenger=[1.0, -k]),
                "concede": end("concession", D=[-now - later] * grid, challenger=[1.0, v_C])}),
            "refrain": end("peace", D=[x - now for x in values], challenger=0)})

    game = tree(
        {"D": even(grid), "challenger": {"driven": eps, "other": 1 - eps}},
        decide("D", {"signal": after(cost), "none": after(0.0)}))

    fights = p * values > c
    keeps_word = p * values - c > -cost if is_tied else fights
    eq = solve(game, lam, start=steered(undecided(game, lam), {
        ("signal",): values > sends_from,
        ("signal", "attack"): np.array([1.0, 0.0]), ("none", "attack"): np.ones(2),
        ("signal", "attack", "fight"): keeps_word, ("none", "attack", "fight"): fights}))
    q = chance_of(eq, "signal")
    found = {"cutoff": v["V"] * (1 - q), "utility": float(eq.value[0][0] @ game.prior[0]),
             "war": eq.outcomes()["war"], "signals": q}
    if "mu" in v:
        found["bluffs"] = 1 - chance_of(eq, "signal", "attack", "fight")
    return ModelSolution(found, eq.certificate.as_dict(), eq)


def _tied_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    form = tied(**v)
    return _game(v, grid, lam, form["cost"], True, form["cutoff"])


def _sunk_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    form = sunk(**v)
    return _game(v, grid, lam, form["cost"], False, form["cutoff"])


def _bluff_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    form = bluffing(**v)
    return _game(v, grid, lam, form["cost"], False, form["cutoff"], v["mu"])


def _chart(v: Mapping[str, float]) -> Chart:
    shares = np.linspace(0.01, 0.6, 100)
    return curves(
        "War after tied hands and after sunk costs",
        "War follows tied hands more often than sunk costs at every share of challengers that "
        "cannot be deterred.", "share of challengers that cannot be deterred", "probability of war",
        scan(tied, v, "eps", shares, tied_hands="war")
        | scan(sunk, v, "eps", shares, sunk_costs="war"), at=v["eps"])


def _bluff_chart(v: Mapping[str, float]) -> Chart:
    most = np.linspace(0.05, 0.99, 95)
    return curves(
        "Bluffers and cost by deterring chance of a fight", "The higher the chance of a fight that "
        "deters challengers, the smaller the share of bluffers and the larger the cost.",
        "chance of a fight that deters", "share or cost",
        scan(bluffing, v, "mu", most, share_of_bluffers="bluffs",
             cost_of_the_signal="cost"), at=v["mu"])


PARAMETERS = (
    Parameter("V", 1.0, "highest value of the stake to D", "V > 0"),
    Parameter("p", 0.5, "D's chance of winning", "0 < p <= 1"),
    Parameter("c", 0.3, "D's cost of war", "0 < c < p V"),
    Parameter("eps", 0.2, "share of challengers that cannot be deterred", "0 < eps < 1"),
)
CITATION = "Fearon (1997), Journal of Conflict Resolution 41:68-90"

TIED = Model(
    "fearon-1997-tied", "6 (tied hands)", "Signals of resolve: tying hands", CITATION,
    "tied hands involve no bluffing, a higher utility of the defender and more war",
    PARAMETERS, tied, _tied_game, _chart, grid=60, lam=400.0, accuracy=0.005,
    rate=power(1, (10, 100.0), (20, 200.0), (40, 400.0), (80, 800.0), along="the grid"))
SUNK = Model(
    "fearon-1997-sunk", "6 (sunk costs)", "Signals of resolve: sinking costs", CITATION,
    "sunk costs deter less than tied hands and lead to war less often",
    PARAMETERS, sunk, _sunk_game, _chart, grid=60, lam=400.0, accuracy=0.01,
    rate=power(1, (10, 100.0), (20, 200.0), (40, 400.0), (80, 800.0), along="the grid"),
    note="two other equilibria exist: one without signals, and a cheaper one with bluffers "
         "(fearon-1997-bluff); the search starts from the separating profile")
BLUFF = Model(
    "fearon-1997-bluff", "6 (sunk costs, bluffing)", "Signals of resolve: sunk costs with bluffers",
    "a variant of " + CITATION,
    "if challengers respond by a step, the cheapest sunk-cost equilibrium has bluffers",
    (*PARAMETERS, Parameter("mu", 0.6, "chance of a fight at which challengers hold back",
                            "0 < mu < 1")),
    bluffing, _bluff_game, _bluff_chart, grid=60, lam=400.0, accuracy=0.01,
    rate=margin((10, 100.0), (20, 200.0), (40, 400.0), (80, 800.0), along="the grid"))
