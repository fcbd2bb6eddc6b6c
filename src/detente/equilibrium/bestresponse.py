"""Beliefs, conditional payoffs and exact best responses of a given strategy profile.

Plain numpy, one level of the tree at a time. It is written to be checked by eye and is the ground
on which every certificate stands, so it takes nothing from the solvers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import SolveError
from detente.game.tree import CHANCE, JOINT, TYPE_CHANCE, Joint, PublicTree

__all__ = ["Play"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Menus:
    """The choices of one player at ordinary nodes, menus laid end to end."""

    edges: Ints
    """Nodes reached by the moves."""
    start: Ints
    """Where each menu begins in `edges`."""
    menu: Ints
    """Which menu each move belongs to."""

    def sums(self, x: Floats) -> Floats:
        return np.add.reduceat(x, self.start, axis=0)

    def largest(self, x: Floats) -> Floats:
        out: Floats = np.maximum.reduceat(x, self.start, axis=0)
        return out


class Play:
    """A strategy profile with the beliefs and payoffs it implies.

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
                f"strategies of shape {self.pi.shape} for a game of {game.n_nodes} nodes and "
                f"{max(game.n_types)} types"
            )
        self.joint_pi = {k: tuple(np.asarray(m, dtype=np.float64) for m in v)
                         for k, v in (joint_pi or {}).items()}
        for node, joint in game.joints.items():
            shapes = [(k, game.n_types[p]) for p, k in zip(joint.players, joint.sizes, strict=True)]
            if [m.shape for m in self.joint_pi.get(node, ())] != shapes:
                raise SolveError(f"no mixes of shapes {shapes} for the simultaneous node {node}")
        self._by = np.where(game.parent >= 0, game.mover[game.parent], CHANCE)
        self._steps = list(_levels(game))
        self._seen: dict[tuple[int, bytes], tuple[Floats, Floats]] = {}
        self._menus = [self._menus_of(i) for i in range(game.n_players)]
        self._profiles = {k: _profiles(j) for k, j in game.joints.items()}
        self._odds = [self._public_odds(i) for i in range(game.n_players)]
        self._payoff = [self._payoff_of(i) for i in range(game.n_players)]
        self.value = [self._value(i) for i in range(game.n_players)]

    # Beliefs ---------------------------------------------------------------------------------

    def _menus_of(self, player: int) -> _Menus:
        edges = np.flatnonzero(self._by == player)
        parent = self.game.parent[edges]
        new = np.ones(len(edges), dtype=bool)
        new[1:] = parent[1:] != parent[:-1]
        return _Menus(edges, np.flatnonzero(new), np.cumsum(new) - 1)

    def _likelihood(self, player: int) -> tuple[Ints, Floats]:
        """Moves that carry information on a player's type, and their probability by type."""
        game, types = self.game, self.game.n_types[player]
        edges = [np.flatnonzero(self._by == by) for by in (player, TYPE_CHANCE - player)]
        factor = [self.pi[edges[0], :types], game.type_prob[game.type_row[edges[1]], :types]]
        for node, joint in game.joints.items():
            if player in joint.players:
                k = joint.players.index(player)
                edges.append(np.arange(game.first[node], game.first[node] + game.count[node]))
                factor.append(self.joint_pi[node][k][self._profiles_at(node)[k]])
        return np.concatenate(edges), np.concatenate(factor)

    def _profiles_at(self, node: int) -> Ints:
        return _profiles(self.game.joints[node])

    def _prior(self, observer: int, player: int) -> Floats:
        seen = self.game.observer_prior
        return self.game.prior[player] if seen is None else seen[observer][player]

    def posterior(self, observer: int, player: int) -> tuple[Floats, Floats]:
        """Return beliefs ``(n, T)`` about a player's type, and the odds of each of its moves.

        The odds ``(n,)`` are those of the move into each node given that its parent is reached; 1
        where the move tells nothing about this player. After a move of probability zero the
        beliefs stay as they were.
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
        """Odds ``(n,)`` of every move as the player sees it, its own information left out."""
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

    def _value(self, player: int, epsilon: float | None = None) -> Floats:
        """Values ``(n, T)``: of the profile, or of the best response within a floor."""
        game, types = self.game, self.game.n_types[player]
        value = np.zeros((game.n_nodes, types))
        value[game.leaves] = self._payoff[player]
        odds = np.repeat(self._odds[player][:, None], types, axis=1)
        if epsilon is None:
            edges, factor = self._likelihood(player)
        else:
            edges = np.flatnonzero(self._by == TYPE_CHANCE - player)
            factor = game.type_prob[game.type_row[edges], :types]
        odds[edges] *= factor
        for a, b, nodes in self._steps[::-1]:
            value[nodes] = np.add.reduceat(
                odds[a:b] * value[a:b], game.first[nodes] - a, axis=0
            )
            if epsilon is None:
                continue
            mine = nodes[game.mover[nodes] == player]
            if len(mine):
                edges = a + np.flatnonzero(self._by[a:b] == player)
                start = np.concatenate([[0], np.cumsum(game.count[mine])[:-1]])
                value[mine] = _floored_best(value[edges], game.weight[edges], start, epsilon)
            for node in nodes[game.mover[nodes] == JOINT].tolist():
                joint = game.joints[node]
                if player in joint.players:
                    k = joint.players.index(player)
                    worth = self._joint_worth(node, k, value)
                    value[node] = _floored_best(
                        worth, joint.weights[k], np.zeros(1, dtype=np.int64), epsilon
                    )[0]
        return value

    def _joint_worth(self, node: int, k: int, value: Floats) -> Floats:
        """Expected value ``(moves, T)`` of each move of participant k at a simultaneous node."""
        joint = self.game.joints[node]
        c = slice(int(self.game.first[node]), int(self.game.first[node] + self.game.count[node]))
        worth = np.zeros((joint.sizes[k], value.shape[1]))
        np.add.at(
            worth, self._profiles[node][k],
            self._odds[joint.players[k]][c, None] * value[c],
        )
        return worth

    def choices(self) -> Iterator[tuple[Floats, Floats, Floats, _Menus]]:
        """Yield, for each block of menus: worth and mix (moves, T), weights (moves,), layout."""
        for i, menus in enumerate(self._menus):
            e = menus.edges
            if len(e):
                types = self.game.n_types[i]
                yield self.value[i][e], self.pi[e, :types], self.game.weight[e], menus
        for node, joint in self.game.joints.items():
            for k, i in enumerate(joint.players):
                size = joint.sizes[k]
                one = _Menus(np.arange(size), np.zeros(1, dtype=np.int64),
                             np.zeros(size, dtype=np.int64))
                worth = self._joint_worth(node, k, self.value[i])
                yield worth, self.joint_pi[node][k], joint.weights[k], one

    # What certificates ask -------------------------------------------------------------------

    def proper(self, slack: float) -> bool:
        """Whether every mix is a probability distribution."""
        return all(
            bool(np.isfinite(mix).all() and (mix >= -slack).all()
                 and (np.abs(menus.sums(mix) - 1) <= slack).all())
            for _, mix, _, menus in self.choices()
        )

    def below_floor(self, epsilon: float) -> float:
        """Return the most by which a move falls short of epsilon times its menu weight."""
        return max((float((epsilon * w[:, None] - mix).max()) for _, mix, w, _ in self.choices()),
                   default=0.0)

    def logit_residual(self, lam: float) -> float:
        """Return the largest difference between a probability and the logit choice."""
        worst = 0.0
        for worth, mix, weight, menus in self.choices():
            with np.errstate(divide="ignore"):
                score = lam * worth + np.log(weight)[:, None]
            power = np.exp(score - menus.largest(score)[menus.menu])
            logit = power / menus.sums(power)[menus.menu]
            worst = _max(worst, float(np.abs(logit - mix).max()))
        return worst

    def worst_regret(self, lam: float) -> tuple[float, float | None]:
        """Return the regret nearest to (or most above) its bound, and the bound (None at 0)."""
        found, limit, margin = 0.0, None, -math.inf
        for worth, mix, weight, menus in self.choices():
            regret = menus.largest(_offered(worth, weight)) - menus.sums(mix * worth)
            if lam == 0:
                found = _max(found, float(regret.max()))
                continue
            least = np.minimum.reduceat(np.where(weight > 0, weight, 1.0), menus.start)
            bound = np.log(1 / least)[:, None] / lam
            over = regret - bound
            k = np.unravel_index(int(np.argmax(over)), over.shape)
            if not over[k] <= margin:
                margin, found = float(over[k]), float(regret[k])
                limit = float(bound[k[0], 0])
        return found, limit

    def largest_gain(self, epsilon: float) -> float:
        """Return the largest gain from one move at any information set, within the floor."""
        return max((
            float((_floored_best(worth, w, menus.start, epsilon) - menus.sums(mix * worth)).max())
            for worth, mix, w, menus in self.choices()), default=0.0)

    def gains(self, epsilon: float) -> list[float]:
        """Return each player's gain from its best strategy within the floor, by its own prior."""
        out = []
        for i in range(self.game.n_players):
            best = self._value(i, epsilon)[0] - self.value[i][0]
            out.append(float(self._prior(i, i) @ best))
        return out


def _levels(game: PublicTree) -> Iterator[tuple[int, int, Ints]]:
    """Yield, from the root down, the children's range of each level and their parents."""
    for d in range(1, len(game.level) - 1):
        up = np.arange(game.level[d - 1], game.level[d])
        yield int(game.level[d]), int(game.level[d + 1]), up[game.count[up] > 0]


def _offered(worth: Floats, weight: Floats) -> Floats:
    """Return worth, minus infinity for moves that are never on the menu."""
    return np.where(weight[:, None] > 0, worth, -np.inf)


def _floored_best(worth: Floats, weight: Floats, start: Ints, epsilon: float) -> Floats:
    """Best value of each menu when every move keeps epsilon times its weight."""
    best: Floats = np.maximum.reduceat(_offered(worth, weight), start, axis=0)
    if epsilon == 0:
        return best
    return (1 - epsilon) * best + epsilon * np.add.reduceat(weight[:, None] * worth, start, axis=0)


def _profiles(joint: Joint) -> Ints:
    """Return each participant's move (players, profiles); the last player's varies fastest."""
    return np.indices(joint.sizes).reshape(len(joint.sizes), -1)


def _max(a: float, b: float) -> float:
    """Return the larger, and NaN where either is (a comparison would hide it)."""
    return math.nan if math.isnan(a) or math.isnan(b) else max(a, b)
