"""14d. Matching pennies of unequal stakes: quantal responses fitted to an experiment (Ochs 1995).

Story
    In the experiment one side's prize for matching on the first move was about four times the other
    prizes. In the Nash equilibrium a player's own stakes change only the other's mix. The subjects'
    own mixes changed too. A quantal response equilibrium explains this with one number, the
    precision lambda, which is fitted to the data.
Players, moves, payoffs
    Row and column choose 1 or 2 simultaneously. Row gets A11 if both choose 1 and A22 if both
    choose 2, otherwise 0. Column gets B12 if row chooses 1 and column 2, B21 if row chooses 2 and
    column 1, otherwise 0.
Equilibrium
    The logit responses to each other, a fixed point in one unknown, found by bisection in
    :func:`detente.theory.quantal.matrix`. It is unique, because row's probability of 1 rises
    with column's and column's falls with row's.
Fit
    ``loglik(lambda) = sum over sides of n [f ln p + (1 - f) ln(1 - p)]``, f the share of
    move 1 and n the number of plays per side (:func:`log_likelihood`, :func:`fitted`).
Source
    [ochs-1995]; [mckelvey-palfrey-1995]. Data and payoffs are those of the Gambit project's
    tutorial, which obtains lambda 1.8456.
Note
    McKelvey & Palfrey's printed log-likelihoods are ten times these.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, log
from typing import TYPE_CHECKING

import numpy as np

from detente.game import end, together, tree
from detente.theory._tools import curves, run, scan
from detente.theory.base import EXACT, Model, ModelSolution, Parameter, need
from detente.theory.quantal import matrix

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.render.section import Chart

__all__ = ["MODEL", "PLAYED", "fitted", "log_likelihood", "pennies"]

PLAYED = (0.527, 0.366)
"""Shares of plays in which row and column chose move 1."""
PLAYS = 128
"""Plays per side."""


def pennies(lam: float, A11: float = 1.1141, A22: float = 0.2785, B12: float = 1.1141,
            B21: float = 1.1141) -> dict[str, float]:
    """Return the quantal responses, and the log-likelihood of Ochs's plays.

    Raises
    ------
    InputError
        Unless ``0 <= lam <= 200`` and all payoffs are positive.

    Examples
    --------
    >>> found = pennies(1.0)
    >>> round(found["row_1"], 9), round(found["column_1"], 9)
    (0.586784037, 0.451807031)
    """
    need(0 <= lam <= 200, "0 <= lam <= 200", lam=lam)
    need(min(A11, A22, B12, B21) > 0, "A11, A22, B12, B21 > 0", A11=A11, A22=A22, B12=B12, B21=B21)
    found = matrix(lam, A11, 0.0, 0.0, A22, 0.0, B12, B21, 0.0)
    mixes = found["row_1"], found["column_1"]
    return {"row_1": mixes[0], "column_1": mixes[1], "log_likelihood": log_likelihood(*mixes)}


def log_likelihood(row: float, column: float) -> float:
    """Return the log-likelihood of the plays, given the probabilities of move 1.

    Examples
    --------
    >>> round(log_likelihood(0.5, 0.5), 6) == round(-256 * log(2), 6)
    True
    """
    total = 0.0
    for share, p in zip(PLAYED, (row, column), strict=True):
        need(0 <= p <= 1, "0 <= p <= 1", p=p)
        if p in (0.0, 1.0):  # both moves were observed
            return -inf
        total += PLAYS * (share * log(p) + (1 - share) * log(1 - p))
    return total


def fitted() -> tuple[float, float]:
    """Return the maximum-likelihood estimate of the precision, and the log-likelihood there.

    Examples
    --------
    >>> [round(x, 4) for x in fitted()]
    [1.8456, -174.7645]
    """
    from scipy.optimize import minimize_scalar

    best = minimize_scalar(lambda lam: -pennies(lam)["log_likelihood"], bounds=(0.1, 10.0),
                           method="bounded", options={"xatol": 1e-9})
    return float(best.x), -float(best.fun)


def _game(v: Mapping[str, float], grid: int, lam: float) -> ModelSolution:
    menu = ["1", "2"]
    game = tree({"row": 1, "column": 1}, together({"row": menu, "column": menu}, {
        ("1", "1"): end("both 1", row=v["A11"]), ("1", "2"): end("apart", column=v["B12"]),
        ("2", "1"): end("apart", column=v["B21"]), ("2", "2"): end("both 2", row=v["A22"])}))

    def read(eq: Equilibrium) -> dict[str, float]:
        row, column = (float(m[0, 0]) for m in eq.joint_pi[0])
        return {"row_1": row, "column_1": column, "log_likelihood": log_likelihood(row, column)}

    return run(game, v["lam"], read)


def _chart(v: Mapping[str, float]) -> Chart:
    return curves(
        "Probability of the first move by precision of choice",
        "With rising lambda row's probability of the first move stays above one half, because its "
        "stake there is higher. Column's falls to the Nash mix of one fifth.",
        "precision lambda", "probability of move 1",
        scan(pennies, v, "lam", np.linspace(0, max(6.0, v["lam"]), 80), row="row_1",
             column="column_1"), at=v["lam"])


MODEL = Model(
    "ochs-1995", "14d", "Quantal response: matching pennies of unequal stakes",
    "Ochs (1995), GEB 10:202-217; McKelvey & Palfrey (1995), GEB 10:6-38",
    "a player's own stakes change its own mix, unlike in the Nash equilibrium",
    (Parameter("lam", 1.0, "precision of choice, in 1 over the payoffs' unit", "0 <= lam <= 200"),
     Parameter("A11", 1.1141, "row's payoff if both choose 1", "A11 > 0"),
     Parameter("A22", 0.2785, "row's payoff if both choose 2", "A22 > 0"),
     Parameter("B12", 1.1141, "column's payoff of 2 against 1", "B12 > 0"),
     Parameter("B21", 1.1141, "column's payoff of 1 against 2", "B21 > 0")),
    pennies, _game, _chart, grid=2, lam=1.0, accuracy=1e-9, rate=EXACT)
