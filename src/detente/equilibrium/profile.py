"""The profile of behaviour strategies, with values, beliefs and reach.

Plain numpy, one level of the tree per step, written so that a reader can check it. Certificates and
results share this type; the solvers' arithmetic is separate, so that certificates check it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente.arrays import Floats, Ints
from detente.equilibrium.kernels.structure import Remembered
from detente.equilibrium.simultaneous import Group, groups
from detente.errors import SolveError
from detente.game.tree import CHANCE, TYPE_CHANCE, PublicTree

__all__ = ["Menus", "StrategyProfile", "outcomes_of", "reach_of"]


@dataclass(frozen=True)
class Menus:
    """The choices of one player at ordinary nodes, menus laid end to end."""

    edges: Ints
    """Nodes reached by the moves."""
    start: Ints
    """Start of each menu in `edges`."""
    menu: Ints
    """The menu of each move."""

    def sums(self, x: Floats) -> Floats:
        return np.add.reduceat(x, self.start, axis=0)

    def largest(self, x: Floats) -> Floats:
        out: Floats = np.maximum.reduceat(x, self.start, axis=0)
        return out


@dataclass(frozen=True)
class _Frame:
    """Arrays that depend only on the tree's structure."""

    by: Ints
    """The mover of the move into each node."""
    steps: list[tuple[int, int, Ints]]
    """As `_levels` yields them."""
    menus: list[Menus]
    telling: list[tuple[Ints, Ints]]
    """Per player: nodes its moves lead to, and those that chance by its type leads to."""
    joints: list[Group]


def _menus_of(game: PublicTree, by: Ints, player: int) -> Menus:
    edges = np.flatnonzero(by == player)
    parent = game.parent[edges]
    new = np.ones(len(edges), dtype=bool)
    new[1:] = parent[1:] != parent[:-1]
    return Menus(edges, np.flatnonzero(new), np.cumsum(new) - 1)


@Remembered
def _frame(game: PublicTree) -> _Frame:
    by = np.where(game.parent >= 0, game.mover[game.parent], CHANCE)
    players = range(game.n_players)
    menus = [_menus_of(game, by, i) for i in players]
    telling = [(menus[i].edges, np.flatnonzero(by == TYPE_CHANCE - i)) for i in players]
    return _Frame(by, list(_levels(game)), menus, telling, groups(game))


class StrategyProfile:
    """A profile of behaviour strategies, with the beliefs, values and reach that follow from it.

    Everything follows from the strategies by Bayes' rule and by expectation; no solver is used.

    Parameters
    ----------
    game
        The game.
    pi : (n, >= max T)
        Probability of the move into each node by the mover's type; read at children of decision
        nodes only.
    joint_pi
        Mixes at simultaneous-move nodes, per participant ``(moves, T)``.

    Raises
    ------
    SolveError
        Arrays of the wrong shape, or a simultaneous node without its mixes.

    Attributes
    ----------
    value : list of (n, T_i) arrays
        Each player's expected payoff at each node by its type, by its own prior.

    Examples
    --------
    >>> from detente.game import decide, end, tree
    >>> game = tree({"a": {"weak": 0.5, "tough": 0.5}}, decide("a", {
    ...     "fight": end("war", a=[-1, 1]), "talk": end("peace")}))
    >>> profile = StrategyProfile(game, np.array([[1, 1], [0.0, 0.5], [1.0, 0.5]]))
    >>> profile.outcomes(), profile.belief_at(2, "a").round(3).tolist()
    ({'war': 0.25, 'peace': 0.75}, [0.667, 0.333])
    >>> profile.value[0][0].tolist()
    [0.0, 0.5]
    """

    def __init__(
        self,
        game: PublicTree,
        pi: Floats,
        joint_pi: Mapping[int, Sequence[Floats]] | None = None,
    ) -> None:
        self.game = game
        self.pi = np.asarray(pi, dtype=np.float64)
        if self.pi.ndim != 2 or len(self.pi) != game.n_nodes or (
            self.pi.shape[1] < max(game.n_types)
        ):
            raise SolveError(
                f"the strategies have shape {self.pi.shape}; this game needs one row per node and "
                f"one column per type, ({game.n_nodes}, {max(game.n_types)})"
            )
        self.joint_pi = {k: tuple(np.asarray(m, dtype=np.float64) for m in v)
                         for k, v in (joint_pi or {}).items()}
        for node, joint in game.joints.items():
            shapes = [(k, game.n_types[p]) for p, k in zip(joint.players, joint.sizes, strict=True)]
            if [m.shape for m in self.joint_pi.get(node, ())] != shapes:
                raise SolveError(f"the simultaneous node {node} needs mixes of shapes {shapes}")
        self._frame = _frame(game)
        self._by, self._steps = self._frame.by, self._frame.steps
        self._seen: dict[tuple[int, bytes], tuple[Floats, Floats]] = {}
        self._mixes = [[g.mixes(self.joint_pi, k) for k in range(len(g.players))]
                       for g in self._frame.joints]
        self._odds = [self._public_odds(i) for i in range(game.n_players)]
        self._payoff = [self._payoff_of(i) for i in range(game.n_players)]
        self.value = [self._value(i) for i in range(game.n_players)]

    # Beliefs ---------------------------------------------------------------------------------

    def _likelihood(self, player: int) -> tuple[Ints, Floats]:
        """Moves that carry information on a player's type, and their probability by type."""
        game, types = self.game, self.game.n_types[player]
        edges = list(self._frame.telling[player])
        factor = [self.pi[edges[0], :types], game.type_prob[game.type_row[edges[1]], :types]]
        for group, mixes in zip(self._frame.joints, self._mixes, strict=True):
            if player in group.players:
                k = group.players.index(player)
                edges.append(group.children.ravel())
                factor.append(group.likelihood(mixes[k], k))
        return np.concatenate(edges), np.concatenate(factor)

    def _prior(self, observer: int, player: int) -> Floats:
        seen = self.game.observer_prior
        return self.game.prior[player] if seen is None else seen[observer][player]

    def posterior(self, observer: int, player: int) -> tuple[Floats, Floats]:
        """Return beliefs ``(n, T)`` about a player's type, and the odds of each of its moves.

        The odds ``(n,)`` are those of the move into each node given that its parent is reached; 1
        if the move gives no information about this player. After a move of probability zero beliefs
        do not change.
        """
        prior = self._prior(observer, player)
        key = (player, prior.tobytes())
        if key in self._seen:
            return self._seen[key]
        game = self.game
        edges, factor = self._likelihood(player)
        telling = np.zeros(game.n_nodes, dtype=bool)
        telling[edges] = True
        row = np.zeros(game.n_nodes, dtype=np.int64)
        row[edges] = np.arange(len(edges))
        belief = np.empty((game.n_nodes, len(prior)))
        odds = np.ones(game.n_nodes)
        belief[0] = prior
        for a, b, _ in self._steps:
            now = belief[game.parent[a:b]]
            c = np.flatnonzero(telling[a:b])
            if len(c):
                joint = now[c] * factor[row[a + c]]
                total = joint.sum(axis=1)
                odds[a + c] = total
                seen = total > 0
                now[c[seen]] = joint[seen] / total[seen, None]
            belief[a:b] = now
        self._seen[key] = belief, odds
        return belief, odds

    def _public_odds(self, player: int) -> Floats:
        """Odds ``(n,)`` of every move by the player's prior, without its own moves."""
        game = self.game
        odds = np.where(self._by == CHANCE, game.weight, 1.0)
        odds[0] = 1.0
        for other in range(game.n_players):
            if other != player:
                odds = odds * self.posterior(player, other)[1]
        return odds

    # Payoffs ---------------------------------------------------------------------------------

    def _payoff_of(self, player: int) -> Floats:
        """Payoffs ``(m, T)`` at the endings; interdependent ones in expectation over the other."""
        game = self.game
        if game.joint_payoff is None:
            return game.payoff[player]
        belief = self.posterior(player, 1 - player)[0][game.leaves]
        spec = "zab,zb->za" if player == 0 else "zab,za->zb"
        out: Floats = np.einsum(spec, game.joint_payoff[player], belief)
        return out

    def _shares(self, player: int) -> Floats:
        """Odds ``(n, T)`` of every move of chance and of the others, by the player's type."""
        types = self.game.n_types[player]
        odds = np.repeat(self._odds[player][:, None], types, axis=1)
        edges = np.flatnonzero(self._by == TYPE_CHANCE - player)
        odds[edges] *= self.game.type_prob[self.game.type_row[edges], :types]
        return odds

    def _value(self, player: int) -> Floats:
        """Expected payoffs ``(n, T)``, from the endings to the root."""
        game, types = self.game, self.game.n_types[player]
        value = np.zeros((game.n_nodes, types))
        value[game.leaves] = self._payoff[player]
        odds = np.repeat(self._odds[player][:, None], types, axis=1)
        edges, factor = self._likelihood(player)
        odds[edges] *= factor
        for a, b, nodes in self._steps[::-1]:
            value[nodes] = np.add.reduceat(
                odds[a:b] * value[a:b], game.first[nodes] - a, axis=0
            )
        return value

    def choices(self) -> Iterator[tuple[Floats, Floats, Floats, Menus]]:
        """Yield, for each block of menus: worth and mix (moves, T), weights (moves,), layout."""
        for i, menus in enumerate(self._frame.menus):
            e = menus.edges
            if len(e):
                types = self.game.n_types[i]
                yield self.value[i][e], self.pi[e, :types], self.game.weight[e], menus
        for group, mixes in zip(self._frame.joints, self._mixes, strict=True):
            for k, i in enumerate(group.players):
                size, types = group.sizes[k], self.game.n_types[i]
                menu = np.repeat(np.arange(len(group.nodes)), size)
                menus = Menus(np.arange(len(menu)), np.arange(len(group.nodes)) * size, menu)
                worth = group.worth(k, self._odds[i], self.value[i])
                yield (worth.reshape(-1, types), mixes[k].reshape(-1, types),
                       group.weights(self.game, k).ravel(), menus)

    # The analyst's view ----------------------------------------------------------------------

    @cached_property
    def _analyst(self) -> StrategyProfile:
        """The same strategies by the analyst's prior."""
        if self.game.observer_prior is None:
            return self
        return StrategyProfile(replace(self.game, observer_prior=None), self.pi, self.joint_pi)

    @cached_property
    def q(self) -> Floats:
        """Public probability of the move into each node given that its parent is reached, (n,)."""
        q = np.where(self._by == CHANCE, self.game.weight, 1.0)
        q[0] = 1.0
        for i in range(self.game.n_players):
            q *= self._analyst.posterior(i, i)[1]
        return q

    @cached_property
    def reach(self) -> Floats:
        """Probability of reaching each node, by the analyst's prior, (n,)."""
        return reach_of(self.game, self.q)

    def outcomes(self) -> dict[str, float]:
        """Return the probability of every outcome."""
        return outcomes_of(self.game, self.reach[self.game.leaves])

    def belief_at(self, node: int, player: int | str) -> Floats:
        """Return the analyst's posterior over ``player``'s types if ``node`` is reached, (T,)."""
        who = self.game.players.index(player) if isinstance(player, str) else player
        return np.asarray(self._analyst.posterior(who, who)[0][node])

    def after_moves(self) -> tuple[Floats, dict[int, tuple[Floats, ...]]]:
        """Return the analyst's posterior over the mover's types after each move.

        Returns
        -------
        (n, max T) array
            0 after moves that give no information about a player's type.
        dict from joint node to tuple of (size, T) arrays
            After each choice of each participant.
        """
        game = self.game
        belief = np.zeros((game.n_nodes, max(game.n_types)))
        joint = {k: [np.empty(0)] * len(j.players) for k, j in game.joints.items()}
        for i, types in enumerate(game.n_types):
            posterior, _ = self._analyst.posterior(i, i)
            mine = np.flatnonzero((self._by == i) | (self._by == TYPE_CHANCE - i))
            belief[mine, :types] = posterior[mine]
            for node, at in game.joints.items():
                if i not in at.players:
                    continue
                seat = at.players.index(i)
                # Every child of the move has the same posterior.
                profile = np.indices(at.sizes).reshape(len(at.sizes), -1)[seat]
                one = [int(np.argmax(profile == a)) for a in range(at.sizes[seat])]
                joint[node][seat] = posterior[int(game.first[node]) + np.array(one)]
        return belief, {k: tuple(v) for k, v in joint.items()}


def reach_of(game: PublicTree, q: Floats) -> Floats:
    """Return the probability of reaching each node from that of each move, (n,) or (n, S)."""
    reach = np.array(q)
    reach[0] = 1.0
    for d in range(1, len(game.level) - 1):
        a, b = game.level[d], game.level[d + 1]
        reach[a:b] *= reach[game.parent[a:b]]
    return reach


def outcomes_of(game: PublicTree, leaf_reach: Floats) -> dict[str, float]:
    """Return the probability of every outcome from that of every leaf ``(m,)``."""
    names = game.outcome_names
    total = np.bincount(game.outcome, weights=leaf_reach, minlength=len(names))
    return {name: float(p) for name, p in zip(names, total, strict=True)}


def _levels(game: PublicTree) -> Iterator[tuple[int, int, Ints]]:
    """Yield, from the root down, the children's range of each level and their parents."""
    for d in range(1, len(game.level) - 1):
        up = np.arange(game.level[d - 1], game.level[d])
        yield int(game.level[d]), int(game.level[d + 1]), up[game.count[up] > 0]
