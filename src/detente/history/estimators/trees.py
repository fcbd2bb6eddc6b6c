"""Strategic probit and logit trees: the probabilities of their outcomes.

Players move in turn. Each player's error is in its choices (agent error) or in its payoffs (private
information). An earlier player knows the probabilities of later choices. ``F`` is the normal or
logistic distribution function. Sources: agent error [signorino-1999]; private information
[signorino-2003]; trees and formulas [kenkel-signorino-2014].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.errors import InputError
from detente.history.estimators.dual import Array, clip, logistic, normal

__all__ = ["TREES", "TreeModel"]

ROOT2 = float(np.sqrt(2.0))
Cdf = Callable[[Array], Array]
Utilities = dict[str, Array]
Scales = list[Array]


@dataclass(frozen=True)
class TreeModel:
    """One estimable tree.

    Attributes
    ----------
    name
        Name in `fit_tree`.
    utilities
        Utilities that are estimated; the others are 0.
    endings
        Outcomes in the order of the outcome column's levels.
    players
        Number of players. Each has a scale of error, which is 1 by default.
    actions
        Definition of outcomes by one 0/1 column per move: outcome to the tuple of moves, with None
        if the move is not reached or does not matter.
    probabilities
        Function from (utilities, scales, F, private) to the list of (n,) probabilities.
    last
        Binary choices of the last mover, as (utility, outcome if chosen, other outcome). One
        utility decides each of them, so that separation can be proved.
    """

    name: str
    title: str
    utilities: tuple[str, ...]
    endings: tuple[str, ...]
    players: int
    actions: tuple[tuple[int | None, ...], ...]
    probabilities: Callable[[Utilities, Scales, Cdf, bool], list[Array]]
    last: tuple[tuple[str, int, int], ...]

    def density(
        self, indices: tuple[str, ...], link: str, private: bool
    ) -> Callable[[Array], Array]:
        """Return the function from (K, n) indices to (J, n) probabilities of the outcomes.

        ``indices`` are the utilities, then ``scale1`` ... (log scales of the players' errors), or
        a single ``scale`` for all.
        """
        if link not in ("probit", "logit"):
            raise InputError(f"unknown link {link!r}", expected="probit or logit")
        if link == "logit" and private:
            raise InputError(
                "a sum of logistic private payoffs is not logistic",
                expected="link='probit' for private information",
            )
        F: Cdf = normal if link == "probit" else logistic
        at = {name: k for k, name in enumerate(indices)}

        def probabilities(eta: Array) -> Array:
            u = {name: eta[at[name]] for name in self.utilities}
            one = np.ones(eta.shape[1])
            shared = np.exp(eta[at["scale"]]) if "scale" in at else one
            scales = [
                np.exp(eta[at[f"scale{i}"]]) if f"scale{i}" in at else shared
                for i in range(1, self.players + 1)
            ]
            return np.stack([clip(p) for p in self.probabilities(u, scales, F, private)])

        return probabilities


def _egame12(u: Utilities, s: Scales, F: Cdf, private: bool) -> list[Array]:
    p4 = clip(F(u["u24"] / (ROOT2 * s[1])))
    p3 = 1.0 - p4
    s2 = s[0] * (np.sqrt(1.0 + p3**2 + p4**2) if private else ROOT2)
    p2 = clip(F((p3 * u["u13"] + p4 * u["u14"] - u["u11"]) / s2))
    return [1.0 - p2, p2 * p3, p2 * p4]


def _egame122(u: Utilities, s: Scales, F: Cdf, private: bool) -> list[Array]:
    p4 = clip(F(u["u22"] / (ROOT2 * s[1])))
    p6 = clip(F(u["u24"] / (ROOT2 * s[1])))
    p3, p5 = 1.0 - p4, 1.0 - p6
    s2 = s[0] * (np.sqrt(p3**2 + p4**2 + p5**2 + p6**2) if private else ROOT2)
    gain = p5 * u["u13"] + p6 * u["u14"] - p3 * u["u11"] - p4 * u["u12"]
    p2 = clip(F(gain / s2))
    p1 = 1.0 - p2
    return [p1 * p3, p1 * p4, p2 * p5, p2 * p6]


def _egame123(u: Utilities, s: Scales, F: Cdf, private: bool) -> list[Array]:
    p6 = clip(F(u["u36"] / (ROOT2 * s[2])))
    p5 = 1.0 - p6
    s4 = s[1] * (np.sqrt(1.0 + p5**2 + p6**2) if private else ROOT2)
    p4 = clip(F((p5 * u["u25"] + p6 * u["u26"] - u["u23"]) / s4))
    p3 = 1.0 - p4
    spread = np.sqrt(1.0 + p3**2 + p4**2 * p5**2 + p4**2 * p6**2) if private else ROOT2
    gain = p3 * u["u13"] + p4 * (p5 * u["u15"] + p6 * u["u16"]) - u["u11"]
    p2 = clip(F(gain / (s[0] * spread)))
    return [1.0 - p2, p2 * p3, p2 * p4 * p5, p2 * p4 * p6]


TREES = {
    model.name: model
    for model in (
        TreeModel(
            "egame12", "Two players, three outcomes: the first stops, or the second chooses",
            ("u11", "u13", "u14", "u24"), ("1", "3", "4"), 2,
            ((0, None), (1, 0), (1, 1)), _egame12, (("u24", 2, 1),),
        ),
        TreeModel(
            "egame122", "Two players, four outcomes: the second chooses after either move",
            ("u11", "u12", "u13", "u14", "u22", "u24"), ("1", "2", "3", "4"), 2,
            ((0, 0), (0, 1), (1, 0), (1, 1)), _egame122, (("u22", 1, 0), ("u24", 3, 2)),
        ),
        TreeModel(
            "egame123", "Three players, four outcomes: each may stop or pass the move on",
            ("u11", "u13", "u15", "u16", "u23", "u25", "u26", "u36"), ("1", "3", "5", "6"), 3,
            ((0, None, None), (1, 0, None), (1, 1, 0), (1, 1, 1)), _egame123, (("u36", 3, 2),),
        ),
    )
}
