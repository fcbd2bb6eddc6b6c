"""Local sensitivity: exact derivatives of probabilities by every number of the crisis file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.arrays import Bools, Floats

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.compile import Compiled

__all__ = ["points_of", "reach_of", "slope", "slopes"]


def slope(compiled: Compiled, eq: Equilibrium, mask: Bools,
          theta: Floats | None = None) -> Floats | None:
    """Return the derivative of the probability of some outcomes by every number, (K,).

    None if the equilibrium is not certified; see `slopes`.
    """
    found = slopes(compiled, eq, [mask], theta)
    return None if found is None else found[0]


def slopes(compiled: Compiled, eq: Equilibrium, masks: Sequence[Bools],
           theta: Floats | None = None) -> list[Floats] | None:
    """Return the derivatives of the probabilities of some outcomes by every number, (K,) each.

    Parameters
    ----------
    compiled : Compiled
    eq : Equilibrium
        A fallible equilibrium of the game at ``theta``.
    masks : sequence of (n_outcomes,) bool arrays
        The outcomes that each probability adds up.
    theta : (K,) array, optional
        The numbers; the centre of the ranges if not given.

    Returns
    -------
    list of (K,) arrays, or None
        None if the equilibrium is not certified, because its derivative has no meaning.
    """
    from detente.equilibrium import gradients
    from detente.game.pullback import pull_back

    if not eq.certificate.certified:
        return None
    weights = [mask[compiled.tree.outcome].astype(float) for mask in masks]
    at = compiled.centre if theta is None else theta
    return [pull_back(compiled.polynomials, at, by) for by in gradients(eq, weights)]


def reach_of(quantity: Any) -> float:
    """Return the length of the range by whose tenth a derivative is scaled.

    A number without a range is moved by a tenth of its size.
    """
    span = quantity.high - quantity.low
    return float(span) if span > 0 else abs(float(quantity.centre))


def points_of(derivative: float, quantity: Any) -> float:
    """Return the percentage points that a tenth of a number's range moves a probability by."""
    return float(10.0 * derivative * reach_of(quantity))
