"""14. Agent quantal response equilibrium (McKelvey & Palfrey 1998).

Story
    Players make errors, and make costly errors rarely. At every information set each move is chosen
    with probability proportional to ``exp(lam * payoff)``. The payoffs are *conditional on reaching
    the set*. The quantal response equilibrium of the strategic form is a different concept.
Equilibrium
    With perfect information it is unique and follows by backward recursion (14a, 14b). For a game
    of simultaneous moves it is a fixed point (14c, 14d). With private information it is a fixed
    point of choices and beliefs (14e, 14f).
Games
    14a entry deterrence; 14b the four-move centipede; 14c, 14d 2x2 games; 14e the two-type crisis
    of :mod:`detente.theory.audience`; 14f stripped-down poker.
Source
    [mckelvey-palfrey-1998]. The centipede's payoffs are those of Gambit's ``cent4.efg``. The closed
    forms here solve the fixed points by one-dimensional bisection of the composed responses. They
    share no code with the library's solver.
Note
    Choice probabilities need not be monotone in lambda. The first mover of the centipede takes with
    probability .448, .374, .296, .236, .373, .851 at lambda .1, .25, .5, 1, 2, 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp
from typing import TYPE_CHECKING

import numpy as np

from detente.game import chance_by_type, decide, end, together, tree
from detente.theory._tools import chance_of, curves, find, run, scan
from detente.theory.base import EXACT, Model, ModelSolution, Parameter, need

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.render.section import Chart

__all__ = ["CENTIPEDE", "ENTRY", "MATRIX", "POKER", "centipede", "entry", "logit", "matrix",
           "poker"]

LAMBDA = "lam >= 0"
PILE = ((0.8, 0.2), (0.4, 1.6), (3.2, 0.8), (1.6, 6.4), (12.8, 3.2))
"""Payoffs of (player 1, player 2) if the pile is taken at node 1, ..., 4, and if it never is."""


def logit(gain: float) -> float:
    """Return ``1 / (1 + exp(-gain))`` without overflow.

    Examples
    --------
    >>> logit(0.0), logit(-2000.0)
    (0.5, 0.0)
    """
    if gain >= 0:
        return 1 / (1 + exp(-gain)) if gain < 700 else 1.0
    return exp(gain) / (1 + exp(gain)) if gain > -700 else 0.0


def entry(lam: float) -> dict[str, float]:
    """Return entry deterrence: out (0, 2), fought (-1, -1), acquiesced (1, 1).

    Raises
    ------
    InputError
        Unless ``lam >= 0``.

    Examples
    --------
    >>> {k: round(v, 12) for k, v in entry(1.0).items()}
    {'enter': 0.681699742195, 'fight': 0.119202922022}
    """
    need(lam >= 0, LAMBDA, lam=lam)
    fight = logit(-2 * lam)
    return {"enter": logit(lam * (1 - 2 * fight)), "fight": fight}


def centipede(lam: float, scale: float = 1.0) -> dict[str, float]:
    """Return the probability of taking at each of the four nodes.

    Parameters
    ----------
    lam
        Precision.
    scale
        Multiplies every payoff. Only ``scale * lam`` matters.

    Raises
    ------
    InputError
        Unless ``lam >= 0`` and ``scale > 0``.

    Examples
    --------
    >>> [round(p, 9) for p in centipede(1.0).values()]
    [0.236192966, 0.376298744, 0.761576824, 0.960834277]
    """
    need(lam >= 0, LAMBDA, lam=lam)
    need(scale > 0, "scale > 0", scale=scale)
    ahead = [scale * x for x in PILE[4]]
    takes = []
    for node in (3, 2, 1, 0):
        here = [scale * x for x in PILE[node]]
        mover = node % 2
        take = logit(lam * (here[mover] - ahead[mover]))
        takes.append(take)
        ahead = [take * a + (1 - take) * b for a, b in zip(here, ahead, strict=True)]
    return {f"take_{k + 1}": p for k, p in enumerate(reversed(takes))}


def _crossing(gap: Callable[[float], float], low: float = 0.0, high: float = 1.0
              ) -> list[float]:
    """Return every sign change of ``gap`` on a fine grid of [low, high], refined."""
    from scipy.optimize import brentq

    grid = np.linspace(low, high, 2001)
    values = [gap(float(x)) for x in grid]
    found = []
    for k in range(len(grid) - 1):
        if values[k] == 0.0:
            found.append(float(grid[k]))
        elif (values[k] < 0) != (values[k + 1] < 0) and values[k + 1] != 0:
            found.append(float(brentq(gap, grid[k], grid[k + 1], xtol=1e-15)))
    if values[-1] == 0.0:
        found.append(float(grid[-1]))
    return found


def matrix(
    lam: float, a11: float, a12: float, a21: float, a22: float,
    b11: float, b12: float, b21: float, b22: float,
) -> dict[str, float]:
    """Return the quantal response equilibrium of a 2x2 game: probabilities of row 1 and column 1.

    If there are several, the result is the one with the smallest probability of row 1.
    ``equilibria`` is their number.

    Raises
    ------
    InputError
        Unless ``lam >= 0`` and payoffs are finite.

    Examples
    --------
    Gambit's ``const_sum_game.nfg``. The file states .643 and .5883:

    >>> found = matrix(1.0, 1, 1, 0, 1, 1, 1, 2, 1)
    >>> round(found["row_1"], 9), round(found["column_1"], 9)
    (0.642979359, 0.588319024)
    """
    need(lam >= 0, LAMBDA, lam=lam)
    need(True, "finite payoffs", a11=a11, a12=a12, a21=a21, a22=a22, b11=b11, b12=b12, b21=b21,
         b22=b22)

    def column(row: float) -> float:
        return logit(lam * (row * (b11 - b12) + (1 - row) * (b21 - b22)))

    def reply(col: float) -> float:
        return logit(lam * (col * (a11 - a21) + (1 - col) * (a12 - a22)))

    rows = _crossing(lambda x: reply(column(x)) - x)
    return {"row_1": rows[0], "column_1": column(rows[0]), "equilibria": float(len(rows))}


def poker(lam: float) -> dict[str, float]:
    """Return stripped-down poker: bet on a king, bet on a queen, call.

    The ante is 1 and the bet is 1. The first player alone sees a king or a queen, with equal
    probabilities. Folding loses the ante. After a call a king wins 2 and a queen loses 2.

    Raises
    ------
    InputError
        Unless ``lam >= 0``.

    Examples
    --------
    >>> [round(x, 10) for x in poker(1.0).values()]
    [0.9317854301, 0.5390867961, 0.6144443859]
    """
    need(lam >= 0, LAMBDA, lam=lam)

    def bets(call: float) -> tuple[float, float]:
        return (logit(lam * (call * 2 + (1 - call) + 1)),
                logit(lam * (call * -2 + (1 - call) + 1)))

    def reply(call: float) -> float:
        king, queen = bets(call)
        return logit(lam * ((2 * queen - 2 * king) / (king + queen) + 1))

    call = _crossing(lambda x: reply(x) - x)[0]
    king, queen = bets(call)
    return {"bet_king": king, "bet_queen": queen, "call": call}


def _entry_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    game = tree({"entrant": 1, "incumbent": 1}, decide("entrant", {
        "out": end("out", entrant=0, incumbent=2),
        "in": decide("incumbent", {
            "fight": end("fought", entrant=-1, incumbent=-1),
            "acquiesce": end("shared", entrant=1, incumbent=1)})}))
    return run(game, v["lam"], lambda eq: {
        "enter": chance_of(eq, "in"), "fight": chance_of(eq, "in", "fight")})


def _centipede_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    ends = [end(f"taken at {k + 1}", one=v["scale"] * a, two=v["scale"] * b)
            for k, (a, b) in enumerate(PILE)]
    spec = ends[4]
    for node in (3, 2, 1, 0):
        spec = decide("two" if node % 2 else "one", {"take": ends[node], "pass": spec})

    def read(eq: Equilibrium) -> dict[str, float]:
        return {f"take_{k + 1}": chance_of(eq, *["pass"] * k, "take") for k in range(4)}

    return run(tree({"one": 1, "two": 1}, spec), v["lam"], read)


def _matrix_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    menu = ["1", "2"]
    game = tree({"row": 1, "column": 1}, together({"row": menu, "column": menu}, {
        (i, j): end(i + j, row=v[f"a{i}{j}"], column=v[f"b{i}{j}"]) for i in menu for j in menu}))
    return run(game, v["lam"], lambda eq: {
        "row_1": eq.joint_pi[0][0][0, 0], "column_1": eq.joint_pi[0][1][0, 0]})


def _poker_game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    """Build and solve poker. The showdown is a chance move with probability 1 given the type."""
    game = tree({"one": {"king": 0.5, "queen": 0.5}, "two": 1}, decide("one", {
        "bet": decide("two", {
            "call": chance_by_type("one", {
                "king shown": ([1, 0], end("called", one=2, two=-2)),
                "queen shown": ([0, 1], end("called", one=-2, two=2))}),
            "drop": end("dropped", one=1, two=-1)}),
        "fold": end("folded", one=-1, two=1)}))

    def read(eq: Equilibrium) -> dict[str, float]:
        bet = eq.pi[find(eq.game, "bet")]
        return {"bet_king": bet[0], "bet_queen": bet[1], "call": chance_of(eq, "bet", "call")}

    return run(game, v["lam"], read)


def _entry_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Entry and fighting by precision of choice",
        "Entry rises to 1 and fighting falls to 0 as lambda grows.", "precision lambda",
        "probability",
        scan(entry, v, "lam", np.linspace(0, max(5, v["lam"]), 100), enter="enter", fight="fight"),
        at=v["lam"])


def _centipede_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Taking in the centipede game by precision of choice",
        "The first mover's probability of taking falls and then rises with lambda. The last "
        "mover's only rises.", "precision lambda", "probability of taking",
        scan(centipede, v, "lam", np.linspace(0, max(5, v["lam"]), 150), node_1="take_1",
             node_2="take_2", node_3="take_3", node_4="take_4"), at=v["lam"])


def _matrix_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Choices in a 2x2 game by precision", "Probabilities of row 1 and column 1 by "
        "lambda.", "precision lambda", "probability",
        scan(matrix, v, "lam", np.linspace(0, max(4, v["lam"]), 60), row_1="row_1",
             column_1="column_1"), at=v["lam"])


def _poker_chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Bluffing in stripped-down poker by precision of choice", "With higher lambda betting on a "
        "king rises to 1, betting on a queen falls to 1/3 and calling tends to 2/3.", "precision "
        "lambda", "probability",
        scan(poker, v, "lam", np.linspace(0, max(5, v["lam"]), 60), bet_on_a_king="bet_king",
             bet_on_a_queen="bet_queen", call="call"), at=v["lam"])


CITATION = "McKelvey & Palfrey (1998), Experimental Economics 1:9-41"
LAM = Parameter("lam", 1.0, "precision of choice, in one over the payoffs' unit", LAMBDA)
ROUNDING = 1e-9
"""These games have no grid, so that the two answers differ only by rounding."""

ENTRY = Model(
    "mckelvey-palfrey-1998", "14a", "Quantal response: entry deterrence", CITATION,
    "with perfect information the quantal response equilibrium is unique",
    (LAM,), entry, _entry_game, _entry_chart, grid=2, lam=1.0, accuracy=ROUNDING, rate=EXACT)
CENTIPEDE = Model(
    "centipede", "14b", "Quantal response: the four-move centipede", CITATION,
    "taking at the first node is not monotone in the precision of choice",
    (LAM, Parameter("scale", 1.0, "multiplies all payoffs", "scale > 0")),
    centipede, _centipede_game, _centipede_chart, grid=2, lam=1.0, accuracy=ROUNDING, rate=EXACT)
MATRIX = Model(
    "quantal-2x2", "14c", "Quantal response of a 2x2 game", CITATION,
    "the equilibrium is a fixed point of the two sides' logit responses",
    (LAM, *(Parameter(n, x, "payoff of " + ("row" if n[0] == "a" else "column"), "finite")
            for n, x in (("a11", 1.0), ("a12", 1.0), ("a21", 0.0), ("a22", 1.0),
                         ("b11", 1.0), ("b12", 1.0), ("b21", 2.0), ("b22", 1.0)))),
    matrix, _matrix_game, _matrix_chart, grid=2, lam=1.0, accuracy=ROUNDING, rate=EXACT)
POKER = Model(
    "stripped-poker", "14f", "Quantal response: stripped-down poker", CITATION,
    "in the limit of high precision 1/3 of queens bluff and 2/3 of bets are called",
    (LAM,), poker, _poker_game, _poker_chart, grid=2, lam=1.0, accuracy=ROUNDING, rate=EXACT)
