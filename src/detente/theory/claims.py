"""Strategists' claims as propositions of the models, and the share of a box where they hold.

A claim such as "having drawn the gun, shoot or lose" can be true in one model and false in another.
In most models it is true only for some parameters. Each claim is stated here with its model and its
exact inequality. The share of a box of parameters where it holds is estimated by sampling, with a
Wilson interval, and compared with the exact share if that is known. The result depends on the
model, so that it is always reported with the model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.errors import InputError, nearest, one_of
from detente.intervals import wilson

__all__ = ["CLAIMS", "Proposition", "Share", "proposition", "share_of_sabotage"]

LEVEL = 0.99
"""Level of a share's interval."""


@dataclass(frozen=True)
class Share:
    """The share of a box where a claim holds: estimate, 99 % interval, exact value if known."""

    estimate: float
    low: float
    high: float
    samples: int
    exact: float | None

    @property
    def agrees(self) -> bool | None:
        """Whether the exact share is in the interval; None if no exact share is known."""
        return None if self.exact is None else self.low <= self.exact <= self.high


@dataclass(frozen=True)
class Proposition:
    """A claim as a model's inequality.

    Attributes
    ----------
    id, says
        A short name, and the claim in words.
    model
        The model of :data:`detente.theory.TABLE` in which it is evaluated.
    inequality
        The exact condition.
    box
        Ranges of the parameters, uniform and independent.
    test
        Function from arrays of parameters to whether it holds.
    exact
        The share of the box where it holds, if known.
    note
        Further information.
    given, condition
        The condition of a conditional claim, in words and as a function like ``test``. The share
        is that of the points of the box at which the condition holds.
    """

    id: str
    says: str
    model: str
    inequality: str
    box: Mapping[str, tuple[float, float]]
    test: Callable[[Mapping[str, Floats]], NDArray[np.bool_]]
    exact: float | None
    note: str = ""
    given: str = ""
    condition: Callable[[Mapping[str, Floats]], NDArray[np.bool_]] | None = None

    def holds(self, **given: float) -> bool:
        """Return whether the claim holds at one point.

        Raises
        ------
        InputError
            A name is not a parameter, or a parameter is missing.
        """
        for name in given:
            if name not in self.box:
                raise InputError(f"{self.id} has no parameter {name!r}",
                                 expected=one_of(name, self.box),
                                 nearest=nearest(name, self.box))
        missing = [name for name in self.box if name not in given]
        if missing:
            raise InputError(f"{self.id} needs {', '.join(missing)}", expected="all parameters")
        return bool(self.test({k: np.array([v], dtype=float) for k, v in given.items()})[0])

    def share(self, samples: int = 100_000, seed: int = 0) -> Share:
        """Estimate the share of the box where the claim holds.

        Parameters
        ----------
        samples
            Number of points drawn. The result counts those at which the condition holds.
        seed
            Seed of the draws.
        """
        if samples < 1:
            raise InputError(f"samples is {samples}", expected="at least 1")
        rng = np.random.default_rng(seed)
        drawn = {k: rng.uniform(a, b, samples) for k, (a, b) in self.box.items()}
        counted = np.ones(samples, dtype=bool)
        if self.condition is not None:
            counted = self.condition(drawn)
        n = int(counted.sum())
        if n == 0:
            raise InputError(f"none of {samples} samples meets the condition {self.given}",
                             expected="more samples")
        held = int((self.test(drawn) & counted).sum())
        return Share(held / n, *wilson(held, n, LEVEL), n, self.exact)


def share_of_sabotage() -> float:
    """Return the exact share of claim (g) given t >= t_bar: t, t_bar, s uniform on [0, 1].

    With x = t_bar/(1 - t_bar) the loss ratio, sabotage succeeds iff t >= t_bar and
    s > 1 - x (1 - t)/t. The probability of both is the integral of ``min(1, x (1 - t)/t)`` over
    t >= t_bar, with a ratio of at most 1. It is the integral over u in (0, 1) of
    ``u/(1 - u) (-ln u - (1 - u))``, that is pi^2/6 - 3/2. The claim is conditional on t >= t_bar,
    which has probability 1/2, so that its share is pi^2/3 - 3.

    Examples
    --------
    >>> round(share_of_sabotage(), 8)
    0.28986813
    """
    return float(np.pi**2 / 3 - 3)


UNIT = (0.0, 1.0)
HALF = (0.0, 0.5)

CLAIMS: dict[str, Proposition] = {c.id: c for c in (
    Proposition(
        "shoot-or-lose", "Having drawn the gun, one must shoot or lose.", "schultz-2001",
        "every type fights if resisted iff a >= W_A", {"a": UNIT, "W_A": (0.0, 2.0)},
        lambda v: v["a"] >= v["W_A"], 1 / 4,
        "As a forecast it is false: the target concedes with probability a/(1+a) in equilibrium."),
    Proposition(
        "strike-or-be-struck", "A side that does not strike first is struck.", "schelling-1960",
        "striking is strictly dominant iff d < 0 < e, e the gain from striking a striker",
        {"d": (-1.0, 1.0), "e": (-1.0, 1.0)}, lambda v: (v["d"] < 0) & (v["e"] > 0), 1 / 4,
        "With risk dominance (e > d > 0) the share is 3/8."),
    Proposition(
        "strike-or-be-struck-risk", "It is safer to strike first.", "schelling-1960",
        "striking is dominant or risk dominant: e > max(d, 0), or d < 0 < e",
        {"d": (-1.0, 1.0), "e": (-1.0, 1.0)}, lambda v: (v["e"] > 0) & (v["e"] > v["d"]), 3 / 8),
    Proposition(
        "no-deal-holds", "Surprise pays so well that no deal can hold.",
        "fearon-1995-first-strike", "p_f - p_s > c_A + c_B (p_f, p_s in either order)",
        {"p_f": UNIT, "p_s": UNIT, "c_A": HALF, "c_B": HALF},
        lambda v: np.abs(v["p_f"] - v["p_s"]) > v["c_A"] + v["c_B"], 7 / 24,
        "The advantage |p_f - p_s| of two draws has density 2(1 - x)."),
    Proposition(
        "empty-threats", "A threat that is not carried out destroys credibility.",
        "kreps-wilson-1982",
        "always with a fixed type and perfect monitoring; with types redrawn at rate kappa, "
        "iff (1 - kappa) p < b",
        {"kappa": UNIT, "p": UNIT, "b": UNIT},
        lambda v: (1 - v["kappa"]) * v["p"] < v["b"], 3 / 4,
        "The share is for redrawn types."),
    Proposition(
        "partial-mediator", "A partial mediator cannot broker peace.", "kydd-2003",
        "not credible iff b < b_min (c_L = .1, c_H = .4, c_1 = .1)",
        {"b": UNIT, "gamma": UNIT, "e": (0.0, 0.2)},
        lambda v: v["b"] < ((1 - v["e"]) * 0.3 + v["e"] * v["gamma"])
        / (2 * (1 - v["e"]) * 0.3 - v["e"] * 0.2), None,
        "False if the mediator is partial to the side advised; true if partial to the other."),
    Proposition(
        "generosity-is-weakness", "A generous offer is interpreted as weakness.", "kydd-2000",
        "no gesture separates iff (Te-Pe)/(Pe-Se) > (R-P)/(P-S); steps of U[0, 1] each",
        {"Te_Pe": UNIT, "Pe_Se": UNIT, "R_P": UNIT, "P_S": UNIT},
        lambda v: v["Te_Pe"] * v["P_S"] > v["R_P"] * v["Pe_Se"], 1 / 2,
        "A separating gesture builds trust; in the chain store a concession sets belief to 0."),
    Proposition(
        "talks-pointless", "Talks are useless while both sides expect to win.", "smith-stam-2004",
        "no deal exists iff p_A + p_B - 1 > c_A + c_B",
        {"p_A": (0.5, 1.0), "p_B": (0.5, 1.0), "c_A": HALF, "c_B": HALF},
        lambda v: v["p_A"] + v["p_B"] - 1 > v["c_A"] + v["c_B"], 1 / 2),
    Proposition(
        "spoilers-succeed", "Third parties that gain from war can always sabotage peace.",
        "kydd-walter-2002",
        "given t >= t_bar: iff s > 1 - (l/b)(1 - t)/t, with l/b = t_bar/(1 - t_bar)",
        {"t": UNIT, "t_bar": UNIT, "s": UNIT},
        lambda v: (v["t"] >= v["t_bar"])
        & (v["s"] > 1 - v["t_bar"] / (1 - v["t_bar"]) * (1 - v["t"]) / v["t"]),
        share_of_sabotage(),
        "Below t_bar the government would not implement the peace, so that there is nothing to "
        "sabotage.", "t >= t_bar", lambda v: v["t"] >= v["t_bar"]),
    Proposition(
        "shock-irreversible", "A shock to the balance is irreversible.", "richardson-1960",
        "the race runs away iff a b > m n", {"a": UNIT, "b": UNIT, "m": UNIT, "n": UNIT},
        lambda v: v["a"] * v["b"] > v["m"] * v["n"], 1 / 2),
)}
"""Every claim by its id."""


def proposition(name: str) -> Proposition:
    """Return a claim by its id.

    Raises
    ------
    InputError
        No claim has that name.

    Examples
    --------
    >>> share = proposition("shoot-or-lose").share(20_000)
    >>> share.agrees, share.exact
    (True, 0.25)
    """
    if name not in CLAIMS:
        raise InputError(f"no claim is called {name!r}", expected=one_of(name, CLAIMS),
                         nearest=nearest(name, CLAIMS))
    return CLAIMS[name]
