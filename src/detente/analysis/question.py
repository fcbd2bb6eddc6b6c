"""The outcome that the answer is about, and its probability in an equilibrium."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import Bools, Floats

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium

__all__ = ["ALONE", "APART", "chance_of", "columns", "mask_of", "question_of"]

ALONE = "war alone"
"""Name of the outcome ``war`` beside other kinds of war; ``war`` then stands for all of them."""

APART = 0.05
"""If models or equilibria differ by more than this, the answer gives no single figure."""


def question_of(equilibrium: Equilibrium) -> str:
    """Return the outcome to report: war, or the most probable outcome if there is no war.

    The game says which outcomes count as war (`PublicTree.wars`).
    """
    outcomes = equilibrium.outcomes()
    if not equilibrium.game.wars.isdisjoint(outcomes):
        return "war"
    return max(outcomes, key=lambda name: outcomes[name])


def mask_of(names: Sequence[str], ending: str, wars: Collection[str]) -> Bools:
    """Return which outcomes (n,) are added up; "war" adds up ``wars``.

    Examples
    --------
    >>> mask_of(("war", "siege", "settlement"), "war", {"war", "siege"}).tolist()
    [True, True, False]
    """
    alike = wars if ending == "war" else (ending,)
    return np.array([name in alike for name in names], dtype=bool)


def columns(names: Sequence[str], outcomes: Floats, wars: Collection[str]) -> dict[str, Floats]:
    """Return the probabilities of outcomes by name; "war" adds up all wars, as everywhere.

    Parameters
    ----------
    names
        The n outcomes.
    outcomes : (S, n) array
        Their probabilities, by sample.
    wars
        The outcomes that count as war.

    Examples
    --------
    >>> p = np.array([[0.1, 0.2, 0.7]])
    >>> {k: x.round(2).tolist() for k, x in columns(("war", "siege", "deal"), p, {"war", "siege"}
    ...  ).items()}
    {'war': [0.3], 'war alone': [0.1], 'siege': [0.2], 'deal': [0.7]}
    >>> list(columns(("war", "deal"), p[:, :2], {"war"}))
    ['war', 'deal']
    """
    kinds = [name for name in names if name in wars]
    if kinds in ([], ["war"]):
        return {str(name): outcomes[:, k] for k, name in enumerate(names)}
    found = {"war": outcomes[:, mask_of(names, "war", wars)].sum(axis=1)}
    return found | {ALONE if name == "war" else str(name): outcomes[:, k]
                    for k, name in enumerate(names)}


def chance_of(equilibrium: Equilibrium, mask: Bools) -> float:
    """Return the summed probability of some outcomes."""
    return float(np.array(list(equilibrium.outcomes().values()))[mask].sum())
