"""The outcome that the answer is about, and its probability in an equilibrium."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import Bools

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium

__all__ = ["APART", "WAR", "chance_of", "mask_of", "question_of"]

WAR = ("war", "wider war", "loss to all")
"""Outcomes that count as war in the answer."""
APART = 0.05
"""If models or equilibria differ by more than this, the answer gives no single figure."""


def question_of(equilibrium: Equilibrium) -> str:
    """Return the outcome to report: war, or the most probable outcome if there is no war."""
    outcomes = equilibrium.outcomes()
    if any(name in WAR for name in outcomes):
        return "war"
    return max(outcomes, key=lambda name: outcomes[name])


def mask_of(names: Sequence[str], ending: str) -> Bools:
    """Return which outcomes (n,) are added up; "war" includes every violent outcome.

    Examples
    --------
    >>> mask_of(("war", "wider war", "settlement"), "war").tolist()
    [True, True, False]
    """
    alike = WAR if ending == "war" else (ending,)
    return np.array([name in alike for name in names], dtype=bool)


def chance_of(equilibrium: Equilibrium, mask: Bools) -> float:
    """Return the summed probability of some outcomes."""
    return float(np.array(list(equilibrium.outcomes().values()))[mask].sum())
