"""3c. Pre-emption with private costs of attacking: a global game (Carlsson & van Damme 1993).

Story
    Each side would attack only if it expected an attack by the other. Neither knows the other's
    cost of attacking exactly. The more strongly the two costs are correlated, the fewer of these
    expectations can be self-fulfilling.
Players, moves, payoffs
    Both choose simultaneously: attack|wait ``g - k``, attack|attack ``-w - k``, wait|attack -s,
    wait|wait 0, with a private cost k of attacking, ``s - w > g``; costs are bivariate normal of
    mean mu, standard deviation Sigma and correlation rho.
Equilibrium
    Attack iff ``k <= g + Q (s - w - g)``, Q the probability that the other attacks. With k nearly
    common knowledge the cutoff is ``(g + s - w)/2``; for bivariate normal costs it solves::

        k* = g + Phi((k* - mu)/Sigma sqrt((1 - rho)/(1 + rho))) (s - w - g)

    which has one solution if the slope ``(s - w - g)/(Sigma sqrt(2 pi)) sqrt((1 - rho)/(1 + rho))``
    is below 1, and may have three.
Source
    [carlsson-van-damme-1993]; [morris-shin-2003]; [chassang-padro-2010] for the setting (their
    threshold could not be confirmed and is omitted). The payoffs are this library's own version.
Solver
    Costs are on an even grid over four standard deviations on each side, weighted by their density.
    This is the trapezoidal rule. Its error is negligible if the step is below the standard
    deviation of one cost given the other and logit choice smooths over the step. With independent
    costs (rho = 0) the game is a simultaneous move of a public tree with types. Correlated costs do
    not fit that tree, because a type there carries no information on the other's. They are solved
    as a general extensive game, in which chance draws both costs and each side observes its own.
    The search for equilibria starts from nine cutoffs.
Note
    The private number must be the cost of attacking. If the cost d of
    :mod:`detente.theory.first_strike` were private instead, "all types attack" would always be an
    equilibrium, because the payoff of attacking an attacker does not depend on d.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import ceil, pi, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import Floats
from detente.errors import SizeError
from detente.game import end, together, tree
from detente.theory._tools import curves, joined, labelled, undecided
from detente.theory.base import Model, ModelSolution, Parameter, need, power

if TYPE_CHECKING:
    from detente.equilibrium.general.solve import ExtensiveEquilibrium
    from detente.game.extensive import ExtensiveGame
    from detente.render.section import Chart

__all__ = ["MODEL", "correlated", "cutoffs", "global_cutoff"]

REACH = 4.0
"""Standard deviations that the grid of costs covers on each side of the mean."""
RARE = 25.0
"""Pairs of costs with a conditional density below exp(-RARE) of its peak are omitted."""
STARTS = 9
"""Number of cutoffs from which the search for equilibria starts."""
APART = 0.002
"""Least difference between the cutoffs of distinct equilibria."""
SMOOTH = 2.5
"""Largest step of the gain from attacking, from one cost to the next, in units of 1/lambda,
over which logit choice smooths. The error of the sum over the grid is then of the order of
exp(-2 pi^2/2.5), or 4e-4."""


def global_cutoff(g: float, s: float, w: float) -> float:
    """Return the cutoff of 3c if costs are nearly common knowledge.

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

    # every cutoff is in [g, s - w]; the number of points avoids a grid point at the middle cutoff
    ks = np.linspace(g - 1e-9, s - w + 1e-9, 4002)
    values = [gap(float(k)) for k in ks]
    roots = [float(brentq(gap, ks[i], ks[i + 1], xtol=1e-14)) for i in range(len(ks) - 1)
             if values[i] * values[i + 1] < 0]
    found = {"equilibria": float(len(roots)), "slope": (s - w - g) * steep / sqrt(2 * pi)}
    return found | {f"cutoff_{i}": k for i, k in enumerate(roots, 1)}


def correlated(v: Mapping[str, float], costs: Floats) -> ExtensiveGame:
    """Build the game of correlated costs: chance draws both, and each side observes its own.

    The information sets are chance's, then one per cost of side one, then one per cost of side two.
    """
    from detente.game.extensive import ExtensiveGame

    g, s, w, rho, count = v["g"], v["s"], v["w"], v["rho"], len(costs)
    z = (costs - v["mu"]) / v["sigma"]
    spread = 1 - rho * rho
    far = np.minimum((z[:, None] - rho * z) ** 2, (z - rho * z[:, None]) ** 2) / (2 * spread)
    one, two = np.nonzero(far < RARE)  # grid indices of each pair of costs
    weight = np.exp(-(z[one] ** 2 - 2 * rho * z[one] * z[two] + z[two] ** 2) / (2 * spread))
    pairs = len(one)
    # after each pair: one's choice, two's choice after an attack, its two ends, two's after waiting
    start = 1 + 7 * np.arange(pairs)
    mine, other = pairs + 2 * one, pairs + 2 * count + 2 * two  # first moves of the two sets
    parent = np.concatenate([[-1], np.stack(
        [0 * start, start, start + 1, start + 1, start, start + 4, start + 4], axis=1).ravel()])
    move = np.concatenate([[-1], np.stack(
        [start // 7, mine, other, other + 1, mine + 1, other, other + 1], axis=1).ravel()])
    ended = np.full(pairs, -1)
    infoset = np.concatenate([[0], np.stack(
        [1 + one, 1 + count + two, ended, ended, 1 + count + two, ended, ended], axis=1).ravel()])
    k, c, struck = costs[one], costs[two], np.full(pairs, -s)
    paid = np.stack([  # (pairs, outcomes, players)
        np.stack([-w - k, -w - c], axis=1), np.stack([g - k, struck], axis=1),
        np.stack([struck, g - c], axis=1), np.zeros((pairs, 2))], axis=1)
    outcome = np.full(len(parent), -1)
    outcome[infoset < 0] = np.arange(4 * pairs)
    sets, names = 2 * count, labelled("", costs, 4)
    return ExtensiveGame(
        title="pre-emption", comment="", players=("one", "two"), parent=parent, move=move,
        infoset=infoset, set_player=np.repeat([-1, 0, 1], [1, count, count]),
        set_first=np.concatenate([[0], pairs + 2 * np.arange(sets + 1)]),
        set_label=("costs", *names, *names),
        set_number=np.concatenate([[1], 1 + np.arange(count), 1 + np.arange(count)]),
        move_label=(*(f"{names[a]} {names[b]}" for a, b in zip(one, two, strict=True)),
                    *(("attack", "wait") * sets)),
        chance=np.concatenate([weight / weight.sum(), np.zeros(2 * sets)]),
        weight=np.concatenate([np.ones(pairs), np.full(2 * sets, 0.5)]), outcome=outcome,
        outcome_label=("war", "one strikes", "two strikes", "peace") * pairs,
        outcome_number=1 + np.arange(4 * pairs), outcome_payoff=paid.reshape(-1, 2))


def _independent(v: Mapping[str, float], costs: Floats, lam: float) -> list[tuple[Floats, Any]]:
    """Return equilibria of the public tree as (log-odds of attacking by cost, equilibrium)."""
    from detente.equilibrium import solve

    g, s, w = v["g"], v["s"], v["w"]
    weight = np.exp(-((costs - v["mu"]) / v["sigma"]) ** 2 / 2)
    prior = {str(i): float(p) for i, p in enumerate(weight / weight.sum())}
    alone, both, menu = list(g - costs), list(-w - costs), ["attack", "wait"]
    game = tree({"one": prior, "two": prior}, together({"one": menu, "two": menu}, {
        ("attack", "attack"): end("war", one=both, two=both),
        ("attack", "wait"): end("one strikes", one=alone, two=-s),
        ("wait", "attack"): end("two strikes", one=-s, two=alone),
        ("wait", "wait"): end("peace")}))
    first = undecided(game, lam)
    found = []
    for cut in np.linspace(g, s - w, STARTS):
        yes = 0.02 + 0.96 * (costs <= cut)
        mix = np.stack([yes, 1 - yes])
        eq = solve(game, lam, start=replace(first, joint_pi={0: (mix, mix)}))
        odds = [np.log(m[0]) - np.log(m[1]) for m in np.clip(eq.joint_pi[0], 1e-300, 1.0)]
        if np.abs(eq.joint_pi[0][0] - eq.joint_pi[0][1]).max() < 1e-6:
            found.append((odds[0], eq))
    return found


def _dependent(v: Mapping[str, float], costs: Floats, lam: float) -> list[tuple[Floats, Any]]:
    """Return equilibria of the general game as (log-odds of attacking by cost, equilibrium)."""
    from scipy.special import ndtr

    from detente.equilibrium.general.solve import solve_extensive

    g, s, w, rho = v["g"], v["s"], v["w"], v["rho"]
    game = correlated(v, costs)
    mean, spread = v["mu"] + rho * (costs - v["mu"]), v["sigma"] * sqrt(1 - rho * rho)
    found = []
    for cut in np.linspace(g, s - w, STARTS):  # best replies to the cutoff, as log-odds of waiting
        y = -lam * (g + ndtr((cut - mean) / spread) * (s - w - g) - costs)
        eq: ExtensiveEquilibrium = solve_extensive(game, lam, start=np.concatenate([y, y]))
        one, two = np.split(-eq.log_odds, 2)
        if np.abs(one - two).max() < 1e-4 * lam:
            found.append((one, eq))
    return found


def _step(v: Mapping[str, float], grid: int) -> float:
    """Return the largest change of the gain from attacking between two neighbours on the grid.

    A step to a higher cost lowers the gain by the step. If costs are positively correlated, it also
    lowers the probability that the other attacks.
    """
    gap, spread = v["s"] - v["w"] - v["g"], v["sigma"] * sqrt(1 - v["rho"] ** 2)
    rarer = max(v["rho"], 0.0) * gap / (spread * sqrt(2 * pi))
    return 2 * REACH * v["sigma"] / (grid - 1) * (1 + rarer)


def _suited(v: Mapping[str, float]) -> tuple[int, float]:
    """Return a grid that suits the correlation, and the largest lambda up to 200 for this grid."""
    need(v["sigma"] > 0 and -1 < v["rho"] < 1, "sigma > 0, -1 < rho < 1", sigma=v["sigma"],
         rho=v["rho"])
    least = ceil(1 + 2 * REACH / sqrt(1 - v["rho"] ** 2))
    grid = max(120, min(least, 500))
    return grid, min(200.0, float(np.floor(0.98 * SMOOTH / _step(v, grid))))


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    costs = v["mu"] + v["sigma"] * np.linspace(-REACH, REACH, grid)
    least = 1 + 2 * REACH / sqrt(1 - v["rho"] ** 2)
    if least > 500:
        raise SizeError(f"costs correlated by {v['rho']:g} need a grid of {ceil(least)} points",
                        expected="a correlation nearer to 0, because the solver takes at most 500 "
                                 "points; the closed form takes any correlation")
    need(grid >= least, f"a grid of at least {ceil(least)} points at this correlation",
         grid=grid, rho=v["rho"])
    many = (_independent if v["rho"] == 0 else _dependent)(v, costs, lam)
    found: dict[float, Any] = {}
    for odds, eq in many:
        # the cost at which attacking and waiting are equally good
        cut = float(np.interp(0.0, -odds, costs)) if (np.diff(odds) < 0).all() else float("nan")
        if eq.certificate.certified and all(abs(cut - k) > APART for k in found):
            found[cut] = eq
    values = {"equilibria": float(len(found))}
    values |= {f"cutoff_{i}": k for i, k in enumerate(sorted(found), 1)}
    if not found:
        return ModelSolution(values, {"certified": False, "note": "no starting point led to an "
        "equilibrium"})
    certificate = joined(list(found.values()))
    step = _step(v, grid)
    if lam * step > SMOOTH:  # without smoothing by logit choice the grid adds spurious equilibria
        certificate |= {"certified": False, "note": f"a grid of {grid} costs is too coarse for "
                        f"this lambda; use a lambda of at most {SMOOTH / step:.3g}, or a finer "
                        "grid"}
    return ModelSolution(values, certificate)


def _chart(v: Mapping[str, float]) -> Chart:
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
        "Equilibrium cutoffs by correlation of costs", "There are several cutoffs if costs are "
        "independent and similar, and one cutoff if they are strongly correlated.",
        "correlation of the two sides' costs", "cost below which a side attacks", series,
        at=v["rho"])


MODEL = Model(
    "carlsson-van-damme-1993", "3c", "Pre-emption with private costs of attacking",
    "Carlsson & van Damme (1993), Econometrica 61; Morris & Shin (2003)",
    "there are three equilibria if costs are similar and independent, and one if they are strongly "
    "correlated",
    (Parameter("g", 0.1, "gain from striking a side that waits", "g < s - w"),
     Parameter("s", 1.0, "loss if struck while waiting", "s - w > g"),
     Parameter("w", 0.4, "loss if both strike", "s - w > g"),
     Parameter("mu", 0.35, "mean cost of attacking", "finite"),
     Parameter("sigma", 0.1, "standard deviation of the cost", "sigma > 0"),
     Parameter("rho", 0.0, "correlation of the costs", "-1 < rho < 1")),
    cutoffs, _game, _chart, grid=120, lam=200.0, accuracy=0.0002,
    rate=power(2, (30, 50.0), (60, 100.0), (120, 200.0), along="the grid"),
    note="a steeper reply to a side's own cost needs a finer grid: if costs are dispersed or "
         "correlated, the default lambda is lowered to the largest that the grid supports; a "
         "larger --lambda is not certified, and the note states the largest that can be",
    suited=_suited)
