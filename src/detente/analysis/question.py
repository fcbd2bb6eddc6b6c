"""The outcome that the answer is about, and its probability in an equilibrium."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import Bools

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium

__all__ = ["APART", "chance_of", "mask_of", "question_of"]

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


def chance_of(equilibrium: Equilibrium, mask: Bools) -> float:
    """Return the summed probability of some outcomes."""
    return float(np.array(list(equilibrium.outcomes().values()))[mask].sum())
