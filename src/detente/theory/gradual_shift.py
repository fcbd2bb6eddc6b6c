"""2. Commitment: a shift of power in steps (Fearon 1995; Powell 2006).

Story
    The same total shift as in :mod:`detente.theory.shifting_power`, but in n equal steps, one per
    period. The declining state compares war only with its loss until the next period, which is now
    1/n of the total.
Players, moves, payoffs
    Each period divides a pie of 1; discount factor d. R offers D a share x_t in [0, 1]; D accepts
    or fights. D wins with ``p_t = p1 - shift min(t, n)/n`` in period t = 0, 1, .... War at t gives
    D ``(p_t - c)`` and R ``(1 - p_t - c)`` per period from then on.
Equilibrium
    R holds D to its war value, so that over T periods war comes at once iff::

        (p_0 - c) S_T > 1 + d (p_1 - c) S_{T-1},     S_k = (1 - d^k)/(1 - d)

    and for ever iff ``d shift/n > (1 - d)(1 - p1 + c)``, so that the shift is peaceful iff
    ``n >= ceil(d shift/((1 - d)(1 - p1 + c)))``. War therefore depends on the speed of the shift.
    Later steps are safer than the first, because D's chance of winning, and so its necessary share,
    has fallen.
Source
    [fearon-1995]; [powell-2006]. The equal steps and the horizon are this library's own version.
Solver
    T periods, each solved on a grid of offers, as in :mod:`detente.theory.shifting_power`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from detente.theory._tools import curves, joined
from detente.theory.base import Model, ModelSolution, Parameter, margin, need
from detente.theory.shifting_power import PERIODS, bargained, fewest_steps

if TYPE_CHECKING:
    from detente.render.section import Chart

__all__ = ["MODEL", "chances", "gradual"]


def chances(p1: float, shift: float, n: float, T: float) -> list[float]:
    """Return D's probability of winning in each of T periods.

    Examples
    --------
    >>> [round(p, 6) for p in chances(0.7, 0.4, 2, 4)]
    [0.7, 0.5, 0.3, 0.3]
    """
    return [p1 - shift * min(t, int(n)) / int(n) for t in range(int(T))]


def gradual(p1: float, shift: float, c: float, d: float, n: float, T: float) -> dict[str, float]:
    """Return the fewest peaceful steps, the margin of war in n steps, and the first offer.

    Raises
    ------
    InputError
        Unless ``0 < shift <= p1 <= 1, 0 <= c <= p1 - shift, 0 < d < 1``, p1 < 1 or c > 0, and n and
        T are whole numbers, n from 1 and T from 2 to 400.

    Examples
    --------
    >>> found = gradual(0.7, 0.4, 0.1, 0.9, 12, 100)
    >>> found["fewest"], found["war"], round(found["first_offer"], 4)
    (9.0, 0.0, 0.9)
    """
    need(n >= 1 and n % 1 == 0, "n a whole number of at least 1", n=n)
    need(2 <= T <= PERIODS and T % 1 == 0, f"T a whole number from 2 to {PERIODS}", T=T)
    fewest = fewest_steps(p1, shift, c, d)
    need(c <= p1 - shift + 1e-12, "c <= p1 - shift (D's war value is not negative)", c=c, p1=p1,
         shift=shift)

    def periods(k: float) -> float:
        return float((1 - d ** k) / (1 - d))

    now, then = chances(p1, shift, n, 2)
    buys_off = (now - c) * periods(T) - d * (then - c) * periods(T - 1)
    return {
        "fewest": float(fewest), "margin": buys_off - 1, "war": float(buys_off > 1),
        "first_offer": min(max(buys_off, 0.0), 1.0),
        "margin_for_ever": d * shift / n - (1 - d) * (1 - p1 + c),
    }


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    ways = chances(v["p1"], v["shift"], v["n"], v["T"])
    solved, war, offers = bargained(ways, v["c"], v["d"], grid, lam)
    found = {"war": war[0]}
    if war[0] < 0.5:
        found["first_offer"] = float(offers @ solved[0].q[1: 1 + grid])
    return ModelSolution(found, joined(solved))


def _chart(v: Mapping[str, float]) -> Chart:
    steps = list(range(1, 2 * fewest_steps(v["p1"], v["shift"], v["c"], v["d"]) + 2))
    series = {}
    for share in (0.5, 1.0):
        found = [gradual(**{**v, "shift": share * v["shift"], "n": float(n)}) for n in steps]
        name = "whole shift" if share == 1 else "half of the shift"
        series[name] = ([float(n) for n in steps], [f["margin_for_ever"] for f in found])
    return curves(
        "Margin of war by number of steps", "The margin by which fighting at once pays falls "
        "with the "
        "number of steps. If it is below 0 there is peace. Half the shift needs half the "
        "steps.", "steps", "margin of war (shares of a period's pie)", series, at=v["n"])


MODEL = Model(
    "powell-2006-gradual", "2 (gradual)", "Commitment: a shift of power in steps",
    "Fearon (1995), IO 49(3):379-414; Powell (2006), IO 60(1):169-203",
    "war depends on the speed of a shift, not on its size",
    (Parameter("p1", 0.7, "D's chance of winning before the shift", "0 < shift <= p1 <= 1"),
     Parameter("shift", 0.4, "total fall in D's chance of winning", "0 < shift <= p1 - c"),
     Parameter("c", 0.1, "cost of war per period, each", "0 <= c <= p1 - shift"),
     Parameter("d", 0.9, "discount factor", "0 < d < 1"),
     Parameter("n", 12.0, "number of steps, one per period", "a whole number of at least 1"),
     Parameter("T", 60.0, "number of periods", "a whole number from 2 to 400")),
    gradual, _game, _chart, grid=101, lam=400.0, accuracy=0.002,
    rate=margin((26, 100.0), (51, 200.0), (101, 400.0), along="the grid of offers"))
