"""Strategy profiles of many samples of one tree, side by side: reach, beliefs and values.

`detente.equilibrium.profile.StrategyProfile` is one profile; here the last axis of every array is
the sample. A profile is given by its equilibrium, by strategies, or by the public odds of a logit
equilibrium, from which the strategies are recovered.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Bools, Floats
from detente.equilibrium.profile import reach_of
from detente.game.tree import CHANCE, JOINT, TERMINAL, TYPE_CHANCE, PublicTree

if TYPE_CHECKING:
    from detente.equilibrium import Equilibrium
    from detente.game.numbers import Numbers

__all__ = ["Profiles", "informed"]


def informed(tree: PublicTree, player: int) -> NDArray[np.int64]:
    """Return, per node, the node after the last move that depended on a player's type.

    -1 if there was none.
    """
    last = np.full(tree.n_nodes, -1, dtype=np.int64)
    for d in range(1, len(tree.level) - 1):
        here = np.arange(tree.level[d], tree.level[d + 1])
        up = tree.parent[here]
        tells = (tree.mover[up] == player) | (tree.mover[up] == TYPE_CHANCE - player)
        for k in np.flatnonzero(tree.mover[up] == JOINT):
            tells[k] = player in tree.joints[int(up[k])].players
        last[here] = np.where(tells, here, last[up])
    return last


class Profiles(ABC):
    """Reach, beliefs and values of S strategy profiles of one tree; the last axis is the sample.

    Attributes
    ----------
    tree : PublicTree
    q : (n, S) array
        Public probability of the move into each node.
    prior : tuple of (T_i, S) arrays
        The analyst's priors.
    certified : (S,) bool array
    seen : tuple of tuple of (T_i, S) arrays, or None
        ``seen[k][i]``: player k's own prior over player i's types, if priors are unlike.
    """

    def __init__(
        self, tree: PublicTree, q: Floats, prior: tuple[Floats, ...], certified: Bools,
        seen: tuple[tuple[Floats, ...], ...] | None = None,
    ) -> None:
        self.tree, self.q, self.prior, self.certified = tree, q, prior, certified
        self.seen = seen
        self._told: dict[int, tuple[Floats, Floats, Floats]] = {}
        self._informed: dict[int, NDArray[np.int64]] = {}

    @property
    def size(self) -> int:
        """The number of samples S."""
        return int(self.q.shape[1])

    @cached_property
    def reach(self) -> Floats:
        """Probability of reaching each node, (n, S)."""
        return reach_of(self.tree, self.q)

    def told(self, player: int) -> tuple[Floats, Floats, Floats]:
        """Return a player's values (n, T, S), mixes (n, T, S) and the beliefs about it (n, T, S).

        Mixes are at the children of its decisions; children of a joint node hold the mix of its own
        choice. Beliefs are at the nodes after a move that depends on its type.
        """
        if player not in self._told:
            self._told[player] = self._tell(player)
        return self._told[player]

    @abstractmethod
    def _tell(self, player: int) -> tuple[Floats, Floats, Floats]:
        """Compute the result of `told`."""

    def value(self, player: int, nodes: NDArray[np.int64]) -> Floats:
        """Return a player's value at nodes by its type, (k, T, S)."""
        return self.told(player)[0][nodes]

    def posterior(self, player: int, nodes: NDArray[np.int64]) -> Floats:
        """Return the analyst's belief about a player's type at nodes, (k, T, S)."""
        if player not in self._informed:
            self._informed[player] = informed(self.tree, player)
        last = self._informed[player][nodes]
        if (last < 0).all():  # no belief has changed yet, so no values are needed
            return np.repeat(self.prior[player][None], len(nodes), axis=0)
        belief = self.told(player)[2][last]
        belief[last < 0] = self.prior[player]
        return belief

    def belief(self, observer: str, player: int, nodes: NDArray[np.int64]) -> Floats:
        """Return the belief of ``observer`` about a player's type at nodes, (k, T, S).

        All observers share the likelihood of a history, so an observer's own prior enters as a
        ratio to the analyst's. An observer who is not a player holds the analyst's prior.
        """
        post = self.posterior(player, nodes)
        if self.seen is None or observer not in self.tree.players:
            return post
        own, theirs = self.seen[self.tree.players.index(observer)][player], self.prior[player]
        tilted = post * np.divide(own, theirs, out=np.zeros_like(own), where=theirs > 0)[None]
        return np.asarray(tilted / tilted.sum(axis=1, keepdims=True))

    @classmethod
    def of(cls, *equilibria: Equilibrium) -> Profiles:
        """Return the profiles of one or several equilibria of one tree."""
        return _Solved(equilibria)

    @classmethod
    def of_public(
        cls, tree: PublicTree, numbers: Numbers, q: Floats, certified: Bools
    ) -> Profiles:
        """Return profiles given by public odds alone: they have no values and no choices."""
        return _Public(tree, q, numbers.prior, certified, numbers.observer_prior)

    @classmethod
    def of_odds(
        cls, tree: PublicTree, numbers: Numbers, lam: float, q: Floats, certified: Bools
    ) -> Profiles:
        """Return the fallible profiles with these public odds; priors must be common.

        A logit choice follows from the values below it, and these follow from the others' public
        odds. One backward pass gives values and mixes, one forward pass the beliefs.
        """
        return _Recovered(tree, numbers, lam, q, certified)

    @classmethod
    def of_strategies(
        cls, tree: PublicTree, numbers: Numbers, pi: Floats, certified: Bools
    ) -> Profiles:
        """Return the profiles of given strategies (rows, max T, S), in either model.

        Values are by each player's own prior. The first n rows are moves; choices at simultaneous
        nodes follow, by node and then by participant.
        """
        return _Played(tree, numbers, pi, certified)


class _Solved(Profiles):
    def __init__(self, equilibria: tuple[Equilibrium, ...]) -> None:
        games = [eq.game for eq in equilibria]
        tree = games[0]

        def beside(arrays: list[Floats]) -> Floats:
            return np.stack(arrays, axis=-1)

        players = range(tree.n_players)
        seen = None
        if tree.observer_prior is not None:
            seen = tuple(
                tuple(beside([g.observer_prior[k][i] for g in games if g.observer_prior])
                      for i in players) for k in players
            )
        super().__init__(
            tree, beside([eq.q for eq in equilibria]),
            tuple(beside([g.prior[i] for g in games]) for i in players),
            np.array([eq.certificate.certified for eq in equilibria]), seen,
        )
        self.equilibria = equilibria

    def _tell(self, player: int) -> tuple[Floats, Floats, Floats]:
        told = [_told_by(eq, player) for eq in self.equilibria]
        value, mix, belief = (np.stack([t[k] for t in told], axis=-1) for k in range(3))
        return value, mix, belief


def _told_by(eq: Equilibrium, player: int) -> tuple[Floats, Floats, Floats]:
    tree = eq.game
    size = tree.n_types[player]
    mix, belief = eq.pi[:, :size].copy(), eq.belief[:, :size].copy()
    for node, joint in tree.joints.items():
        if player in joint.players:
            seat = joint.players.index(player)
            kids = np.array(tree.children(node))
            own = np.unravel_index(np.arange(len(kids)), joint.sizes)[seat]
            mix[kids] = eq.joint_pi[node][seat][own]
            belief[kids] = eq.joint_belief[node][seat][own]
    return eq.value[player], mix, belief


class _Public(Profiles):
    def _tell(self, player: int) -> tuple[Floats, Floats, Floats]:
        raise AssertionError("public odds alone give no values, choices or posteriors")


class _Recovered(Profiles):
    def __init__(
        self, tree: PublicTree, numbers: Numbers, lam: float, q: Floats, certified: Bools
    ) -> None:
        super().__init__(tree, q, numbers.prior, certified, numbers.observer_prior)
        self.numbers, self.lam = numbers, numbers.precisions(lam)

    def _tell(self, player: int) -> tuple[Floats, Floats, Floats]:
        tree = self.tree
        types, n, size = tree.n_types[player], tree.n_nodes, self.size
        value, mix, belief = (np.zeros((n, types, size)) for _ in range(3))
        value[tree.leaves] = self.numbers.payoff[player]
        for d in range(len(tree.level) - 2, -1, -1):
            here = np.arange(tree.level[d], tree.level[d + 1])
            self._back(here[tree.mover[here] != TERMINAL], player, value, mix)
        last = informed(tree, player)
        prior = self.prior[player]
        for d in range(1, len(tree.level) - 1):
            here = np.arange(tree.level[d], tree.level[d + 1])
            c = here[last[here] == here]
            if len(c):
                before = last[tree.parent[c]]
                held = belief[before]
                held[before < 0] = prior
                after = held * mix[c]
                total = after.sum(axis=1, keepdims=True)
                belief[c] = np.divide(after, total, out=held.copy(), where=total > 0)
        return value, mix, belief

    def _back(self, nodes: NDArray[np.int64], i: int, value: Floats, mix: Floats) -> None:
        """Compute values and mixes of nodes from those of their children."""
        tree, q = self.tree, self.q
        kinds = tree.mover[nodes]
        types = tree.n_types[i]
        # If others or chance move, the value is the mean by the public odds.
        own, telling, joint = kinds == i, kinds == TYPE_CHANCE - i, kinds == JOINT
        plain = nodes[~own & ~telling & ~joint]
        for group, how in ((plain, "mean"), (nodes[own], "logit"), (nodes[telling], "told")):
            if not len(group):
                continue
            count = tree.count[group]
            at = np.cumsum(count) - count
            kids = np.repeat(tree.first[group] - at, count) + np.arange(int(count.sum()))
            below = value[kids]
            if how == "mean":
                p = q[kids][:, None, :]
            elif how == "told":
                p = self.numbers.type_prob[tree.type_row[kids], :types]
                mix[kids] = p
            else:
                p = _logit(self.lam * below, self.numbers.weight[kids][:, None, :], at, count)
                mix[kids] = p
            value[group] = np.add.reduceat(p * below, at, axis=0)
        for node in nodes[joint]:
            self._joint(int(node), i, value, mix)

    def _joint(self, node: int, i: int, value: Floats, mix: Floats) -> None:
        tree, q = self.tree, self.q
        joint = tree.joints[node]
        kids = np.arange(tree.first[node], tree.first[node] + tree.count[node])
        if i not in joint.players:
            value[node] = (q[kids][:, None, :] * value[kids]).sum(axis=0)
            return
        seat = joint.players.index(i)
        shape = (*joint.sizes, self.size)
        others = q[kids].reshape(shape).sum(axis=seat, keepdims=True)
        odds = np.broadcast_to(others, shape).reshape(len(kids), 1, self.size)
        own = np.unravel_index(np.arange(len(kids)), joint.sizes)[seat]
        expected = np.zeros((joint.sizes[seat], *value.shape[1:]))
        np.add.at(expected, own, odds * value[kids])
        weight = joint.weights[seat][:, None, None]
        p = _logit(self.lam * expected, weight, np.zeros(1, dtype=int), np.array([len(expected)]))
        value[node] = (p * expected).sum(axis=0)
        mix[kids] = p[own]


class _Played(Profiles):
    def __init__(self, tree: PublicTree, numbers: Numbers, pi: Floats, certified: Bools) -> None:
        self.numbers = numbers
        n = tree.n_nodes
        by = np.where(tree.parent >= 0, tree.mover[np.maximum(tree.parent, 0)], CHANCE)
        moves = np.zeros((tree.n_players, n), dtype=bool)
        mixes = []
        for i, types in enumerate(tree.n_types):
            mix = pi[:n, :types].copy()
            tells = np.flatnonzero(by == TYPE_CHANCE - i)
            mix[tells] = numbers.type_prob[tree.type_row[tells], :types]
            mixes.append(mix)
            moves[i] = (by == i) | (by == TYPE_CHANCE - i)
        at = n
        for node in sorted(tree.joints):
            joint, kids = tree.joints[node], np.array(tree.children(node))
            own = np.unravel_index(np.arange(len(kids)), joint.sizes)
            for seat, (i, size) in enumerate(zip(joint.players, joint.sizes, strict=True)):
                mixes[i][kids] = pi[at : at + size, : tree.n_types[i]][own[seat]]
                moves[i, kids] = True
                at += size
        self._mixes, self._moves = mixes, moves
        super().__init__(tree, np.empty((0, pi.shape[-1])), numbers.prior, certified,
                         numbers.observer_prior)
        self.q = self._odds(numbers.prior)

    def _odds(self, priors: tuple[Floats, ...], but: int = -1) -> Floats:
        """Return the odds of every move by some priors, (n, S), ``but`` for one player's part."""
        out = np.where(np.asarray(self._moves.any(axis=0))[:, None], 1.0, self.numbers.weight)
        for i in range(self.tree.n_players):
            if i != but:
                here = self._moves[i]
                out[here] *= self._forward(i, priors[i])[1][here]
        out[0] = 1.0
        return out

    def _forward(self, i: int, prior: Floats) -> tuple[Floats, Floats]:
        """Return the beliefs about a player (n, T, S), and the odds of its moves (n, S)."""
        tree, mix = self.tree, self._mixes[i]
        belief, odds = np.zeros_like(mix), np.zeros((tree.n_nodes, self.size))
        last = informed(tree, i)
        for d in range(1, len(tree.level) - 1):
            here = np.arange(tree.level[d], tree.level[d + 1])
            c = here[last[here] == here]
            if not len(c):
                continue
            before = last[tree.parent[c]]
            held = belief[before]
            held[before < 0] = prior
            after = held * mix[c]
            odds[c] = after.sum(axis=1)
            total = odds[c][:, None]
            belief[c] = np.divide(after, total, out=held.copy(), where=total > 0)
        return belief, odds

    @property
    def size(self) -> int:
        """The number of samples S."""
        return len(self.certified)

    def _tell(self, player: int) -> tuple[Floats, Floats, Floats]:
        tree, own, mix = self.tree, self._moves[player], self._mixes[player]
        priors = self.prior if self.seen is None else self.seen[player]
        weight = self._odds(priors, but=player)[:, None, :] * np.where(own[:, None, None], mix, 1.0)
        value = np.zeros((tree.n_nodes, tree.n_types[player], self.size))
        value[tree.leaves] = self.numbers.payoff[player]
        for d in range(len(tree.level) - 2, 0, -1):
            here = np.arange(tree.level[d], tree.level[d + 1])
            up = np.unique(tree.parent[here])  # the nodes of a level are sorted by parent
            rows = tree.first[up] - here[0]
            value[up] = np.add.reduceat(weight[here] * value[here], rows, axis=0)
        return value, np.where(own[:, None, None], mix, 0.0), self._forward(
            player, self.prior[player])[0]


def _logit(
    x: Floats, weight: Floats, at: NDArray[np.int64], count: NDArray[np.int64]
) -> Floats:
    """Return ``w exp(x)`` over its sum, menu by menu along the first axis."""
    top = np.maximum.reduceat(x, at, axis=0)
    p = weight * np.exp(x - np.repeat(top, count, axis=0))
    total = np.add.reduceat(p, at, axis=0)
    return np.asarray(p / np.repeat(total, count, axis=0))
