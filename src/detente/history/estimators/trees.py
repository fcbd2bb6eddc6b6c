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

__all__ = ["TREES", "Mover", "TreeModel"]

ROOT2 = float(np.sqrt(2.0))
Cdf = Callable[[Array], Array]
Utilities = dict[str, Array]
Scales = list[Array]


@dataclass(frozen=True)
class Mover:
    """A binary choice in a tree.

    Attributes
    ----------
    player
        Number of the player, from 1.
    words
        The mover in words.
    utilities
        Utilities that its choice depends on, given later choices.
    yes, no
        The outcomes after either choice.
    names
        Names of the two choices: (yes, no).
    """

    player: int
    words: str
    utilities: tuple[str, ...]
    yes: tuple[int, ...]
    no: tuple[int, ...]
    names: tuple[str, str]


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
    movers
        The binary choices, in the order of play.
    choices
        Function from (utilities, scales, F, private) to the list of (n,) arguments of F, one per
        mover. F of it is the probability of the mover's first name.
    """

    name: str
    title: str
    utilities: tuple[str, ...]
    endings: tuple[str, ...]
    players: int
    actions: tuple[tuple[int | None, ...], ...]
    movers: tuple[Mover, ...]
    choices: Callable[[Utilities, Scales, Cdf, bool], list[Array]]

    def index(
        self, indices: tuple[str, ...], link: str, private: bool
    ) -> Callable[[Array], list[Array]]:
        """Return the function from (K, n) indices to the argument of F of each mover.

        Raises
        ------
        InputError
            The link is unknown, or does not fit the errors.
        """
        F = _cdf(link, private)
        at = {name: k for k, name in enumerate(indices)}

        def choices(eta: Array) -> list[Array]:
            u = {name: eta[at[name]] for name in self.utilities}
            one = np.ones(eta.shape[1])
            shared = np.exp(eta[at["scale"]]) if "scale" in at else one
            scales = [
                np.exp(eta[at[f"scale{i}"]]) if f"scale{i}" in at else shared
                for i in range(1, self.players + 1)
            ]
            return self.choices(u, scales, F, private)

        return choices

    def own(self, mover: Mover, indices: tuple[str, ...]) -> tuple[int, ...]:
        """Return the numbers of the indices that a mover's choice depends on by itself."""
        names = (*mover.utilities, "scale", f"scale{mover.player}")
        return tuple(k for k, name in enumerate(indices) if name in names)

    def density(
        self, indices: tuple[str, ...], link: str, private: bool
    ) -> Callable[[Array], Array]:
        """Return the function from (K, n) indices to (J, n) probabilities of the outcomes.

        ``indices`` are the utilities, then ``scale1`` ... (log scales of the players' errors), or
        a single ``scale`` for all.
        """
        F, choices = _cdf(link, private), self.index(indices, link, private)

        def probabilities(eta: Array) -> Array:
            yes = [clip(F(z)) for z in choices(eta)]
            out = []
            for ending in range(len(self.endings)):
                p: Array = np.ones(eta.shape[1])
                for mover, q in zip(self.movers, yes, strict=True):
                    if ending in mover.yes:
                        p = p * q
                    elif ending in mover.no:
                        p = p * (1.0 - q)
                out.append(clip(p))
            return np.stack(out)

        return probabilities


def _cdf(link: str, private: bool) -> Cdf:
    if link not in ("probit", "logit"):
        raise InputError(f"unknown link {link!r}", expected="probit or logit")
    if link == "logit" and private:
        raise InputError(
            "a sum of logistic private payoffs is not logistic",
            expected="link='probit' for private information",
        )
    return normal if link == "probit" else logistic


def _egame12(u: Utilities, s: Scales, F: Cdf, private: bool) -> list[Array]:
    last = u["u24"] / (ROOT2 * s[1])
    p4 = clip(F(last))
    p3 = 1.0 - p4
    s2 = s[0] * (np.sqrt(1.0 + p3**2 + p4**2) if private else ROOT2)
    return [(p3 * u["u13"] + p4 * u["u14"] - u["u11"]) / s2, last]


def _egame122(u: Utilities, s: Scales, F: Cdf, private: bool) -> list[Array]:
    left, right = u["u22"] / (ROOT2 * s[1]), u["u24"] / (ROOT2 * s[1])
    p4, p6 = clip(F(left)), clip(F(right))
    p3, p5 = 1.0 - p4, 1.0 - p6
    s2 = s[0] * (np.sqrt(p3**2 + p4**2 + p5**2 + p6**2) if private else ROOT2)
    gain = p5 * u["u13"] + p6 * u["u14"] - p3 * u["u11"] - p4 * u["u12"]
    return [gain / s2, left, right]


def _egame123(u: Utilities, s: Scales, F: Cdf, private: bool) -> list[Array]:
    last = u["u36"] / (ROOT2 * s[2])
    p6 = clip(F(last))
    p5 = 1.0 - p6
    s4 = s[1] * (np.sqrt(1.0 + p5**2 + p6**2) if private else ROOT2)
    middle = (p5 * u["u25"] + p6 * u["u26"] - u["u23"]) / s4
    p4 = clip(F(middle))
    p3 = 1.0 - p4
    spread = np.sqrt(1.0 + p3**2 + p4**2 * p5**2 + p4**2 * p6**2) if private else ROOT2
    gain = p3 * u["u13"] + p4 * (p5 * u["u15"] + p6 * u["u16"]) - u["u11"]
    return [gain / (s[0] * spread), middle, last]


TREES = {
    model.name: model
    for model in (
        TreeModel(
            "egame12", "Two players, three outcomes: the first stops, or the second chooses",
            ("u11", "u13", "u14", "u24"), ("1", "3", "4"), 2,
            ((0, None), (1, 0), (1, 1)),
            (Mover(1, "player 1", ("u11", "u13", "u14"), (1, 2), (0,), ("continue", "stop")),
             Mover(2, "player 2", ("u24",), (2,), (1,), ("outcome 4", "outcome 3"))),
            _egame12,
        ),
        TreeModel(
            "egame122", "Two players, four outcomes: the second chooses after either move",
            ("u11", "u12", "u13", "u14", "u22", "u24"), ("1", "2", "3", "4"), 2,
            ((0, 0), (0, 1), (1, 0), (1, 1)),
            (Mover(1, "player 1", ("u11", "u12", "u13", "u14"), (2, 3), (0, 1),
                   ("right", "left")),
             Mover(2, "player 2 after left", ("u22",), (1,), (0,), ("outcome 2", "outcome 1")),
             Mover(2, "player 2 after right", ("u24",), (3,), (2,), ("outcome 4", "outcome 3"))),
            _egame122,
        ),
        TreeModel(
            "egame123", "Three players, four outcomes: each may stop or pass the move on",
            ("u11", "u13", "u15", "u16", "u23", "u25", "u26", "u36"), ("1", "3", "5", "6"), 3,
            ((0, None, None), (1, 0, None), (1, 1, 0), (1, 1, 1)),
            (Mover(1, "player 1", ("u11", "u13", "u15", "u16"), (1, 2, 3), (0,),
                   ("continue", "stop")),
             Mover(2, "player 2", ("u23", "u25", "u26"), (2, 3), (1,), ("continue", "stop")),
             Mover(3, "player 3", ("u36",), (3,), (2,), ("outcome 6", "outcome 5"))),
            _egame123,
        ),
    )
}
