"""Public trees without the offset and the unit of their payoffs.

A constant added to all payoffs of a player changes nothing, and neither does another unit if the
precision is measured in it. The solvers therefore see a tree whose stake lies between 1 and 2 and
whose payoffs have no large constant. Payoffs of a crisis file are in units of its stake already,
and such a tree is left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import frexp
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Floats
from detente.errors import InputError
from detente.game.exact import LARGEST, SPACING, rounded_away, times_power

if TYPE_CHECKING:
    from detente.game.tree import PublicTree

__all__ = ["RelativeTree", "holds", "payoffs_of", "relative_tree"]

CONSTANT = 1000.0
"""A player's payoffs keep an offset of up to this many stakes, which costs three of 16 digits."""


@dataclass(frozen=True)
class RelativeTree:
    """A tree in units near its stake, and the way back.

    Player i's payoff is ``offset[i] + 2**exponent`` times that of ``tree``.

    Attributes
    ----------
    tree : PublicTree
        The tree that the solvers use; the original one if nothing needs to change.
    offset : tuple of float
        What was subtracted from each player's payoffs.
    exponent : int
        The power of two that was divided out.
    span : float
        The stake in units of ``tree``: from 1 to below 2, or 0 if no payoffs differ.
    """

    tree: PublicTree
    offset: tuple[float, ...]
    exponent: int
    span: float

    def precision(self, lam: float) -> float:
        """Convert a precision to the units of ``tree``."""
        return times_power(lam, self.exponent)

    def written_precision(self, lam: float) -> float:
        """Convert a precision back to the units of the original tree."""
        return times_power(lam, -self.exponent)

    def inner(self, payoff: tuple[Floats, ...]) -> tuple[Floats, ...]:
        """Convert payoffs, one array for each player, to the units of ``tree``."""
        return tuple(np.ldexp(u - o, -self.exponent)
                     for u, o in zip(payoff, self.offset, strict=True))

    def written(self, value: tuple[Floats, ...]) -> tuple[Floats, ...]:
        """Convert payoffs, one array for each player, back to the units of the original tree."""
        return tuple(np.asarray(np.ldexp(v, self.exponent) + o)
                     for v, o in zip(value, self.offset, strict=True))


def payoffs_of(tree: PublicTree) -> tuple[Floats, ...]:
    """Return each player's payoffs, by both types if they are interdependent."""
    return tree.payoff if tree.joint_payoff is None else tree.joint_payoff


def holds(payoff: Floats, stake: float) -> NDArray[np.bool_]:
    """Whether doubles hold the differences of payoffs (..., S) in each of S variants.

    Examples
    --------
    >>> holds(np.array([[0.0, 0.0], [1.0, 1e39]]), 1.0)
    array([ True, False])
    """
    with np.errstate(invalid="ignore"):
        most = np.abs(payoff).max(axis=tuple(range(payoff.ndim - 1)), initial=0.0)
        return np.asarray(np.spacing(most) <= SPACING * stake)


def relative_tree(tree: PublicTree) -> RelativeTree:
    """Remove large offsets and the unit of a tree's payoffs.

    Raises
    ------
    InputError
        Payoffs that are not finite, a stake outside 1 / `LARGEST` to `LARGEST`, or payoffs whose
        differences doubles cannot hold.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> found = relative_tree(tree({"a": 1}, decide("a", {
    ...     "fight": end("war", a=5e12), "talk": end("peace", a=8e12)})))
    >>> found.exponent, found.span == 3e12 / 2**41
    (41, True)
    """
    paid = payoffs_of(tree)
    if not all(bool(np.isfinite(u).all()) for u in paid):
        raise InputError("a payoff is not finite", expected="finite payoffs")
    ends = [(float(u.min()), float(u.max())) if u.size else (0.0, 0.0) for u in paid]
    widest = max((high - low for low, high in ends), default=0.0)
    stake = widest if tree.stake is None else tree.stake
    if stake and not 1 / LARGEST <= stake <= LARGEST:
        raise InputError(
            f"the payoffs of a player differ by at most {stake:.3g}",
            expected=f"a largest difference from {1 / LARGEST:g} to {LARGEST:g}, or none; choose "
            "another unit",
        )
    for name, u in zip(tree.players, paid, strict=False):
        if problem := rounded_away(u, stake):
            raise InputError(f"payoffs of {name!r}: {problem}",
                             expected="payoffs without such a constant; subtract it first")
    if stake and not float(np.spacing(widest)) <= SPACING * stake:
        raise InputError(
            f"payoffs differ by up to {widest:.3g}, and the stake is {stake:.3g}",
            expected=f"differences of at most {SPACING / np.finfo(float).eps * stake:.2g}, because "
            "larger ones round the smaller ones away",
        )
    exponent = frexp(stake)[1] - 1 if stake else 0
    offset = tuple(low if max(abs(low), abs(high)) > CONSTANT * max(high - low, stake) else 0.0
                   for low, high in ends)
    if exponent == 0 and not any(offset):
        return RelativeTree(tree, offset, 0, stake)
    found = RelativeTree(tree, offset, exponent, times_power(stake, -exponent))
    payoff = found.inner(paid)
    inner = replace(tree, stake=found.span or None, scaled=tree.scaled + exponent)
    if tree.joint_payoff is None:
        inner = replace(inner, payoff=payoff)
    else:
        inner = replace(inner, joint_payoff=(payoff[0], payoff[1]))
    return replace(found, tree=inner)
