"""The result of every solver: an equilibrium with its certificate."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from detente.arrays import Floats
from detente.equilibrium.profile import StrategyProfile, outcomes_of
from detente.game.tree import PublicTree

if TYPE_CHECKING:
    from detente.equilibrium.certificates.public import Certificate

__all__ = ["Equilibrium", "Reading", "Solution", "belief_sources"]

Reading = Literal["fallible", "deliberate"]


class Solution(ABC):
    """The fields that an equilibrium has in every kind of game.

    Attributes
    ----------
    game : PublicTree or ExtensiveGame
        The game it belongs to.
    reading : {"fallible", "deliberate"}
        Agent logit quantal response, or equilibrium of the game with a tremble floor.
    lam : float or None
        Precision of choice of a fallible equilibrium.
    epsilon : float or None
        Tremble floor of a deliberate equilibrium, as a share of the menu.
    found_from : str
        Starting point of the search, such as ``"lambda 0"`` or ``"neighbour"``.
    certificate : Certificate
        How well it satisfies the conditions of its model.
    """

    reading: Reading
    lam: float | None
    epsilon: float | None
    found_from: str
    certificate: Certificate

    @property
    @abstractmethod
    def leaf_reach(self) -> Floats:
        """Probability of each leaf, (m,)."""

    @abstractmethod
    def outcomes(self) -> dict[str, float]:
        """Return the probability of every outcome."""

    @property
    def distance(self) -> str:
        """How far it is from an exact solution, in words: its residual, or NashConv."""
        c = self.certificate
        return (f"NashConv {c.nash_conv:.1e}" if c.residual is None
                else f"residual {c.residual:.1e}")

    def __repr__(self) -> str:
        """Return two lines: the model and its check, then the most probable outcomes."""
        setting = f"lambda {self.lam:g}" if self.lam is not None else f"epsilon {self.epsilon:g}"
        checked = "checked" if self.certificate.certified else "NOT CHECKED"
        ranked = sorted(self.outcomes().items(), key=lambda x: -x[1])
        shown = ", ".join(f"{name or 'no outcome'} {p:.3f}" for name, p in ranked[:5])
        more = f", {len(ranked) - 5} more" if len(ranked) > 5 else ""
        return (f"{type(self).__name__}({self.reading}, {setting}, {checked}, {self.distance}:\n"
                f"  {shown}{more})")


@dataclass(frozen=True, repr=False)
class Equilibrium(Solution):
    """A profile of behaviour strategies with its beliefs, values and certificate.

    Attributes
    ----------
    game : PublicTree
        The game it belongs to.
    reading : {"fallible", "deliberate"}
        Agent logit quantal response, or trembling-hand equilibrium with a floor.
    lam : float or None
        Precision of choice of the fallible model, per unit of the stake.
    epsilon : float or None
        Floor of the deliberate model, as a share of the menu.
    found_from : str
        Starting point of the search, such as ``"lambda 0"`` or ``"neighbour"``.
    pi : (n, max T) float array
        Probability of the move into each node by the type of the player who makes it. At children
        of chance nodes the chance, of TYPE_CHANCE nodes the chance by type, 1 at the root and at
        children of joint nodes (see ``joint_pi``); columns beyond the mover's types are 0.
    q : (n,) float array
        Public probability of the move into each node, given that its parent is reached.
    reach : (n,) float array
        Probability of reaching each node.
    belief : (n, max T) float array
        Posterior over the mover's types after the move into the node, by the analyst's prior (the
        type of the player a TYPE_CHANCE node depends on); 0 at other nodes.
    value : tuple of (n, T_i) float arrays
        Each player's expected payoff at each node by its type, by its own prior, in stakes.
    certificate : Certificate
        How well it satisfies the conditions of its model.
    joint_pi : dict from joint node to tuple of (size_p, T_p) arrays
        Each participant's mix at a joint node, by its type.
    joint_belief : dict from joint node to tuple of (size_p, T_p) arrays
        Posterior over each participant's type after each of its choices.
    trace : object or None
        The branch followed from lambda 0, if it was requested.

    Examples
    --------
    >>> from detente.equilibrium import solve
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": 1}, decide("a", {"fight": end("war", a=-1), "talk": end("peace")}))
    >>> solve(game, 2.0)
    Equilibrium(fallible, lambda 2, checked, residual ...:
      peace 0.881, war 0.119)
    """

    game: PublicTree
    reading: Reading
    lam: float | None
    epsilon: float | None
    found_from: str
    pi: Floats
    q: Floats
    reach: Floats
    belief: Floats
    value: tuple[Floats, ...]
    certificate: Certificate
    joint_pi: dict[int, tuple[Floats, ...]] = field(default_factory=dict)
    joint_belief: dict[int, tuple[Floats, ...]] = field(default_factory=dict)
    trace: Any = None

    @cached_property
    def leaf_reach(self) -> Floats:
        """Probability of each leaf, (m,)."""
        return np.asarray(self.reach[self.game.leaves])

    def outcomes(self) -> dict[str, float]:
        """Return the probability of every outcome."""
        return outcomes_of(self.game, self.leaf_reach)

    @cached_property
    def profile(self) -> StrategyProfile:
        """The strategies as a profile: any player's beliefs and values anywhere in the tree.

        The fields `q`, `reach`, `belief` and `value` are the solver's own, computed with logarithms
        of probabilities. They equal those of the profile to rounding, but they stay limits after
        moves whose probability is too small for a double, if the profile has no information there.
        """
        return StrategyProfile(self.game, self.pi, self.joint_pi)

    def belief_at(self, node: int, player: int | str) -> Floats:
        """Return the analyst's posterior over ``player``'s types when ``node`` is reached, (T,)."""
        game = self.game
        who = game.players.index(player) if isinstance(player, str) else player
        size = game.n_types[who]
        child, move = belief_sources(game, node, who)
        if child < 0:
            return np.array(game.prior[who])
        if move >= 0:
            joint = int(game.parent[child])
            seat = game.joints[joint].players.index(who)
            return np.array(self.joint_belief[joint][seat][move])
        return np.array(self.belief[child, :size])


def belief_sources(game: PublicTree, node: int, player: int) -> tuple[int, int]:
    """Return the last move before ``node`` that changed beliefs about ``player``'s type.

    Returns
    -------
    child : int
        The node reached by that move, -1 if there was none.
    move : int
        The player's own choice if ``child``'s parent is a joint node, else -1.
    """
    from detente.game.tree import JOINT, TYPE_CHANCE

    while game.parent[node] >= 0:
        parent = int(game.parent[node])
        mover = int(game.mover[parent])
        if mover in (player, TYPE_CHANCE - player):
            return node, -1
        if mover == JOINT and player in game.joints[parent].players:
            joint = game.joints[parent]
            digits = np.unravel_index(node - int(game.first[parent]), joint.sizes)
            return node, int(digits[joint.players.index(player)])
        node = parent
    return -1, -1
