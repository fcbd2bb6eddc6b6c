"""The derivatives of one weighted sum of reach probabilities, and their limits of accuracy."""

from __future__ import annotations

from dataclasses import dataclass, field

from detente.arrays import Floats

__all__ = ["ENOUGH", "UNSURE", "TreeGradient"]


ENOUGH = 1e-9
"""Relative residual of the adjoint solve above which no derivative is given."""
UNSURE = 1e-6
"""Relative error, from the equilibrium's own residual, above which no derivative is given."""


@dataclass(frozen=True)
class TreeGradient:
    """Derivatives of one weighted sum of reach probabilities.

    Attributes
    ----------
    probability : float
        The sum itself.
    payoff : tuple of (m, T_i) arrays
        By every player's payoff at every leaf and type; two (m, T_0, T_1) arrays if payoffs depend
        on both types.
    weight : (n,) array
        At children of decision nodes by the menu weight (scaling a menu changes nothing), at
        children of chance nodes by the chance. Each entry changes alone.
    type_prob : (rows, max T) array
        By every chance by type. Each entry changes alone.
    prior : tuple of (T_i,) arrays
        By the analyst's prior. Each entry changes alone; a change along the simplex is a
        difference.
    observer_prior : tuple of tuples of (T_i,) arrays, or None
        By each player's prior about each other player, if priors are unlike.
    joint_weight : dict from joint node to tuple of arrays
        By the menu weights of simultaneous choices.
    lam : float
        By the precision.
    residual : float
        Relative residual of the adjoint solve.
    """

    probability: float
    payoff: tuple[Floats, ...]
    weight: Floats
    type_prob: Floats
    prior: tuple[Floats, ...]
    observer_prior: tuple[tuple[Floats, ...], ...] | None
    lam: float
    residual: float
    joint_weight: dict[int, tuple[Floats, ...]] = field(default_factory=dict)
