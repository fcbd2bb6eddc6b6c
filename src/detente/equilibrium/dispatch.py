"""One interface for both kinds of game: public trees with types, and any extensive game."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from detente.defaults import LAMBDA
from detente.game.tree import PublicTree

if TYPE_CHECKING:
    from detente.equilibrium.fallible.derivatives import TreeGradient
    from detente.equilibrium.general.derivatives import ExtensiveGradient
    from detente.equilibrium.general.solve import ExtensiveEquilibrium
    from detente.equilibrium.solution import Equilibrium
    from detente.game.extensive import ExtensiveGame

__all__ = ["gradient", "solve"]


@overload
def solve(
    game: PublicTree, lam: float = LAMBDA, *, start: Equilibrium | None = None, trace: bool = False
) -> Equilibrium: ...
@overload
def solve(
    game: ExtensiveGame, lam: float = LAMBDA, *, start: ExtensiveEquilibrium | None = None,
    trace: bool = False,
) -> ExtensiveEquilibrium: ...
def solve(game: Any, lam: float = LAMBDA, *, start: Any = None, trace: bool = False) -> Any:
    """Find the fallible equilibrium of a game at precision ``lam``.

    Parameters
    ----------
    game : PublicTree or ExtensiveGame
        A public tree with private types, or any extensive game with perfect recall.
    lam : float
        Precision of choice, per unit of the payoffs (for crises: per stake).
    start : equilibrium, optional
        A neighbour's solution to continue from: same tree, other numbers or other lambda.
    trace : bool
        Follow the principal branch from lambda 0 by arclength, with its folds.

    Returns
    -------
    Equilibrium or ExtensiveEquilibrium
        With its certificate. A failure is marked there; no error is raised.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> from detente.game.spelt import to_extensive
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war", a=-1), "talk": end("peace")}))
    >>> one, two = solve(game, 2.0), solve(to_extensive(game), 2.0)
    >>> abs(one.outcomes()["war"] - two.outcomes()["war"]) < 1e-9
    True
    """
    if isinstance(game, PublicTree):
        from detente.equilibrium.fallible.solve import solve as solve_tree

        return solve_tree(game, lam, start=start, trace=trace)
    from detente.equilibrium.general.solve import solve_extensive

    return solve_extensive(game, lam, start=start, trace=trace)


@overload
def gradient(eq: Equilibrium, leaf_weights: NDArray[np.float64]) -> TreeGradient: ...
@overload
def gradient(eq: ExtensiveEquilibrium, leaf_weights: NDArray[np.float64]) -> ExtensiveGradient: ...
def gradient(eq: Any, leaf_weights: NDArray[np.float64]) -> Any:
    """Differentiate ``sum_z leaf_weights[z] reach[z]`` by every number of the game.

    See `detente.equilibrium.fallible.derivatives.gradient` and
    `detente.equilibrium.general.derivatives.gradient_extensive`.
    """
    if isinstance(eq.game, PublicTree):
        from detente.equilibrium.fallible.derivatives import gradient as by_tree

        return by_tree(eq, leaf_weights)
    from detente.equilibrium.general.derivatives import gradient_extensive

    return gradient_extensive(eq, leaf_weights)
